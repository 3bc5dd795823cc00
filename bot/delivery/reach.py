"""Whether somebody can be reached, and by which way: learnt from what comes in, never asked for."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from adapters.chat import Address, Came, Installed, Removed
from bot.clock import local_date
from bot.delivery.contacts import Contact, Sender, is_at, is_meant_by, recognise
from bot.delivery.letters import PATIENCE, to_leads
from bot.delivery.news import GONE
from bot.delivery.outbox import Delivery, DeliveryKind, enqueue
from bot.hours import awake_after
from surveys.golives import GoLive
from surveys.roster import Participant
from surveys.zones import is_place


def tells_news(sender: Sender, came: Came) -> bool:
    """Whether somebody came by another way, from another zone or back, compared with what is known of them."""
    known, now = sender.contact, came.sender
    return (
        not known.reachable
        or (bool(now.conversation) and now.conversation != known.conversation)
        or now.workspace != known.workspace
        or (is_place(came.timezone) and came.timezone != known.timezone)
    )


def learn(session: Session, came: Came) -> None:
    """Keep the way to a sender and where they are, in every go-live; whoever comes can be reached.

    A zone that the roster names stays: whoever wrote it knows where somebody works.
    """
    now = came.sender
    for contact in contacts_at(session, now):
        contact.workspace = now.workspace
        contact.conversation = now.conversation or contact.conversation
        contact.reachable = True
        if is_place(came.timezone):
            contact.timezone = came.timezone
            person = session.get(Participant, contact.participant_id) if contact.participant_id else None
            if person is not None and not person.own_zone:
                person.timezone = came.timezone
                session.add(person)
        session.add(contact)


def contacts_at(session: Session, address: Address) -> list[Contact]:
    """The contacts of an account, one a go-live: the one whose workspace is named before the one that may be any."""
    rows = session.exec(select(Contact).where(is_at(address)).order_by(col(Contact.workspace)))
    return list({row.golive_id: row for row in rows}.values())


def take_over(session: Session, contact: Contact) -> None:
    """Let a new contact begin with what another go-live knows about the same account, where there is but one."""
    rows = session.exec(select(Contact).where(is_meant_by(contact.address)).order_by(col(Contact.id))).all()
    named = {row.workspace for row in rows if row.workspace}
    if len(named) <= 1:
        for row in rows:
            contact.workspace = contact.workspace or row.workspace
            contact.conversation = row.conversation or contact.conversation
            contact.timezone = row.timezone or contact.timezone


def contact_of(session: Session, golive_id: int, address: Address) -> Contact | None:
    """The contact of an account; where the workspace is not named, the one where the account is known."""
    found = select(Contact).where(Contact.golive_id == golive_id, is_meant_by(address))
    # A named workspace before "", which sorts first.
    return session.exec(found.order_by(col(Contact.workspace).desc(), col(Contact.id))).first()


def attach(
    session: Session,
    golive_id: int,
    address: Address,
    *,
    participant_id: int | None = None,
    reader_id: int | None = None,
) -> Contact:
    """Link a person to an address; the link of the same person to an older address goes."""
    contact = contact_of(session, golive_id, address)
    if contact is None:
        contact = Contact(
            golive_id=golive_id, platform=address.platform, workspace=address.workspace, account=address.account
        )
        take_over(session, contact)
    contact.workspace = contact.workspace or address.workspace
    contact.conversation = address.conversation or contact.conversation
    if participant_id is not None:
        older = select(Contact).where(Contact.participant_id == participant_id)
        for other in session.exec(older):
            other.participant_id = None
            session.add(other)
        contact.participant_id = participant_id
    if reader_id is not None:
        contact.reader_id = reader_id
    session.add(contact)
    session.flush()
    return contact


def came_or_went(session: Session, incoming: Installed | Removed, *, now: datetime) -> None:
    """The app was put where it reaches people, or taken away: for one account, or for a whole workspace."""
    at, back = incoming.sender, isinstance(incoming, Installed)
    if at.account and back:
        learn(session, incoming)
        say_hello(session, at, now=now)
        return
    affected = contacts_at(session, at) if at.account else contacts_in(session, at)
    for contact in affected:
        contact.reachable = back
        session.add(contact)
    if not at.account and not back:
        session.flush()
        for golive_id in sorted({contact.golive_id for contact in affected}):
            golive = session.get_one(GoLive, golive_id)
            subject = f"{GONE}:{at.platform}:{local_date(now, golive.timezone)}"
            to_leads(session, golive, DeliveryKind.NEWS, [subject], now=now)


def say_hello(session: Session, address: Address, *, now: datetime) -> None:
    """Tell somebody on a roster who writes here and why: once, however often the app comes back."""
    sender = recognise(session, address)
    if sender is not None:
        greet(session, sender.golive, sender.contact, sender.participant, now=now)


def greet(session: Session, golive: GoLive, contact: Contact, person: Participant | None, *, now: datetime) -> None:
    due = awake_after(golive, now, zone=person.timezone if person else golive.timezone, person=person)
    hello = Delivery(
        key=f"{DeliveryKind.HELLO}:{contact.id}",
        kind=DeliveryKind.HELLO,
        golive_id=contact.golive_id,
        contact_id=contact.id or 0,
        subject="",
        due=due,
        expires=due + PATIENCE,
    )
    enqueue(session, [hello])


def contacts_in(session: Session, address: Address) -> list[Contact]:
    """The contacts of a workspace; those that may be in any as well, while no other one is known."""
    rows = list(session.exec(select(Contact).where(Contact.platform == address.platform)))
    alone = {row.workspace for row in rows} <= {"", address.workspace}
    return [row for row in rows if row.workspace == address.workspace or (alone and not row.workspace)]


def unreachable(session: Session, golive_id: int, *, platform: str | None = None) -> int:
    """How many people on the roster no message reaches; of all, or of those on one platform."""
    counted = (
        select(func.count())
        .select_from(Contact)
        .join(Participant, col(Participant.id) == col(Contact.participant_id))
        .where(Contact.golive_id == golive_id, col(Participant.on_roster), ~col(Contact.reachable))
    )
    if platform is not None:
        counted = counted.where(Contact.platform == platform)
    return session.exec(counted).one()
