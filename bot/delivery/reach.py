"""Whether somebody can be reached, and by which way: learnt from what comes in, never asked for."""

from sqlmodel import Session, col, func, select

from adapters.chat import Address, Came, Installed, Removed
from bot.delivery.contacts import Contact, Sender, is_at, is_meant_by
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


def came_or_went(session: Session, incoming: Installed | Removed) -> None:
    """The app was put where it reaches people, or taken away: for one account, or for a whole workspace."""
    if incoming.sender.account and isinstance(incoming, Installed):
        learn(session, incoming)
        return
    at = incoming.sender
    for contact in contacts_at(session, at) if at.account else contacts_in(session, at):
        contact.reachable = isinstance(incoming, Installed)
        session.add(contact)


def contacts_in(session: Session, address: Address) -> list[Contact]:
    """The contacts of a workspace; those that may be in any as well, while no other one is known."""
    rows = list(session.exec(select(Contact).where(Contact.platform == address.platform)))
    alone = {row.workspace for row in rows} <= {"", address.workspace}
    return [row for row in rows if row.workspace == address.workspace or (alone and not row.workspace)]


def unreachable(session: Session, golive_id: int) -> int:
    """How many people on the roster no message reaches."""
    counted = (
        select(func.count())
        .select_from(Contact)
        .join(Participant, col(Participant.id) == col(Contact.participant_id))
        .where(Contact.golive_id == golive_id, col(Participant.on_roster), ~col(Contact.reachable))
    )
    return session.exec(counted).one()
