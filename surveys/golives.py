"""One system going live in one organisation: its date, its zone, its teams, its plan."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, Session, select

from surveys.records import Instant, Record

Day = date  # inside GoLive, `date` is the field


class GoLive(Record, table=True):
    """Known again by organisation and system: its name and its date may change."""

    __tablename__ = "golive"
    __table_args__ = (UniqueConstraint("organisation", "system"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    organisation: str
    system: str
    date: date
    timezone: str
    language: str = "en"
    plan: str = "practice"
    group_minimum: int = 5
    comment_minimum: int = 10
    pulse_at: str = "end_of_shift"  #: or a local time, "16:30"
    reminder: str = "unanswered"  #: unanswered, everybody, none
    digest_at: time
    quiet_from: time
    quiet_until: time
    guests: str = "out"  #: whether guests of a channel or group are asked: out, in
    closed: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  #: ISO dates without work
    rostered_on: Day | None = None  #: when channels and groups were last read; None reads them with the next tick
    ticked: datetime | None = Field(default=None, sa_column=Column(Instant()))  #: everything up to here is planned

    @property
    def closed_days(self) -> frozenset[Day]:
        return frozenset(date.fromisoformat(day) for day in self.closed)


class Stratum(Record, table=True):
    """One team, or several small ones read together: the smallest group that anything is ever said about."""

    __tablename__ = "stratum"
    __table_args__ = (UniqueConstraint("golive_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    name: str


class Team(Record, table=True):
    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("golive_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    stratum_id: int = Field(foreign_key="stratum.id")
    name: str
    deliver_pulse: str | None = None  #: instead of the go-live's own time
    source: str = ""  #: the platform's channel or group that its people come from; "" for the roster file


class PlannedCheck(Record, table=True):
    """A knowledge check that the lead wrote; waves keep a copy of what they asked."""

    __tablename__ = "planned_check"

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    text: str
    right: str
    wrong: list[Any] = Field(sa_column=Column(JSON, nullable=False))


def find_golive(session: Session, *, organisation: str, system: str) -> GoLive | None:
    return session.exec(
        select(GoLive).where(GoLive.organisation == organisation, GoLive.system == system)
    ).one_or_none()


def strata_of(session: Session, golive_id: int) -> dict[int, Stratum]:
    rows = session.exec(select(Stratum).where(Stratum.golive_id == golive_id).order_by(Stratum.name))
    return {row.id: row for row in rows if row.id is not None}
