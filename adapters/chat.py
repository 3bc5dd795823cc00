"""The language between the bot and every chat platform, and the one Protocol that a platform fulfils."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: one account on one platform."""

    platform: str  #: "web", "memory", later "slack", "teams"
    account: str
    workspace: str = ""
    conversation: str = ""  #: opaque outside the adapter that made it

    def __str__(self) -> str:
        return f"{self.platform}:{self.account}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. With choices: pick one (or several); without: write a text."""

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    several: bool = False
    optional: bool = True
    max_length: int = 500
    value: str = ""  #: what stands there already


@dataclass(frozen=True, slots=True)
class Action:
    """One button. With `submits` the card's fields travel with the press (Submitted), else nothing does (Pressed)."""

    name: str
    label: str
    submits: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What the bot says: a text that is complete on its own, and what can be filled in and pressed."""

    text: (
        str  #: paragraphs separated by blank lines; lines that start with "- " are a list; **bold** is the only mark-up
    )
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()
    note: str = ""  #: small print under the buttons, such as who sees what
    ref: str = ""  #: opaque; comes back unchanged with what is pressed or submitted


@dataclass(frozen=True, slots=True)
class Submitted:
    """Somebody filled in a card and sent it."""

    sender: Address
    id: str  #: unique per press; a platform that repeats itself repeats the id
    action: str
    ref: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: field name -> what was picked or written


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button that carries no fields."""

    sender: Address
    id: str
    action: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody typed a line to the bot."""

    sender: Address
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened the chat; the reply is what stands there to welcome them."""

    sender: Address
    id: str


Incoming = Submitted | Pressed | Said | Opened

Listener = Callable[[Incoming], Awaitable["Reply | None"]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers to something incoming.

    A reply is shown to the sender and kept nowhere: receipts and typed texts travel this way.
    With `replaces` it takes the place of the card that was submitted, for good: of the message that was acted on, or of
    the sender's message with the same ref where a mere reply was acted on.

    Without it, a reply to a Submitted message leaves the form as it was filled in. A reply to a mere reply takes its
    place, so a card that asks for a correction there carries the fields again, with their `value`.
    """

    card: Card
    replaces: bool = False


class DeliveryError(Exception):
    """A message could not be handed over."""

    def __init__(
        self, reason: str, *, permanent: bool = False, unknown: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason  #: a short code such as "account_gone", never a text that a person wrote
        self.permanent = permanent  #: sending again will never help
        self.unknown = unknown  #: it may have arrived
        self.retry_after = retry_after  #: seconds


class ChatAdapter(Protocol):
    """One chat platform. Every adapter passes `tests/contract/test_adapters.py`."""

    platform: ClassVar[str]

    async def run(self, listener: Listener) -> None:
        """Listen until cancelled; every Incoming goes to `listener`, its reply back to the sender."""
        ...

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        """Hand over a card; returns the platform's message id.

        Raises
        ------
        DeliveryError
            permanent, unknown, or temporary with `retry_after`.
        """
        ...

    async def find(self, to: Address, *, key: str) -> str | None:
        """Look up the id of a message sent earlier with this key; None when it never arrived.

        Raises
        ------
        DeliveryError
            unknown, where the platform's history cannot be read.
        """
        ...

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        """Put another card in the place of a message; a message that is gone is left gone."""
        ...
