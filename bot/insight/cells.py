"""The smallest counts that detectors ever see: made once, when a wave is sealed."""

from sqlmodel import Field, Session, col, select

from surveys.golives import strata_of
from surveys.instruments import Instrument
from surveys.invitations import turnouts
from surveys.records import Record
from surveys.responses import answers_of
from surveys.waves import Fielded, Wave

AnswerRow = tuple[str, str, str, str, str, str, bool | None, int]
ParticipationRow = tuple[str, str, int, int]
CellRow = tuple[str, str, str, str, int, int]


class Cell(Record, table=True):
    """One stream of one stratum in one wave: x of n."""

    __tablename__ = "cell"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    stratum_id: int = Field(foreign_key="stratum.id", primary_key=True)
    stream: str = Field(primary_key=True)
    route: str = Field(primary_key=True)
    x: int
    n: int


def answer_rows(session: Session, wave: Wave) -> list[AnswerRow]:
    """Date, stratum, response, item, construct, value, right and direction of every answer of a wave."""
    assert wave.id is not None
    strata = {key: row.name for key, row in strata_of(session, wave.golive_id).items()}
    fielded = session.exec(select(Fielded).where(Fielded.wave_id == wave.id))
    asked = {row.stratum_id: Instrument.from_json(row.instrument) for row in fielded}
    rows = []
    for stratum_id, response, item, value in answers_of(session, wave.id):
        question = asked[stratum_id].question(item)
        rows.append(
            (
                wave.on.isoformat(),
                strata[stratum_id],
                response,
                item,
                question.construct,
                value,
                question.is_right(value),
                question.direction,
            )
        )
    return rows


def participation_rows(session: Session, wave: Wave) -> list[ParticipationRow]:
    """Date, stratum, invited (less known unreachable) and answered of a sealed wave."""
    assert wave.id is not None
    strata = strata_of(session, wave.golive_id)
    return [
        (wave.on.isoformat(), strata[stratum_id].name, turnout.reachable, turnout.answered)
        for stratum_id, turnout in turnouts(session, wave.id).items()
    ]


def keep_cells(session: Session, wave: Wave, rows: list[CellRow]) -> None:
    assert wave.id is not None
    by_name = {row.name: key for key, row in strata_of(session, wave.golive_id).items()}
    for _, team, stream, route, x, n in rows:
        session.add(Cell(wave_id=wave.id, stratum_id=by_name[team], stream=stream, route=route, x=x, n=n))
    session.flush()


def cell_rows(session: Session, golive_id: int) -> list[CellRow]:
    """Date, stratum, stream, route, x and n of every sealed wave."""
    strata = {key: row.name for key, row in strata_of(session, golive_id).items()}
    rows = session.exec(
        select(col(Wave.on), Cell).join(Cell, col(Wave.id) == col(Cell.wave_id)).where(Wave.golive_id == golive_id)
    )
    return [(on.isoformat(), strata[c.stratum_id], c.stream, c.route, c.x, c.n) for on, c in rows]
