"""What a lead should know about who is reached and asked: in numbers, one letter a matter and day."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.clock import local_date
from bot.delivery.contacts import contacts_of_leads
from bot.delivery.letters import PATIENCE, letter
from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState, enqueue
from bot.hours import awake
from surveys.golives import GoLive

GONE = "gone"  #: the app was taken out of a platform
ROSTER = "roster"  #: people joined or left
TWICE = "twice"  #: more than one team lists the same people
UNREAD = "unread"  #: a channel or group could not be read


def tell_leads(session: Session, golive: GoLive, matter: str, *, now: datetime, **counts: int) -> None:
    """Put a letter about a matter into the outbox, once for what it says; `counts` are what it counts, in order.

    Who joined and left waits for the digest's hour and is added up until then. What cannot be read is told once a week.
    """
    assert golive.id is not None
    today = local_date(now, golive.timezone)
    day = {TWICE: "", UNREAD: f"{today:%G-W%V}"}.get(matter, today.isoformat())
    if matter == ROSTER and (waiting := letters_waiting(session, golive.id, matter)):
        for one in waiting:
            sums = (before + more for before, more in zip(counts_of(one.subject), counts.values(), strict=True))
            one.subject = ":".join([*one.subject.split(":")[:2], *map(str, sums)])
            session.add(one)
        return
    subject = ":".join([matter, day, *map(str, counts.values())])
    letters = [
        letter(golive, DeliveryKind.NEWS, subject, lead, now=now) for lead in contacts_of_leads(session, golive.id)
    ]
    if matter == ROSTER:
        due = awake(golive, today, golive.digest_at, zone=golive.timezone)
        if due <= now:
            due = awake(golive, today + timedelta(days=1), golive.digest_at, zone=golive.timezone)
        for one in letters:
            one.due, one.expires = due, due + PATIENCE
    enqueue(session, letters)


def letters_waiting(session: Session, golive_id: int, matter: str) -> list[Delivery]:
    rows = select(Delivery).where(
        Delivery.golive_id == golive_id,
        Delivery.kind == DeliveryKind.NEWS,
        Delivery.state == DeliveryState.PENDING,
        col(Delivery.subject).startswith(f"{matter}:"),
    )
    return list(session.exec(rows))


def counts_of(subject: str) -> list[int]:
    """The numbers at the end of a subject."""
    return [int(number) for number in subject.split(":")[2:]]
