"""`pulse export`: what is held about a person, and not a hint of whether they answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.export import export
from bot.storage.database import Database
from surveys import roster
from tests.integration.command_line import Office, open_office
from tests.integration.conftest import SUNDAY, Clinic

ANA = "Ana Ruiz"


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def held(clinic: Clinic, person: str = ANA) -> dict[str, Any]:
    with clinic.database.begin() as session:
        return export(session, person, now=SUNDAY)


def test_it_is_json_for_the_person(tmp_path: Path) -> None:
    office: Office = open_office(tmp_path)
    told = json.loads(office.says("export", "web:ana"))
    assert told["go_lives"][0]["roster"]["name"] == ANA
    assert told["go_lives"][0]["contact"]["account"] == "ana"


def test_it_says_why_answers_are_not_in_it(loaded: Clinic) -> None:
    assert "Nobody can tell which are yours" in held(loaded)["answers"]


def test_wishes_and_leave_are_in_it(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        roster.take_leave(session, 1, first=SUNDAY.date(), last=SUNDAY.date())
        roster.pause(session, 1, until=SUNDAY.date())
        roster.opt_out(session, 1)
    wishes = held(loaded)["go_lives"][0]["wishes"]
    day = SUNDAY.date().isoformat()
    assert wishes == {
        "no_pulses": True,
        "paused_until": day,
        "quiet_hours": [],
        "leave": [{"first": day, "last": day, "said_by": "you"}],
    }


async def test_an_open_pulse_is_named_by_its_day(day_one: Clinic) -> None:
    assert held(day_one)["go_lives"][0]["asked_in_open_pulses"] == ["2027-03-01"]


async def test_whether_somebody_answered_changes_nothing(day_one: Clinic) -> None:
    before = held(day_one)
    await day_one.answer("Ana", text="The labels curl.")
    assert held(day_one) == before


async def test_whether_somebody_was_reminded_changes_nothing(day_one: Clinic) -> None:
    before = held(day_one)
    await day_one.at("2027-03-02 09:05")
    assert held(day_one) == before


async def test_whether_somebody_asked_changes_nothing(day_one: Clinic) -> None:
    before = held(day_one)
    await day_one.asks("Ana", "Where is the queue?")
    assert held(day_one) == before


async def test_a_lead_gets_the_days_of_their_letters(day_one: Clinic) -> None:
    await day_one.at("2027-03-02 12:05")
    told = held(day_one, "Lead")["go_lives"][0]
    assert told["reads"] == {"as": "lead", "name": "Lead"}
    assert {"kind": "digest", "day": "2027-03-02"} in told["letters"]


def test_a_former_lead_without_an_address_got_no_letters_that_we_know_of(loaded: Clinic) -> None:
    loaded.files.leads = ("other",)
    loaded.load()
    letters = [told["letters"] for told in held(loaded, "Lead")["go_lives"] if "letters" in told]
    assert letters == [[]]


def test_an_unknown_person_is_a_sentence(tmp_path: Path) -> None:
    assert "is not on any roster" in open_office(tmp_path).refused("export", "Nobody Here")


def test_it_is_in_the_audit_log_by_number(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    office.says("export", ANA)
    shown = office.says("audit")
    assert "administrator: person exported, participant 1" in shown
    assert "Ana" not in shown
