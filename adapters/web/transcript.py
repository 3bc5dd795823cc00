"""What stands in a web chat: the one Protocol that keeps it, and one that keeps it in memory."""

from itertools import count
from typing import Protocol

from adapters.chat import Card


class Transcript(Protocol):
    """The messages of every account, without any time: when somebody was written to is nobody's business here."""

    async def put(self, account: str, key: str, card: Card) -> str:
        """Add a message and return its id; the same key gives the same id and no second message."""
        ...

    async def find(self, account: str, key: str) -> str | None:
        """Look up the id of the message that was put with this key."""
        ...

    async def replace(self, message_id: str, card: Card) -> None:
        """Put another card in the place of a message; a message that is gone is left gone."""
        ...

    async def messages(self, account: str) -> list[tuple[str, Card]]:
        """Message id and card, oldest first."""
        ...

    async def forget(self, account: str) -> None:
        """Delete every message of an account, and its keys."""
        ...


class MemoryTranscript:
    """Lost when the program ends; for tests and for trying things."""

    def __init__(self) -> None:
        self._messages: dict[str, tuple[str, Card]] = {}  #: message id -> account, card
        self._ids: dict[tuple[str, str], str] = {}  #: account, key -> message id
        self._numbers = count(1)

    async def put(self, account: str, key: str, card: Card) -> str:
        if (account, key) not in self._ids:
            message_id = self._ids[account, key] = str(next(self._numbers))
            self._messages[message_id] = account, card
        return self._ids[account, key]

    async def find(self, account: str, key: str) -> str | None:
        return self._ids.get((account, key))

    async def replace(self, message_id: str, card: Card) -> None:
        if message_id in self._messages:
            self._messages[message_id] = self._messages[message_id][0], card

    async def messages(self, account: str) -> list[tuple[str, Card]]:
        return [(message_id, card) for message_id, (owner, card) in self._messages.items() if owner == account]

    async def forget(self, account: str) -> None:
        self._messages = {key: kept for key, kept in self._messages.items() if kept[0] != account}
        self._ids = {key: message_id for key, message_id in self._ids.items() if key[0] != account}
