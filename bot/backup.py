"""A copy of the database for bad days: made while the bot runs, looked at, and put back whole or not at all."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from bot.audit import ADMINISTRATOR, About, Act, append
from bot.doctor import drawers_without_key
from bot.erasure import Erased, erase_one, mark_of
from bot.errors import Unusable
from bot.retention import empty
from bot.storage.copying import Sum, clear, copy_rows, sums
from bot.storage.database import Database
from bot.storage.keychain import Keychain
from bot.storage.migrate import upgrade
from bot.whom import everyone
from surveys.golives import GoLive

SNAPSHOT = "REPEATABLE READ"  #: on PostgreSQL; on SQLite every transaction reads as of its beginning


class NoBackup(Unusable):
    """A file cannot serve as a backup."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what was taken out of it again."""

    sums: dict[str, Sum]
    erased: int  #: people who were erased since the backup was made
    texts: int  #: whose key was destroyed since


def back_up(database: Database, path: Path) -> dict[str, Sum]:
    """Write everything but the keys into a new SQLite file, at one moment, while others go on; then compare.

    Raises
    ------
    NoBackup
    """
    if path.exists():
        message = f"{path} is there already, and a backup is never written over. Name another file."
        raise NoBackup(message)
    if not path.parent.is_dir():
        message = f"There is no folder {path.parent}. Make it, readable by nobody else, and try again."
        raise NoBackup(message)
    path.touch(mode=0o600)
    try:
        counted = copy_to(database, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return counted


def copy_to(database: Database, path: Path) -> dict[str, Sum]:
    if database.is_sqlite:  # forty times as fast as copying rows, and it leaves no old page behind
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM INTO :path"), {"path": str(path)})
        with opened(path, keychain=database.keychain) as copy:
            look_at(copy, path)
            with reading(copy) as connection:
                return sums(connection)
    with opened(path, keychain=database.keychain) as copy, reading(database) as source, copy.engine.begin() as target:
        return copy_rows(source, target)


def restore(database: Database, path: Path, *, now: datetime) -> Restored:
    """Put a backup in the place of what is there: in one transaction, whole or not at all.

    Who was erased and which texts were destroyed since it was made stay so. Nobody else may use the database meanwhile.

    Raises
    ------
    NoBackup, NotTheSame
    """
    if not path.is_file():
        refuse(path, "is not there")
    with TemporaryDirectory(prefix="restore") as folder:
        aside = Path(folder) / "backup.db"
        shutil.copyfile(path, aside)  # it may be of an older version, and must stay as it is
        with opened(aside, keychain=database.keychain) as copy, reading(copy) as source:
            look_at(copy, path)
            with database.begin_alone() as session:
                restored = put_back(session, source, destroyed=database.keys.destroyed)
                append(session, Act.RESTORED, About("database"), by=ADMINISTRATOR, now=now)
    with database.session() as session:
        database.ledger.accept(session)
    database.rewrite_now(tuple(restored.sums))
    return restored


def put_back(session: Session, source: Connection, *, destroyed: Iterable[str]) -> Restored:
    gone = session.exec(select(Erased)).all()
    marks = [(one.mark, one.golive_id) for one in gone]
    session.expunge_all()
    connection = session.connection()
    clear(connection)
    counted = copy_rows(source, connection)
    erased = erase_again(session, marks)
    return Restored(sums=counted, erased=erased, texts=sum(empty(session, name) for name in destroyed))


def look_at(backup: Database, path: Path) -> None:
    """Refuse what is damaged, and what the keys that are here do not open."""
    with backup.session() as session:
        state = str(session.execute(text("PRAGMA integrity_check")).scalars().first())
        if state != "ok":
            refuse(path, f"is damaged ({state[:60]}); take an older one")
        if locked := drawers_without_key(session, backup):
            refuse(
                path, f"holds texts whose key is not here ({', '.join(sorted(locked))}); put its key file back first"
            )


def erase_again(session: Session, marks: list[tuple[str, int]]) -> int:
    """Take out everybody who was erased since: their marks outlive the backup. How many there were."""
    pepper = session.info["ledger"].pepper
    known = {mark for mark, _ in marks}
    again = 0
    for one in everyone(session):
        if one.address and mark_of(pepper, one.golive, one.address) in known:
            erase_one(session, one, pepper=pepper)
            again += 1
    there = set(session.exec(select(GoLive.id)))
    for mark, golive_id in marks:
        if golive_id in there:
            session.merge(Erased(mark=mark, golive_id=golive_id))
    return again


@contextmanager
def opened(path: Path, *, keychain: Keychain) -> Iterator[Database]:
    """A SQLite file in the shape of this version.

    Raises
    ------
    NoBackup
    """
    database = Database(f"sqlite:///{path}", keys=keychain)
    try:
        upgrade(database)
        yield database
    except DBAPIError:
        refuse(path, "is damaged, or was never a backup")
    finally:
        database.close()


@contextmanager
def reading(database: Database) -> Iterator[Connection]:
    """Everything as it was at one moment, while others write."""
    engine = database.engine if database.is_sqlite else database.engine.execution_options(isolation_level=SNAPSHOT)
    with engine.connect() as connection, connection.begin():
        yield connection


def refuse(path: Path, why: str) -> NoReturn:
    message = f"{path} {why}. Nothing was changed."
    raise NoBackup(message)
