"""The one way to the database: `read` and `transact` take a verb, run it off the event loop, and commit what it did."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

from bot.anchor import Ledger
from bot.storage.keychain import Keychain
from bot.storage.keys import Keys
from bot.storage.writer import Writer

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

BUSY_SECONDS = 10.0
OUTAGES = (OperationalError, InterfaceError)  #: the database is away, locked or full; later it works again
QUIETLY: Any = {"hide_parameters": True}  #: errors and logs name statements, never what was written with them
KEYS_AT_REST = 726_001  #: the advisory lock that writers share on PostgreSQL, and that ending a rotation takes alone
SCHEMA = 726_004  #: the advisory lock of whoever changes the schema on PostgreSQL


class Database:
    """SQLite with one writer, or PostgreSQL with a small pool; the verbs do not know which."""

    def __init__(self, at: str | Engine, *, keys: Keys | Keychain, patience: float = BUSY_SECONDS) -> None:
        """At an address, or at an engine of `engine_for`, which knows every statement that it has compiled before."""
        self.keychain = keys if isinstance(keys, Keychain) else Keychain(keys)
        self.ledger = Ledger(self.keychain)
        self.engine = at if isinstance(at, Engine) else engine_for(at, patience=patience)
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="database")
        self._writer: Writer | None = None

    @property
    def keys(self) -> Keys:
        return self.keychain.current()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def new_session(self, bind: Engine | Connection) -> Session:
        """A session that carries the keys. On a connection that is already in a transaction it works in a savepoint."""
        return Session(
            bind,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info={"keyring": self.keychain, "ledger": self.ledger},
        )

    @contextmanager
    def session(self) -> Iterator[Session]:
        """For reading."""
        with self.new_session(self.engine) as session:
            yield session

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """For writing from the command line and from tests, where nobody else waits."""
        with self.new_session(self._writing_engine) as session, session.begin():
            self._hold_keys(session)
            yield session
        self.ledger.anchor(self.session)

    @contextmanager
    def begin_alone(self) -> Iterator[Session]:
        """For writing while nobody else does: no transaction is under way that took its keys before this began."""
        with self.new_session(self._writing_engine) as session, session.begin():
            self._hold_keys(session, lock="pg_advisory_xact_lock")
            yield session
        self.ledger.anchor(self.session)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction in which nobody else changes the schema: who comes at the same time waits."""
        with self._writing_engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({SCHEMA})"))
            yield connection

    async def read(self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb that only reads."""

        def run() -> T:
            with self.session() as session:
                return verb(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def transact(self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb and commit; when this returns it is on disk, when this raises nothing of it was kept."""

        def run(session: Session) -> T:
            return verb(session, *args, **kwargs)

        if self.is_sqlite:
            if self._writer is None:
                self._writer = Writer(self._writing_engine, session=self.new_session)
            result: T = await asyncio.wrap_future(self._writer.submit(run))
            if self.ledger.grown:
                await asyncio.get_running_loop().run_in_executor(self._threads, self.ledger.anchor, self.session)
            return result

        def run_alone() -> T:
            with self.begin() as session:
                return run(session)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run_alone)

    async def scrub(self, tables: tuple[str, ...]) -> None:
        """Remove what the engine keeps of erased rows: the write-ahead log, dead tuples, transaction numbers."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self.scrub_now, tables)

    def scrub_now(self, tables: tuple[str, ...]) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.is_sqlite:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            else:
                write_anew(connection, tables)

    async def empty_log(self) -> None:
        """Empty SQLite's write-ahead log: until then it shows who answered before whom, and with which answers."""
        if self.is_sqlite:
            await self.scrub(())

    async def rewrite(self, tables: tuple[str, ...]) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.rewrite_now, tables)

    def rewrite_now(self, tables: tuple[str, ...]) -> bool:
        """Write the tables anew, so that no page keeps a remnant of what was erased; whether that was possible.

        SQLite zeroes what it deletes, but copies that it left behind when it moved rows between pages stay. As long as
        another program reads the file, its old pages cannot be written over.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.is_sqlite:
                write_anew(connection, tables)
                return True
            try:
                connection.execute(text("VACUUM"))
                busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
            except OperationalError:  # somebody else has been writing for longer than we wait
                return False
            return not busy

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._threads.shutdown()
        self.engine.dispose()

    def _hold_keys(self, session: Session, *, lock: str = "pg_advisory_xact_lock_shared") -> None:
        """Let no rotation end under a transaction that may have encrypted with an older key already."""
        if self.is_sqlite:
            session.connection()  # begins at once, and there is one writer
        else:
            session.execute(text(f"SELECT {lock}({KEYS_AT_REST})"))

    @property
    def _writing_engine(self) -> Engine:
        return self.engine.execution_options(begin="BEGIN IMMEDIATE")


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def write_anew(connection: Connection, tables: tuple[str, ...]) -> None:
    """A plain VACUUM leaves the bytes of dead rows in their pages, in the order in which people came."""
    for table in tables:
        connection.execute(text(f"VACUUM (FULL, FREEZE) {table}"))
    let_log_go(connection)


def let_log_go(connection: Connection) -> None:
    """PostgreSQL's log holds each answer beside the invitation that it settled, until the files it lies in go.

    They go with a checkpoint when they are not recycled (`wal_recycle = off`) and when this role may ask for one.
    """
    for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
        try:
            connection.execute(text(statement))
        except DBAPIError:
            log.warning("log stays until the next checkpoint", reason="not_allowed")
            return


def engine_for(url: str, *, patience: float = BUSY_SECONDS) -> Engine:
    return sqlite_engine(url, patience=patience) if is_sqlite(url) else postgres_engine(url)


def sqlite_engine(url: str, *, patience: float = BUSY_SECONDS) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience, "check_same_thread": False}, **QUIETLY)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions late and by its own rules
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that begins as a reader and then writes can fail with "locked" at once, whatever the time-out.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def postgres_engine(url: str) -> Engine:
    named = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(named, pool_size=8, pool_pre_ping=True, **QUIETLY)
