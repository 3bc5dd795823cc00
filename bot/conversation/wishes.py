"""What somebody may wish for with one word: a pause, leave, no more pulses, to be forgotten."""

from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from adapters.chat import Action, Card, Choice, Field, Reply
from bot.conversation.turn import Turn
from bot.delivery.contacts import Contact
from bot.delivery.notices import mark_of
from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState
from bot.storage import transcript
from surveys import return_addresses, roster
from surveys.errors import SurveyError
from surveys.invitations import Invitation
from surveys.roster import Leave, Participant

WEB = "web"  #: the platform whose chat the bot keeps itself
FORGOTTEN = (
    "leave",
    "delivery",
    "invitation",
    "chat_message",
    "question",
)  # tables of which the engine must keep no old rows
OWN = (DeliveryKind.PROMPT, DeliveryKind.REMINDER, DeliveryKind.NOTICE, DeliveryKind.HELLO)  #: written to one person
PAUSES = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(weeks=4)}


class NotAsked(SurveyError):
    """You get no pulses from me, so there is nothing to change."""

    key = "error-not-asked"


def participant_of(turn: Turn) -> int:
    """Raises NotAsked for a lead or a manager who is not on the roster."""
    if turn.sender.participant is None or turn.sender.participant.id is None:
        raise NotAsked
    return turn.sender.participant.id


async def pause(turn: Turn) -> Reply:
    """Ask until when, or take what was picked."""
    participant = participant_of(turn)
    say = turn.texts
    picked = turn.written("pause")
    if picked in PAUSES:
        until = turn.today + PAUSES[picked]
        await turn.database.transact(roster.pause, participant, until=until)
        return turn.say("paused", until=turn.texts.day(until))
    return Reply(
        Card(
            text=say("pause-intro"),
            fields=(
                Field(
                    "pause",
                    say("pause-field"),
                    choices=tuple(Choice(name, say(f"pause-{name}")) for name in PAUSES),
                    optional=False,
                ),
            ),
            actions=(Action("pause", say("pause-button"), submits=True, primary=True),),
        )
    )


async def resume(turn: Turn) -> Reply:
    await turn.database.transact(roster.pause, participant_of(turn), until=None)
    return turn.say("resumed")


async def leave(turn: Turn) -> Reply:
    """Ask for two dates, or take the two that were written."""
    participant = participant_of(turn)
    say = turn.texts
    example = turn.today.isoformat()
    if "first" not in turn.values:
        return Reply(
            Card(
                text=say("leave-intro"),
                fields=tuple(
                    Field(
                        name,
                        say(f"leave-{name}"),
                        hint=say("leave-hint", example=example),
                        kind="date",
                        optional=False,
                        max_length=10,
                    )
                    for name in ("first", "last")
                ),
                actions=(Action("leave", say("leave-button"), submits=True, primary=True),),
            )
        )
    try:
        first, last = (date.fromisoformat(turn.written(name)) for name in ("first", "last"))
    except ValueError:
        first, last = date.max, date.min
    if first > last:
        return turn.say("leave-unclear", example=example)
    await turn.database.transact(roster.take_leave, participant, first=first, last=last)
    return turn.say("leave-taken", first=turn.texts.day(first), last=turn.texts.day(last))


async def stop(turn: Turn) -> Reply:
    await turn.database.transact(roster.opt_out, participant_of(turn))
    return turn.say("stopped")


async def start(turn: Turn) -> Reply:
    await turn.database.transact(roster.opt_in, participant_of(turn))
    return turn.say("started")


async def delete_intro(turn: Turn) -> Reply:
    participant_of(turn)
    say = turn.texts
    return Reply(Card(say("delete-intro"), actions=(Action("delete-confirm", say("delete-button"), primary=True),)))


async def delete_confirm(turn: Turn) -> Reply:
    """Forget everything about a person but their place on the roster and the wish not to be asked."""
    await turn.database.transact(forget, participant_of(turn))
    await turn.database.scrub(FORGOTTEN)
    return turn.say("deleted")


def forget(session: Session, participant_id: int) -> None:
    person = session.get_one(Participant, participant_id)
    person.opted_out = True
    person.paused_until = person.quiet_from = person.quiet_until = None
    session.add(person)
    contacts = list(session.exec(select(Contact).where(Contact.participant_id == participant_id)))
    session.exec(delete(Leave).where(col(Leave.participant_id) == participant_id))
    session.exec(
        delete(Delivery).where(
            col(Delivery.contact_id).in_([contact.id for contact in contacts]),
            col(Delivery.state) != DeliveryState.SENDING,
            # Somebody who leads as well still wants the letters of a lead.
            col(Delivery.kind).in_(
                [DeliveryKind.PROMPT, DeliveryKind.REMINDER, DeliveryKind.NOTICE, DeliveryKind.HELLO]
            ),
        )
    )
    session.exec(delete(Invitation).where(col(Invitation.participant_id) == participant_id))
    for contact in contacts:
        return_addresses.forget(session, contact.golive_id, to=mark_of(contact.address))
        if contact.platform == WEB:
            transcript.forget(session, contact.account)
