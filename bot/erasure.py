"""A person taken out for good; of roster, contact, invitations and messages only a keyed hash of the address stays."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Field, Session, col, delete, select

from bot.audit import ADMINISTRATOR, About, Act, append
from bot.dashboard.sign_in import forget_contacts
from bot.delivery.contacts import Contact, parse_address
from bot.delivery.notices import mark_of as told_at
from bot.delivery.outbox import Delivery
from bot.errors import Unusable
from bot.storage.transcript import ChatMessage
from bot.whom import Standing, standings
from surveys import return_addresses
from surveys.golives import GoLive
from surveys.invitations import Invitation
from surveys.membership import Member
from surveys.records import UNORDERED, Record
from surveys.roster import Leave, Participant

#: Of these the engine must keep no old rows.
TABLES = (
    "participant",
    "leave",
    "contact",
    "invitation",
    "delivery",
    "chat_message",
    "reader",
    "dashboard_link",
    "dashboard_session",
)


class StillReads(Unusable):
    """Somebody who leads or manages is needed there until the file names another."""


class Erased(Record, table=True):
    """An address that no roster brings back, as a hash under a pepper that is not in the database."""

    __tablename__ = "erased"
    __table_args__ = (UNORDERED,)

    mark: str = Field(primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done, for whoever asked for it."""

    golives: tuple[str, ...]
    had_address: bool  #: else nothing keeps the roster from bringing the name back


def erase(session: Session, person: str, *, now: datetime) -> Erasure:
    """Erase a person from every go-live. What the engine keeps of it is rewritten after the commit (`TABLES`).

    Raises
    ------
    NobodyMeant, StillReads
    """
    pepper = session.info["ledger"].pepper
    found = standings(session, person)
    for one in found:
        if one.contact is not None and one.reader is not None:
            role = "leads" if one.reader.role == "lead" else "manages a team of"
            message = (
                f'"{person}" {role} {one.golive.name}. Name somebody else in golive.toml, load it again, then erase.'
            )
            raise StillReads(message)
    for one in found:
        erase_one(session, one, pepper=pepper)
    session.flush()
    for one in found:
        number = (one.participant or one.reader or one.contact or one.golive).id
        kind = "participant" if one.participant else "reader" if one.reader else "contact"
        append(session, Act.ERASED, About(kind, str(number)), by=ADMINISTRATOR, now=now)
    return Erasure(
        golives=tuple(sorted({one.golive.name for one in found})), had_address=any(one.contact for one in found)
    )


def erase_one(session: Session, one: Standing, *, pepper: bytes) -> None:
    if one.contact is not None:
        session.merge(Erased(mark=mark_of(pepper, one.golive, one.address or ""), golive_id=one.contact.golive_id))
        return_addresses.forget(session, one.contact.golive_id, to=told_at(one.contact.address))
        session.exec(delete(Delivery).where(col(Delivery.contact_id) == one.contact.id))
        session.exec(delete(ChatMessage).where(col(ChatMessage.account) == one.contact.account))
        forget_contacts(session, [one.contact.id])
        session.exec(delete(Contact).where(col(Contact.id) == one.contact.id))
    if one.participant is not None:
        session.exec(delete(Invitation).where(col(Invitation.participant_id) == one.participant.id))
        session.exec(delete(Leave).where(col(Leave.participant_id) == one.participant.id))
        session.exec(delete(Member).where(col(Member.participant_id) == one.participant.id))
        session.exec(delete(Participant).where(col(Participant.id) == one.participant.id))
    if one.reader is not None:  # whoever dealt with an alert stays a number
        one.reader.name = f"former {one.reader.role} {one.reader.id}"
        session.add(one.reader)


def mark_of(pepper: bytes, golive: GoLive, address: str) -> str:
    """Under which an address is known again in one go-live; another go-live asks anew."""
    at = parse_address(address)
    return hmac.new(pepper, f"{golive.id}\0{at.platform}\0{at.account}".encode(), sha256).hexdigest()


def is_erased(session: Session, golive: GoLive, address: str) -> bool:
    pepper = session.info["ledger"].pepper
    return session.get(Erased, mark_of(pepper, golive, address)) is not None


def readmit(session: Session, address: str, *, now: datetime) -> int:
    """Let rosters bring an address back, because the person wishes so; in how many go-lives it had been erased."""
    pepper, back = session.info["ledger"].pepper, 0
    for golive in session.exec(select(GoLive)).all():
        found = session.get(Erased, mark_of(pepper, golive, address))
        if found is not None:
            session.delete(found)
            back += 1
    if back:
        append(session, Act.READMITTED, About("erasure"), by=ADMINISTRATOR, now=now, count=back)
    return back
