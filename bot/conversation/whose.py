"""Who sent something, and in which go-live: somebody may be in several."""

from datetime import date

from sqlmodel import Session

from adapters.chat import Incoming, Pressed, Submitted
from bot.delivery.contacts import Sender, recognise
from bot.insight.alerts import Alert
from surveys.actions import Action
from surveys.invitations import Invitation
from surveys.questions import Question
from surveys.waves import Wave


def sender_of(session: Session, incoming: Incoming) -> Sender | None:
    """The sender in the go-live of the card that was acted on, if they are in that one."""
    ref = incoming.ref if isinstance(incoming, Submitted | Pressed) else ""
    return recognise(session, incoming.sender, prefer=golive_of(session, ref) if ref else None)


def golive_of(session: Session, ref: str) -> int | None:
    """The go-live that a card speaks of; None for cards that are the same in all of them."""
    kind, _, key = ref.rpartition(":")
    if kind == "alert":
        number, _ = alert_of(ref)
        alert = session.get(Alert, number) if number else None
        return alert.golive_id if alert else None
    if kind.startswith("moves."):
        return moved_to(ref)[0]
    if kind == "action":
        action = session.get(Action, int(key)) if is_number(key) else None
        return action.golive_id if action else None
    if kind == "question":
        question = session.get(Question, key)
        return question.golive_id if question else None
    invitation = session.get(Invitation, ref)
    return session.get_one(Wave, invitation.wave_id).golive_id if invitation else None


def alert_of(ref: str) -> tuple[int, int | None]:
    """An alert's number, 0 for none, and the turn that the card shows, where it says so: `alert:12.3`."""
    number, _, turn = ref.removeprefix("alert:").partition(".")
    return int(number) if is_number(number) else 0, int(turn) if is_number(turn) else None


def moved_to(ref: str) -> tuple[int | None, date | None]:
    """The go-live and the day of a look at another date: `moves.1:2027-03-08`."""
    number, _, written = ref.removeprefix("moves.").partition(":")
    try:
        return int(number) if is_number(number) else None, date.fromisoformat(written)
    except ValueError:
        return None, None


def is_number(text: str) -> bool:
    """Whether a ref can be the number of a row; databases refuse numbers of more digits."""
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004  # up to 2**31
