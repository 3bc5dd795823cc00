"""What asks a lead to act: raised, acknowledged, acted on, closed, or dismissed."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, CursorResult, UniqueConstraint
from sqlmodel import Field, Session, col, or_, select, update

from analytics.disclosure import Minimum, may_be_said_again
from analytics.signals import Signal
from surveys.errors import SurveyError
from surveys.golives import strata_of
from surveys.records import Record

COOL_DOWN = timedelta(days=14)  #: in which a dismissed or closed trouble is not raised again


class AlertState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ACTED_ON = "acted_on"
    SANCTIONED = "sanctioned"  #: a workaround that is the agreed way for now
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Dismissal(StrEnum):
    """Why an alert was put aside; counted by kind, so that detectors can be set better."""

    NOTHING = "nothing"  #: nothing is wrong there
    EXPLAINED = "explained"  #: a holiday, an outage, a busy week
    UNCLEAR = "unclear"  #: nobody can act on what it says


OPEN = (AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.ACTED_ON)


class AlertTaken(SurveyError):
    """Somebody has dealt with this one already."""

    key = "alert-taken"


class AlertTakenBy(AlertTaken):
    """Somebody was quicker: it says who, and what they did."""

    key = "alert-taken-by"


class AlertYours(AlertTaken):
    """You have dealt with this one already."""

    key = "alert-taken-yours"


class Alert(Record, table=True):
    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("golive_id", "kind", "stratum_id", "route", "raised_on"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    kind: str
    stratum_id: int = Field(foreign_key="stratum.id")
    route: str = ""
    state: str = AlertState.RAISED
    raised_on: date  #: the day of the wave that brought the score over its threshold
    since: date
    score: float
    threshold: float
    because: str
    evidence: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    settled_on: date | None = None  #: closed, dismissed or sanctioned
    dealt_by: int | None = Field(default=None, foreign_key="reader.id")  #: who acted last
    assigned_to: int | None = Field(default=None, foreign_key="reader.id")
    dismissed_for: str | None = None
    turns: int = 0  #: how often somebody acted: a card that shows an earlier one is out of date


def triage(session: Session, golive_id: int, signals: list[Signal], *, minimum: int) -> list[Alert]:
    """Turn signals into alerts; only what is new comes back.

    A signal about a trouble that has an open alert updates its evidence. One that was sanctioned raises no alarm, and
    one that was dismissed or closed lately does not come back at once.
    """
    by_name = {row.name: key for key, row in strata_of(session, golive_id).items()}
    raised = []
    for signal in signals:
        alert = latest(session, golive_id, signal.kind, stratum_id=by_name[signal.team], route=signal.route or "")
        if alert is not None and not comes_back(alert, signal):
            if alert.state in OPEN and signal.raised_on > alert.raised_on and tells_nobody_new(alert, signal, minimum):
                alert.because, alert.score = signal.because, signal.score
                alert.evidence = in_rows(signal)
                session.add(alert)
            continue
        new = Alert(
            golive_id=golive_id,
            kind=signal.kind,
            stratum_id=by_name[signal.team],
            route=signal.route or "",
            raised_on=signal.raised_on,
            since=signal.since,
            score=signal.score,
            threshold=signal.threshold,
            because=signal.because,
            evidence=in_rows(signal),
        )
        session.add(new)
        session.flush()
        raised.append(new)
    return raised


def tells_nobody_new(alert: Alert, signal: Signal, minimum: int) -> bool:
    """Whether the new figures, subtracted from those told before, give away nobody: nothing new, or enough people."""
    before = {row["stream"]: int(row["n"]) for row in alert.evidence}
    least = Minimum(group=minimum, comments=2 * minimum)  # no comments here
    return signal.since == alert.since and all(
        may_be_said_again(before.get(one.stream, 0), one.n, minimum=least) for one in signal.evidence
    )


def in_rows(signal: Signal) -> list[dict[str, str | float]]:
    return [
        {"stream": e.stream, "observed": e.observed, "n": e.n, "expected": e.expected, "share": e.share}
        for e in signal.evidence
    ]


def comes_back(alert: Alert, signal: Signal) -> bool:
    """Whether a signal about the same trouble is news after this alert."""
    if alert.state in OPEN or alert.state == AlertState.SANCTIONED:
        return False
    settled = alert.settled_on or alert.raised_on
    return signal.raised_on > settled and signal.raised_on - settled >= COOL_DOWN


def latest(session: Session, golive_id: int, kind: str, *, stratum_id: int, route: str) -> Alert | None:
    return session.exec(
        select(Alert)
        .where(Alert.golive_id == golive_id, Alert.kind == kind, Alert.stratum_id == stratum_id, Alert.route == route)
        .order_by(col(Alert.raised_on).desc())
    ).first()


def settle_alert(
    session: Session,
    alert_id: int,
    state: AlertState,
    *,
    reader_id: int | None,
    today: date,
    seen: int | None = None,
    **also: str | int | None,
) -> Alert:
    """Move an open alert on. Two leads may press at once: the second is told.

    `seen` is the turn that the reader has in front of them; None acts whatever anybody else did meanwhile. `also` are
    further columns.

    Raises
    ------
    AlertTaken
        when it is not open any more, or another lead acted on it since.
    """
    ends = state in {AlertState.SANCTIONED, AlertState.CLOSED, AlertState.DISMISSED}
    free = {AlertState.RAISED} if state == AlertState.ACKNOWLEDGED and not also else set(OPEN)
    values: dict[str, Any] = {"state": state, "settled_on": today if ends else None, "turns": Alert.turns + 1, **also}
    if reader_id is not None:
        values["dealt_by"] = reader_id
    moved = update(Alert).where(col(Alert.id) == alert_id, col(Alert.state).in_(free))
    if seen is not None:
        moved = moved.where(or_(col(Alert.turns) == seen, col(Alert.dealt_by) == reader_id))
    done: CursorResult[Any] = session.execute(moved.values(**values))  # type: ignore[assignment]  # an UPDATE always gives a CursorResult
    alert = session.get(Alert, alert_id, populate_existing=True)
    if alert is None or done.rowcount == 0:
        raise AlertTaken
    return alert


def open_alerts(session: Session, golive_id: int) -> list[Alert]:
    """The newest first."""
    rows = select(Alert).where(Alert.golive_id == golive_id, col(Alert.state).in_(OPEN))
    return list(session.exec(rows.order_by(col(Alert.raised_on).desc(), col(Alert.id))))


def settled_since(session: Session, golive_id: int, state: AlertState, *, since: date) -> list[Alert]:
    rows = select(Alert).where(Alert.golive_id == golive_id, Alert.state == state, col(Alert.settled_on) > since)
    return list(session.exec(rows.order_by(col(Alert.id))))
