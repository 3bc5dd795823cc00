"""Responses: written whole, read back whole, and only while the wave is open."""

import pytest
from sqlmodel import Session, func, select

from bot.storage.database import Database
from surveys.errors import WaveClosed
from surveys.instruments import Answer, Remark
from surveys.responses import GivenAnswer, GivenRemark, Response, answers_of, submit
from surveys.sealing import seal
from surveys.secrecy import reveal
from surveys.waves import Fielded, Wave

GIVEN = (Answer("clarity-1", "clarity", "4"), Answer("route-1", "route", "paper"), Answer("route-1", "route", "later"))


def stratum_of(session: Session, wave: Wave) -> int:
    return session.exec(select(Fielded.stratum_id).where(Fielded.wave_id == wave.id)).first()


def give(session: Session, wave: Wave, *, answers: tuple[Answer, ...] = GIVEN, remarks: tuple[Remark, ...] = ()) -> int:
    stratum = stratum_of(session, wave)
    submit(session, wave_id=wave.id, stratum_id=stratum, answers=answers, remarks=remarks)
    return stratum


def count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_answers_come_back_as_they_were_given(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        stratum = give(session, wave)
        rows = answers_of(session, wave.id)
    assert sorted((s, item, value) for s, _, item, value in rows) == sorted((stratum, a.item, a.value) for a in GIVEN)


def test_one_return_is_one_response(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        give(session, wave)
        give(session, wave)
        assert len({key for _, key, _, _ in answers_of(session, wave.id)}) == count(session, Response) == 2


def test_a_remark_alone_makes_no_response(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        give(session, wave, answers=(), remarks=(Remark("remark", "The printer in room 2 is far away."),))
        assert (count(session, Response), count(session, GivenRemark)) == (0, 1)


def test_nothing_is_written_into_a_sealed_wave(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        seal(session, wave.id)
        with pytest.raises(WaveClosed):
            give(session, wave)
        assert count(session, Response) == 0


def test_sealing_keeps_every_answer_and_remark(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        for n in range(20):
            give(session, wave, answers=(*GIVEN, Answer("n", "n", str(n))), remarks=(Remark("remark", f"said {n}"),))
        before = sorted((s, i, v) for s, _, i, v in answers_of(session, wave.id))
    with database.begin() as session:
        seal(session, wave.id)
    with database.session() as session:
        after = sorted((s, i, v) for s, _, i, v in answers_of(session, wave.id))
        said = {reveal(session, row.text) for row in session.exec(select(GivenRemark))}
    assert (after, said) == (before, {f"said {n}" for n in range(20)})


def test_sealing_keeps_together_what_one_person_said(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        for n in range(10):
            give(session, wave, answers=(Answer("a", "a", str(n)), Answer("b", "b", str(n))))
        seal(session, wave.id)
    with database.session() as session:
        pairs = session.exec(select(GivenAnswer.response_key, GivenAnswer.value)).all()
    assert len(set(pairs)) == 10


def test_sealing_gives_every_row_a_new_key(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        give(session, wave, remarks=(Remark("remark", "too far"),))
        old = {*session.exec(select(Response.key)), *session.exec(select(GivenRemark.key))}
        seal(session, wave.id)
    with database.session() as session:
        assert not old & {*session.exec(select(Response.key)), *session.exec(select(GivenRemark.key))}
