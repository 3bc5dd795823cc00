"""A question that a lead sets aside: published no more, explained to its asker alone, who stays unknown."""

from sqlmodel import Session

from adapters.chat import Action, Card, Choice, Field, Reply
from bot.audit import About, Act, append, lead
from bot.conversation.leading import QuestionGone
from bot.conversation.turn import Turn
from surveys import questions
from surveys.errors import NoSuchQuestion
from surveys.questions import Reason

REASON = "reason"


async def set_aside(turn: Turn) -> Reply:
    """Ask why, or take the reason that was picked."""
    picked = turn.written(REASON)
    if picked not in set(Reason):
        return Reply(why(turn))
    key, reader = turn.ref.removeprefix("question:"), turn.sender.reader

    def put_aside(session: Session) -> None:
        questions.set_aside(session, key, golive_id=turn.golive_id, reason=Reason(picked), today=turn.today)
        append(session, Act.SET_ASIDE, About("question", key), by=lead(reader.id if reader else None), now=turn.now)

    try:
        await turn.database.transact(put_aside)
    except NoSuchQuestion as error:
        raise QuestionGone from error
    return Reply(Card(turn.texts("question-set-aside")), replaces=True)


def why(turn: Turn) -> Card:
    say = turn.texts
    return Card(
        text=say("aside-intro"),
        fields=(
            Field(
                REASON,
                say("aside-field"),
                choices=tuple(Choice(reason, say(f"aside-{reason}")) for reason in Reason),
                optional=False,
            ),
        ),
        actions=(Action("set-aside", say("aside-confirm"), submits=True, primary=True),),
        ref=turn.ref,
    )
