"""Whom a prompt may still reach when it leaves: they may have gone on leave since the pulse was opened."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.clock import local_date
from bot.delivery.outbox import ASKING, Claimed
from surveys.roster import Participant, to_be_asked


def people_asked(session: Session, claimed: Sequence[Claimed]) -> dict[int, Participant]:
    """Whom the prompts and reminders among these messages ask, by the message's number."""
    asks = {
        delivery.id: contact.participant_id
        for delivery, contact in claimed
        if delivery.kind in ASKING and contact.participant_id is not None
    }
    if not asks:
        return {}
    rows = session.exec(select(Participant).where(col(Participant.id).in_(set(asks.values()))))
    people = {person.id: person for person in rows}
    return {number: people[person] for number, person in asks.items() if number is not None}


def asked_today(session: Session, people: Iterable[Participant], *, now: datetime) -> set[int]:
    """The numbers of those who may be asked on the day it is where they are."""
    days: dict[tuple[int, date], set[int]] = {}
    for person in people:
        assert person.id is not None
        days.setdefault((person.golive_id, local_date(now, person.timezone)), set()).add(person.id)
    return {
        person.id
        for (golive_id, today), those in days.items()
        for person in to_be_asked(session, golive_id, on=today, only=those)
        if person.id is not None
    }
