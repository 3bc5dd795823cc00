"""Backups, putting them back, and moving to another engine: whole, compared, and nobody erased comes back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from bot import erasure
from bot.anchor import what_is_wrong
from bot.backup import NoBackup, back_up, reading, restore
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.erasure import is_erased
from bot.move import move
from bot.settings import Settings
from bot.storage.alone import AlreadyRunning, alone
from bot.storage.copying import NotEmpty, copy_rows, sums
from bot.storage.database import Database
from bot.storage.keychain import open_keychain, without_drawer
from bot.storage.keys import Keys
from bot.storage.migrate import MovedAway, upgrade
from surveys.golives import GoLive
from surveys.questions import Question, ask
from surveys.receipts import draw
from surveys.roster import Participant
from surveys.waves import Wave
from tests.integration.command_line import Office, open_office

NOW = datetime(2027, 3, 2, 1, tzinfo=UTC)
PEPPER = b"0" * 32


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def everything(database: Database) -> dict[str, str]:
    with reading(database) as connection:
        return {name: one.digest for name, one in sums(connection).items() if name != "audit"}


def names(session: Session) -> set[str]:
    return set(session.exec(select(Participant.name)))


def test_a_backup_put_back_is_what_was_there(database: Database, wave: Wave, backup: Path) -> None:
    before = everything(database)
    back_up(database, backup)
    with database.begin() as session:
        for delivery in session.exec(select(Delivery)):
            session.delete(delivery)
    assert everything(database) != before
    restored = restore(database, backup, now=NOW)
    assert everything(database) == before
    assert restored.sums["delivery"].rows > 0


def test_rows_written_after_a_backup_was_put_back_get_numbers_of_their_own(
    database: Database, wave: Wave, backup: Path
) -> None:
    back_up(database, backup)
    restore(database, backup, now=NOW)
    with database.begin() as session:
        contact = Contact(golive_id=wave.golive_id, platform="memory", account="somebody-new")
        session.add(contact)
        session.flush()
        assert session.exec(select(func.count()).where(col(Contact.id) == contact.id)).one() == 1


def test_the_audit_log_is_whole_after_a_backup_was_put_back_and_says_so(
    database: Database, golive: GoLive, backup: Path
) -> None:
    back_up(database, backup)
    restore(database, backup, now=NOW)
    with database.session() as session:
        assert what_is_wrong(session, database.ledger) == ""


def test_who_was_erased_since_does_not_come_back(database: Database, golive: GoLive, backup: Path) -> None:
    with database.session() as session:
        person, contact = session.exec(
            select(Participant, Contact).join(Contact, col(Contact.participant_id) == col(Participant.id)).limit(1)
        ).one()
    back_up(database, backup)
    with database.begin() as session:
        erasure.erase(session, str(contact.address), now=NOW)
    restored = restore(database, backup, now=NOW)
    assert restored.erased == 1
    with database.session() as session:
        assert person.name not in names(session)
        assert is_erased(session, golive, str(contact.address))


def test_texts_whose_key_was_destroyed_since_do_not_come_back(database: Database, golive: GoLive, backup: Path) -> None:
    with database.begin() as session:
        ask(
            session,
            golive_id=golive.id or 0,
            text="Who signs the referrals now?",
            receipt=draw(b"0" * 32),
            today=NOW.date(),
        )
    back_up(database, backup)
    for name, _ in database.keys.drawers:
        database.keychain.change(lambda keys, name=name: without_drawer(keys, drawer=name))
    restored = restore(database, backup, now=NOW)
    with database.session() as session:
        assert (restored.texts, session.exec(select(func.count()).select_from(Question)).one()) == (1, 0)


def test_a_backup_never_writes_over_a_file(database: Database, backup: Path) -> None:
    backup.write_text("something else")
    with pytest.raises(NoBackup, match="is there already"):
        back_up(database, backup)
    assert backup.read_text() == "something else"


def test_only_its_owner_may_read_a_backup(database: Database, backup: Path) -> None:
    back_up(database, backup)
    assert backup.stat().st_mode & 0o777 == 0o600


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 400)


def test_what_is_no_whole_backup_is_refused_and_nothing_changes(
    database: Database, golive: GoLive, tmp_path: Path, keys: Keys
) -> None:
    before = everything(database)
    for number, spoil in enumerate((cut, scribble, Path.unlink)):
        path = tmp_path / f"{number}.db"
        back_up(database, path)
        spoil(path)
        with pytest.raises(NoBackup, match="Nothing was changed"):
            restore(database, path, now=NOW)
    assert everything(database) == before


def test_a_backup_whose_keys_are_not_here_is_refused(
    database: Database, golive: GoLive, backup: Path, tmp_path: Path
) -> None:
    with database.begin() as session:
        ask(
            session,
            golive_id=golive.id or 0,
            text="Who signs the referrals now?",
            receipt=draw(b"0" * 32),
            today=NOW.date(),
        )
    back_up(database, backup)
    elsewhere = Database(f"sqlite:///{tmp_path / 'elsewhere.db'}", keys=open_keychain(tmp_path / "other.keys"))
    upgrade(elsewhere)
    with pytest.raises(NoBackup, match="put its key file back"):
        restore(elsewhere, backup, now=NOW)
    elsewhere.close()


@pytest.fixture
def office(tmp_path: Path, keys: Keys) -> Settings:
    """Settings whose key file holds the keys of the tests' databases."""
    path = tmp_path / "office.keys"
    open_keychain(path).change(lambda _: keys)
    return Settings(keys=path)


