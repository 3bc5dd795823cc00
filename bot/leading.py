"""What a lead does, through whichever door: each act in one transaction with its entry in the audit log."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.audit import About, Act, append, lead
from bot.insight.alerts import Alert, AlertState, AlertTaken, settle_alert
from surveys import actions, questions
from surveys.errors import NoSuchQuestion, SurveyError
from surveys.questions import Question, Reason
from surveys.secrecy import reveal

SETTLED = {
    AlertState.ACKNOWLEDGED: Act.ACKNOWLEDGED,
    AlertState.ACTED_ON: Act.NOTED,
    AlertState.SANCTIONED: Act.SANCTIONED,
    AlertState.DISMISSED: Act.DISMISSED,
}


class QuestionGone(SurveyError):
    """The question is no longer here. Whoever asked it may have taken it back."""

    key = "question-gone"


@dataclass(frozen=True, slots=True)
class Leader:
    """A lead of one go-live at one moment."""

    golive_id: int
    reader_id: int | None
    now: datetime
    today: date  #: where the go-live is


def move_on(session: Session, alert_id: int, state: AlertState, *, by: Leader, said: str = "") -> Alert:
    """Move an alert of this go-live on; `said` is what was done, for everybody to read with the next pulse.

    Raises
    ------
    AlertTaken
        also when it is another go-live's.
    """
    alert = session.get(Alert, alert_id)
    if alert is None or alert.golive_id != by.golive_id:
        raise AlertTaken
    moved = settle_alert(session, alert_id, state, reader_id=by.reader_id, today=by.today)
    if said:
        actions.act(session, by.golive_id, text=said, today=by.today)
    append(session, SETTLED[state], About("alert", str(alert_id)), by=lead(by.reader_id), now=by.now)
    return moved


def reply(session: Session, key: str, *, by: Leader, text: str) -> str:
    """Answer a question, once for everybody; gives back what was asked.

    Raises
    ------
    QuestionGone, QuestionRefused
    """
    try:
        questions.reply(session, key, golive_id=by.golive_id, text=text, today=by.today)
    except NoSuchQuestion as error:
        raise QuestionGone from error
    asked = reveal(session, session.get_one(Question, key).text)
    append(session, Act.REPLIED, About("question", key), by=lead(by.reader_id), now=by.now)
    return asked


def set_aside(session: Session, key: str, *, by: Leader, reason: Reason) -> None:
    """Publish a question no more; its asker alone reads why.

    Raises
    ------
    QuestionGone
    """
    try:
        questions.set_aside(session, key, golive_id=by.golive_id, reason=reason, today=by.today)
    except NoSuchQuestion as error:
        raise QuestionGone from error
    append(session, Act.SET_ASIDE, About("question", key), by=lead(by.reader_id), now=by.now)
