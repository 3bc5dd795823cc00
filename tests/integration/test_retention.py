"""`pulse retention`: what would go and when, and the round itself; and what the round sweeps up beside its rules."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from adapters.chat import Card
from bot.delivery.contacts import Contact
from bot.keep import Keep
from bot.retention import due, keep_house, last_day, night_of, over
from bot.storage import transcript
from bot.storage.database import Database
from bot.storage.transcript import ChatMessage
from surveys import actions, questions
from tests.integration.command_line import Office, open_office
from tests.integration.conftest import SUNDAY, Clinic, Files

NEXT_NIGHT = SUNDAY.astimezone(UTC) + timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def accounts(session: Session) -> set[str]:
    return set(session.exec(select(Contact.account)))


def test_a_dry_run_says_how_long_how_many_and_when(office: Office) -> None:
    said = office.says("retention", "--dry-run")
    assert "people and contacts: kept 30 days; 0 would go now, the next on " in said
    assert "answers and figures: kept 400 days; 0 would go now, nothing after that" in said


def test_a_dry_run_leaves_everything(office: Office) -> None:
    before = office.says("audit")
    office.says("retention", "--dry-run")
    assert office.says("audit") == before


def test_a_round_with_nothing_to_do_says_so(office: Office) -> None:
    assert office.says("retention") == "Nothing was due.\n"


def test_days_that_make_no_sense_are_a_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_KEEP_TEXTS", "3")
    assert "PULSE_KEEP_TEXTS = '3'" in office.refused("retention", "--dry-run")


def test_how_long_can_be_set(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_KEEP_ANSWERS", "365")
    assert "answers and figures: kept 365 days" in office.says("retention", "--dry-run")


async def test_an_address_that_nobody_stands_behind_goes(loaded: Clinic) -> None:
    loaded.load(Files(loaded.files.folder, addresses={"Ana Ruiz": "memory:ana-new"}))
    made = await keep_house(loaded.database, Keep(), now=NEXT_NIGHT)
    with loaded.database.session() as session:
        assert "ana" not in accounts(session)
        assert "ana-new" in accounts(session)
    assert made.taken == {"addresses of nobody": 1}


async def test_a_chat_that_belongs_to_nobody_goes(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        transcript.put(session, "somebody-erased", "k", Card("Hello."))
        transcript.put(session, "ana", "k", Card("Hello."))
    await keep_house(loaded.database, Keep(), now=NEXT_NIGHT)
    with loaded.database.session() as session:
        assert set(session.exec(select(ChatMessage.account))) == {"ana"}


async def test_texts_of_a_destroyed_month_are_passed_over(loaded: Clinic) -> None:
    """A row that came back with a backup is no reason to stop."""
    day = SUNDAY.date()
    with loaded.database.begin() as session:
        row = actions.act(session, 1, text="A second printer.", today=day)
        actions.tell(session, 1, on=day)
    await keep_house(loaded.database, Keep(), now=NEXT_NIGHT + timedelta(days=400))
    with loaded.database.begin() as session:
        session.add(actions.Action(golive_id=1, text=row.text, on=day, told_on=day))
    with loaded.database.session() as session:
        assert actions.told(session, 1, on=day) == []
        assert questions.published(session, 1) == []


def test_nothing_is_due_that_is_as_old_as_allowed() -> None:
    keep = Keep(texts=30)
    end = last_day("1.2027-03")
    assert not over("1.2027-03", keep, today=end + timedelta(days=30))
    assert over("1.2027-03", keep, today=end + timedelta(days=31))


@pytest.mark.parametrize(("name", "end"), [("1.2027-12", "2027-12-31"), ("12.2028-02", "2028-02-29")])
def test_a_drawer_ends_with_its_month(name: str, end: str) -> None:
    assert last_day(name).isoformat() == end


@pytest.mark.parametrize(
    ("moment", "night"),
    [("2027-03-02T02:59+00:00", "2027-03-01"), ("2027-03-02T03:00+00:00", "2027-03-02")],
)
def test_the_round_is_made_at_three(moment: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(moment)).isoformat() == night


def test_with_nothing_loaded_nothing_is_due(clinic: Clinic) -> None:
    with clinic.database.session() as session:
        assert {one.rows for one in due(session, Keep(), now=NEXT_NIGHT, drawers=[])} == {0}
