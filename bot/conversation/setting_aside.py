"""A question that a lead sets aside: published no more, explained to its asker alone, who stays unknown."""

from adapters.chat import Action, Card, Choice, Field, Reply
from bot import leading
from bot.conversation.turn import Turn
from surveys.questions import Reason

REASON = "reason"


async def set_aside(turn: Turn) -> Reply:
    """Ask why, or take the reason that was picked."""
    picked = turn.written(REASON)
    if picked not in set(Reason):
        return Reply(why(turn))
    key = turn.ref.removeprefix("question:")
    await turn.database.transact(leading.set_aside, key, by=turn.leader, reason=Reason(picked))
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
