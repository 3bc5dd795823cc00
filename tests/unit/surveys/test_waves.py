"""Waves: opened once whoever asks, with a copy of what they ask."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import func, select

from bot.storage.database import Database
from surveys.golives import GoLive, strata_of
from surveys.instruments import AskedQuestion, Instrument
from surveys.waves import Fielded, Wave, WaveState, instrument_of, open_wave, open_waves

ASKED = Instrument((AskedQuestion("clarity-1", "clarity", "Is it clear?", "agree5", (("1", "no"), ("5", "yes"))),))


def pulse(golive: GoLive, *, day: int = 2) -> Wave:
    closes = datetime(2027, 3, day + 1, 17, tzinfo=UTC)
    return Wave(golive_id=golive.id, on=date(2027, 3, day), phase="cutover", day=day - 1, closes=closes, reminder=False)


def test_a_wave_is_opened_once_whoever_asks(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        assert open_wave(session, pulse(golive), instruments={}) is not None
    with database.begin() as session:
        assert open_wave(session, pulse(golive), instruments={}) is None


def test_a_wave_that_was_there_fields_nothing_again(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        stratum = min(strata_of(session, golive.id))
        open_wave(session, pulse(golive), instruments={})
        open_wave(session, pulse(golive), instruments={stratum: ASKED})
        assert session.exec(select(func.count()).select_from(Fielded)).one() == 0


def test_a_wave_keeps_a_copy_of_what_it_asked(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        stratum = min(strata_of(session, golive.id))
        wave = open_wave(session, pulse(golive), instruments={stratum: ASKED})
    with database.session() as session:
        assert instrument_of(session, wave.id, stratum_id=stratum) == ASKED


def test_the_moment_of_closing_comes_back_with_its_zone(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        open_wave(session, pulse(golive), instruments={})
    with database.session() as session:
        assert session.exec(select(Wave.closes)).one() == datetime(2027, 3, 3, 17, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(database: Database, golive: GoLive) -> None:
    nowhere = pulse(golive).model_copy(update={"closes": datetime(2027, 3, 3, 17)})  # noqa: DTZ001  # the point
    with database.session() as session, pytest.raises(StatementError, match="an instant needs a zone"):
        open_wave(session, nowhere, instruments={})


def test_open_waves_come_oldest_first_and_without_the_sealed(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        for day in (4, 2, 3):
            open_wave(session, pulse(golive, day=day), instruments={})
        session.exec(select(Wave).where(Wave.on == date(2027, 3, 3))).one().state = WaveState.SEALED
    with database.session() as session:
        assert [wave.on.day for wave in open_waves(session, golive.id)] == [2, 4]
