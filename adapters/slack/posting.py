"""Messages that stay: sent once, found again by their key, replaced in their place."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar

from adapters.chat import Address, Card, Choice, DeliveryError
from adapters.slack.blocks import Message, drawn, message
from adapters.slack.calls import Answer, Calls
from adapters.slack.directory import SlackDirectory
from adapters.slack.errors import MESSAGE_GONE
from adapters.slack.pacing import POST
from adapters.slack.words import Words

METADATA: Final = "golive_pulse_delivery"
REMEMBERED: Final = 20_000  # messages: some days of a large practice
LOOK_BACK: Final = 50  # messages of a chat that are read to find one again
_FILE_SETTLES: Final = 2.0  # seconds until Slack lets a block show a file that was just uploaded
_REFUSED: Final = "invalid_blocks"

Sleep = Callable[[float], Awaitable[None]]
Sender = Callable[[Message], Awaitable[Answer]]
K = TypeVar("K")


class Posting:
    """What stands in somebody's chat.

    Slack has no key for a message, so the same key is kept from being sent twice here, for as long as this process
    remembers, and marked on the message as a hash that only this installation can make: whoever reads the message's
    metadata learns nothing from it. After a restart `find` reads the chat.
    """

    def __init__(
        self, calls: Calls, directory: SlackDirectory, *, words: Words, secret: bytes, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._calls = calls
        self._directory = directory
        self._words = words
        self._secret = secret
        self._sleep = sleep
        self._by_key: OrderedDict[str, str] = OrderedDict()
        self._by_ref: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._draws_no_charts: set[str] = set()  #: workspaces whose Slack refused a chart

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        """Put a message into a chat, once; its id is "channel/ts". Raises DeliveryError."""
        mark = self._mark(to, key)
        known = self._by_key.get(mark)
        if known is not None:
            return known

        async def post(rendered: Message) -> Answer:
            return await self._calls.post(
                to.workspace,
                POST,
                channel=to.account,
                **_content(rendered),
                metadata={"event_type": METADATA, "event_payload": {"key": mark}},
            )

        answer = await self._with_pictures(to.workspace, card, post)
        message_id = f"{answer['channel']}/{answer['ts']}"
        _remember(self._by_key, mark, message_id)
        if card.ref:
            _remember(self._by_ref, (to.account, card.ref), message_id)
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        """Look a message up in its chat. Raises DeliveryError, unknown where the chat cannot be read."""
        mark = self._mark(to, key)
        if mark in self._by_key:
            return self._by_key[mark]
        try:
            channel = to.account
            if not channel.startswith(("C", "G")):
                opened = await self._calls.post(to.workspace, "conversations.open", users=to.account)
                channel = str(opened["channel"]["id"])
            answer = await self._calls.ask(
                to.workspace, "conversations.history", channel=channel, limit=LOOK_BACK, include_all_metadata=1
            )
        except DeliveryError as error:
            raise DeliveryError(error.reason, unknown=True) from error
        for one in answer.get("messages") or []:
            if ((one.get("metadata") or {}).get("event_payload") or {}).get("key") == mark:
                return f"{channel}/{one['ts']}"
        return None

    def standing(self, to: Address, ref: str) -> str:
        """The id of the message of this person that carries the ref, if it was sent by this process; else ""."""
        return self._by_ref.get((to.account, ref), "") if ref else ""

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        """Put another card in the place of a message; one that is gone is left gone. Raises DeliveryError."""
        channel, _, ts = message_id.partition("/")
        if not ts:
            return

        async def update(rendered: Message) -> Answer:
            return await self._calls.post(to.workspace, "chat.update", channel=channel, ts=ts, **_content(rendered))

        try:
            await self._with_pictures(to.workspace, card, update)
        except DeliveryError as error:
            if error.reason not in MESSAGE_GONE:
                raise

    async def whisper(self, to: Address, card: Card, *, channel: str) -> None:
        """Show a card to one person in a chat, until the app is loaded again; it is kept nowhere."""

        async def post(rendered: Message) -> Answer:
            return await self._calls.post(
                to.workspace, "chat.postEphemeral", channel=channel, user=to.account, **_content(rendered)
            )

        await self._with_pictures(to.workspace, card, post)

    async def respond(self, to: Address, card: Card, *, url: str) -> bool:
        """Replace the message that was acted on, by the address that came with the press; whether Slack took it."""
        rendered = await self._render(to.workspace, card, charts=False)
        return await self._calls.respond(url, {"replace_original": True, **_content(rendered)})

    async def groups(self, workspace: str, card: Card) -> tuple[Choice, ...]:
        """The user groups, where a field can pick one."""
        return await self._directory.groups(workspace) if any(f.kind == "group" for f in card.fields) else ()

    async def _with_pictures(self, workspace: str, card: Card, send: Sender) -> Answer:
        """Send with charts; where Slack draws none, with images; where it shows none either, with the text alone.

        A message that Slack refuses was not posted, so each attempt is the only one.
        """
        charts = workspace not in self._draws_no_charts
        if charts:
            files = await self._upload(workspace, card, besides=drawn(card))
            try:
                return await send(await self._render(workspace, card, files=files))
            except DeliveryError as error:
                if error.reason != _REFUSED or not card.pictures:
                    raise
        files = await self._upload(workspace, card, besides=())
        for wait in (0.0, _FILE_SETTLES) if files else ():
            if wait:
                await self._sleep(wait)
            try:
                answer = await send(await self._render(workspace, card, files=files, charts=False))
            except DeliveryError as error:
                if error.reason != _REFUSED:
                    raise
            else:
                if drawn(card):
                    self._draws_no_charts.add(workspace)
                return answer
        return await send(await self._render(workspace, card, charts=False))

    async def _upload(self, workspace: str, card: Card, *, besides: Collection[int]) -> dict[int, str]:
        """Put the images of these pictures into Slack; the text says the same where that does not work."""
        files: dict[int, str] = {}
        for at, picture in enumerate(card.pictures):
            if picture.png and at not in besides:
                with suppress(DeliveryError):
                    files[at] = await self._calls.upload(workspace, picture.png, title=picture.title, alt=picture.alt)
        return files

    async def _render(
        self, workspace: str, card: Card, *, files: Mapping[int, str] | None = None, charts: bool = True
    ) -> Message:
        groups = await self.groups(workspace, card)
        return message(card, files=files, charts=charts, groups=groups, label=self._words.groups)

    def _mark(self, to: Address, key: str) -> str:
        # Without the workspace: a roster may leave it out until somebody comes from there.
        named = f"{to.account}\n{key}".encode()
        return hashlib.blake2b(named, key=self._secret[:64], digest_size=16).hexdigest()


def _content(rendered: Message) -> dict[str, Any]:
    return {"text": rendered.text, "blocks": rendered.blocks, "unfurl_links": False, "unfurl_media": False}


def _remember(known: OrderedDict[K, str], key: K, message_id: str) -> None:
    known[key] = message_id
    known.move_to_end(key)
    while len(known) > REMEMBERED:
        known.popitem(last=False)
