"""The language between the bot and every chat platform, and the one Protocol that a platform fulfils."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: one account on one platform.

    The bot remembers the `conversation` that a sender last came with, and a workspace that nobody had named before.
    """

    platform: str  #: "web", "slack", "teams", "memory"
    account: str
    workspace: str = ""
    conversation: str = field(default="", compare=False)  #: the way there; opaque outside the adapter that made it

    def __str__(self) -> str:
        return f"{self.platform}:{self.account}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. With choices: pick one (or several); without: what its kind says.

    A person or a group is picked from the platform's own directory, and comes back as an account or as a source that
    `Directory.people` understands. A date comes back as 2027-03-01, a time as 07:30.
    """

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    several: bool = False
    optional: bool = True
    max_length: int = 500
    value: str = ""  #: what stands there already; of several choices one a line
    kind: Literal["text", "date", "time", "person", "group"] = "text"


@dataclass(frozen=True, slots=True)
class Action:
    """One button. With `submits` the card's fields travel with the press (Submitted), else nothing does (Pressed)."""

    name: str
    label: str
    submits: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address in a browser; the card's text says the address as well."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars."""

    name: str
    values: tuple[float | None, ...]  #: one per label of its picture; None is a gap


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart beside a text that says the same: drawn by the platform where it can, else shown as an image."""

    title: str
    alt: str  #: the sentence for whoever does not see it
    labels: tuple[str, ...]  #: along the axis
    series: tuple[Series, ...]
    kind: Literal["line", "bar"] = "line"
    png: bytes = b""  #: the same figures as an image
    mark: int | None = None  #: the place of the label at which something begins, as that label says


@dataclass(frozen=True, slots=True)
class Card:
    """What the bot says: a text that is complete on its own, and what can be filled in and pressed."""

    text: (
        str  #: paragraphs separated by blank lines; lines that start with "- " are a list; **bold** is the only mark-up
    )
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    note: str = ""  #: small print under the buttons, such as who sees what
    ref: str = ""  #: opaque; comes back unchanged with what is pressed or submitted


@dataclass(frozen=True, slots=True)
class Came:
    """What everything incoming has in common."""

    sender: Address
    id: str  #: unique per press; a platform that repeats itself repeats the id
    timezone: str = field(default="", kw_only=True)  #: the sender's, IANA, where the platform tells; the bot remembers


@dataclass(frozen=True, slots=True)
class Submitted(Came):
    """Somebody filled in a card and sent it."""

    action: str
    ref: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: field name -> what was picked or written


@dataclass(frozen=True, slots=True)
class Pressed(Came):
    """Somebody pressed a button that carries no fields."""

    action: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Said(Came):
    """Somebody typed a line to the bot."""

    text: str


@dataclass(frozen=True, slots=True)
class Opened(Came):
    """Somebody opened the chat, or the bot's home page where a platform has one; the reply is what stands there."""

    place: Literal["chat", "home"] = "chat"


@dataclass(frozen=True, slots=True)
class Joined(Came):
    """Somebody came into a workspace, or into a channel or group of it, or changed how they are listed."""

    source: str = ""  #: the channel or group; "" speaks of the workspace


@dataclass(frozen=True, slots=True)
class Left(Came):
    """Somebody left a workspace, or a channel or group of it."""

    source: str = ""  #: as in Joined


@dataclass(frozen=True, slots=True)
class Installed(Came):
    """The app was put where it can reach somebody; an account of "" speaks of the whole workspace."""


@dataclass(frozen=True, slots=True)
class Removed(Came):
    """The app was taken away again, as in Installed."""


Incoming = Submitted | Pressed | Said | Opened | Joined | Left | Installed | Removed

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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a platform's directory lists them."""

    address: Address
    name: str
    timezone: str = ""  #: IANA; "" where the platform does not tell
    active: bool = True
    guest: bool = False
    program: bool = False  #: a bot or an app


@runtime_checkable
class Directory(Protocol):
    """Who is in a channel, a group or a team; adapters of platforms that can tell fulfil it beside ChatAdapter."""

    def people(self, workspace: str, source: str) -> AsyncIterator[Person]:
        """Everybody in a channel, group or team, programs and guests among them, each once.

        Raises
        ------
        DeliveryError
            permanent where the source is gone or the app may not read it; temporary with `retry_after`.
        """
        ...


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
