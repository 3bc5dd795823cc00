"""What can go wrong around the bot: a locked or full disk, a database that leaves, clocks that jump, a pulled plug."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import tzdata
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import func, select

from bot.storage.database import OUTAGES, Database
from bot.storage.keys import Keys
from bot.storage.migrate import upgrade
from surveys.golives import GoLive
from surveys.responses import GivenAnswer, Response
from surveys.waves import Wave
from tests.integration.conftest import Clinic, moment

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
NOT_KEPT = "I could not keep that just now."
THANKS = "Thank you"


@pytest.fixture
def clinic_database(sqlite_templates: dict[str, str], keys: Keys, tmp_path: Path) -> Iterator[Database]:
    """One that waits for nobody for long."""
    path = shutil.copy(sqlite_templates["migrated"], tmp_path / "clinic.db")
    database = Database(f"sqlite:///{path}", keys=keys, patience=0.05)
    yield database
    database.close()


def path_of(clinic: Clinic) -> str:
    return str(clinic.database.engine.url.database)


async def test_an_answer_that_finds_the_database_locked_is_not_taken_for_kept(day_one: Clinic) -> None:
    other = sqlite3.connect(path_of(day_one))
    other.execute("BEGIN IMMEDIATE")
    refused = await day_one.answer("Ana Ruiz", id="press-1")
    other.rollback()
    other.close()
    assert NOT_KEPT in refused.text
    assert day_one.rows(Response) == 0


async def test_the_same_press_is_kept_once_the_database_is_free_again(day_one: Clinic) -> None:
    other = sqlite3.connect(path_of(day_one))
    other.execute("BEGIN IMMEDIATE")
    await day_one.answer("Ana Ruiz", id="press-1")
    other.rollback()
    other.close()
    kept = await day_one.answer("Ana Ruiz", id="press-1")
    assert THANKS in kept.text
    assert day_one.rows(Response) == 1


def fill(database: Database, *, room: int) -> None:
    """Let the disk have room for so many pages more."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    database.engine.dispose()  # so that what follows is a new connection's

    @event.listens_for(database.engine, "connect")
    def bound(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + room}")


async def test_on_a_full_disk_what_was_confirmed_is_there_and_the_rest_is_said_not_to_be(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 17:05")
    fill(loaded.database, room=0)
    answers = [(await loaded.answer(name, text="x" * 1000)).text for name in everybody(loaded)]
    kept = sum(THANKS in answer for answer in answers)
    assert all((THANKS in answer) or (NOT_KEPT in answer) for answer in answers)
    assert kept < len(answers)
    assert loaded.rows(Response) == kept


async def test_an_hour_of_clock_jumps_both_ways_sends_nobody_two_prompts(loaded: Clinic) -> None:
    noon = moment("2027-03-01 17:05")
    for hours in (0, 1, -1, 0, 2, 1, 3):
        loaded.clock.set(noon + timedelta(hours=hours))
        await loaded.bot.tick()
    prompts = [card for name in everybody(loaded) for card in loaded.offering(name, "answer")]
    assert len(prompts) == len(everybody(loaded))


def everybody(clinic: Clinic) -> list[str]:
    return [name for names in clinic.files.teams.values() for name in names]


@pytest.fixture
def other_rules(tmp_path: Path) -> Iterator[None]:
    """Suddenly New York keeps the time of Los Angeles: as if a machine had got new time-zone data."""
    source = Path(zoneinfo.TZPATH[0]) if zoneinfo.TZPATH else None
    if source is None or not (source / "America" / "Los_Angeles").exists():
        source = Path(tzdata.__file__).parent / "zoneinfo"
    (tmp_path / "America").mkdir()
    shutil.copy(source / "America" / "Los_Angeles", tmp_path / "America" / "New_York")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path), *before])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()


async def test_new_time_zone_data_in_the_middle_of_a_day_asks_nobody_twice(day_one: Clinic, other_rules: None) -> None:
    day_one.clock.set(day_one.clock.now() + timedelta(hours=4))
    await day_one.bot.tick()
    prompts = [card for name in everybody(day_one) for card in day_one.offering(name, "answer")]
    assert len(prompts) == len(everybody(day_one))


def test_a_migration_that_is_cut_off_leaves_the_schema_as_it_was(empty_url: str, keys: Keys) -> None:
    database = Database(empty_url, keys=keys)
    statements = 0

    @event.listens_for(database.engine, "before_cursor_execute")
    def cut(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == 25:
            raise OperationalError("CREATE TABLE", None, Exception("the power is gone"))

    with pytest.raises(OperationalError):
        upgrade(database)
    assert inspect(database.engine).get_table_names() == []
    assert upgrade(database)
    assert "participant" in inspect(database.engine).get_table_names()
    database.close()


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_server_that_ends_all_connections_is_found_again(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        session.execute(text("SELECT 1"))
    with database.engine.connect() as connection, suppress(*OUTAGES):
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
        )
    with database.session() as session:
        assert session.get(GoLive, golive.id) is not None


CUTS = 12


@pytest.mark.parametrize("engine_name", ["sqlite"])  # PostgreSQL looks after its own files
def test_files_taken_at_any_moment_open_whole_with_every_answer_that_was_confirmed(
    database: Database, wave: Wave, tmp_path: Path
) -> None:
    """As after a power cut: the process stands still while its files are copied, the log with them."""
    path, confirmed = Path(str(database.engine.url.database)), tmp_path / "confirmed"
    command = [sys.executable, str(Path(__file__).with_name("answering.py")), str(path), str(tmp_path / "keys")]
    running = subprocess.Popen([*command, str(confirmed)], env=ENVIRONMENT, cwd=ROOT)
    taken: list[tuple[Path, int]] = []
    try:
        for number in range(CUTS):
            while not confirmed.exists() or confirmed.stat().st_size < 20 * (number + 1) + random.randrange(20):
                assert running.poll() is None
                time.sleep(0.001)
            running.send_signal(signal.SIGSTOP)
            taken.append((copied(path, tmp_path / str(number)), confirmed.stat().st_size))
            running.send_signal(signal.SIGCONT)
    finally:
        running.kill()
        running.wait()
    for copy, least in taken:
        found = Database(f"sqlite:///{copy}", keys=database.keys)
        with found.begin() as session:  # it goes on being written to as well
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert session.exec(select(func.count()).select_from(Response)).one() >= least
            assert session.exec(select(func.count()).select_from(GivenAnswer)).one() >= least
            session.delete(session.exec(select(GivenAnswer).limit(1)).one())
        found.close()


def copied(path: Path, folder: Path) -> Path:
    folder.mkdir()
    for file in path.parent.glob("pulse.db*"):
        if not file.name.endswith("-shm"):  # lies in memory
            shutil.copy(file, folder / file.name)
    return folder / path.name
