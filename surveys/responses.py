"""One anonymous return and its answers: a random key, a wave, a stratum, and nothing that leads to a person."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlmodel import Field, Session, col, select

from surveys.errors import WaveClosed
from surveys.instruments import Answer, Remark
from surveys.records import UNORDERED, Record, random_key
from surveys.secrecy import conceal, drawer_of
from surveys.waves import SHARED, Wave, WaveState


class Response(Record, table=True):
    """No person, no time, no counter. The day is the wave's."""

    __tablename__ = "response"
    __table_args__ = (UNORDERED,)

    key: str = Field(default_factory=random_key, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    stratum_id: int = Field(foreign_key="stratum.id")


class GivenAnswer(Record, table=True):
    """One item of a response; several rows where several options may be picked."""

    __tablename__ = "answer"
    __table_args__ = (UNORDERED,)

    response_key: str = Field(foreign_key="response.key", primary_key=True)
    item: str = Field(primary_key=True)
    value: str = Field(primary_key=True)


class GivenRemark(Record, table=True):
    """A text somebody wrote in a pulse. On its own: no path to the answers that came with it."""

    __tablename__ = "remark"
    __table_args__ = (UNORDERED,)

    key: str = Field(default_factory=random_key, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    stratum_id: int = Field(foreign_key="stratum.id")
    item: str
    text: bytes  #: concealed


def submit(
    session: Session, *, wave_id: int, stratum_id: int, answers: Sequence[Answer], remarks: Sequence[Remark]
) -> None:
    """Write one response. No parameter through which a person could enter.

    Raises
    ------
    WaveClosed
    """
    wave = session.get_one(Wave, wave_id, with_for_update=SHARED)
    if wave.state != WaveState.OPEN:
        raise WaveClosed
    write(session, wave_id=wave_id, stratum_id=stratum_id, answers=[(a.item, a.value) for a in answers])
    for remark in remarks:
        text = conceal(session, remark.text, drawer=drawer_of(wave.golive_id, wave.on))
        session.add(GivenRemark(wave_id=wave_id, stratum_id=stratum_id, item=remark.item, text=text))


def write(session: Session, *, wave_id: int, stratum_id: int, answers: Sequence[tuple[str, str]]) -> None:
    """The bare rows, as Core statements: this is the path that every answer takes."""
    if not answers:
        return
    key = random_key()
    session.execute(insert(Response).values(key=key, wave_id=wave_id, stratum_id=stratum_id))
    rows = [{"response_key": key, "item": item, "value": value} for item, value in answers]
    session.execute(insert(GivenAnswer), rows)


def answers_of(session: Session, wave_id: int) -> list[tuple[int, str, str, str]]:
    """Stratum, response, item and value of every answer of a wave."""
    statement = (
        select(Response.stratum_id, Response.key, GivenAnswer.item, GivenAnswer.value)
        .join(GivenAnswer, col(GivenAnswer.response_key) == col(Response.key))
        .where(Response.wave_id == wave_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.exec(statement)]
