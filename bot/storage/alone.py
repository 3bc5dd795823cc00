"""One bot to a database: a second one would tick, send and seal beside the first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from bot.errors import Unusable
from bot.storage.database import is_sqlite, postgres_engine

RUNNING = 726_003  #: the advisory lock that a running bot holds on PostgreSQL


class AlreadyRunning(Unusable):
    """Another bot runs on this database."""


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Hold a database for one bot, or for a command that must not run beside one, until the process ends at the latest.

    Raises
    ------
    AlreadyRunning
    """
    with _alone_on_file(url) if is_sqlite(url) else _on_server(url, "pg_try_advisory_lock"):
        yield


@contextmanager
def together(url: str) -> Iterator[None]:
    """Hold a PostgreSQL database beside other machines that do the same, and beside nobody who wants it alone.

    Raises
    ------
    AlreadyRunning
    """
    with _on_server(url, "pg_try_advisory_lock_shared"):
        yield


@contextmanager
def _alone_on_file(url: str) -> Iterator[None]:
    path = Path(f"{make_url(url).database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise _taken(f"{make_url(url).database} (process {file.read().strip() or 'unknown'})") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _on_server(url: str, lock: str) -> Iterator[None]:
    engine = postgres_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(text(f"SELECT {lock}({RUNNING})")).scalar_one():
                raise _taken(f"the database {make_url(url).database}")
            yield
    finally:
        engine.dispose()


def _taken(where: str) -> AlreadyRunning:
    return AlreadyRunning(
        f"A bot runs on {where} already. Stop that one first, or set PULSE_DATABASE_URL to another database, "
        "for example sqlite:///var/second.db."
    )
