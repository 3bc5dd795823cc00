"""Answers, remarks and questions lead to nobody: no foreign-key path to a person, and no moment in time.

To see it fail: give `surveys.responses.Response` a `participant_id` with a foreign key, or a `datetime` column.
"""

from datetime import date, datetime, time

import pytest
from sqlalchemy import String, Table, inspect
from sqlmodel.sql.sqltypes import AutoString

from bot.storage.database import Database
from bot.storage.migrate import metadata

ANONYMOUS = ("response", "answer", "remark", "question")
PEOPLE = {
    *("participant", "contact", "reader", "invitation", "leave", "delivery", "chat_message", "member"),
    *("dashboard_link", "dashboard_session"),
}


def reached(table: str) -> set[str]:
    """Every table that foreign keys lead to from here, in the code and however many steps away."""
    seen: set[str] = set()
    ahead = [table]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [key.column.table.name for key in metadata().tables[here].foreign_keys]
    return seen


def reached_in(database: Database, table: str) -> set[str]:
    """The same in the database as it was migrated."""
    found = inspect(database.engine)
    seen: set[str] = set()
    ahead = [table]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [key["referred_table"] for key in found.get_foreign_keys(here)]
    return seen


def moments(table: Table) -> list[str]:
    return [column.name for column in table.columns if issubclass(column.type.python_type, date | datetime | time)]


@pytest.mark.parametrize("table", ANONYMOUS)
def test_no_path_leads_from_here_to_a_person(table: str) -> None:
    assert not reached(table) & PEOPLE


@pytest.mark.parametrize("table", ANONYMOUS)
def test_no_path_leads_to_a_person_in_the_real_schema_either(database: Database, table: str) -> None:
    assert not reached_in(database, table) & PEOPLE


@pytest.mark.parametrize("table", ANONYMOUS)
def test_nothing_about_a_person_points_here(table: str) -> None:
    """The other direction would link them as well: an invitation that named its response."""
    assert not {name for name in PEOPLE if reached(name) & {table}}


def test_only_a_question_has_a_date_and_nothing_has_a_time() -> None:
    assert {name: moments(metadata().tables[name]) for name in ANONYMOUS} == {
        "response": [], "answer": [], "remark": [], "question": ["day", "replied_on"]
    }  # fmt: skip


def test_those_dates_hold_no_hour() -> None:
    columns = [metadata().tables["question"].columns[name] for name in ("day", "replied_on")]
    assert not any(issubclass(column.type.python_type, datetime) for column in columns)


@pytest.mark.parametrize("table", ["invitation", "turnout", "chat_message", "member", "published_figure"])
def test_when_somebody_answered_is_written_nowhere(table: str) -> None:
    assert moments(metadata().tables[table]) == []


@pytest.mark.parametrize("table", ["response", "remark", "question", "invitation"])
def test_keys_are_random_and_count_nothing(table: str) -> None:
    (key,) = metadata().tables[table].primary_key.columns
    assert isinstance(key.type, String | AutoString)


def test_what_is_left_of_invitations_is_counts_alone() -> None:
    assert set(metadata().tables["turnout"].columns.keys()) == {
        "wave_id", "stratum_id", "invited", "complete", "partial", "refused", "unreachable", "expired",
        "members", "joined", "departed",
    }  # fmt: skip


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("table", [*ANONYMOUS, "invitation"])
def test_sqlite_keeps_no_row_numbers_that_would_tell_the_order(database: Database, table: str) -> None:
    with database.engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar_one()
    assert made.rstrip().endswith("WITHOUT ROWID")
