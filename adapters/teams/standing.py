"""What stands in people's chats, as far as the bot remembers: in memory, a few messages a person, until it stops.

Teams does not let a bot read a chat. What is remembered makes two things nicer and is needed for neither: a reply is
shown under the message that was acted on, and a message is found again by its key.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from adapters.chat import Address, Card

MOST_PEOPLE = 5_000
MOST_CARDS = 12  # a person; the oldest is forgotten first
MOST_KEYS = 50


@dataclass(slots=True)
class Screen:
    """One person's chat."""

    cards: OrderedDict[str, Card] = field(default_factory=OrderedDict)  #: message id -> card, the oldest first
    keys: OrderedDict[str, str] = field(default_factory=OrderedDict)  #: key -> message id
    conversation: str = ""  #: that was made to write to them


class Standing:
    def __init__(self) -> None:
        self._screens: OrderedDict[Address, Screen] = OrderedDict()

    def keep(self, to: Address, message_id: str, card: Card, *, key: str = "") -> None:
        screen = self._screen(to)
        screen.cards[message_id] = card
        if key:
            screen.keys[key] = message_id
        trim(screen.cards, MOST_CARDS)
        trim(screen.keys, MOST_KEYS)

    def replace(self, to: Address, message_id: str, card: Card) -> None:
        screen = self._screen(to)
        if message_id in screen.cards:
            screen.cards[message_id] = card

    def card(self, to: Address, message_id: str) -> Card | None:
        return self._screen(to).cards.get(message_id)

    def sent(self, to: Address, key: str) -> str | None:
        return self._screen(to).keys.get(key)

    def with_ref(self, to: Address, ref: str) -> str | None:
        """The newest message whose card bears this ref."""
        found = reversed(self._screen(to).cards.items())
        return next((message_id for message_id, card in found if ref and card.ref == ref), None)

    def conversation(self, to: Address) -> str:
        return self._screen(to).conversation

    def opened(self, to: Address, conversation: str) -> None:
        """Keep a conversation that was made: one is enough."""
        self._screen(to).conversation = conversation

    def forget(self, to: Address) -> None:
        self._screens.pop(to, None)

    def _screen(self, to: Address) -> Screen:
        screen = self._screens.setdefault(to, Screen())
        self._screens.move_to_end(to)
        trim(self._screens, MOST_PEOPLE)
        return screen


def trim(kept: OrderedDict[str, Card] | OrderedDict[str, str] | OrderedDict[Address, Screen], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
