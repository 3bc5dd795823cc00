"""Somebody before Slack: sees what stands there, types, presses, fills in; Slack posts it, signed, to the bot."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from time import time
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from adapters.chat import Address
from adapters.slack.adapter import SlackAdapter
from adapters.slack.answering import Patience
from adapters.slack.one_workspace import OneWorkspace
from adapters.slack.pacing import Pace
from tests.slack.emulator import BOT, TEAM, TOKEN, Emulator, Gateway

SIGNING_SECRET = "the signing secret of the tests"
_numbers = count(1)

Values = Mapping[str, tuple[str, ...]]


def signature(body: str, *, at: int | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers that Slack puts on what it posts."""
    stamp = str(at if at is not None else int(time()))
    signed = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}


def who(account: str, trigger: str) -> dict[str, Any]:
    """What every interaction says of whoever acted."""
    return {
        "user": {"id": account, "username": "somebody", "name": "somebody", "team_id": TEAM},
        "api_app_id": "A000000001",
        "token": "not used any more",
        "team": {"id": TEAM, "domain": "riverside"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger,
    }


def headers_of(given: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in given.items()]


class Desk:
    """Everybody's Slack client."""

    def __init__(self, gateway: Gateway, adapter: SlackAdapter) -> None:
        self.slack = gateway
        self.adapter = adapter
        self._app = FastAPI()
        self._app.include_router(adapter.routes())
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://bot")

    async def close(self) -> None:
        await self._client.aclose()

    async def post(self, body: str, kind: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """What Slack does with whatever happens; `headers` take the place of a true signature."""
        given = {"Content-Type": kind, **(signature(body) if headers is None else headers)}
        return await self._client.post(
            "/slack/events", content=body.encode("utf-8", "surrogateescape"), headers=headers_of(given)
        )

    async def post_payload(self, payload: Mapping[str, Any]) -> httpx.Response:
        return await self.post(urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded")

    async def post_event(
        self,
        event: Mapping[str, Any],
        *,
        once: str = "",
        team: str = TEAM,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        body = json.dumps(self.event(event, once=once, team=team))
        extra = headers or {}
        answer = await self.post(body, "application/json", {**signature(body), **extra})
        await self.settled()
        return answer

    @staticmethod
    def event(event: Mapping[str, Any], *, once: str = "", team: str = TEAM) -> dict[str, Any]:
        return {
            "token": "not used any more",
            "team_id": team,
            "api_app_id": "A000000001",
            "event": event,
            "type": "event_callback",
            "event_id": once or f"Ev{next(_numbers):08}",
            "event_time": int(time()),
            "authorizations": [
                {"enterprise_id": None, "team_id": team, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
            ],
        }

    async def settled(self) -> None:
        """Wait until the bot has done all that was started; Bolt acknowledges an event before it begins."""
        for _ in range(20):
            await asyncio.sleep(0)
        while tasks := self.adapter._bolt._tasks:
            await asyncio.wait(set(tasks))

    async def say(self, account: str, text: str) -> httpx.Response:
        channel = await self.slack.direct(account)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return await self.post_event(
            {
                "type": "message",
                "user": account,
                "ts": f"{time():.6f}",
                "text": escaped,
                "team": TEAM,
                "channel": channel,
                "event_ts": f"{time():.6f}",
                "channel_type": "im",
            }
        )

    async def open_home(self, account: str) -> None:
        await self.post_event({"type": "app_home_opened", "user": account, "channel": "D1", "tab": "home"})

    async def command(self, account: str, command: str, text: str = "") -> httpx.Response:
        form = {
            "token": "not used any more",
            "team_id": TEAM,
            "team_domain": "riverside",
            "channel_id": "C000000001",
            "channel_name": "general",
            "user_id": account,
            "user_name": "somebody",
            "command": command,
            "text": text,
            "api_app_id": "A000000001",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/1234/5678",
            "trigger_id": await self.slack.trigger(account),
        }
        answer = await self.post(urlencode(form), "application/x-www-form-urlencoded")
        await self.settled()
        return answer

    async def shortcut(self, account: str, callback: str) -> httpx.Response:
        answer = await self.post_payload(
            {**await self.who(account), "type": "shortcut", "action_ts": f"{time():.6f}", "callback_id": callback}
        )
        await self.settled()
        return answer

    async def press(self, account: str, action: str, *, ref: str = "", values: Values | None = None) -> httpx.Response:
        """Press a button, where it stands: in the newest modal, else in a message, else on the Home tab."""
        answer = await self.post_payload(await self.pressing(account, action, ref=ref, values=values))
        await self.settled()
        return answer

    async def pressing(
        self, account: str, action: str, *, ref: str = "", values: Values | None = None
    ) -> dict[str, Any]:
        """What Slack posts for a press."""
        for place in await self._places(account):
            for block in place["blocks"]:
                if block["type"] != "actions" or block["block_id"] != f"a.{ref}":
                    continue
                for button in block["elements"]:
                    if button["action_id"].partition(".")[2] == action:
                        return await self._pressed(account, place, block, button, values or {})
        raise AssertionError(f"no button {action} under {ref!r}")

    async def _pressed(
        self, account: str, place: dict[str, Any], block: dict[str, Any], button: dict[str, Any], values: Values
    ) -> dict[str, Any]:
        state = {"values": filled(place["blocks"], values)}
        pressed = {
            "action_id": button["action_id"],
            "block_id": block["block_id"],
            "text": button["text"],
            "type": "button",
            "action_ts": f"{time():.6f}",
        }
        payload = {**await self.who(account), "type": "block_actions", "actions": [pressed]}
        if "ts" in place:
            channel = await self.slack.direct(account)
            container = {
                "type": "message",
                "message_ts": place["ts"],
                "channel_id": channel,
                "is_ephemeral": place.get("is_ephemeral", False),
            }
            return {
                **payload,
                "container": container,
                "channel": {"id": channel, "name": "directmessage"},
                "message": {"ts": place["ts"], "blocks": place["blocks"]},
                "state": state,
                "response_url": self.slack.respond_url(channel, place["ts"]),
            }
        view = self._view(place, state)
        return {**payload, "container": {"type": "view", "view_id": place["id"]}, "view": view}

    async def submit(
        self, account: str, values: Values | None = None, *, payload: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Send the newest modal, and do with it what the answer says."""
        stack = self.slack.modals[account]
        answer = await self.post_payload(payload or await self.submitting(account, values))
        told = answer.json() if answer.content else {"response_action": "close"}
        match told.get("response_action"):
            case "update":
                view = keeping(told["view"], stack[-1], values or {})
                stack[-1] = {**view, "id": stack[-1]["id"], "hash": f"{stack[-1]['hash']}x"}
            case "clear":
                stack.clear()
            case "close":
                stack.pop()
        await self.settled()
        return answer

    async def submitting(self, account: str, values: Values | None = None) -> dict[str, Any]:
        view = self.slack.modals[account][-1]
        state = {"values": filled(view["blocks"], values or {})}
        return {
            **await self.who(account),
            "type": "view_submission",
            "view": self._view(view, state),
            "response_urls": [],
        }

    @staticmethod
    def _view(view: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
        return {**view, "team_id": TEAM, "state": state, "app_id": "A000000001", "bot_id": "B000000009"}

    async def who(self, account: str) -> dict[str, Any]:
        return who(account, await self.slack.trigger(account))

    async def _places(self, account: str) -> list[dict[str, Any]]:
        """Where this person may press, the topmost first."""
        whispers = [{**one, "is_ephemeral": True} for one in self.slack.whispers[account][::-1]]
        messages = (await self.slack.messages(account))[::-1]
        home = [self.slack.homes[account]] if account in self.slack.homes else []
        return [*self.slack.modals[account][::-1], *whispers, *(one for one in messages if one.get("blocks")), *home]

    async def see(self, account: str) -> list[str]:
        """All that stands before this person: messages, what only they see, open modals, the Home tab."""
        messages = [one for one in await self.slack.messages(account) if one["user"] == BOT]
        home = [self.slack.homes[account]] if account in self.slack.homes else []
        places = [*messages, *self.slack.whispers[account], *self.slack.modals[account][-1:], *home]
        return [words(place["blocks"], place) for place in places]


def words(blocks: list[dict[str, Any]], place: Mapping[str, Any]) -> str:
    """Everything that can be read in blocks, and on the buttons of a modal."""
    own = [place[name]["text"] for name in ("submit",) if isinstance(place.get(name), dict)]
    return "\n".join([*(_words(block) for block in blocks), *own])


def _words(part: Any) -> str:
    match part:
        case {"type": "rich_text", "elements": elements} | {"type": "rich_text_list", "elements": elements}:
            return "\n".join(_words(one) for one in elements)
        case {"type": "rich_text_section", "elements": elements}:
            return "".join(_words(one) for one in elements)
        case {"type": "text" | "plain_text", "text": str(text)}:
            return text
        case dict():
            shown = (
                part[name]
                for name in ("title", "text", "label", "element", "options", "elements", "hint")
                if name in part
            )
            more = (part[name] for name in ("description",) if name in part)
            return "\n".join(found for one in (*shown, *more) if (found := _words(one)))
        case list():
            return "\n".join(_words(one) for one in part)
    return part if isinstance(part, str) else ""


def keeping(view: dict[str, Any], before: dict[str, Any], values: Values) -> dict[str, Any]:
    """The view as Slack shows it in the place of another: what was typed into an input of the same name stays."""
    stood = {block.get("block_id") for block in before["blocks"]}
    for block in view["blocks"]:
        typed = values.get(str(block.get("block_id"))[2:].partition("#")[0])
        if block["type"] == "input" and block["block_id"] in stood and typed:
            block["element"]["initial_value"] = typed[0]
    return view


def filled(blocks: list[dict[str, Any]], values: Values) -> dict[str, Any]:
    """The state of inputs as Slack reports it, filled in."""
    state: dict[str, Any] = {}
    for block in blocks:
        if block["type"] == "input":
            given = values.get(block["block_id"][2:].partition("#")[0], ())
            state[block["block_id"]] = {block["element"]["action_id"]: _state(block["element"], given)}
    return state


def _state(element: dict[str, Any], given: tuple[str, ...]) -> dict[str, Any]:
    kind = element["type"]
    options = [option for option in element.get("options", ()) if option["value"] in given]
    one = given[0] if given else None
    content: dict[str, Any] = {
        "radio_buttons": {"selected_option": options[0] if options else None},
        "static_select": {"selected_option": options[0] if options else None},
        "checkboxes": {"selected_options": options},
        "multi_static_select": {"selected_options": options},
        "plain_text_input": {"value": one},
        "datepicker": {"selected_date": one},
        "timepicker": {"selected_time": one},
        "users_select": {"selected_user": one},
        "multi_users_select": {"selected_users": list(given)},
        "conversations_select": {"selected_conversation": one},
        "multi_conversations_select": {"selected_conversations": list(given)},
    }[kind]
    return {"type": kind, **content}


@asynccontextmanager
async def desk(
    emulator: Emulator, *, pace: Pace | None = None, patience: Patience | None = None
) -> AsyncIterator[Desk]:
    """An adapter before the emulator, and people who use it. It listens once somebody runs it."""

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    async with Gateway(emulator) as gateway:
        adapter = SlackAdapter(
            installations=OneWorkspace(TOKEN, url=gateway.url),
            secret=b"s" * 32,
            signing_secret=SIGNING_SECRET,
            pace=pace or Pace(sleep=at_once),
            patience=patience,
            sleep=at_once,
            url=gateway.url,
        )
        people = Desk(gateway, adapter)
        yield people
        await people.close()


def address(account: str) -> Address:
    return Address("slack", account, TEAM)
