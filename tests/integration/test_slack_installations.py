"""Installs of the Slack app as the bot keeps them: found, replaced, removed, unreadable for whoever gets the file."""

import pytest
from sqlalchemy import text

from adapters.slack.installations import Installation, Installations, MemoryInstallations
from bot.storage.database import Database
from bot.storage.slack_installations import DatabaseInstallations

CLINIC = Installation("T1", "xoxb-clinic-secret", team="T1", bot="UB1", scopes=("chat:write", "commands"))
GROUP = Installation("E1", "xoxb-group-secret", enterprise="E1", bot="UB2")


@pytest.fixture(params=["memory", "database"])
def installations(request: pytest.FixtureRequest) -> Installations:
    if request.param == "memory":
        return MemoryInstallations()
    return DatabaseInstallations(request.getfixturevalue("database"))


@pytest.fixture
def engine_name() -> str:
    return "sqlite"  # rows and nothing else: the migrations are tried on both


async def test_what_was_installed_is_found_as_it_was(installations: Installations) -> None:
    await installations.save(CLINIC)
    await installations.save(GROUP)
    assert (await installations.find("T1"), await installations.find("E1")) == (CLINIC, GROUP)


async def test_another_workspace_is_not_found(installations: Installations) -> None:
    await installations.save(CLINIC)
    assert await installations.find("T2") is None


async def test_a_second_install_takes_the_place_of_the_first(installations: Installations) -> None:
    await installations.save(CLINIC)
    again = Installation("T1", "xoxb-new", team="T1")
    await installations.save(again)
    assert await installations.find("T1") == again


async def test_where_there_is_only_one_nobody_needs_to_name_it(installations: Installations) -> None:
    await installations.save(CLINIC)
    assert await installations.find("") == CLINIC
    await installations.save(GROUP)
    assert await installations.find("") is None


async def test_what_was_removed_is_gone(installations: Installations) -> None:
    await installations.save(CLINIC)
    await installations.remove("T1")
    await installations.remove("T1")
    assert await installations.find("T1") is None


async def test_the_database_holds_no_token_in_clear(database: Database) -> None:
    await DatabaseInstallations(database).save(CLINIC)
    with database.engine.connect() as connection:
        rows = [bytes(row[0]) for row in connection.execute(text("SELECT token FROM slack_installation"))]
    assert rows
    assert not any(b"xoxb" in row for row in rows)


def test_a_token_is_not_shown_where_an_installation_is() -> None:
    assert "secret" not in repr(CLINIC)
