"""What each table gives up, and how old it is: the rules that the night's round follows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, delete, func, select, update

from bot.api.tokens import ApiToken
from bot.api.webhooks import Webhook, WebhookCall
from bot.dashboard.sign_in import forget_contacts
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.erasure import Erased
from bot.insight.alerts import Alert
from bot.insight.cells import Cell
from bot.insight.published import PublishedFigure
from bot.keep import Keep
from bot.storage.transcript import ChatMessage
from surveys.actions import Action
from surveys.golives import GoLive
from surveys.invitations import Turnout
from surveys.membership import Member
from surveys.plans import load_plan
from surveys.questions import Question
from surveys.responses import GivenAnswer, GivenRemark, Response
from surveys.roster import Leave, Participant, Reader
from surveys.waves import Fielded, Wave, WaveState

Age = tuple[date, int]  #: a day, and how many rows are of that day


@dataclass(frozen=True, slots=True)
class Rule:
    what: str
    days: Callable[[Keep], int]
    ages: Callable[[Session], Iterable[Age]]
    remove: Callable[[Session, date], None]  #: everything of a day before this one


def answer_ages(session: Session) -> Iterable[Age]:
    """A wave without answers counts as one row, because its counts go as well."""
    rows = session.exec(
        select(col(Wave.on), func.count(col(Response.key)))
        .join(Response, col(Response.wave_id) == col(Wave.id), isouter=True)
        .where(Wave.state != WaveState.OPEN)
        .group_by(col(Wave.id), col(Wave.on))
    )
    return [(on, n or 1) for on, n in rows]


def remove_waves(session: Session, before: date) -> None:
    """A wave with all that is known of it: answers, counts, figures, and the alerts of its time."""
    waves = select(Wave.id).where(col(Wave.on) < before, col(Wave.state) != WaveState.OPEN)
    responses = select(Response.key).where(col(Response.wave_id).in_(waves))
    session.exec(delete(GivenAnswer).where(col(GivenAnswer.response_key).in_(responses)))
    for table in (Response, GivenRemark, Cell, PublishedFigure, Turnout, Fielded):
        session.exec(delete(table).where(col(table.wave_id).in_(waves)))
    old = select(Alert.id).where(col(Alert.raised_on) < before)
    session.exec(update(Action).where(col(Action.alert_id).in_(old)).values(alert_id=None))
    session.exec(delete(Alert).where(col(Alert.raised_on) < before))
    session.exec(delete(Wave).where(col(Wave.on) < before, col(Wave.state) != WaveState.OPEN))


def remark_ages(session: Session) -> Iterable[Age]:
    rows = session.exec(
        select(col(Wave.on), func.count())
        .join(GivenRemark, col(GivenRemark.wave_id) == col(Wave.id))
        .group_by(col(Wave.on))
    )
    return list(rows)


def remove_remarks(session: Session, before: date) -> None:
    waves = select(Wave.id).where(col(Wave.on) < before)
    session.exec(delete(GivenRemark).where(col(GivenRemark.wave_id).in_(waves)))


def question_ages(session: Session) -> Iterable[Age]:
    return list(session.exec(select(col(Question.day), func.count()).group_by(col(Question.day))))


def remove_questions(session: Session, before: date) -> None:
    session.exec(delete(Question).where(col(Question.day) < before))


def action_ages(session: Session) -> Iterable[Age]:
    return list(session.exec(select(col(Action.on), func.count()).group_by(col(Action.on))))


def remove_actions(session: Session, before: date) -> None:
    session.exec(delete(Action).where(col(Action.on) < before))


def letter_ages(session: Session) -> Iterable[Age]:
    return [(due.date(), 1) for due in session.exec(select(col(Delivery.due)))]


def day_begins(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)


def remove_letters(session: Session, before: date) -> None:
    """Deliveries, and what they put into the web chat."""
    old = col(Delivery.due) < day_begins(before)
    session.exec(delete(ChatMessage).where(col(ChatMessage.key).in_(select(Delivery.key).where(old))))
    session.exec(delete(Delivery).where(old))
    session.exec(delete(WebhookCall).where(col(WebhookCall.due) < day_begins(before)))


def ends(session: Session) -> dict[int, date]:
    """The last day of the plan of every go-live that has no open wave."""
    going = set(session.exec(select(Wave.golive_id).where(Wave.state == WaveState.OPEN)))
    return {
        golive.id: golive.date + timedelta(days=load_plan(golive.plan).phases[-1].last)
        for golive in session.exec(select(GoLive))
        if golive.id is not None and golive.id not in going
    }


def people_ages(session: Session) -> Iterable[Age]:
    for golive_id, end in ends(session).items():
        for table in (Participant, Contact):
            n = session.exec(select(func.count()).select_from(table).where(table.golive_id == golive_id)).one()
            if n:
                yield end, n


def remove_people(session: Session, before: date) -> None:
    over = [golive_id for golive_id, end in ends(session).items() if end < before]
    contacts = select(Contact.id).where(col(Contact.golive_id).in_(over))
    people = select(Participant.id).where(col(Participant.golive_id).in_(over))
    letters = col(Delivery.contact_id).in_(contacts)
    session.exec(delete(ChatMessage).where(col(ChatMessage.key).in_(select(Delivery.key).where(letters))))
    session.exec(delete(Delivery).where(letters))
    forget_contacts(session, contacts)
    session.exec(delete(Contact).where(col(Contact.golive_id).in_(over)))
    session.exec(delete(Leave).where(col(Leave.participant_id).in_(people)))
    session.exec(delete(Member).where(col(Member.participant_id).in_(people)))
    session.exec(delete(Participant).where(col(Participant.golive_id).in_(over)))


def reader_ages(session: Session) -> Iterable[Age]:
    for golive_id, end in ends(session).items():
        for table in (Reader, Erased):
            n = session.exec(select(func.count()).select_from(table).where(table.golive_id == golive_id)).one()
            if n:
                yield end, n


def remove_readers(session: Session, before: date) -> None:
    over = [golive_id for golive_id, end in ends(session).items() if end < before]
    remove_people(session, before)
    session.exec(update(Alert).where(col(Alert.golive_id).in_(over)).values(dealt_by=None, assigned_to=None))
    session.exec(update(Action).where(col(Action.golive_id).in_(over)).values(owner_id=None))
    hooks = select(Webhook.id).where(col(Webhook.golive_id).in_(over))
    session.exec(delete(WebhookCall).where(col(WebhookCall.webhook_id).in_(hooks)))
    for table in (Webhook, ApiToken):
        session.exec(delete(table).where(col(table.golive_id).in_(over)))
    session.exec(delete(Reader).where(col(Reader.golive_id).in_(over)))
    session.exec(delete(Erased).where(col(Erased.golive_id).in_(over)))


#: In the order in which rows may go: whatever points to something else goes before it.
RULES = (
    Rule("remarks", lambda keep: keep.texts, remark_ages, remove_remarks),
    Rule("questions and replies", lambda keep: keep.texts, question_ages, remove_questions),
    Rule("actions", lambda keep: keep.texts, action_ages, remove_actions),
    Rule("letters and what they put into chats", lambda keep: keep.texts, letter_ages, remove_letters),
    Rule("answers and figures", lambda keep: keep.answers, answer_ages, remove_waves),
    Rule("people and contacts", lambda keep: keep.contacts, people_ages, remove_people),
    Rule("names of readers, marks of erased people", lambda keep: keep.answers, reader_ages, remove_readers),
)
