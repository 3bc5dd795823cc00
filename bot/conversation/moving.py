"""A lead moves the go-live to another date, after a look at what moves with it."""

from datetime import date

from adapters.chat import Action, Card, Field, Reply
from bot import rescheduling
from bot.conversation.acting import NoDay
from bot.conversation.forms import to_mend
from bot.conversation.turn import Turn
from bot.conversation.whose import moved_to
from bot.rescheduling import NoSuchDate
from bot.texts import Texts
from surveys.cadence import Moved

DATE = "date"


async def reschedule(turn: Turn) -> Reply:
    """Ask to which day, or show what that day would move."""
    say, golive = turn.texts, turn.sender.golive
    field = Field(
        DATE, say("reschedule-date"), kind="date", optional=False, max_length=10, value=golive.date.isoformat()
    )
    button = Action("reschedule", say("reschedule-look"), submits=True, primary=True)
    form = Card(say("reschedule-intro", date=say.day(golive.date)), fields=(field,), actions=(button,))
    written = turn.written(DATE)
    if not written:
        return Reply(form)
    try:
        to = day_of(written)
        what = await turn.database.read(rescheduling.preview, turn.golive_id, to, today=turn.today)
    except (NoDay, NoSuchDate) as error:
        return to_mend(turn, form, error)
    shown = [say("reschedule-preview", before=say.day(golive.date), date=say.day(to)), *lines(say, what)]
    confirm = Action("reschedule-confirm", say("reschedule-confirm"), primary=True)
    return Reply(Card("\n\n".join(shown), actions=(confirm,), ref=f"moves.{turn.golive_id}:{to.isoformat()}"))


async def reschedule_confirm(turn: Turn) -> Reply:
    golive_id, to = moved_to(turn.ref)
    if to is None or golive_id != turn.golive_id:
        raise NoSuchDate
    what = await turn.database.transact(rescheduling.reschedule, to, by=turn.leader)
    say = turn.texts
    done = say("reschedule-done", date=say.day(to), count=len(what.pairs))
    return Reply(Card(f"{done}\n\n{say('reschedule-file')}"), replaces=True)


def day_of(written: str) -> date:
    """Raises NoDay."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise NoDay from error


def lines(say: Texts, what: Moved) -> list[str]:
    """What moves, falls away and is added, each in a sentence."""
    found = []
    if what.pairs:
        was, now = what.pairs[0]
        found.append(say("reschedule-moves", count=len(what.pairs), before=say.day(was.on), date=say.day(now.on)))
    if what.dropped:
        found.append(say("reschedule-drops", count=len(what.dropped), date=say.day(what.dropped[0].on)))
    if what.added:
        found.append(say("reschedule-adds", count=len(what.added), date=say.day(what.added[0].on)))
    return found or [say("reschedule-nothing")]
