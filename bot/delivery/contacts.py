"""The link between a person and where they are reached: the only table that knows both."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, UniqueConstraint, and_
from sqlmodel import Field, Session, col, or_, select

from adapters.chat import Address
from surveys.golives import GoLive
from surveys.records import Record
from surveys.roster import Participant, Reader


class Contact(Record, table=True):
    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("golive_id", "platform", "workspace", "account"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id")
    platform: str
    workspace: str = ""  #: "" until somebody comes, where the file does not name it
    account: str
    conversation: str = ""  #: as they last came
    timezone: str = ""  #: where the platform says they are; "" where it has not said
    participant_id: int | None = Field(default=None, foreign_key="participant.id", index=True)
    reader_id: int | None = Field(default=None, foreign_key="reader.id", index=True)
    reachable: bool = True
    language: str = ""  #: what they wish to be spoken to in; "" is the go-live's

    @property
    def address(self) -> Address:
        return Address(
            platform=self.platform, account=self.account, workspace=self.workspace, conversation=self.conversation
        )


@dataclass(frozen=True, slots=True)
class Sender:
    """Who somebody is in one go-live: asked, reading, or both."""

    contact: Contact
    golive: GoLive
    participant: Participant | None
    reader: Reader | None

    @property
    def language(self) -> str:
        return self.contact.language or self.golive.language

    @property
    def is_lead(self) -> bool:
        return self.reader is not None and self.reader.role == "lead"


def parse_address(text: str) -> Address:
    """`web:desk-1` as it stands in files, or `slack:T01/U02` with the workspace."""
    platform, _, account = text.partition(":")
    workspace, _, account = account.rpartition("/")
    return Address(platform=platform, account=account, workspace=workspace)


def is_at(address: Address) -> ColumnElement[bool]:
    """Whether a contact is this account, also where the file left out in which workspace."""
    return and_(
        col(Contact.platform) == address.platform,
        col(Contact.account) == address.account,
        col(Contact.workspace).in_({address.workspace, ""}),
    )


def is_meant_by(address: Address) -> ColumnElement[bool]:
    """Whether a contact is what a file means, which may leave out the workspace."""
    anywhere = and_(col(Contact.platform) == address.platform, col(Contact.account) == address.account)
    return is_at(address) if address.workspace else anywhere


def recognise(session: Session, address: Address, *, prefer: int | None = None) -> Sender | None:
    """The go-live this person is in; of several the preferred one, else the one with the latest date."""
    found = session.exec(
        select(Contact, GoLive)
        .join(GoLive, col(GoLive.id) == col(Contact.golive_id))
        .where(
            is_at(address),
            or_(col(Contact.participant_id).is_not(None), col(Contact.reader_id).is_not(None)),
        )
        .order_by(
            (col(GoLive.id) == prefer).desc(),
            col(GoLive.date).desc(),
            col(GoLive.id).desc(),
            col(Contact.workspace).desc(),  # the named one before "", which is any
        )
    ).first()
    if found is None:
        return None
    contact, golive = found
    participant = session.get(Participant, contact.participant_id) if contact.participant_id else None
    reader = session.get(Reader, contact.reader_id) if contact.reader_id else None
    return Sender(contact=contact, golive=golive, participant=participant, reader=reader)


def language_for(session: Session, contact: Contact) -> str:
    """In which language a message to this address is written."""
    return contact.language or session.get_one(GoLive, contact.golive_id).language


def contacts_of_participants(session: Session, golive_id: int) -> dict[int, Contact]:
    rows = session.exec(select(Contact).where(Contact.golive_id == golive_id, col(Contact.participant_id).is_not(None)))
    return {row.participant_id: row for row in rows if row.participant_id is not None}


def contacts_of_leads(session: Session, golive_id: int) -> list[Contact]:
    rows = session.exec(
        select(Contact)
        .join(Reader, col(Reader.id) == col(Contact.reader_id))
        .where(Contact.golive_id == golive_id, Reader.role == "lead")
        .order_by(col(Reader.rank))
    )
    return list(rows)
