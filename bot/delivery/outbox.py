"""Messages that must leave, kept until they have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, bindparam
from sqlmodel import Field, Session, and_, col, delete, func, or_, select, update

from bot.delivery.contacts import Contact
from surveys.records import Instant, Record, insert_once


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  #: handed to the platform, not yet confirmed; after a crash nobody knows
    SENT = "sent"
    UNKNOWN = "unknown"  #: it may have arrived; a prompt is not sent again
    FAILED = "failed"
    EXPIRED = "expired"  #: no longer wanted when its time came


class DeliveryKind(StrEnum):
    PROMPT = "prompt"
    REMINDER = "reminder"
    ALERT = "alert"
    DIGEST = "digest"
    QUESTION = "question"
    NOTICE = "notice"  #: that a reply is there
    HELLO = "hello"  #: who writes here and why, once
    NEWS = "news"  #: what a lead should know about who is reached and asked


LEASE = timedelta(seconds=90)  #: in which whoever claimed a message has sent it and said so, or is gone
ASKING = frozenset({DeliveryKind.PROMPT, DeliveryKind.REMINDER})  #: never sent twice, and never to whoever is away


class Delivery(Record, table=True):
    """One message to one address. What it says is composed when it leaves, from what is true then."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state_golive_due", "state", "golive_id", "due"),
        {"sqlite_autoincrement": True},  # an erased row's number must not come back while its message is on the way
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  #: the same message again has the same key
    kind: str
    golive_id: int = Field(foreign_key="golive.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    subject: str  #: an invitation's key, an alert's id, a question's key, a digest's date, what is news; or nothing
    due: datetime = Field(sa_column=Column(Instant(), nullable=False))
    expires: datetime = Field(sa_column=Column(Instant(), nullable=False))
    state: str = DeliveryState.PENDING
    attempts: int = 0
    message_id: str | None = None
    reason: str | None = None  #: a code, never a text
    lease: datetime | None = Field(default=None, sa_column=Column(Instant()))  #: until when its sender may be at it


@dataclass(frozen=True, slots=True)
class Line:
    """The messages of one go-live that leave through one workspace."""

    golive_id: int
    platform: str
    workspace: str

    @property
    def outlet(self) -> tuple[str, str]:
        """What shares one pace."""
        return self.platform, self.workspace


#: A message, and whom it goes to.
Claimed = tuple[Delivery, Contact]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one claimed message, as told by the attempt that claimed it."""

    delivery_id: int
    attempt: int
    state: DeliveryState
    message_id: str | None = None
    reason: str | None = None
    due: datetime | None = None  #: when it is tried again
    lease: datetime | None = None  #: when its fate is looked up

    @classmethod
    def of(cls, delivery: Delivery, **became: Any) -> "Mark":
        assert delivery.id is not None
        return cls(delivery.id, delivery.attempts, **became)


_TABLE: Any = Delivery.metadata.tables["delivery"]
#: One statement for many messages; what it is not given stays as it was, but for the reason.
MARKING = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"), _TABLE.c.attempts == bindparam("attempt"))
    .where(or_(_TABLE.c.state == DeliveryState.SENDING, _TABLE.c.state == DeliveryState.UNKNOWN))
    .values(
        state=bindparam("becomes"),
        reason=bindparam("why"),
        message_id=func.coalesce(bindparam("as_id"), _TABLE.c.message_id),
        due=func.coalesce(bindparam("again", type_=Instant()), _TABLE.c.due),
        lease=bindparam("held", type_=Instant()),
    )
)


def enqueue(session: Session, deliveries: Iterable[Delivery]) -> None:
    """Put messages into the outbox; one that is there already (by key) is left as it is."""
    rows = [delivery.model_dump(exclude={"id"}) for delivery in deliveries]
    if rows:
        session.execute(insert_once(session, Delivery, unique=["key"]), rows)


def expire(session: Session, *, now: datetime) -> None:
    """What nobody could send in time is no longer wanted."""
    late = update(Delivery).where(col(Delivery.state) == DeliveryState.PENDING, col(Delivery.expires) <= now)
    session.exec(late.values(state=DeliveryState.EXPIRED))


def lines(session: Session, *, now: datetime) -> list[Line]:
    """Where messages are due, each once."""
    found = (
        select(Delivery.golive_id, Contact.platform, Contact.workspace)
        .join(Contact, col(Contact.id) == col(Delivery.contact_id))
        .where(*is_due(now))
        .distinct()
        .order_by(col(Delivery.golive_id), col(Contact.platform), col(Contact.workspace))
    )
    return [Line(*row) for row in session.exec(found)]


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Delivery.state) == DeliveryState.PENDING, col(Delivery.due) <= now, col(Delivery.expires) > now


def claim(session: Session, *, now: datetime, limit: int, line: Line, lease: timedelta = LEASE) -> list[Claimed]:
    """Take due messages of a line for sending; two that claim at once never get the same one."""
    due = (
        select(Delivery.id)
        .join(Contact, col(Contact.id) == col(Delivery.contact_id))
        .where(*is_due(now), Delivery.golive_id == line.golive_id)
        .where(Contact.platform == line.platform, Contact.workspace == line.workspace)
        .order_by(col(Delivery.due), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    ids = list(session.exec(due))
    taken = (
        update(Delivery)
        .where(col(Delivery.id).in_(ids), col(Delivery.state) == DeliveryState.PENDING)
        .values(state=DeliveryState.SENDING, attempts=col(Delivery.attempts) + 1, lease=now + lease)
        .returning(col(Delivery.id))
    )
    claimed = set(session.execute(taken).scalars()) if ids else set()
    return with_contacts(session, claimed)


def unfinished(session: Session, *, now: datetime | None = None) -> list[Claimed]:
    """Handed over and never confirmed: all of them, or by now those whose sender had its time."""
    open_ = or_(
        col(Delivery.state) == DeliveryState.SENDING,
        and_(col(Delivery.state) == DeliveryState.UNKNOWN, col(Delivery.lease).is_not(None)),
    )
    found = select(Delivery.id).where(open_)
    if now is not None:
        found = found.where(or_(col(Delivery.lease).is_(None), col(Delivery.lease) < now))
    return with_contacts(session, {number for number in session.exec(found) if number is not None})


def with_contacts(session: Session, ids: set[int]) -> list[Claimed]:
    rows = session.exec(
        select(Delivery, Contact)
        .join(Contact, col(Contact.id) == col(Delivery.contact_id))
        .where(col(Delivery.id).in_(ids))
        .order_by(col(Delivery.due), col(Delivery.id))
    )
    return [(delivery, contact) for delivery, contact in rows]


def mark(session: Session, marks: Iterable[Mark]) -> None:
    """Write down what became of claimed messages; one that was erased, or that another has taken over, stays as it is.

    A machine that stood still must not let a message that has left since be sent again.
    """
    rows = [
        {
            "number": one.delivery_id,
            "attempt": one.attempt,
            "becomes": one.state,
            "why": one.reason,
            "as_id": one.message_id,
            "again": one.due,
            "held": one.lease,
        }
        for one in marks
    ]
    if rows:
        session.execute(MARKING, rows)


def forget_notices(session: Session) -> None:
    """Erase the notices that are done with: who was told of a reply is nobody's business."""
    over = col(Delivery.state).not_in([DeliveryState.PENDING, DeliveryState.SENDING])
    session.exec(delete(Delivery).where(col(Delivery.kind) == DeliveryKind.NOTICE, over))


def messages_of(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """The ids that platforms gave, by the keys of those messages that arrived."""
    rows = session.exec(select(Delivery.key, Delivery.message_id).where(col(Delivery.key).in_(keys)))
    return {key: message_id for key, message_id in rows if message_id is not None}


def never_left(session: Session, prefix: str) -> list[str]:
    """The subjects of prompts whose key begins so and that nobody could send."""
    waiting = select(Delivery.subject).where(
        col(Delivery.key).startswith(prefix, autoescape=True),
        Delivery.kind == DeliveryKind.PROMPT,
        Delivery.state == DeliveryState.PENDING,
    )
    return list(session.exec(waiting))


def withdraw(session: Session, prefix: str) -> None:
    """Erase every message whose key begins so, sent or not."""
    session.exec(delete(Delivery).where(col(Delivery.key).startswith(prefix, autoescape=True)))
