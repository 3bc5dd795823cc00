"""The chat platform as the rehearsal sees it: what was sent to whom, and people who act through the front door."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

from adapters.chat import Address, Card, ChatAdapter, Incoming, Listener, Pressed, Reply, Submitted


class Audience(Protocol):
    def __call__(self, to: Address, card: Card) -> None: ...


class Stage:
    """Wraps any adapter: passes everything on, and lets the rehearsal's people see their own messages."""

    platform: ClassVar[str] = "web"

    def __init__(self, adapter: ChatAdapter, *, audience: Audience) -> None:
        self.platform = adapter.platform  # type: ignore[misc]  # each stage stands in for the adapter it wraps
        self._adapter = adapter
        self._audience = audience
        self._messages: dict[tuple[Address, str], str] = {}  #: by sender and ref, the message that stands there

    async def run(self, listener: Listener) -> None:
        await self._adapter.run(listener)

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        message_id = await self._adapter.send(to, card, key=key)
        self._messages[to, card.ref] = message_id
        self._audience(to, card)
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        return await self._adapter.find(to, key=key)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        await self._adapter.replace(to, message_id, card)

    async def act(self, incoming: Incoming, hear: Callable[[Incoming], Awaitable[Reply | None]]) -> Reply | None:
        """Do what a platform does with a press: hand it over, and put the reply where the card stood."""
        reply = await hear(incoming)
        ref = incoming.ref if isinstance(incoming, Submitted | Pressed) else ""
        message_id = self._messages.get((incoming.sender, ref))
        if reply is not None and reply.replaces and message_id is not None:
            await self.replace(incoming.sender, message_id, reply.card)
        return reply
