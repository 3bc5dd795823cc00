"""`pulse erase`: whom it takes out, whom it refuses to, and what it says of what stays."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.audit import Act, entries
from bot.delivery.contacts import Contact
from bot.delivery.drain import Fate, Outgoing, write_down
from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState, Mark
from bot.erasure import StillReads, erase
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.whom import NobodyMeant, standings
from surveys.roster import Participant, Reader
from tests.integration.command_line import Office, open_office
from tests.integration.conftest import SUNDAY, Clinic, Files


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def names(clinic: Clinic) -> set[str]:
    with clinic.database.session() as session:
        return set(session.exec(select(Participant.name)))


def erased(clinic: Clinic, person: str) -> None:
    with clinic.database.begin() as session:
        erase(session, person, now=SUNDAY)


def test_it_says_what_went_and_what_stays(office: Office) -> None:
    said = office.says("erase", "Ana Ruiz")
    assert "Answers and questions cannot be taken out, because nobody can tell whose they are" in said
    assert "Backups made before now still hold what was erased." in said


def test_it_says_the_same_of_whoever_answered_and_of_whoever_did_not(office: Office) -> None:
    one, other = office.says("erase", "Ana Ruiz"), office.says("erase", "Ben Okafor")
    assert one == other


def test_the_files_hold_neither_name_nor_account(office: Office) -> None:
    office.says("erase", "web:ana")
    kept = b"".join(path.read_bytes() for path in office.folder.glob("pulse.*"))
    assert b"Ana Ruiz" not in kept
    assert b"ben" in kept


def test_loading_the_roster_again_says_so_in_one_sentence(office: Office) -> None:
    office.says("erase", "Ana Ruiz")
    assert "Note: 1 person on the roster was erased before and left out" in office.says("load", office.golive)


def test_whoever_wants_to_be_asked_again_can_be(office: Office) -> None:
    office.says("erase", "Ana Ruiz")
    assert "Taken back." in office.says("erase", "web:ana", "--undo")
    assert "12 people; 1 new" in office.says("load", office.golive)


def test_what_was_never_erased_cannot_be_taken_back(office: Office) -> None:
    assert "was never erased here" in office.refused("erase", "web:ana", "--undo")


def test_an_unknown_name_is_refused(office: Office) -> None:
    assert '"Nobody Here" is not on any roster.' in office.refused("erase", "Nobody Here")


def test_without_a_roster_it_says_what_to_do_first(tmp_path: Path) -> None:
    assert "pulse load golive.toml" in Office(tmp_path, "").refused("erase", "Ana Ruiz")


def test_it_is_in_the_audit_log_by_number(office: Office) -> None:
    office.says("erase", "Ana Ruiz")
    shown = office.says("audit")
    assert "administrator: person erased, participant" in shown
    assert "Ana" not in shown


def test_a_lead_is_erased_only_when_another_is_named(loaded: Clinic) -> None:
    with pytest.raises(StillReads, match="leads Northstar"):
        erased(loaded, "memory:lead")


def test_a_former_lead_stays_a_number(loaded: Clinic) -> None:
    loaded.files.leads = ("other",)
    loaded.load()
    erased(loaded, "memory:lead")
    with loaded.database.session() as session:
        readers = {reader.name for reader in session.exec(select(Reader))}
        assert session.exec(select(Contact).where(Contact.account == "lead")).all() == []
    assert readers - {"Other"} <= {"Lead", *(name for name in readers if name.startswith("former"))}
    erased(loaded, "Lead")
    with loaded.database.session() as session:
        assert "Lead" not in set(session.exec(select(Reader.name)))


def test_somebody_who_has_left_the_roster_is_found_by_name(loaded: Clinic) -> None:
    loaded.files.teams = {**loaded.files.teams, "Front desk": loaded.files.teams["Front desk"][1:]}
    loaded.load()
    erased(loaded, "Ana Ruiz")
    assert "Ana Ruiz" not in names(loaded)


def test_one_person_in_two_golives_is_erased_from_both(clinic: Clinic, tmp_path: Path) -> None:
    clinic.load()
    clinic.load(Files(tmp_path / "second", system="Southstar"))
    erased(clinic, "memory:ana")
    with clinic.database.session() as session:
        assert session.exec(select(Participant).where(Participant.name == "Ana Ruiz")).all() == []
        assert sum(entry.act == Act.ERASED for entry in entries(session)) == 2


def test_two_people_of_one_name_are_told_apart_by_address(clinic: Clinic, tmp_path: Path) -> None:
    clinic.load()
    clinic.load(Files(tmp_path / "second", system="Southstar", addresses={"Ana Ruiz": "memory:ana-two"}))
    with clinic.database.session() as session, pytest.raises(NobodyMeant, match="memory:ana, memory:ana-two"):
        standings(session, "Ana Ruiz")
    erased(clinic, "memory:ana-two")
    assert "Ana Ruiz" in names(clinic)


async def test_the_bot_goes_on_as_if_they_had_never_been_there(day_one: Clinic) -> None:
    erased(day_one, "Ana Ruiz")
    assert "welcome" not in (await day_one.says("Ana", "help")).text
    await day_one.at("2027-03-02 17:05")
    assert len(day_one.offering("Ben", "answer")) > len(day_one.offering("Ana", "answer"))


def test_keys_are_needed_to_know_an_address_again(office: Office) -> None:
    office.says("erase", "Ana Ruiz")
    open_keychain(office.keys).change(lambda keys: replace(keys, erased=b"another"))
    assert "12 people; 1 new" in office.says("load", office.golive)


async def test_a_message_that_was_on_its_way_stops_nobody(day_one: Clinic) -> None:
    with day_one.database.session() as session:
        on_its_way = session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.PROMPT)).first()
        assert on_its_way is not None
        contact = session.get_one(Contact, on_its_way.contact_id)
    erased(day_one, contact.address.platform + ":" + contact.account)
    refused = Mark.of(on_its_way, state=DeliveryState.FAILED, reason="account_inactive")
    outgoing = Outgoing(on_its_way, contact, Card(""), before=None, until=0.0)
    await day_one.database.transact(write_down, [Fate(outgoing, refused, gone=True)])
    await day_one.at("2027-03-02 17:05")


@pytest.mark.slow
def test_while_another_program_reads_the_file_it_says_that_old_pages_stay(office: Office) -> None:
    reader = sqlite3.connect(office.folder / "pulse.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM contact").fetchall()
    assert "End it, then run pulse retention." in office.says_all("erase", "Ana Ruiz")
    reader.close()
    assert "End it" not in office.says_all("retention")
    kept = b"".join(path.read_bytes() for path in office.folder.glob("pulse.*"))
    assert b"Ana Ruiz" not in kept
