"""What a lead promised and has not done yet: done now, or put off to another day."""

from sqlmodel import Session

from adapters.chat import Action, Card, Field, Reply
from bot import leading
from bot.conversation.acting import WHEN, NoDay, day_written
from bot.conversation.forms import to_mend
from bot.conversation.turn import Turn
from bot.conversation.whose import is_number
from bot.insight.digest import name_of
from bot.leading import PromiseGone
from surveys import actions
from surveys.errors import NoLongerKept
from surveys.secrecy import reveal


async def promises(turn: Turn) -> Reply:
    """What was promised, the nearest day first, ready to be called done."""

    def nearest(session: Session) -> tuple[int, int, dict[str, str | float]] | None:
        found = actions.promised(session, turn.golive_id)
        for action in found:
            try:
                text = reveal(session, action.text)
            except NoLongerKept:
                continue
            day = turn.texts.day(action.due or action.on)
            return len(found), action.id or 0, {"text": text, "name": name_of(session, action.owner_id), "date": day}
        return None

    known = await turn.database.read(nearest)
    if known is None:
        return turn.say("promises-none")
    count, number, facts = known
    return Reply(
        Card(
            f"{turn.texts('promises-open', count=count)}\n\n{turn.texts('promise', **facts)}",
            actions=(
                Action("promise-kept", turn.texts("promise-kept-button"), primary=True),
                Action("promise-later", turn.texts("promise-later-button")),
            ),
            ref=f"action:{number}",
        )
    )


async def promise_kept(turn: Turn) -> Reply:
    def keep(session: Session) -> str:
        return reveal(session, leading.keep_promise(session, number_of(turn), by=turn.leader).text)

    return Reply(Card(turn.texts("promise-kept", text=await turn.database.transact(keep))), replaces=True)


async def promise_later(turn: Turn) -> Reply:
    """Ask until when, or take the day that was written."""
    say = turn.texts
    when = Field(WHEN, say("promise-when"), kind="date", optional=False, max_length=10)
    button = Action("promise-later", say("promise-later-confirm"), submits=True, primary=True)
    form = Card(say("promise-later"), fields=(when,), actions=(button,), ref=turn.ref)
    try:
        day = day_written(turn)
    except NoDay as error:
        return to_mend(turn, form, error)
    if day is None or day <= turn.today:
        return Reply(form)
    await turn.database.transact(leading.put_off, number_of(turn), by=turn.leader, due=day)
    return Reply(Card(say("promise-moved", date=say.day(day))), replaces=True)


def number_of(turn: Turn) -> int:
    """Raises PromiseGone."""
    number = turn.ref.removeprefix("action:")
    if not is_number(number):
        raise PromiseGone
    return int(number)
