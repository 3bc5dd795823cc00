"""The schema: made from nothing, the same as the tables in the code, up and down again, and never from the future."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.storage.database import Database
from bot.storage.keys import Keys
from bot.storage.migrate import DatabaseTooNew, configuration, metadata, upgrade


@pytest.fixture
def empty(empty_url: str, keys: Keys) -> Iterator[Database]:
    database = Database(empty_url, keys=keys)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def downgrade(database: Database) -> None:
    config = configuration()
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def test_from_nothing_every_table_is_made(empty: Database) -> None:
    upgrade(empty)
    assert tables(empty) - {"alembic_version"} == set(metadata().tables)


def test_the_migrations_make_what_the_code_declares(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_every_constraint_has_a_name(empty: Database) -> None:
    upgrade(empty)
    found = inspect(empty.engine)
    named = [
        constraint["name"]
        for table in metadata().tables
        for constraint in [*found.get_foreign_keys(table), *found.get_unique_constraints(table)]
    ]
    assert all(named)


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    before = tables(empty)
    upgrade(empty)
    assert tables(empty) == before


def test_down_and_up_again(empty: Database) -> None:
    upgrade(empty)
    downgrade(empty)
    assert tables(empty) == {"alembic_version"}
    upgrade(empty)
    assert set(metadata().tables) <= tables(empty)


def test_a_database_from_a_newer_version_is_refused(empty: Database) -> None:
    upgrade(empty)
    with empty.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="newer version"):
        upgrade(empty)


def test_an_upgrade_that_fails_half_way_leaves_nothing(empty: Database) -> None:
    """The last table but one is in the way: all that came before it is taken back."""
    with empty.begin() as session:
        session.execute(text("CREATE TABLE delivery (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty)
    assert tables(empty) <= {"delivery", "alembic_version"}
