"""What a lead does: read, take on, tell, agree, put aside, reply."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from adapters.chat import Action, Card, Field, Reply
from bot import leading
from bot.clock import local_date
from bot.conversation.masking import masked, preview
from bot.conversation.turn import Turn
from bot.conversation.whose import is_number
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.insight import alerts as register
from bot.insight.alert_card import LONGEST_NOTE, NOTE, alert_card
from bot.insight.alerts import OPEN, AlertState, AlertTaken
from bot.insight.digest import write_digest
from bot.texts import Texts, texts
from surveys import questions as board
from surveys.errors import NoLongerKept, SurveyError
from surveys.golives import GoLive
from surveys.questions import MAX_LENGTH, Question, QuestionState
from surveys.secrecy import reveal

REPLY = "reply"


class NothingWritten(SurveyError):
    """Please write your reply first."""

    key = "question-empty"


class NothingNoted(SurveyError):
    """Please write in one sentence what was done."""

    key = "alert-note-empty"


def compose_digest(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card:
    del contact
    golive = session.get_one(GoLive, delivery.golive_id)
    return write_digest(session, golive, on=local_date(now, golive.timezone))


def compose_question(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """A released question with room for the reply; None when somebody has replied already."""
    del contact, now
    question = session.get(Question, delivery.subject)
    if question is None or question.state != QuestionState.RELEASED:
        return None
    golive = session.get_one(GoLive, delivery.golive_id)
    try:
        text = reveal(session, question.text)
    except NoLongerKept:
        return None
    return question_card(texts(golive.language), text=text, key=question.key)


def question_card(say: Texts, *, text: str, key: str) -> Card:
    return Card(
        text=say("question-new", text=text),
        fields=(
            Field(
                REPLY,
                say("question-reply-field"),
                hint=say("question-reply-hint"),
                optional=False,
                max_length=MAX_LENGTH,
            ),
        ),
        actions=(
            Action("reply", say("question-reply-button"), submits=True, primary=True),
            Action("set-aside", say("question-set-aside-button")),
        ),
        ref=f"question:{key}",
    )


async def digest(turn: Turn) -> Reply:
    def as_of_now(session: Session) -> Card:
        return write_digest(session, turn.sender.golive, on=turn.today)

    return Reply(await turn.database.read(as_of_now))


async def alerts(turn: Turn) -> Reply:
    """What is open; the newest that nobody has taken on comes first, ready to act on."""

    def first(session: Session) -> tuple[int, Card] | None:
        found = register.open_alerts(session, turn.golive_id)
        found.sort(key=lambda alert: OPEN.index(AlertState(alert.state)))
        return (len(found), alert_card(session, found[0])) if found else None

    opened = await turn.database.read(first)
    if opened is None:
        return turn.say("alerts-none")
    count, card = opened
    if count == 1:
        return Reply(card)
    return Reply(replace(card, text=f"{turn.texts('alerts-open', count=count)}\n\n{card.text}"))


async def questions_waiting(turn: Turn) -> Reply:
    """What waits, the oldest ready to be answered."""

    def oldest(session: Session) -> tuple[int, str, str] | None:
        found = board.waiting(session, turn.golive_id)
        return (len(found), reveal(session, found[0].text), found[0].key) if found else None

    waiting = await turn.database.read(oldest)
    if waiting is None:
        return turn.say("questions-none")
    count, text, key = waiting
    card = question_card(turn.texts, text=text, key=key)
    return Reply(replace(card, text=f"{turn.texts('questions-waiting', count=count)}\n\n{card.text}"))


async def reply(turn: Turn) -> Reply:
    """Answer a question, once for everybody."""
    kept = await masked(turn, turn.written(REPLY), longest=MAX_LENGTH)
    if not kept.text:
        raise NothingWritten
    if shown := preview(turn, kept):
        return shown
    key = turn.ref.removeprefix("question:")

    asked = await turn.database.transact(leading.reply, key, by=turn.leader, text=kept.text)
    return Reply(Card(turn.texts("question-replied", text=asked, reply=kept.text)), replaces=True)


async def acknowledge(turn: Turn) -> Reply:
    return await move_on(turn, AlertState.ACKNOWLEDGED)


async def sanction(turn: Turn) -> Reply:
    return await move_on(turn, AlertState.SANCTIONED)


async def dismiss(turn: Turn) -> Reply:
    return await move_on(turn, AlertState.DISMISSED)


async def note(turn: Turn) -> Reply:
    """Write down what was done; the next pulse tells everybody."""
    kept = await masked(turn, turn.written(NOTE), longest=LONGEST_NOTE)
    if not kept.text:
        raise NothingNoted
    if shown := preview(turn, kept):
        return shown
    return await move_on(turn, AlertState.ACTED_ON, said=kept.text)


async def move_on(turn: Turn, state: AlertState, *, said: str = "") -> Reply:
    number = turn.ref.removeprefix("alert:")

    if not is_number(number):
        raise AlertTaken

    def settle(session: Session) -> Card:
        moved = leading.move_on(session, int(number), state, by=turn.leader, said=said)
        return alert_card(session, moved, said=said)

    return Reply(await turn.database.transact(settle), replaces=True)
