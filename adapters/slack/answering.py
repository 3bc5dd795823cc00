"""What goes back to whoever acted: at once that it arrived, then the bot's reply where nothing is kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from adapters.chat import Card, DeliveryError, Listener, Opened, Reply
from adapters.slack.calls import Calls
from adapters.slack.incoming import Heard
from adapters.slack.posting import Posting
from adapters.slack.rich_text import Block
from adapters.slack.views import HOME, home, modal, moment
from adapters.slack.words import Words

log = structlog.get_logger()

FORM_PATIENCE: Final = 0.2  #: seconds that a form is kept waiting; Slack takes an answer for three
OPEN_PATIENCE: Final = 1.0  #: seconds after which a modal opens that says so; it cannot be opened after three
KNOWN: Final = 20_000  # ids of what came in: Slack repeats an event for some minutes

Ack = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody looks at nothing, in seconds."""

    form: float = FORM_PATIENCE
    opening: float = OPEN_PATIENCE


class Answering:
    """Takes in one thing after the other, whatever the bot's database is doing meanwhile."""

    def __init__(self, calls: Calls, posting: Posting, *, words: Words, patience: Patience) -> None:
        self._calls = calls
        self._posting = posting
        self._words = words
        self._patience = patience
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.listener: Listener | None = None

    async def take(self, heard: Heard, ack: Ack) -> None:
        """Acknowledge, ask the bot, show what it says.

        What is repeated is acknowledged and changes nothing; what comes from a workspace that the app is not installed
        in is passed over.
        """
        try:
            if heard.place.kind == "form":
                await self._form(heard, ack)
                return
            await ack()
            if not self._is_known(heard):
                await self._elsewhere(heard)
        except DeliveryError as error:  # the person sees what was there before, and may press again
            log.warning("reply not shown", platform="slack", kind=heard.place.kind, reason=error.reason)

    async def _elsewhere(self, heard: Heard) -> None:
        kind = heard.place.kind
        if kind in {"message", "command", "home"} and not isinstance(heard.incoming, Opened):
            await self._pressed(heard)
            return
        reply = await self._ask(heard)
        if reply is None:
            return
        if kind == "modal":
            await self._show(heard, reply, view=heard.place.view)
            await self._refresh_home(heard)
        elif kind == "line":
            await self._posting.whisper(heard.sender, reply.card, channel=heard.place.channel)
        elif kind == "home":
            await self._publish(heard, reply.card)

    async def _form(self, heard: Heard, ack: Ack) -> None:
        """A modal came back: it waits for the answer to this very call, and closes on an empty one."""
        asking = asyncio.ensure_future(self._ask(heard))
        await asyncio.wait({asking}, timeout=self._patience.form)
        if not asking.done():
            await ack(response_action="update", view=moment(words=self._words, origin=heard.place.origin))
            reply = await asking
            await self._show(heard, reply or Reply(Card(self._words.noted)), view=heard.place.view)
        else:
            try:
                reply = asking.result()
            except DeliveryError:
                await ack()
                raise
            standing = self._message_of(heard)
            if reply is None or (reply.replaces and standing):
                await ack(response_action="clear")
            else:
                await ack(response_action="update", view=await self._modal(heard, reply.card))
            if reply is not None and reply.replaces:
                await self._replaced(heard, reply)
        await self._refresh_home(heard)

    async def _pressed(self, heard: Heard) -> None:
        """A button, a command or a shortcut: its trigger opens a modal, unless the reply takes a message's place."""
        asking = asyncio.ensure_future(self._ask(heard))
        await asyncio.wait({asking}, timeout=self._patience.opening)
        if asking.done():
            reply = asking.result()
            if reply is None or (reply.replaces and await self._replaced(heard, reply)):
                return
            await self._open(heard, await self._modal(heard, reply.card), otherwise=reply.card)
        else:
            view = await self._open(heard, moment(words=self._words, origin=heard.place.origin))
            reply = await asking
            await self._show(heard, reply or Reply(Card(self._words.noted)), view=view)
        await self._refresh_home(heard)

    async def _ask(self, heard: Heard) -> Reply | None:
        if self.listener is None:
            return None
        installation = await self._calls.installation(heard.sender.workspace)
        return None if heard.sender.account == installation.bot else await self.listener(heard.incoming)

    async def _show(self, heard: Heard, reply: Reply, *, view: str) -> None:
        """Put the reply into a modal that is open, and where it replaces a message, there as well."""
        if reply.replaces:
            await self._replaced(heard, reply)
        if view:
            card = await self._modal(heard, reply.card)
            await self._calls.post(heard.sender.workspace, "views.update", view_id=view, view=card)

    async def _replaced(self, heard: Heard, reply: Reply) -> bool:
        """Put the reply where a message stood, if there is one; whether there was."""
        place = heard.place
        taken = bool(place.url) and await self._posting.respond(heard.sender, reply.card, url=place.url)
        standing = self._message_of(heard)
        if standing and (place.fleeting or not taken):
            await self._posting.replace(heard.sender, standing, reply.card)
        return taken or bool(standing)

    def _message_of(self, heard: Heard) -> str:
        """The message that was acted on, or that a modal belongs to, or that speaks of the same thing."""
        origin = heard.place.origin
        return origin if origin not in {"", HOME} else self._posting.standing(heard.sender, heard.ref)

    async def _open(self, heard: Heard, view: Block, *, otherwise: Card | None = None) -> str:
        """Open a modal and return its id; where it came too late for one, whisper into the chat."""
        try:
            answer = await self._calls.post(heard.sender.workspace, "views.open", trigger_id=heard.trigger, view=view)
        except DeliveryError:
            if otherwise is None or not heard.place.channel:
                raise
            await self._posting.whisper(heard.sender, otherwise, channel=heard.place.channel)
            return ""
        opened: Mapping[str, Any] = answer.get("view") or {}
        return str(opened.get("id") or "")

    async def _modal(self, heard: Heard, card: Card) -> Block:
        """A modal belongs to the message it was opened from only while it speaks of the same thing."""
        groups = await self._posting.groups(heard.sender.workspace, card)
        origin = heard.place.origin if heard.place.origin == HOME or card.ref == heard.ref else ""
        return modal(card, words=self._words, origin=origin, groups=groups)

    async def _publish(self, heard: Heard, card: Card) -> None:
        groups = await self._posting.groups(heard.sender.workspace, card)
        view = home(card, groups=groups, words=self._words)
        await self._calls.post(heard.sender.workspace, "views.publish", user_id=heard.sender.account, view=view)

    async def _refresh_home(self, heard: Heard) -> None:
        """What was done from the Home tab may have changed what it says."""
        if heard.place.origin == HOME and self.listener is not None:
            reply = await self.listener(Opened(heard.sender, f"{heard.incoming.id}.home", "home"))
            if reply is not None:
                await self._publish(heard, reply.card)

    def _is_known(self, heard: Heard) -> bool:
        key = heard.sender.workspace, heard.incoming.id
        if key in self._known:
            return True
        self._known[key] = None
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return False
