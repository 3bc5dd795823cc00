"""The Slack of the tests: `emulate`, which nobody here wrote, and a gateway before it for what it lacks."""

import asyncio
import json
import socket
import subprocess
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

TEAM = "T000000001"
BOT = "UB00000001"
TOKEN = "xoxb-tests"
ADMIN = "xoxp-admin"  #: of somebody who makes channels
SCOPES = [
    *("chat:write", "im:write", "im:history", "users:read", "channels:read", "groups:read", "usergroups:read"),
    *("files:write", "commands"),
]
PEOPLE = 500  #: enough that no two tests share somebody


@dataclass(frozen=True, slots=True)
class Emulator:
    """A Slack that runs for all tests of a session."""

    url: str
    people: tuple[str, ...]  #: accounts


@contextmanager
def emulator(
    node_modules: Path, folder: Path, *, redirect: str = "http://127.0.0.1/slack/oauth_redirect"
) -> Iterator[Emulator]:
    """Start a Slack with people in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seed = {
        "team": {"name": "Riverside Family Practice", "domain": "riverside"},
        "users": [{"name": f"person{n}", "real_name": f"Person {n}"} for n in range(PEOPLE)],
        "channels": [{"name": "go-live"}, {"name": "leads", "is_private": True}],
        "oauth_apps": [
            {
                "client_id": "12345.67890",
                "client_secret": "secret",
                "app_id": "A000000001",
                "name": "Pulse",
                "redirect_uris": [redirect],
                "scopes": SCOPES,
                "bot_name": "pulse",
                "bot_id": "B000000009",
                "bot_user_id": BOT,
            }
        ],
        "tokens": [
            {
                "token": TOKEN,
                "type": "bot",
                "user": BOT,
                "scopes": SCOPES,
                "app_id": "A000000001",
                "bot_id": "B000000009",
            },
            {"token": ADMIN, "type": "user", "user": "admin", "scopes": ["channels:manage", "channels:write"]},
        ],
        "signing_secret": "unused",
        "strict_scopes": True,
    }
    config = folder / "emulate.yaml"
    config.write_text(json.dumps({"slack": seed}))  # JSON is YAML
    command = ["node", str(node_modules / "emulate" / "dist" / "index.js"), "start", "--service", "slack"]
    with (folder / "emulate.log").open("w") as log:
        running = subprocess.Popen(
            [*command, "--port", str(port), "--seed", str(config)], stdout=log, stderr=subprocess.STDOUT, cwd=folder
        )
        try:
            url = f"http://127.0.0.1:{port}"
            yield Emulator(url, _people(url))
        finally:
            running.terminate()
            running.wait(10)


def _people(url: str) -> tuple[str, ...]:
    given_up = monotonic() + 30
    while True:
        try:
            request = Request(f"{url}/api/users.list", b"limit=1000", {"Authorization": f"Bearer {TOKEN}"})
            with urlopen(request) as answer:
                members = json.load(answer)["members"]
        except (URLError, ConnectionError):
            if monotonic() > given_up:
                raise
            sleep(0.05)
        else:
            return tuple(one["id"] for one in members if one["name"].startswith("person"))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it came in."""

    method: str
    arguments: Mapping[str, Any]
    at: float

    @property
    def channel(self) -> str:
        return str(self.arguments.get("channel", ""))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with one call."""

    status: int = 200
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    drops: bool = False  #: the connection, after Slack has done what it was asked
    after: float = 0.0  #: seconds of silence first


class Gateway:
    """Passes calls on to the emulator, remembers them, and goes wrong when told to.

    It plays what the emulator lacks as well: addresses that come with a press, messages that one person sees, and the
    content of modals and Home tabs.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.calls: list[Call] = []
        self.arrived: asyncio.Queue[Call] = asyncio.Queue()
        self.troubles: defaultdict[str, deque[Trouble]] = defaultdict(deque)
        self.refuses: Callable[[Call], Trouble | None] = lambda _call: None
        self.whispers: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)  #: account -> messages
        self.modals: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)  #: account -> stack of views
        self.opened = asyncio.Event()  #: a modal, by now
        self.homes: dict[str, dict[str, Any]] = {}
        self.now: Callable[[], float] = monotonic
        self.line = ""  #: where Socket Mode is played, which the emulator does not
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._called)
        app.router.add_post("/respond/{channel}/{ts}", self._responded)
        app.router.add_post("/upload/{rest:.*}", self._uploaded)
        self._server = TestServer(app)
        self._session: aiohttp.ClientSession | None = None
        self._triggers: dict[str, str] = {}  #: trigger -> account

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        # Node hangs up after five seconds without a word, and a call on that line would be lost.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("/api/"))

    def respond_url(self, channel: str, ts: str) -> str:
        return str(self._server.make_url(f"/respond/{channel}/{ts}"))

    def fail(self, method: str, *troubles: Trouble) -> None:
        self.troubles[method].extend(troubles)

    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    async def ask(self, method: str, *, token: str = TOKEN, **arguments: Any) -> dict[str, Any]:
        """Call the emulator directly."""
        assert self._session is not None
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.post(f"{self.emulator.url}/api/{method}", json=arguments, headers=headers) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def trigger(self, account: str) -> str:
        """A trigger as it comes with a press: it opens one modal, within three seconds."""
        found: str = (await self.ask("views.generateTriggerId", user_id=account))["trigger_id"]
        self._triggers[found] = account
        return found

    async def direct(self, account: str) -> str:
        """The channel of somebody's direct messages with the bot."""
        found: str = (await self.ask("conversations.open", users=account))["channel"]["id"]
        return found

    async def channel(self, name: str, *accounts: str) -> str:
        """Make a channel with these people in it, and somebody who made it."""
        made = await self.ask("conversations.create", token=ADMIN, name=name)
        found: str = made["channel"]["id"]
        invited = await self.ask("conversations.invite", token=ADMIN, channel=found, users=",".join(accounts))
        assert invited["ok"], invited
        return found

    async def messages(self, account: str) -> list[dict[str, Any]]:
        """What stands in somebody's direct messages, oldest first."""
        channel = await self.direct(account)
        found = await self.ask("conversations.history", channel=channel, limit=1000, include_all_metadata=True)
        messages: list[dict[str, Any]] = found["messages"]
        return messages[::-1]

    async def _called(self, request: web.Request) -> web.StreamResponse:
        raw, method = await request.read(), request.match_info["method"]
        call = Call(method, {**request.query, **_arguments(request.content_type, raw)}, self.now())
        self.calls.append(call)
        self.arrived.put_nowait(call)
        trouble = self.troubles[method].popleft() if self.troubles[method] else self.refuses(call)
        if trouble is not None and trouble.after:
            await asyncio.sleep(trouble.after)
        if trouble is not None and (trouble.status != 200 or trouble.error):
            body = {"ok": False, "error": trouble.error or "ratelimited"}
            return web.json_response(body, status=trouble.status, headers=trouble.headers)
        answer = await self._forward(request.path, request, raw, at=self.line if "connections" in method else "")
        if trouble is not None and trouble.drops:
            assert request.transport is not None
            request.transport.close()
        self._keep(call, answer)
        return web.json_response(answer)

    async def _forward(self, path: str, request: web.Request, raw: bytes, *, at: str = "") -> dict[str, Any]:
        assert self._session is not None
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        if request.query and not raw:  # Slack takes arguments from there too, the emulator does not
            raw, headers["Content-Type"] = request.query_string.encode(), "application/x-www-form-urlencoded"
        async with self._session.post(
            f"{(at or self.emulator.url).rstrip('/').removesuffix('/api')}{path}", data=raw, headers=headers
        ) as answer:
            found: dict[str, Any] = await answer.json()
        if "upload_url" in found:
            found["upload_url"] = found["upload_url"].replace(
                self.emulator.url, str(self._server.make_url("")).rstrip("/")
            )
        return found

    async def _uploaded(self, request: web.Request) -> web.Response:
        assert self._session is not None
        url = f"{self.emulator.url}{request.path_qs}"
        async with self._session.post(
            url, data=await request.read(), headers={"Content-Type": request.content_type}
        ) as answer:
            return web.Response(text=await answer.text(), status=answer.status)

    async def _responded(self, request: web.Request) -> web.Response:
        body = await request.json()
        channel, ts = request.match_info["channel"], request.match_info["ts"]
        call = Call("response_url", {**body, "channel": channel, "ts": ts}, self.now())
        self.calls.append(call)
        if self.troubles["response_url"]:
            return web.Response(status=self.troubles["response_url"].popleft().status)
        for told in self.whispers.values():
            for at, one in enumerate(told):
                if one["ts"] == ts:
                    told[at] = {**body, "ts": ts}
                    return web.Response(text="ok")
        await self.ask("chat.update", channel=channel, ts=ts, text=body["text"], blocks=body["blocks"])
        return web.Response(text="ok")

    def _keep(self, call: Call, answer: Mapping[str, Any]) -> None:
        if not answer.get("ok"):
            return
        given = call.arguments
        if call.method == "chat.postEphemeral":
            self.whispers[given["user"]].append({**given, "ts": answer["message_ts"]})
        elif call.method == "views.open":
            self.opened.set()
            view = answer["view"]
            self.modals[self._triggers[given["trigger_id"]]].append(
                {**given["view"], "id": view["id"], "hash": view["hash"]}
            )
        elif call.method == "views.update":
            for stack in self.modals.values():
                for at, one in enumerate(stack):
                    if one["id"] == given["view_id"]:
                        stack[at] = {**given["view"], "id": one["id"], "hash": answer["view"]["hash"]}
        elif call.method == "views.publish":
            self.homes[given["user_id"]] = {**given["view"], "id": answer["view"]["id"]}


def _arguments(content_type: str, raw: bytes) -> dict[str, Any]:
    if content_type == "application/json":
        found: dict[str, Any] = json.loads(raw or b"{}")
        return found
    return dict(parse_qsl(raw.decode(errors="replace")))
