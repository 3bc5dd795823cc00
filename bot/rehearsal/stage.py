"""The chat platform as the rehearsal sees it: what was sent to whom, and people who act through the front door."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from adapters.chat import Address, Card, ChatAdapter, Incoming, Listener, Pressed, Reply, Submitted

#: Does what somebody does with their hands on a real platform; given the message that they act on, if there is one.
Hands = Callable[[Incoming, str | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Venue:
    """The platform that a rehearsal takes place on."""

    adapter: ChatAdapter
    address: Callable[[Address], Address] = lambda in_the_web_chat: in_the_web_chat  #: where somebody is reached there
    hands: Hands | None = None  #: without them, what people do is handed straight to the bot


class Audience(Protocol):
    def __call__(self, to: Address, card: Card) -> None: ...


class Stage:
    """Wraps any adapter: passes everything on, and lets the rehearsal's people see their own messages."""

    platform: ClassVar[str] = "web"

    def __init__(self, venue: Venue, *, audience: Audience) -> None:
        self.platform = venue.adapter.platform  # type: ignore[misc]  # each stage stands in for the adapter it wraps
        self._adapter = venue.adapter
        self._hands = venue.hands
        self._audience = audience
        self._messages: dict[tuple[Address, str], str] = {}  #: by sender and ref, the message that stands there
        self._replies: dict[Address, Reply | None] = {}  #: what the bot last said to whom

    async def run(self, listener: Listener) -> None:
        async def overheard(incoming: Incoming) -> Reply | None:
            reply = await listener(incoming)
            self._replies[somebody(incoming.sender)] = reply
            return reply

        await self._adapter.run(overheard)

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        message_id = await self._adapter.send(to, card, key=key)
        self._messages[somebody(to), card.ref] = message_id
        self._audience(somebody(to), card)
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        return await self._adapter.find(to, key=key)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        await self._adapter.replace(to, message_id, card)

    async def act(self, incoming: Incoming, hear: Callable[[Incoming], Awaitable[Reply | None]]) -> Reply | None:
        """Do what a platform does with a press: hand it over, and put the reply where the card stood."""
        ref = incoming.ref if isinstance(incoming, Submitted | Pressed) else ""
        message_id = self._messages.get((somebody(incoming.sender), ref))
        if self._hands is not None:
            self._replies.pop(somebody(incoming.sender), None)
            await self._hands(incoming, message_id)
            return self._replies.get(somebody(incoming.sender))
        reply = await hear(incoming)
        if reply is not None and reply.replaces and message_id is not None:
            await self.replace(incoming.sender, message_id, reply.card)
        return reply


def somebody(address: Address) -> Address:
    """The same person, whether or not the bot has learnt the way to them yet."""
    return Address(address.platform, address.account)
