"""Socket Mode: the bot calls Slack, answers what comes down the line, and calls again when Slack hangs up."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.chat import Card, Incoming, Pressed, Reply
from adapters.slack.adapter import SlackAdapter
from adapters.slack.answering import Patience
from adapters.slack.one_workspace import OneWorkspace
from tests.slack.emulator import TEAM, TOKEN, Emulator, Gateway, Trouble


class Line:
    """Slack's end of the line."""

    def __init__(self) -> None:
        self.connections: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self.acknowledged: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.tokens: list[str] = []
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._opened)
        app.router.add_get("/line", self._called)
        self.server = TestServer(app)

    async def _opened(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        return web.json_response({"ok": True, "url": str(self.server.make_url("/line")).replace("http", "ws")})

    async def _called(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"type": "hello", "num_connections": 1})
        await self.connections.put(line)
        async for message in line:
            await self.acknowledged.put(json.loads(message.data))
        return line


@pytest.fixture
def ana(slack_people: Iterator[str]) -> str:
    return next(slack_people)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    line = Line()
    await line.server.start_server()
    yield line
    await line.server.close()


@pytest.fixture
def came() -> list[Incoming]:
    return []


@pytest.fixture
async def gateway(slack: Emulator, line: Line, came: list[Incoming]) -> AsyncIterator[Gateway]:
    async def listen(incoming: Incoming) -> Reply:
        came.append(incoming)
        return Reply(Card("Ask anything."))

    async with Gateway(slack) as gateway:
        gateway.line = str(line.server.make_url("/api/"))
        adapter = SlackAdapter(
            installations=OneWorkspace(TOKEN, url=gateway.url),
            secret=b"s" * 32,
            app_token="xapp-tests",
            patience=Patience(form=5, opening=5),
            url=gateway.url,
        )
        running = asyncio.create_task(adapter.run(listen))
        yield gateway
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def command(gateway: Gateway, ana: str, *, envelope: str) -> dict[str, Any]:
    payload = {"command": "/ask", "text": "", "user_id": ana, "team_id": TEAM, "trigger_id": await gateway.trigger(ana)}
    return {"envelope_id": envelope, "type": "slash_commands", "payload": payload, "accepts_response_payload": True}


async def test_what_comes_down_the_line_is_acknowledged_and_answered(
    gateway: Gateway, line: Line, ana: str, came: list[Incoming]
) -> None:
    connection = await line.connections.get()
    await connection.send_json(await command(gateway, ana, envelope="e1"))
    assert await line.acknowledged.get() == {"envelope_id": "e1"}
    await gateway.opened.wait()
    assert isinstance(came[0], Pressed)
    assert set(line.tokens) == {"Bearer xapp-tests"}


async def test_a_form_gets_its_answer_down_the_line(gateway: Gateway, line: Line, ana: str) -> None:
    view = {"id": "V1", "hash": "h", "type": "modal", "callback_id": "card", "state": {"values": {}}, "blocks": []}
    payload = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ana}, "view": view, "trigger_id": "t"}
    connection = await line.connections.get()
    await connection.send_json({"envelope_id": "e2", "type": "interactive", "payload": payload})
    answer = await line.acknowledged.get()
    assert (answer["envelope_id"], answer["payload"]["response_action"]) == ("e2", "update")
    assert "Ask anything." in json.dumps(answer["payload"]["view"]["blocks"])


async def test_when_slack_hangs_up_the_bot_calls_again(gateway: Gateway, line: Line, ana: str) -> None:
    first = await line.connections.get()
    await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
    again = await line.connections.get()
    await again.send_json(await command(gateway, ana, envelope="e3"))
    assert (await line.acknowledged.get())["envelope_id"] == "e3"


async def test_what_came_down_two_lines_is_answered_once(
    gateway: Gateway, line: Line, ana: str, came: list[Incoming]
) -> None:
    connection = await line.connections.get()
    sent = await command(gateway, ana, envelope="e4")
    for envelope in ("e4", "e5"):
        await connection.send_json({**sent, "envelope_id": envelope})
        await line.acknowledged.get()
    await gateway.opened.wait()
    assert len(came) == 1


async def test_a_token_that_slack_does_not_take_is_heard_of(
    slack: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Gateway(slack) as gateway:
        gateway.fail("apps.connections.open", *[Trouble(error="invalid_auth")] * 2)
        gateway.fail("auth.test", Trouble(error="invalid_auth"))
        adapter = SlackAdapter(
            installations=OneWorkspace("xoxb-wrong", url=gateway.url),
            secret=b"s" * 32,
            app_token="xapp-wrong",
            url=gateway.url,
        )
        running = asyncio.create_task(adapter.run(listen_to_nobody))
        for _ in range(3):
            await gateway.arrived.get()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    said = capsys.readouterr().out
    assert "no line to slack" in said
    assert "slack does not know this bot" in said
    assert "wrong" not in said


async def listen_to_nobody(_: Incoming) -> None:
    return None
