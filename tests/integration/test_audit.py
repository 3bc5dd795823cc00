"""`pulse audit`: what administrators and leads did, and code 2 as soon as something is wrong with the log."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.anchor import what_is_wrong
from bot.audit import Act, AuditEntry, entries
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from tests.integration.command_line import Office, open_office
from tests.integration.conftest import Clinic


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def change(office: Office, statement: str) -> None:
    database = Database(office.url, keys=open_keychain(office.keys))
    with database.begin() as session:
        session.execute(text(statement))
    database.close()


def test_loading_is_written_down_with_the_minimum(office: Office) -> None:
    shown = office.says("audit")
    assert "administrator: go-live loaded, go-live 1 (12)" in shown
    assert "administrator: group minimum set, go-live 1 (5)" in shown
    assert "The audit log is whole." in shown


def test_loading_again_says_nothing_new_about_the_minimum(office: Office) -> None:
    office.says("load", office.golive)
    assert office.says("audit").count("group minimum set") == 1


def test_a_moved_date_is_written_down(office: Office) -> None:
    path = Path(office.golive)
    content = path.read_text()
    day = next(line for line in content.splitlines() if line.startswith("date"))
    path.write_text(content.replace(day, day[:-2] + "15" if not day.endswith("15") else day[:-2] + "16"))
    office.says("load", office.golive)
    assert "go-live moved" in office.says("audit")


def test_a_printed_link_is_written_down_without_the_name(office: Office) -> None:
    office.says("link", "Ana Ruiz")
    shown = office.says("audit")
    assert "administrator: link printed, contact" in shown
    assert "ana" not in shown.casefold()


def test_an_entry_that_was_changed_is_named_with_code_2(office: Office) -> None:
    change(office, "UPDATE audit SET count = 11 WHERE number = 1")
    assert "Entry 1 of the audit log is not as it was written." in office.refused("audit")


def test_without_the_file_beside_the_keys_nobody_vouches_for_the_end(office: Office) -> None:
    (office.folder / "pulse.audit").unlink()
    assert "is missing or damaged" in office.refused("audit")


def test_after_a_backup_was_put_back_an_administrator_may_go_on(office: Office) -> None:
    change(office, "DELETE FROM audit WHERE number = 2")
    office.refused("audit")
    assert "audit continued" in office.says("audit", "--accept")
    assert "The audit log is whole." in office.says("audit")


def test_a_changed_entry_cannot_be_accepted(office: Office) -> None:
    change(office, "UPDATE audit SET count = 11 WHERE number = 1")
    office.refused("audit", "--accept")


async def test_what_a_lead_does_with_a_question_is_written_down(day_one: Clinic) -> None:
    for n, name in enumerate(("Ana", "Ben", "Cleo")):
        await day_one.asks(name, f"Where is queue {'abc'[n]}?")
    await day_one.at("2027-03-02 12:05")
    card = day_one.offering("lead", "reply")[0]
    await day_one.submits("lead", "reply", ref=card.ref, reply="On the left.")
    with day_one.database.session() as session:
        last = session.exec(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.role, last.act, last.kind, f"question:{last.subject}") == (
        "lead",
        Act.REPLIED,
        "question",
        card.ref,
    )


def test_where_the_file_cannot_be_written_the_deed_stands_and_the_next_one_catches_up(office: Office) -> None:
    database = Database(office.url, keys=open_keychain(office.keys))
    where = office.folder / "pulse.audit"
    where.unlink()
    where.mkdir()  # nothing can be put there
    office.says("link", "Ana Ruiz")
    where.rmdir()
    office.says("link", "Ben Okafor")
    with database.session() as session:
        assert len(entries(session)) == 4
        assert what_is_wrong(session, database.ledger) == ""
    database.close()
