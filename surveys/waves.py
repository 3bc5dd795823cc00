"""One fielding of an instrument: opened once, closed at noon, sealed for good."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, Session, col, select

from surveys.instruments import Instrument
from surveys.records import Instant, Record, insert_once


class WaveState(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
    COUNTED = "counted"  #: sealed, and its cells are kept


#: How an answer locks its wave: beside all other answers, but never beside sealing. SQLite has one writer anyway.
SHARED: Final = {"read": True}


class Wave(Record, table=True):
    """At most one a day and go-live, so that a moved date never asks twice."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("golive_id", "on"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    on: date
    phase: str
    day: int  #: relative to the go-live
    closes: datetime = Field(sa_column=Column(Instant(), nullable=False))
    reminder: bool
    state: str = WaveState.OPEN


class Fielded(Record, table=True):
    """What one wave asked one stratum: a copy, so that later edits change nothing that was asked."""

    __tablename__ = "fielded"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    stratum_id: int = Field(foreign_key="stratum.id", primary_key=True)
    instrument: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


def open_wave(session: Session, wave: Wave, *, instruments: dict[int, Instrument]) -> Wave | None:
    """Open a wave and field its instruments by stratum; None when that day has one already."""
    statement = insert_once(session, Wave, unique=["golive_id", "on"]).values(wave.model_dump(exclude={"id"}))
    wave_id = session.execute(statement.returning(col(Wave.id))).scalar_one_or_none()
    if wave_id is None:
        return None
    for stratum_id, instrument in instruments.items():
        session.add(Fielded(wave_id=wave_id, stratum_id=stratum_id, instrument=instrument.to_json()))
    session.flush()
    return session.get_one(Wave, wave_id)


def instrument_of(session: Session, wave_id: int, *, stratum_id: int) -> Instrument:
    return Instrument.from_json(session.get_one(Fielded, (wave_id, stratum_id)).instrument)


def open_waves(session: Session, golive_id: int) -> list[Wave]:
    """The open waves of a go-live, the oldest first."""
    rows = select(Wave).where(Wave.golive_id == golive_id, Wave.state == WaveState.OPEN)
    return list(session.exec(rows.order_by(col(Wave.on))))


def open_among(session: Session, ids: Collection[int], *, now: datetime) -> dict[int, Wave]:
    """Of these waves those that still take answers."""
    rows = select(Wave).where(col(Wave.id).in_(ids), Wave.state == WaveState.OPEN, col(Wave.closes) > now)
    return {wave.id: wave for wave in session.exec(rows) if wave.id is not None}
