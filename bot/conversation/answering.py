"""What a lead does with a question: reply to its asker or to everybody, once for many, correct it, take it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from adapters.chat import Action, Card, Choice, Field, Reply
from bot import leading
from bot.conversation.forms import again, to_mend
from bot.conversation.masking import masked
from bot.conversation.turn import Turn
from bot.delivery.contacts import Contact, language_for
from bot.delivery.outbox import Delivery
from bot.texts import Texts, texts
from surveys import questions as board
from surveys.errors import NoLongerKept, SurveyError
from surveys.questions import MAX_LENGTH, Question, QuestionState
from surveys.secrecy import reveal

REPLY, ALSO = "reply", "also"
MOST_ALSO = 9  # further questions on the list: with the one above, as many as platforms show
LONGEST_LABEL = 70  # characters of a question on a list


class NothingWritten(SurveyError):
    """Please write your reply first."""

    key = "question-empty"


def compose_question(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """A released question with room for the reply; None when somebody has replied already."""
    del now
    question = session.get(Question, delivery.subject)
    if question is None or question.state != QuestionState.RELEASED:
        return None
    try:
        text = reveal(session, question.text)
    except NoLongerKept:
        return None
    return question_card(texts(language_for(session, contact)), text, key=question.key)


def question_card(say: Texts, text: str, *, key: str, others: Sequence[tuple[str, str]] = ()) -> Card:
    """One question; `others` are keys and texts of those that the same reply may answer."""
    return reply_form(say, say("question-new", text=text), key=key, others=others, aside=True)


def reply_form(
    say: Texts,
    text: str,
    *,
    key: str,
    value: str = "",
    others: Sequence[tuple[str, str]] = (),
    aside: bool = False,
) -> Card:
    hint = say("question-reply-hint")
    fields = [
        Field(REPLY, say("question-reply-field"), hint=hint, optional=False, max_length=MAX_LENGTH, value=value),
    ]
    if others:
        choices = tuple(Choice(other, shortened(asked)) for other, asked in others[:MOST_ALSO])
        fields.append(Field(ALSO, say("question-also"), choices=choices, several=True))
    actions = [
        Action("reply", say("question-reply-button"), submits=True, primary=True),
        Action("reply-alone", say("question-reply-alone"), submits=True),
    ]
    if aside:
        actions.append(Action("set-aside", say("question-set-aside-button")))
    return Card(text=text, fields=tuple(fields), actions=tuple(actions), ref=f"question:{key}")


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1].rstrip()}…"


async def questions_waiting(turn: Turn) -> Reply:
    """What waits, the oldest ready to be answered, together with others that ask the same."""
    found = await turn.database.read(waiting, turn.golive_id)
    if not found:
        return turn.say("questions-none")
    (key, text), *others = found
    count = turn.texts("questions-waiting", count=len(found))
    shown = f"{count}\n\n{turn.texts('question-new', text=text)}"
    return Reply(reply_form(turn.texts, shown, key=key, others=others, aside=True))


def waiting(session: Session, golive_id: int) -> list[tuple[str, str]]:
    """Keys and texts, the oldest first."""
    return [(row.key, reveal(session, row.text)) for row in board.waiting(session, golive_id)]


async def reply(turn: Turn) -> Reply:
    """Answer a question, once for everybody, and others that ask the same."""
    return await replied(turn, for_everybody=True)


async def reply_alone(turn: Turn) -> Reply:
    """Answer the asker, whoever it is, and nobody else."""
    return await replied(turn, for_everybody=False)


async def replied(turn: Turn, *, for_everybody: bool) -> Reply:
    key = key_of(turn)
    listed = [(other, text) for other, text in await turn.database.read(waiting, turn.golive_id) if other != key]
    picked = [other for other, _ in listed if other in turn.values.get(ALSO, ())]
    form = reply_form(turn.texts, "", key=key, others=listed if turn.values.get(ALSO) else ())
    try:
        kept = await masked(turn, turn.written(REPLY), longest=MAX_LENGTH)
        if not kept.text:
            raise NothingWritten  # all that is wrong with the text is told in one place
    except SurveyError as error:
        return to_mend(turn, form, error)
    if shown := again(turn, kept, form, name=REPLY):
        return shown
    asked = await turn.database.transact(
        leading.reply, (key, *picked), by=turn.leader, text=kept.text, for_everybody=for_everybody
    )
    told = turn.texts("question-replied" if for_everybody else "question-replied-alone")
    text = "\n\n".join([told, *asked, turn.texts("question-your-reply", reply=kept.text)])
    actions = (
        Action("reply-change", turn.texts("question-change")),
        Action("reply-withdraw", turn.texts("question-withdraw")),
    )
    return Reply(Card(text, actions=() if picked else actions, ref=turn.ref), replaces=True)


async def reply_change(turn: Turn) -> Reply:
    """The reply once more, to be written better; a later reply takes the place of an earlier one."""

    def as_it_stands(session: Session) -> tuple[str, str]:
        question = leading.question_seen(session, key_of(turn), by=turn.leader)
        published = question.published_reply
        return reveal(session, question.text), reveal(session, published) if published else ""

    text, value = await turn.database.read(as_it_stands)
    return Reply(reply_form(turn.texts, turn.texts("question-again", text=text), key=key_of(turn), value=value))


async def reply_withdraw(turn: Turn) -> Reply:
    """Take the reply back: nobody reads it any more, and the question waits again."""
    text = await turn.database.transact(leading.withdraw, key_of(turn), by=turn.leader)
    shown = turn.texts("question-withdrawn", text=text)
    return Reply(reply_form(turn.texts, shown, key=key_of(turn), aside=True), replaces=True)


def key_of(turn: Turn) -> str:
    return turn.ref.removeprefix("question:")
