"""Messages to every lead of a go-live, or to one reader, within their hours."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.delivery.contacts import Contact, contacts_of_leads
from bot.delivery.outbox import Delivery, DeliveryKind, enqueue
from bot.hours import awake_after
from surveys.golives import GoLive

PATIENCE = timedelta(days=3)  # a letter that nobody could deliver for so long is no longer worth reading


def to_leads(session: Session, golive: GoLive, kind: DeliveryKind, subjects: list[str], *, now: datetime) -> None:
    """One message a subject for every lead, within their hours."""
    assert golive.id is not None
    leads = contacts_of_leads(session, golive.id)
    enqueue(session, [letter(golive, kind, subject, lead, now=now) for subject in subjects for lead in leads])


def to_reader(
    session: Session, golive: GoLive, kind: DeliveryKind, subject: str, *, reader_id: int, now: datetime
) -> None:
    """One message for one lead or manager, within their hours."""
    contacts = session.exec(select(Contact).where(Contact.golive_id == golive.id, Contact.reader_id == reader_id))
    enqueue(session, [letter(golive, kind, subject, contact, now=now) for contact in contacts])


def letter(golive: GoLive, kind: DeliveryKind, subject: str, contact: Contact, *, now: datetime) -> Delivery:
    assert golive.id is not None
    due = awake_after(golive, now, zone=golive.timezone)
    return Delivery(
        key=f"{kind}:{golive.id}:{subject}:{contact.id}",
        kind=kind,
        golive_id=golive.id,
        contact_id=contact.id or 0,
        subject=subject,
        due=due,
        expires=due + PATIENCE,
    )
