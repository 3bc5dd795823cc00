"""What a lead does, through whichever door: each act in one transaction with its entry in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from bot.audit import About, Act, Actor, append
from bot.delivery.letters import to_reader
from bot.delivery.outbox import DeliveryKind
from bot.insight.alerts import Alert, AlertState, AlertTaken, AlertTakenBy, AlertYours, Dismissal, settle_alert
from surveys import actions, questions
from surveys.actions import Action
from surveys.errors import NoSuchQuestion, SurveyError
from surveys.golives import GoLive, Team
from surveys.questions import Question, Reason
from surveys.roster import Reader
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


class PromiseGone(SurveyError):
    """This one is done already."""  # noqa: D404  # the sentence that people read

    key = "promise-gone"


class NobodyPicked(SurveyError):
    """Please pick somebody from the list."""

    key = "assign-nobody"


@dataclass(frozen=True, slots=True)
class Leader:
    """A lead of one go-live at one moment; or a manager, for what was given to them."""

    golive_id: int
    reader_id: int | None
    now: datetime
    today: date  #: where the go-live is
    role: str = "lead"

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.reader_id)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done about an alert, or is promised for a day ahead."""

    text: str  #: for everybody to read
    owner_id: int | None = None  #: a reader; None for whoever writes it down
    due: date | None = None


def move_on(
    session: Session,
    alert_id: int,
    state: AlertState,
    *,
    by: Leader,
    seen: int | None = None,
    reason: Dismissal | None = None,
) -> Alert:
    """Move an alert of this go-live on; `reason` is why it is put aside. `seen` as in `settle_alert`.

    Raises
    ------
    AlertTaken
        also when it is another go-live's; AlertTakenBy where another lead was quicker.
    """
    moved = settle(session, alert_id, state, by=by, seen=seen, **({"dismissed_for": reason} if reason else {}))
    append(session, SETTLED[state], About("alert", str(alert_id)), by=by.actor, now=by.now)
    return moved


def note(session: Session, alert_id: int, deed: Deed, *, by: Leader, seen: int | None = None) -> tuple[Alert, Action]:
    """Write down what was done, or what is promised, about an alert; the pulse after it is done tells everybody.

    Raises
    ------
    AlertTaken, NobodyPicked
    """
    owner_id = deed.owner_id or by.reader_id
    if owner_id is not None and owner_id not in {reader.id for reader in readers(session, by.golive_id)}:
        raise NobodyPicked
    promised = deed.due is not None and deed.due > by.today
    state = AlertState.ACKNOWLEDGED if promised else AlertState.ACTED_ON
    moved = settle(session, alert_id, state, by=by, seen=seen, **({"assigned_to": owner_id} if promised else {}))
    action = actions.act(
        session,
        by.golive_id,
        text=deed.text,
        today=by.today,
        owner_id=owner_id,
        due=deed.due,
        alert_id=alert_id,
    )
    done = Act.PROMISED if promised else Act.NOTED
    append(session, done, About("alert", str(alert_id)), by=by.actor, now=by.now)
    return moved, action


def assign(session: Session, alert_id: int, *, to: int, by: Leader, seen: int | None = None) -> Alert:
    """Give an alert to a lead, or to a manager of a team that it is about; they are told in their chat.

    Raises
    ------
    AlertTaken, NobodyPicked
    """
    alert = of_golive(session, alert_id, by=by)
    if to not in {reader.id for reader in assignable(session, alert)}:
        raise NobodyPicked
    moved = settle(session, alert_id, AlertState.ACKNOWLEDGED, by=by, seen=seen, assigned_to=to)
    if to != by.reader_id:
        subject = f"{alert_id}:assigned:{moved.turns}"
        golive = session.get_one(GoLive, by.golive_id)
        to_reader(session, golive, DeliveryKind.ALERT, subject, reader_id=to, now=by.now)
    append(session, Act.ASSIGNED, About("alert", str(alert_id)), by=by.actor, now=by.now)
    return moved


def settle(
    session: Session, alert_id: int, state: AlertState, *, by: Leader, seen: int | None, **also: str | int | None
) -> Alert:
    of_golive(session, alert_id, by=by)
    try:
        return settle_alert(session, alert_id, state, reader_id=by.reader_id, today=by.today, seen=seen, **also)
    except AlertTaken as error:
        raise who_was_quicker(session, alert_id, than=by) from error


