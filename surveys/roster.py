"""The people of a go-live: who is asked, when they work, and what they wished for."""

from collections.abc import Collection
from datetime import date, time

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, delete, or_, select

from surveys.records import Record, insert_once


class Participant(Record, table=True):
    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("golive_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str
    role: str = "staff"
    timezone: str
    own_zone: bool = False  #: the roster names it; else it follows what their platform says
    shift_end: time | None = None
    on_roster: bool = True
    opted_out: bool = False
    paused_until: date | None = None  #: the first day on which pulses come again
    quiet_from: time | None = None  #: hours of their own, beside those of the go-live
    quiet_until: time | None = None
    source: str = ""  #: the channel or group that brought them; "" for whoever stands in the roster file


class Leave(Record, table=True):
    __tablename__ = "leave"

    participant_id: int = Field(foreign_key="participant.id", primary_key=True)
    first: date = Field(primary_key=True)
    last: date
    from_roster: bool = False  #: else the person said so themselves, and loading a roster leaves it alone


class Reader(Record, table=True):
    """Somebody who reads results: a lead of the go-live, or a manager of one team."""

    __tablename__ = "reader"
    __table_args__ = (UniqueConstraint("golive_id", "role", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    role: str  #: lead, manager
    rank: int = 0  #: the first lead is 0
    team_id: int | None = Field(default=None, foreign_key="team.id")
    name: str


def to_be_asked(
    session: Session, golive_id: int, *, on: date, only: Collection[int] | None = None
) -> list[Participant]:
    """Whom a prompt may reach on a day: on the roster, willing, not paused, not on leave; of all, or `only` of some."""
    away = select(Leave.participant_id).where(col(Leave.first) <= on, col(Leave.last) >= on)
    people = (
        select(Participant)
        .where(
            Participant.golive_id == golive_id,
            col(Participant.on_roster),
            ~col(Participant.opted_out),
            or_(col(Participant.paused_until).is_(None), col(Participant.paused_until) <= on),
            col(Participant.id).not_in(away),
        )
        .order_by(col(Participant.id))
    )
    if only is not None:
        people = people.where(col(Participant.id).in_(only))
    return list(session.exec(people))


def pause(session: Session, participant_id: int, *, until: date | None) -> None:
    """No prompts before `until`; None ends a pause."""
    session.get_one(Participant, participant_id).paused_until = until


def keep_quiet(session: Session, participant_id: int, *, start: time | None, end: time | None) -> None:
    """Hours of their own in which nothing reaches them; None twice ends them."""
    person = session.get_one(Participant, participant_id)
    person.quiet_from, person.quiet_until = start, end


def opt_out(session: Session, participant_id: int) -> None:
    session.get_one(Participant, participant_id).opted_out = True


def opt_in(session: Session, participant_id: int) -> None:
    session.get_one(Participant, participant_id).opted_out = False


def take_leave(session: Session, participant_id: int, *, first: date, last: date) -> None:
    """A second leave that begins on the same day replaces the first."""
    session.merge(Leave(participant_id=participant_id, first=first, last=last))


def set_leaves(session: Session, participant_id: int, leaves: tuple[tuple[date, date], ...]) -> None:
    """What the roster says about leave, in place of what it said before; what the person said outweighs it."""
    session.exec(delete(Leave).where(col(Leave.participant_id) == participant_id, col(Leave.from_roster)))
    rows = [Leave(participant_id=participant_id, first=first, last=last, from_roster=True) for first, last in leaves]
    if rows:
        statement = insert_once(session, Leave, unique=["participant_id", "first"])
        session.execute(statement, [row.model_dump() for row in rows])
