"""A chat platform in memory: for rehearsals, and for tests that play a person."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar, Literal

from adapters.chat import (
    Address,
    Card,
    DeliveryError,
    Incoming,
    Listener,
    Opened,
    Person,
    Pressed,
    Reply,
    Said,
    Submitted,
)


class NobodyListens(Exception):
    """A person acted while no bot was running."""


@dataclass(frozen=True, slots=True)
class _Failure:
    error: DeliveryError
    arrives: bool


@dataclass(slots=True)
class _Screen:
    """What one person has in front of them."""

    cards: dict[str, Card] = field(default_factory=dict)  #: message id -> card, oldest first
    ids: dict[str, str] = field(default_factory=dict)  #: key -> message id
    replies: list[Card] = field(default_factory=list)  #: shown to this person only, kept nowhere else


class MemoryAdapter:
    """Keeps what was sent, plays the people, and fails when it is told to.

    >>> async def example(adapter: MemoryAdapter, ana: Address) -> None:
    ...     await adapter.send(ana, Card("How was it?", ref="r1"), key="wave-1")
    ...     reply = await adapter.submit(ana, "send", ref="r1", values={"ease": ("4",)})
    """

    platform: ClassVar[str] = "memory"

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._screens: defaultdict[Address, _Screen] = defaultdict(_Screen)
        self._failures: deque[_Failure] = deque()
        self._numbers: Iterator[int] = count(1)
        self.directory: dict[tuple[str, str], list[Person] | DeliveryError] = {}  #: by workspace and source

    async def run(self, listener: Listener) -> None:
        self._listener = listener
        try:
            await asyncio.Event().wait()
        finally:
            self._listener = None

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        failure = self._failures.popleft() if self._failures else None
        if failure and not failure.arrives:
            raise failure.error
        message_id = self._keep(to, card, key=key)
        if failure:
            raise failure.error
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        return self._screens[to].ids.get(key)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        cards = self._screens[to].cards
        if message_id in cards:
            cards[message_id] = card

    async def people(self, workspace: str, source: str) -> AsyncIterator[Person]:
        found = self.directory.get((workspace, source), DeliveryError("no_such_source", permanent=True))
        if isinstance(found, DeliveryError):
            raise found
        for person in found:
            yield person

    # What a test or a rehearsal looks at and plays.

    def cards(self, to: Address) -> tuple[Card, ...]:
        """The messages of one person, oldest first, as they stand now."""
        return tuple(self._screens[to].cards.values())

    def replies(self, to: Address) -> tuple[Card, ...]:
        """What only this person was shown in answer to something, oldest first."""
        return tuple(self._screens[to].replies)

    def delete(self, to: Address, message_id: str) -> None:
        """Take a message away, as a person or a platform may."""
        self._screens[to].cards.pop(message_id, None)

    def fail(self, error: DeliveryError, *, times: int = 1, arrives: bool = False) -> None:
        """Let the next sends fail; with `arrives` the message is there all the same (for errors that are `unknown`)."""
        self._failures.extend([_Failure(error, arrives)] * times)

    async def open(
        self,
        sender: Address,
        *,
        place: Literal["chat", "home"] = "chat",
        id: str = "",  # noqa: A002  # the word of adapters/chat.py
    ) -> Reply | None:
        return await self._play(Opened(sender, self._once(id), place))

    async def say(self, sender: Address, text: str, *, id: str = "") -> Reply | None:  # noqa: A002  # as above
        return await self._play(Said(sender, self._once(id), text.replace("\0", "")))

    async def press(self, sender: Address, action: str, *, ref: str = "", id: str = "") -> Reply | None:  # noqa: A002  # as above
        return await self._play(Pressed(sender, self._once(id), action, ref))

    async def submit(
        self,
        sender: Address,
        action: str,
        *,
        ref: str = "",
        values: Mapping[str, tuple[str, ...]] | None = None,
        id: str = "",  # noqa: A002  # as above
    ) -> Reply | None:
        clean = {name: tuple(value.replace("\0", "") for value in given) for name, given in (values or {}).items()}
        return await self._play(Submitted(sender, self._once(id), action, ref, clean))

    async def _play(self, incoming: Incoming) -> Reply | None:
        if self._listener is None:
            raise NobodyListens
        reply = await self._listener(incoming)
        if reply is not None:
            self._show(incoming, reply)
        return reply

    def _show(self, incoming: Incoming, reply: Reply) -> None:
        screen = self._screens[incoming.sender]
        ref = incoming.ref if isinstance(incoming, Submitted | Pressed) else ""
        target = next((id_ for id_, card in screen.cards.items() if ref and card.ref == ref), None)
        if reply.replaces and target is not None:
            screen.cards[target] = reply.card
        else:
            screen.replies.append(reply.card)

    def _keep(self, to: Address, card: Card, *, key: str) -> str:
        screen = self._screens[to]
        if key not in screen.ids:
            screen.ids[key] = f"m{next(self._numbers)}"
            screen.cards[screen.ids[key]] = card
        return screen.ids[key]

    def _once(self, given: str) -> str:
        return given or f"i{next(self._numbers)}"
