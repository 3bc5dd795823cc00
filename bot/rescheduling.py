"""Another date for a go-live: what that moves, told before it is done; whatever has left stays as it was."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, delete, func, select, update

from bot.audit import About, Act, append
from bot.delivery.outbox import Delivery, DeliveryState, withdraw
from bot.leading import Leader
from surveys.actions import Action
from surveys.cadence import Moved, Occurrence, moved, occurrences
from surveys.errors import SurveyError
from surveys.golive_parts import wrong_date
from surveys.golives import GoLive
from surveys.invitations import Invitation
from surveys.plans import load_plan
from surveys.waves import Fielded, Wave, open_waves


class NoSuchDate(SurveyError):
    """A go-live cannot be set to that day."""

    key = "reschedule-refused"


@dataclass(frozen=True, slots=True)
class Dates:
    """What decides when pulses come."""

    on: date
    plan: str
    closed: frozenset[date]


def upcoming(session: Session, golive: GoLive, *, since: date, dates: Dates | None = None) -> list[Occurrence]:
    """The pulses that have not been opened, as the go-live stands, or with other dates."""
    dates = dates or Dates(golive.date, golive.plan, golive.closed_days)
    opened = set(session.exec(select(col(Wave.on)).where(Wave.golive_id == golive.id)))
    plan = load_plan(dates.plan)
    last = dates.on + timedelta(days=plan.phases[-1].last)
    listed = occurrences(plan, golive=dates.on, since=since, until=last, closed=dates.closed)
    return [occurrence for occurrence in listed if occurrence.on not in opened]


def unsend(session: Session, golive: GoLive, dates: Dates) -> None:
    """Take back waves of which nothing has left yet, when the date, the plan or the closed days change."""
    if Dates(golive.date, golive.plan, golive.closed_days) == dates:
        return
    assert golive.id is not None
    for wave in unsent(session, golive.id):
        withdraw(session, f"wave:{wave.id}:")
        session.exec(delete(Invitation).where(col(Invitation.wave_id) == wave.id))
        session.exec(delete(Fielded).where(col(Fielded.wave_id) == wave.id))
        promised = update(Action).where(col(Action.golive_id) == golive.id, col(Action.told_on) == wave.on)
        session.exec(promised.values(told_on=None))  # the next pulse tells it
        session.delete(wave)
    session.flush()


def unsent(session: Session, golive_id: int) -> list[Wave]:
    """Open waves of which nothing has left."""

    def has_left(wave: Wave) -> bool:
        left = select(func.count()).where(
            col(Delivery.key).startswith(f"wave:{wave.id}:", autoescape=True),
            col(Delivery.state) != DeliveryState.PENDING,
        )
        return session.exec(left).one() > 0

    return [wave for wave in open_waves(session, golive_id) if not has_left(wave)]


def preview(session: Session, golive_id: int, to: date, *, today: date) -> Moved:
    """What another date would move, without moving it.

    Raises
    ------
    NoSuchDate
    """
    golive = session.get_one(GoLive, golive_id)
    if wrong_date(to, today=today, known=golive.date) is not None:
        raise NoSuchDate
    dates = Dates(to, golive.plan, golive.closed_days)
    return moved(upcoming(session, golive, since=today), upcoming(session, golive, since=today, dates=dates))


def reschedule(session: Session, to: date, *, by: Leader) -> Moved:
    """Set a go-live to another date: everything that has not been sent moves with it.

    Raises
    ------
    NoSuchDate
    """
    golive = session.get_one(GoLive, by.golive_id, with_for_update=True)
    if wrong_date(to, today=by.today, known=golive.date) is not None:
        raise NoSuchDate
    dates = Dates(to, golive.plan, golive.closed_days)
    unsend(session, golive, dates)
    before = upcoming(session, golive, since=by.today)
    golive.date = to
    session.add(golive)
    session.flush()
    what = moved(before, upcoming(session, golive, since=by.today))
    append(session, Act.MOVED, About("go-live", str(golive.id)), by=by.actor, now=by.now, count=len(what.pairs))
    return what
