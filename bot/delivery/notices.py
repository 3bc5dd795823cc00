"""Word that a reply is there, for those who wished so: at a fixed hour, and without a way back to the question."""

import hashlib
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from adapters.chat import Address, Card
from bot.delivery.contacts import Contact, language_for
from bot.delivery.letters import PATIENCE
from bot.delivery.outbox import Delivery, DeliveryKind, enqueue
from bot.hours import awake, came
from bot.texts import texts
from surveys import return_addresses
from surveys.golives import GoLive
from surveys.records import random_key
from surveys.roster import Participant


def mark_of(address: Address) -> str:
    """What stands for an address inside a return address; every one is as long as any other."""
    text = f"{address.platform}\0{address.workspace}\0{address.account}"
    return hashlib.blake2b(text.encode(), digest_size=return_addresses.LENGTH // 2).hexdigest()


def announce(session: Session, golive: GoLive, *, since: datetime, now: datetime) -> None:
    """At the digest's hour: one notice for everybody whose reply is there, however many of theirs it is."""
    assert golive.id is not None
    day = came(golive.digest_at, zone=golive.timezone, since=since, now=now)
    if day is None:
        return
    marks = set(return_addresses.due(session, golive.id, today=day))
    contacts = session.exec(select(Contact).where(Contact.golive_id == golive.id)) if marks else ()
    for contact in contacts:
        if mark_of(contact.address) in marks:
            enqueue(session, [notice(session, golive, contact, on=day)])


def notice(session: Session, golive: GoLive, contact: Contact, *, on: date) -> Delivery:
    assert golive.id is not None
    assert contact.id is not None
    due = hour_for(session, golive, contact, on=on)
    return Delivery(
        key=random_key(),
        kind=DeliveryKind.NOTICE,
        golive_id=golive.id,
        contact_id=contact.id,
        subject="",
        due=due,
        expires=due + PATIENCE,
    )


def hour_for(session: Session, golive: GoLive, contact: Contact, *, on: date) -> datetime:
    """The digest's hour where the person is; tomorrow's where today's was over before it came for the go-live."""
    person = session.get(Participant, contact.participant_id) if contact.participant_id else None
    zone = person.timezone if person else golive.timezone
    earliest = awake(golive, on, golive.digest_at, zone=golive.timezone)
    today = awake(golive, on, golive.digest_at, zone=zone, person=person)
    if today >= earliest:
        return today
    return awake(golive, on + timedelta(days=1), golive.digest_at, zone=zone, person=person)


def compose_notice(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card:
    """The same words whatever was asked and replied."""
    del delivery, now
    return Card(texts(language_for(session, contact))("notice"))
