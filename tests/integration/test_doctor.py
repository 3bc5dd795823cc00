"""`pulse doctor`: a line for each thing it looked at, what to do about it, and code 2 when it is broken."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.doctor import Finding, Level, examine, room
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.storage.keys import read, write
from surveys import actions
from tests.integration.command_line import DAY, Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def now() -> datetime:
    return datetime.now(UTC)


def found(office: Office, *, at: datetime | None = None, **settings: str) -> list[Finding]:
    own = {"database_url": office.url, "keys": str(office.keys)}
    return examine(Settings(**(own | settings)), now=at or now())


def wrong(findings: list[Finding]) -> list[tuple[Level, str]]:
    return [(finding.level, finding.what) for finding in findings if finding.level != Level.OK]


def change(office: Office, statement: str) -> None:
    database = Database(office.url, keys=open_keychain(office.keys))
    with database.begin() as session:
        session.execute(text(statement))
    database.close()


def test_a_healthy_office_is_well(office: Office) -> None:
    assert wrong(found(office)) == []


def test_every_line_says_how_it_is(office: Office) -> None:
    lines = office.says("doctor").splitlines()
    assert all(line.startswith(tuple(level.value for level in Level)) for line in lines)
    assert len(lines) >= 7


def test_what_is_wrong_comes_with_what_to_do(office: Office) -> None:
    office.keys.chmod(0o644)
    assert all(finding.mend for finding in found(office) if finding.level != Level.OK)


def test_a_new_machine_is_not_broken(tmp_path: Path) -> None:
    said = Office(tmp_path, "").says("doctor")
    assert "The first start draws them." in said
    assert list(tmp_path.iterdir()) == []


def test_missing_keys_are_broken_where_there_is_a_database(office: Office) -> None:
    office.keys.unlink()
    assert "pulse.keys is missing. Put your copy back" in office.refused("doctor")


def test_damaged_keys_are_broken(office: Office) -> None:
    office.keys.write_text("{")
    assert "cannot be read" in office.refused("doctor")


def test_keys_that_others_may_read_are_broken(office: Office) -> None:
    office.keys.chmod(0o640)
    assert "chmod 600" in office.refused("doctor")


def test_old_keys_are_worth_a_look(office: Office) -> None:
    write(office.keys, replace(read(office.keys), drawn=date(2020, 1, 1)))
    assert "pulse keys rotate draws new ones." in office.says("doctor")


def test_an_unfinished_rotation_is_worth_a_look(office: Office) -> None:
    keys = read(office.keys)
    write(office.keys, replace(keys, texts=(*keys.texts, *keys.texts)))
    assert "a rotation was begun and not finished" in office.says("doctor")


@pytest.mark.parametrize("name", ["backup.sqlite", "pulse.keys.old"])
def test_a_backup_beside_the_keys_is_worth_a_look(office: Office, name: str) -> None:
    shutil.copy(office.folder / ("pulse.db" if name.startswith("backup") else "pulse.keys"), office.folder / name)
    assert f"{name} lies in the folder of the key file" in office.says("doctor")


def test_a_missing_key_of_a_month_is_broken(office: Office) -> None:
    database = Database(office.url, keys=open_keychain(office.keys))
    with database.begin() as session:
        actions.act(session, 1, text="A second printer.", today=DAY)
    database.close()
    write(office.keys, replace(read(office.keys), drawers=()))
    assert f"no key opens 1.{DAY:%Y-%m}" in office.refused("doctor")


def test_a_broken_audit_log_is_broken(office: Office) -> None:
    change(office, "DELETE FROM audit WHERE number = 1")
    assert "Entry 1 of the audit log is missing." in office.refused("doctor")


def test_people_whom_nobody_can_reach_are_counted(office: Office) -> None:
    change(office, "UPDATE contact SET participant_id = NULL WHERE account = 'ana'")
    assert "1 of 12 people of Northstar have no contact" in office.says("doctor")


def test_a_database_from_the_future_is_broken(office: Office) -> None:
    change(office, "UPDATE alembic_version SET version_num = '9999'")
    assert "a newer version wrote it" in office.refused("doctor")


def test_an_older_schema_is_worth_a_look(office: Office) -> None:
    change(office, "DELETE FROM alembic_version")
    assert "The next start brings it up to date." in office.says("doctor")


def test_a_database_that_is_none_is_broken(office: Office) -> None:
    (office.folder / "pulse.db").write_text("This is no database, however one looks at it." * 99)
    assert "Database: it cannot be reached" in office.refused("doctor")


def test_a_clock_that_was_never_set_is_broken(office: Office) -> None:
    findings = wrong(found(office, at=datetime(1970, 1, 1, tzinfo=UTC)))
    assert (Level.BROKEN, "Clock: it shows 1970-01-01.") in findings


def test_a_clock_that_went_back_is_worth_a_look(office: Office) -> None:
    findings = wrong(found(office, at=now() - timedelta(days=3)))
    assert any(level == Level.LOOK and "which is still to come" in what for level, what in findings)


def test_the_open_net_without_tls_is_worth_a_look(office: Office) -> None:
    assert any("without TLS" in what for _, what in wrong(found(office, host="0.0.0.0")))
    assert wrong(found(office, host="0.0.0.0", public_url="https://pulse.example.org")) == wrong(found(office))


@pytest.mark.parametrize(("free", "level"), [(10**10, Level.OK), (4 * 10**8, Level.LOOK), (4 * 10**7, Level.BROKEN)])
def test_little_room_is_said(free: int, level: Level, tmp_path: Path) -> None:
    assert room(free, tmp_path).level == level


def test_postgres_that_keeps_old_rows_is_explained(postgres_url: str, tmp_path: Path) -> None:
    said = examine(Settings(database_url=postgres_url, keys=tmp_path / "pulse.keys"), now=now())
    told = {finding.what: finding for finding in said}
    assert "Database can be reached, and its schema is up to date." in told
    assert told["PostgreSQL: wal_recycle is on."].mend


def test_postgres_that_does_not_run_is_broken(tmp_path: Path) -> None:
    said = examine(
        Settings(database_url=f"postgresql://nobody@/none?host={tmp_path}", keys=tmp_path / "pulse.keys"), now=now()
    )
    assert any(finding.level == Level.BROKEN and "cannot be reached" in finding.what for finding in said)