@pytest.fixture
def leaving(database: Database, wave: Wave) -> Iterator[Database]:
    """A database that may be moved away; the server's one serves the tests that follow."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    yield database
    with database.migrating() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :back"), {"back": revision})


def test_an_installation_moves_to_the_other_engine_and_the_old_one_lets_go(
    leaving: Database, office: Settings, other_url: str
) -> None:
    old = office.model_copy(update={"database_url": leaving.engine.url.render_as_string(hide_password=False)})
    new = office.model_copy(update={"database_url": other_url})
    before = everything(leaving)
    moved = move(old, new, now=NOW)
    there = Database(other_url, keys=open_keychain(office.keys))
    assert everything(there) == before
    assert moved["participant"].rows == 42
    with pytest.raises(MovedAway, match="was moved to another database"):
        upgrade(leaving)
    with there.session() as session:
        assert what_is_wrong(session, there.ledger) == ""
    there.close()


def test_nothing_moves_into_a_database_that_holds_something(database: Database, golive: GoLive) -> None:
    with reading(database) as source, database.engine.connect() as target, pytest.raises(NotEmpty, match="participant"):
        copy_rows(source, target)


def test_a_backup_is_made_and_put_back_by_two_commands(furnished: Office, backup: Path) -> None:
    assert "read again and whole" in furnished.says("backup", str(backup))
    assert "Put back:" in furnished.says("restore", str(backup), "--yes")
    assert "The audit log is whole." in furnished.says("audit")


def test_nothing_is_put_back_by_whoever_thinks_again(furnished: Office, backup: Path) -> None:
    furnished.says("backup", str(backup))
    assert "Nothing was changed." in furnished.refused("restore", str(backup), said="n\n")


def test_nothing_is_put_back_under_a_running_bot(furnished: Office, backup: Path) -> None:
    furnished.says("backup", str(backup))
    with alone(furnished.url):
        assert "Stop that one first" in furnished.refused("restore", str(backup), "--yes")


def test_a_second_bot_is_refused_on_the_command_line(furnished: Office) -> None:
    with alone(furnished.url):
        assert "A bot runs on" in furnished.refused("serve")


def test_a_backup_needs_a_folder(furnished: Office, tmp_path: Path) -> None:
    assert "There is no folder" in furnished.refused("backup", str(tmp_path / "nowhere" / "backup.db"))


def test_moving_says_what_went_and_what_to_do(furnished: Office, tmp_path: Path) -> None:
    assert "is not a database URL" in furnished.refused("move", "nonsense")
    said = furnished.says("move", f"sqlite:///{tmp_path / 'new.db'}")
    assert re.search(r"participant: [1-9]\d* rows", said)
    assert "was moved to another database" in furnished.refused("migrate")


def test_a_second_bot_on_a_database_says_so_and_stops(database_url: str) -> None:
    with alone(database_url), pytest.raises(AlreadyRunning, match="Stop that one first"), alone(database_url):
        pass


def test_a_database_is_free_again_when_its_bot_has_gone(database_url: str) -> None:
    with alone(database_url):
        pass
    with alone(database_url):
        pass
