"""Microsoft 365 Agents Playground: a Teams client and its service that nobody here wrote, on this machine alone."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

TENANT = "11111111-0000-0000-0000-000000000001"
CHAT, TEAM, CHANNEL = "personal-chat-id", "team-id", "channel-news-id"
DANA = "Dana Reyes"  #: who sits before the browser
STAFF = ("Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Dina Vogt", "Emil Strand")
PATIENCE = 60  #: seconds until it listens, on a busy machine

_CONFIG = """\
version: "0.1.1"
tenantId: {tenant}
bot:
  id: 00000000-0000-0000-0000-000000000011
  name: Pulse
currentUser:
{dana}
users:
{staff}
personalChat:
  id: {chat}
groupChat:
  id: group-chat-id
  name: Huddle
team:
  id: {team}
  name: Riverside
  aadGroupId: 00000000-0000-0000-0000-000000000031
  channels:
    - id: {channel}
      name: News
"""


def account(name: str) -> str:
    """Somebody's number in the directory."""
    return f"00000000-0000-0000-0000-0000000001{[DANA, *STAFF].index(name):02}"


def user_id(name: str) -> str:
    return f"user-{name.split(maxsplit=1)[0].lower()}"


def configuration() -> str:
    def person(name: str) -> str:
        given, surname = name.split()
        mail = f"{given.lower()}@riverside.example"
        lines = [f"id: {user_id(name)}", f"name: {name}", f"userPrincipleName: {mail}", f"aadObjectId: {account(name)}"]
        lines += [f"givenName: {given}", f"surname: {surname}", f"email: {mail}"]
        return "\n".join(f"    {line}" for line in lines)

    dana = "\n".join(line[2:] for line in person(DANA).split("\n"))
    staff = "\n".join("  - " + person(name).lstrip() for name in STAFF)
    return _CONFIG.format(tenant=TENANT, dana=dana, staff=staff, chat=CHAT, team=TEAM, channel=CHANNEL)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Playground:
    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self._session = session
        self._last: dict[str, Any] = {}
        self.messages: list[tuple[str, dict[str, Any]]] = []  #: conversation and message, as they came or changed

    async def install(self) -> None:
        """Put the app into the chat of whoever sits before the browser."""
        await self._post(f"/_debug/conversation/{CHAT}/installation", {})

    async def say(self, text: str) -> None:
        words = {"type": "text", "text": text, "textFormat": "plain", "from": {"id": user_id(DANA)}}
        await self._post(f"/_conversation/v1/conversations/{CHAT}/messages", words)

    async def send(self, type_: str, *, sender: str = DANA, **rest: Any) -> None:
        """Post any activity to the bot, as anybody."""
        self._last = self.activity(type_, sender=sender, **rest)
        await self.repeat()

    async def repeat(self) -> None:
        """Post the last activity once more, as services do."""
        await self._post("/_internal/v1/customActivities", self._last)

    def activity(self, type_: str, *, sender: str, chat: str = CHAT, **rest: Any) -> dict[str, Any]:
        return {
            "type": type_,
            "id": os.urandom(8).hex(),
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/_connector",
            "from": {"id": user_id(sender), "aadObjectId": account(sender)},
            "recipient": {"id": "00000000-0000-0000-0000-000000000011"},
            "conversation": {"id": chat, "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
        } | rest

    async def chat_of(self, name: str) -> str:
        """The personal chat with somebody else; the Playground knows people by their id for the bot."""
        wanted = {"isGroup": False, "bot": {"id": "28:"}, "members": [{"id": user_id(name)}]}
        wanted["channelData"] = {"tenant": {"id": TENANT}}
        async with self._session.post(f"{self.url}/_connector/v3/conversations", json=wanted) as response:
            made: str = (await response.json())["id"]
            return made

    async def uninstall(self) -> None:
        """Take the app away again, with the activity that the Playground itself makes for it."""
        wanted = {"conversationId": CHAT, "type": "uninstall"}
        async with self._session.get(f"{self.url}/_internal/v1/customActivities/template", params=wanted) as response:
            activity = await response.json()
        await self._post("/_internal/v1/customActivities", activity)

    async def follow(self) -> None:
        """Keep every message that the bot sends or changes, whoever it goes to; until cancelled."""
        stream = self.url.replace("http", "ws") + "/_ws_conversation/v1/conversations/stream"
        async with self._session.ws_connect(stream) as socket_:
            async for told in socket_:
                if told.type == aiohttp.WSMsgType.TEXT and "message" in (news := json.loads(told.data)):
                    self.messages.append((news["actionConversationId"], news["message"]))

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self._session.post(f"{self.url}{path}", json=body) as response:
            response.raise_for_status()


@asynccontextmanager
async def playground(node_modules: Path, folder: Path, *, bot: str) -> AsyncIterator[Playground]:
    """The Playground before a bot at this address."""
    config = folder / "playground.yml"
    config.write_text(configuration())
    port = free_port()
    cli = node_modules / "@microsoft" / "m365agentsplayground" / "cli.js"
    preload = Path(__file__).with_name("loopback.cjs")
    environment = os.environ | {
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
    }
    with (folder / "playground.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *("node", "--require", str(preload), str(cli), "-e", bot, "-c", "msteams", "-p", str(port)),
            "--disable-telemetry",
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        async with aiohttp.ClientSession() as session:
            await listening(session, f"http://localhost:{port}/_internal/v1/config", folder / "playground.log")
            found = Playground(session, port)
            following = asyncio.create_task(found.follow())
            yield found
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        process.terminate()
        await process.wait()


async def listening(session: aiohttp.ClientSession, url: str, log: Path) -> None:
    """Wait until somebody answers there."""
    for _ in range(PATIENCE * 10):
        try:
            async with session.get(url) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    message = f"The Playground does not listen: {log}"
    raise RuntimeError(message)