def of_golive(session: Session, alert_id: int, *, by: Leader) -> Alert:
    """Raises AlertTaken."""
    alert = session.get(Alert, alert_id)
    if alert is None or alert.golive_id != by.golive_id:
        raise AlertTaken
    return alert


def who_was_quicker(session: Session, alert_id: int, *, than: Leader) -> AlertTaken:
    alert = session.get_one(Alert, alert_id, populate_existing=True)
    if alert.state == AlertState.CLOSED or alert.dealt_by is None:
        return AlertTaken()
    if alert.dealt_by == than.reader_id:
        return AlertYours()
    return AlertTakenBy(name=session.get_one(Reader, alert.dealt_by).name, state=alert.state)


def readers(session: Session, golive_id: int) -> list[Reader]:
    """Everybody who can own something that is to be done: leads first, then managers."""
    rows = select(Reader).where(Reader.golive_id == golive_id)
    return list(session.exec(rows.order_by(col(Reader.role), col(Reader.rank), col(Reader.id))))


def assignable(session: Session, alert: Alert) -> list[Reader]:
    """Leads, and managers of a team that the alert is about: managers read of their own team alone."""
    about = select(Team.id).where(Team.stratum_id == alert.stratum_id)
    rows = select(Reader).where(
        Reader.golive_id == alert.golive_id, or_(Reader.role == "lead", col(Reader.team_id).in_(about))
    )
    return list(session.exec(rows.order_by(col(Reader.role), col(Reader.rank), col(Reader.id))))


def keep_promise(session: Session, action_id: int, *, by: Leader) -> Action:
    """What was promised is done: the next pulse tells everybody, and its alert counts as acted on.

    Raises
    ------
    PromiseGone
    """
    action = actions.keep_promise(session, action_id, golive_id=by.golive_id, today=by.today)
    if action is None:
        raise PromiseGone
    alert = session.get(Alert, action.alert_id) if action.alert_id else None
    if alert is not None and alert.state in {AlertState.RAISED, AlertState.ACKNOWLEDGED}:
        settle_alert(session, alert.id or 0, AlertState.ACTED_ON, reader_id=by.reader_id, today=by.today)
    append(session, Act.KEPT, About("action", str(action_id)), by=by.actor, now=by.now)
    return action


def put_off(session: Session, action_id: int, *, by: Leader, due: date) -> Action:
    """Promise it for another day. Raises PromiseGone."""
    action = actions.put_off(session, action_id, golive_id=by.golive_id, due=due)
    if action is None:
        raise PromiseGone
    append(session, Act.PUT_OFF, About("action", str(action_id)), by=by.actor, now=by.now)
    return action


def reply(session: Session, keys: Sequence[str], *, by: Leader, text: str, for_everybody: bool = True) -> list[str]:
    """Answer questions with one reply, once for everybody or for their askers alone; gives back what was asked.

    Raises
    ------
    QuestionGone, QuestionRefused
    """
    asked = []
    for key in keys:
        try:
            questions.reply(
                session, key, golive_id=by.golive_id, text=text, today=by.today, for_everybody=for_everybody
            )
        except NoSuchQuestion as error:
            raise QuestionGone from error
        asked.append(reveal(session, session.get_one(Question, key).text))
    for key in keys:
        append(session, Act.REPLIED, About("question", key), by=by.actor, now=by.now)
    return asked


def withdraw(session: Session, key: str, *, by: Leader) -> str:
    """Take a reply back; the question waits again. Gives back what was asked. Raises QuestionGone."""
    try:
        questions.withdraw(session, key, golive_id=by.golive_id)
    except NoSuchQuestion as error:
        raise QuestionGone from error
    asked = reveal(session, session.get_one(Question, key).text)
    append(session, Act.WITHDRAWN, About("question", key), by=by.actor, now=by.now)
    return asked


def question_seen(session: Session, key: str, *, by: Leader) -> Question:
    """A question that the leads of this go-live have in front of them. Raises QuestionGone."""
    try:
        return questions.seen(session, key, golive_id=by.golive_id)
    except NoSuchQuestion as error:
        raise QuestionGone from error


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
    append(session, Act.SET_ASIDE, About("question", key), by=by.actor, now=by.now)
