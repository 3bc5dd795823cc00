"""What was published of every wave: the one source of every number that anybody is shown, decided once, at sealing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, func, or_, select

from analytics.ledger import Ledger, Step
from surveys.golives import strata_of
from surveys.records import Record
from surveys.waves import Wave

ANSWERED = ""  #: the measure that says how many answered
EVERYBODY = ""  #: in place of a group's name
HIDDEN = "hidden"
ROUTE = "route:"  #: before a route, in a measure that is said of everybody together only


class PublishedFigure(Record, table=True):
    """One group, or everybody, in one measure of one wave: as it is shown, and what the next wave must remember."""

    __tablename__ = "published_figure"
    __table_args__ = (UniqueConstraint("wave_id", "measure", "stratum_id"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    measure: str
    stratum_id: int | None = Field(default=None, foreign_key="stratum.id")  #: None: everybody
    said: str  #: of answers: exact, most, some, hidden; of everything else: band, hidden
    low: int | None = None  #: so many answered at the least; None where hidden, and for a band
    high: int | None = None
    band: str | None = None  #: few, some, half, many, most of those who answered
    least: float | None = None  #: of the share, by what is said; with the interval of so few answers
    largest: float | None = None
    asked: int  #: people who could answer
    members: int  #: people of the group, asked or not
    joined: int  #: since the same measure was last published
    departed: int
    step_low: int = 0
    step_high: int | None = None  #: None: nothing was said


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as it may be shown."""

    on: date
    measure: str
    stratum_id: int | None
    said: str
    low: int | None
    high: int | None
    band: str | None
    least: float | None
    largest: float | None
    asked: int

    @property
    def is_hidden(self) -> bool:
        return self.said == HIDDEN


def ledger_of(session: Session, golive_id: int) -> Ledger:
    """All that was published of a go-live before, for deciding on the next wave."""
    names = {key: row.name for key, row in strata_of(session, golive_id).items()}
    columns = (
        col(Wave.on), PublishedFigure.measure, PublishedFigure.stratum_id, PublishedFigure.members,
        PublishedFigure.joined, PublishedFigure.departed, PublishedFigure.step_low, PublishedFigure.step_high,
    )  # fmt: skip
    rows = session.execute(
        select(*columns)  # type: ignore[call-overload]  # SQLModel knows up to four columns
        .join(Wave, col(Wave.id) == col(PublishedFigure.wave_id))
        .where(Wave.golive_id == golive_id)
        .order_by(col(Wave.on), col(PublishedFigure.id))
    )
    waves: set[tuple[str, str]] = set()
    steps: dict[tuple[str, ...], list[Step]] = defaultdict(list)
    for on, measure, stratum_id, members, joined, departed, low, high in rows:
        waves.add((on.isoformat(), measure))
        steps[label_of(measure, names.get(stratum_id, EVERYBODY))].append(
            Step(members, joined, departed, low=low, high=high)
        )
    return Ledger(frozenset(waves), {label: tuple(found) for label, found in steps.items()})


def label_of(measure: str, group: str) -> tuple[str, ...]:
    """Under which name a ledger knows a group; what is said of everybody alone has no groups."""
    return (measure,) if measure.startswith(ROUTE) else (measure, group)


def figures(
    session: Session, golive_id: int, *, measures: Iterable[str] | None = None, of: Iterable[int | None] | None = None
) -> list[Figure]:
    """What was published, the oldest wave first: of some measures or all, of some groups (None: everybody) or all."""
    found = shown(golive_id).order_by(col(Wave.on), col(PublishedFigure.id))
    if measures is not None:
        found = found.where(col(PublishedFigure.measure).in_(list(measures)))
    if of is not None:
        groups = list(of)
        wanted = col(PublishedFigure.stratum_id).in_([group for group in groups if group is not None])
        found = found.where(or_(wanted, col(PublishedFigure.stratum_id).is_(None)) if None in groups else wanted)
    return [Figure(*row) for row in session.execute(found)]


def latest(session: Session, golive_id: int) -> list[Figure]:
    """Of every measure the wave that last asked about it, all groups, everybody first."""
    last = (
        select(PublishedFigure.measure, func.max(Wave.on))
        .join(Wave, col(Wave.id) == col(PublishedFigure.wave_id))
        .where(Wave.golive_id == golive_id, col(PublishedFigure.stratum_id).is_(None))
        .group_by(col(PublishedFigure.measure))
    )
    days: dict[date, list[str]] = defaultdict(list)
    for measure, on in session.execute(last):
        days[on].append(measure)
    found: list[Figure] = []
    for on, measures in sorted(days.items()):
        rows = shown(golive_id).where(Wave.on == on, col(PublishedFigure.measure).in_(measures))
        found += [Figure(*row) for row in session.execute(rows.order_by(col(PublishedFigure.id)))]
    return found


def shown(golive_id: int) -> Any:
    """The columns that may be shown, as Core rows: a page reads thousands of them."""
    return (
        select(  # type: ignore[call-overload,misc]  # SQLModel knows up to four columns
            Wave.on,
            PublishedFigure.measure,
            PublishedFigure.stratum_id,
            PublishedFigure.said,
            PublishedFigure.low,
            PublishedFigure.high,
            PublishedFigure.band,
            PublishedFigure.least,
            PublishedFigure.largest,
            PublishedFigure.asked,
        )
        .join(Wave, col(Wave.id) == col(PublishedFigure.wave_id))
        .where(Wave.golive_id == golive_id)
    )
