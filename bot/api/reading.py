"""What programs, files and the calendar are made from: the same rows as the pages, in the shapes of the API."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.api import shapes
from bot.insight.alerts import Alert
from bot.insight.published import ANSWERED, figures
from surveys.cadence import Occurrence, occurrences, phase_of
from surveys.golives import GoLive, strata_of
from surveys.plans import load_plan


def groups_of(session: Session, golive_id: int) -> dict[int, str]:
    return {key: row.name for key, row in strata_of(session, golive_id).items()}


def published(
    session: Session, golive_id: int, *, measure: str | None = None, since: date | None = None
) -> list[shapes.Figure]:
    """Figures of all groups, the oldest pulse first."""
    groups = groups_of(session, golive_id)
    wanted = None if measure is None else [ANSWERED if measure == "answered" else measure]
    return [
        shapes.Figure.of(figure, groups)
        for figure in figures(session, golive_id, measures=wanted)
        if since is None or figure.on >= since
    ]


def alerts(session: Session, golive_id: int) -> list[shapes.Alert]:
    groups = groups_of(session, golive_id)
    rows = select(Alert).where(Alert.golive_id == golive_id).order_by(col(Alert.raised_on), col(Alert.id))
    return [
        shapes.Alert(
            number=row.id or 0,
            kind=row.kind,
            group=groups[row.stratum_id],
            route=row.route or None,
            state=row.state,
            raised_on=row.raised_on,
            since=row.since,
            settled_on=row.settled_on,
            because=row.because,
        )
        for row in session.exec(rows)
    ]


def golive(found: GoLive, *, today: date) -> shapes.GoLive:
    day = (today - found.date).days
    phase = phase_of(load_plan(found.plan), day)
    return shapes.GoLive(
        name=found.name,
        organisation=found.organisation,
        system=found.system,
        date=found.date,
        timezone=found.timezone,
        day=day,
        phase=phase.name if phase else None,
        group_minimum=found.group_minimum,
    )


def pulses(found: GoLive) -> list[Occurrence]:
    """Every pulse of the plan, as it stands today."""
    plan = load_plan(found.plan)
    first = found.date + timedelta(days=plan.phases[0].first)
    last = found.date + timedelta(days=plan.phases[-1].last)
    return list(occurrences(plan, golive=found.date, since=first, until=last, closed=found.closed_days))
