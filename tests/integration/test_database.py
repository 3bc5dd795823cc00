"""The way to the database: what is done is on disk, what failed was never there, on both engines."""

import asyncio
import json
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session, delete, func, select

from bot.storage.database import Database
from bot.storage.keys import Keys, KeysUnreadable, draw_keys, read_or_create
from bot.storage.writer import WriterClosed
from surveys.actions import Action, act
from surveys.golives import GoLive

TODAY = date(2027, 3, 2)
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])  #: for what has to do with its one writer
on_postgres = pytest.mark.parametrize("engine_name", ["postgres"])


class Refused(Exception):
    pass


def act_then_fail(session: Session, golive_id: int) -> None:
    act(session, golive_id, text="never kept", today=TODAY)
    raise Refused


def acts(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Action)).one()


@pytest.fixture
def commits(database: Database) -> Callable[[], int]:
    """How often the engine has committed since the test began."""
    counted: list[None] = []
    event.listen(database.engine, "commit", lambda _connection: counted.append(None))
    return lambda: len(counted)


class Gate:
    """Keeps the writer busy, so that whatever comes meanwhile waits together."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def verb(self, _session: Session) -> None:
        self.entered.set()
        assert self.opened.wait(10)

    async def close(self, database: Database) -> "asyncio.Task[None]":
        waiting = asyncio.create_task(database.transact(self.verb))
        await asyncio.to_thread(self.entered.wait, 10)
        return waiting


async def test_two_hundred_at_once_are_all_there(database: Database, golive: GoLive) -> None:
    verbs = [database.transact(act, golive.id, text=f"{n}", today=TODAY) for n in range(200)]
    await asyncio.gather(*verbs)
    assert await database.read(acts) == 200


async def test_one_that_fails_harms_no_other(database: Database, golive: GoLive) -> None:
    good = [database.transact(act, golive.id, text=f"{n}", today=TODAY) for n in range(30)]
    bad = [database.transact(act_then_fail, golive.id) for _ in range(30)]
    mixed = [verb for pair in zip(good, bad, strict=True) for verb in pair]
    results = await asyncio.gather(*mixed, return_exceptions=True)
    assert (sum(isinstance(result, Refused) for result in results), await database.read(acts)) == (30, 30)


async def test_what_is_done_can_be_seen_from_outside(database: Database, golive: GoLive) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), keys=database.keys)
    await database.transact(act, golive.id, text="A printer.", today=TODAY)
    seen = await other.read(acts)
    other.close()
    assert seen == 1


@on_sqlite
async def test_what_comes_together_shares_a_commit(
    database: Database, golive: GoLive, commits: Callable[[], int]
) -> None:
    gate = Gate()
    first = await gate.close(database)
    together = [asyncio.create_task(database.transact(act, golive.id, text=f"{n}", today=TODAY)) for n in range(50)]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(first, *together)
    assert commits() == 2


@on_sqlite
async def test_nobody_hears_done_before_the_commit(database: Database, golive: GoLive) -> None:
    done: list[bool] = []
    gate = Gate()
    first = await gate.close(database)
    early = asyncio.create_task(database.transact(act, golive.id, text="early", today=TODAY))
    await asyncio.sleep(0)
    event.listen(database.engine, "commit", lambda _connection: done.append(early.done()))
    gate.opened.set()
    await asyncio.gather(first, early)
    assert done == [False, False]


@on_sqlite
async def test_when_the_commit_fails_everybody_hears_it(database: Database, golive: GoLive) -> None:
    def fail(_connection: object) -> None:
        raise Refused

    event.listen(database.engine, "commit", fail)
    verbs = [database.transact(act, golive.id, text=f"{n}", today=TODAY) for n in range(3)]
    results = await asyncio.gather(*verbs, return_exceptions=True)
    event.remove(database.engine, "commit", fail)
    assert ([type(result) for result in results], await database.read(acts)) == ([Refused] * 3, 0)


@on_sqlite
async def test_who_stops_waiting_before_their_turn_leaves_nothing(database: Database, golive: GoLive) -> None:
    gate = Gate()
    first = await gate.close(database)
    gone = asyncio.create_task(database.transact(act, golive.id, text="gone", today=TODAY))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    gate.opened.set()
    await first
    await database.transact(act, golive.id, text="the next one is served", today=TODAY)
    assert await database.read(acts) == 1


@on_sqlite
async def test_who_stops_waiting_in_their_turn_stops_nobody_else(database: Database, golive: GoLive) -> None:
    gate = Gate()
    first = await gate.close(database)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    gate.opened.set()
    await asyncio.wait_for(database.transact(act, golive.id, text="served", today=TODAY), 10)
    assert await database.read(acts) == 1


async def test_closing_finishes_what_was_handed_in(database: Database, golive: GoLive, keys: Keys) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    closing = Database(url, keys=keys)
    verbs = [asyncio.create_task(closing.transact(act, golive.id, text=f"{n}", today=TODAY)) for n in range(40)]
    await asyncio.sleep(0)
    await asyncio.to_thread(closing.close)
    await asyncio.gather(*verbs)
    assert await database.read(acts) == 40


async def test_after_closing_nothing_is_taken(database: Database, golive: GoLive) -> None:
    await database.transact(act, golive.id, text="in time", today=TODAY)
    database.close()
    with pytest.raises((WriterClosed, RuntimeError)):
        await database.transact(act, golive.id, text="too late", today=TODAY)


@on_sqlite
async def test_scrubbing_leaves_no_write_ahead_log(database: Database, golive: GoLive) -> None:
    await database.transact(act, golive.id, text="A printer.", today=TODAY)
    await database.scrub(("response",))
    assert os.stat(f"{database.engine.url.database}-wal").st_size == 0  # noqa: PTH116  # nobody waits for this loop


@on_postgres
async def test_scrubbing_leaves_no_dead_rows(database: Database, golive: GoLive) -> None:
    await database.transact(act, golive.id, text="A printer.", today=TODAY)
    with database.begin() as session:
        session.exec(delete(Action))
    await database.scrub(("action",))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_relation_size('action')").scalar_one() == 0


def test_erased_bytes_are_overwritten_on_disk(sqlite_templates: dict[str, str], keys: Keys) -> None:
    database = Database(f"sqlite:///{sqlite_templates['migrated']}", keys=keys)
    with database.engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("secure_delete", "synchronous")
        ]
    database.close()
    assert settings == [1, 2]


def test_the_first_start_draws_keys_that_stay(tmp_path: Path) -> None:
    path = tmp_path / "var" / "pulse.keys"
    assert read_or_create(path) == read_or_create(path)


def test_keys_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    read_or_create(tmp_path / "pulse.keys")
    assert stat.S_IMODE((tmp_path / "pulse.keys").stat().st_mode) == 0o600


def test_many_first_starts_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    found: list[Keys] = []
    starts = [threading.Thread(target=lambda: found.append(read_or_create(tmp_path / "pulse.keys"))) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert (len(found), len(set(found))) == (8, 1)


def test_drawing_keys_leaves_nothing_else_behind(tmp_path: Path) -> None:
    read_or_create(tmp_path / "pulse.keys")
    assert [path.name for path in tmp_path.iterdir()] == ["pulse.keys"]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "{", json.dumps({"texts": ["x"], "receipts": "no hex", "links": ""})]
)
def test_broken_keys_are_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pulse.keys"
    path.write_text(content)
    with pytest.raises(KeysUnreadable, match=r"pulse\.keys cannot be read"):
        read_or_create(path)
    assert path.read_text() == content


def test_two_installations_share_no_key() -> None:
    one, other = draw_keys(), draw_keys()
    assert not {*one.texts, one.receipts, one.links} & {*other.texts, other.receipts, other.links}


def test_a_waiting_writer_does_not_fail_at_once(sqlite_templates: dict[str, str], tmp_path: Path, keys: Keys) -> None:
    """Another process holds the file for a moment: wait for it instead of giving up."""
    path = tmp_path / "pulse.db"
    path.write_bytes(Path(sqlite_templates["loaded"]).read_bytes())
    database = Database(f"sqlite:///{path}", keys=keys)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    release.start()
    with database.begin() as session:
        act(session, session.exec(select(GoLive.id)).one(), text="A printer.", today=TODAY)
    release.join()
    other.close()
    with database.session() as session:
        assert acts(session) == 1
    database.close()
