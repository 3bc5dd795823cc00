"""Messages to every lead of a go-live, within their hours."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery.contacts import contacts_of_leads
from bot.delivery.outbox import Delivery, DeliveryKind, enqueue
from bot.hours import awake_after
from surveys.golives import GoLive

PATIENCE = timedelta(days=3)  # a letter that nobody could deliver for so long is no longer worth reading


def to_leads(session: Session, golive: GoLive, kind: DeliveryKind, subjects: list[str], *, now: datetime) -> None:
    """One message a subject for every lead, within their hours."""
    assert golive.id is not None
    due = awake_after(golive, now, zone=golive.timezone)
    enqueue(
        session,
        [
            Delivery(
                key=f"{kind}:{golive.id}:{subject}:{contact.id}",
                kind=kind,
                golive_id=golive.id,
                contact_id=contact.id or 0,
                subject=subject,
                due=due,
                expires=due + PATIENCE,
            )
            for subject in subjects
            for contact in contacts_of_leads(session, golive.id)
        ],
    )
