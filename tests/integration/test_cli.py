"""The command line: what it prints, and what it says to what cannot be done; never a traceback."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from surveys.knowledge_checks import load_templates
from tests.integration.conftest import Files

Run = Callable[..., Result]
SOON = (datetime.now(UTC) + timedelta(days=120)).date()  # a go-live lies ahead, whenever this runs


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return {"PULSE_DATABASE_URL": f"sqlite:///{tmp_path / 'pulse.db'}", "PULSE_KEYS": str(tmp_path / "pulse.keys")}


@pytest.fixture
def run(settings: dict[str, str]) -> Run:
    def run(*words: str, **changed: str) -> Result:
        result = CliRunner().invoke(app, list(words), env=settings | changed)
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def files(tmp_path: Path) -> Files:
    files = Files(tmp_path / "files", date=str(SOON))
    files.addresses = {"Ana Ruiz": "web:ana"}
    return files


@pytest.fixture
def golive(files: Files) -> str:
    return str(files.write())


def refused(result: Result) -> str:
    """The sentences on standard error of a command that left with code 2."""
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_without_a_command_it_lists_them(run: Run) -> None:
    output = run("--help").output
    assert all(word in output for word in ("check", "load", "plan", "link", "templates", "serve", "rehearse"))


def test_check_says_when_channels_are_read(run: Run, files: Files) -> None:
    files.sources = {"Nursing": "slack:C0123ABCD"}
    assert "Channels and groups are read when the bot runs." in run("check", str(files.write())).output


def test_check_says_that_a_file_is_fine(run: Run, golive: str) -> None:
    result = run("check", golive)
    assert result.exit_code == 0
    assert f"golive.toml is fine: Northstar, {SOON}, 12 people in 2 teams." in result.stdout


def test_check_writes_nothing(run: Run, golive: str, settings: dict[str, str]) -> None:
    run("check", golive)
    assert not Path(settings["PULSE_KEYS"]).exists()


def test_check_notes_what_is_allowed_and_perhaps_not_meant(run: Run, files: Files) -> None:
    files.teams = {"Front desk": ("Ana Ruiz", "Ben Okafor")}
    assert "Note: There are 2 people in all, under the minimum of 5" in run("check", str(files.write())).stdout


def test_check_says_every_mistake_with_file_and_line(run: Run, files: Files) -> None:
    path = files.write()
    path.write_text(path.read_text().replace("America/New_York", "EST5"))
    roster = path.with_name("roster.csv")
    roster.write_text(roster.read_text().replace("memory:ben", "nowhere"))
    said = refused(run("check", str(path)))
    assert "golive.toml, line 5: " in said
    assert "roster.csv, line 3: " in said


@pytest.mark.parametrize("command", ["check", "load", "plan"])
@pytest.mark.parametrize("content", [None, "", "date = ", "\x00\xff", "[" * 5000], ids=repr)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    run: Run, tmp_path: Path, command: str, content: str | None
) -> None:
    path = tmp_path / "other.toml"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    assert "other.toml" in refused(run(command, str(path)))


def test_a_date_in_the_past_gets_a_sentence(run: Run, files: Files) -> None:
    files.date = "2020-03-02"
    assert "2020-03-02" in refused(run("check", str(files.write())))


def test_a_date_in_the_past_is_fine_once_it_was_loaded(run: Run, files: Files, settings: dict[str, str]) -> None:
    from bot.loading import load
    from bot.settings import Settings
    from bot.setup import open_database

    files.date = "2020-03-02"
    path = files.write()
    then = datetime(2020, 2, 1, tzinfo=UTC)
    values = {key.removeprefix("PULSE_").lower(): value for key, value in settings.items()}
    database = open_database(Settings(**values))  # type: ignore[arg-type]
    with database.begin() as session:
        load(session, files.read(now=then), now=then, platforms={"web"})
    database.close()
    assert run("check", str(path)).exit_code == 0


def test_load_says_what_came_in(run: Run, golive: str) -> None:
    result = run("load", golive)
    assert result.exit_code == 0
    assert f"Loaded: Northstar, {SOON}. 12 people; 12 new, 0 left." in result.stdout
    assert "Note: nobody on memory can be reached yet, because memory is not set up." in result.stdout


def test_loading_again_says_that_nothing_moves(run: Run, golive: str) -> None:
    run("load", golive)
    output = run("load", golive).stdout
    assert "Loaded again: Northstar" in output
    assert "0 new, 0 left." in output
    assert "Nothing moves." in output


def test_loading_another_date_says_what_moves(run: Run, files: Files) -> None:
    run("load", str(files.write()))
    files.date = str(SOON + timedelta(days=7))
    assert re.search(r"\d+ pulses move; the next was", run("load", str(files.write())).stdout)


def test_the_keys_are_readable_by_their_owner_alone(run: Run, golive: str, settings: dict[str, str]) -> None:
    run("load", golive)
    assert Path(settings["PULSE_KEYS"]).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{}", '{"texts": 1}', "\x00"], ids=repr)
def test_a_key_file_that_cannot_be_read_gets_a_sentence(
    run: Run, golive: str, settings: dict[str, str], content: str
) -> None:
    Path(settings["PULSE_KEYS"]).write_text(content)
    assert "cannot be read" in refused(run("load", golive))
    assert Path(settings["PULSE_KEYS"]).read_text() == content


def test_key_files_hold_nothing_but_keys(run: Run, golive: str, settings: dict[str, str]) -> None:
    run("load", golive)
    assert set(json.loads(Path(settings["PULSE_KEYS"]).read_text())) == {
        *("texts", "receipts", "links", "audit", "erased", "drawn", "drawers", "destroyed")
    }


def test_plan_shows_when_a_golive_asks_what(run: Run, golive: str) -> None:
    result = run("plan", golive, COLUMNS="200")
    assert result.exit_code == 0
    assert "cutover" in result.stdout
    assert "stabilisation" in result.stdout


def test_templates_are_ready_to_be_pasted(run: Run) -> None:
    import tomllib

    result = run("templates")
    assert result.exit_code == 0
    assert len(tomllib.loads(result.stdout)["knowledge_check"]) == len(load_templates())


@pytest.mark.parametrize("person", ["Ana Ruiz", "ana ruiz", "web:ana", "ana"])
def test_link_opens_the_chat_of_somebody_on_the_roster(run: Run, golive: str, person: str) -> None:
    run("load", golive)
    result = run("link", person)
    assert result.exit_code == 0
    assert result.stdout.startswith("http://127.0.0.1:8470/enter/")


def test_link_uses_the_public_address(run: Run, golive: str) -> None:
    run("load", golive)
    link = run("link", "ana", PULSE_PUBLIC_URL="https://pulse.example.org/").stdout
    assert link.startswith("https://pulse.example.org/enter/")


def test_link_shows_a_code_to_scan(run: Run, golive: str) -> None:
    run("load", golive)
    assert len(run("link", "ana", "--qr").stdout.splitlines()) > 10


def test_link_for_nobody_on_the_roster_names_some_who_are(run: Run, golive: str) -> None:
    run("load", golive)
    assert refused(run("link", "Zoe")).startswith('"Zoe" is not on the roster.')


def test_link_before_anything_was_loaded_says_what_to_do(run: Run) -> None:
    assert "pulse load golive.toml" in refused(run("link", "Ana"))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PULSE_DATABASE_URL", "nonsense", "is not a database URL"),
        ("PULSE_DATABASE_URL", "mysql://x/y", "names neither SQLite nor PostgreSQL"),
        ("PULSE_DATABASE_URL", "sqlite://", "names no file"),
        ("PULSE_PORT", "many", "PULSE_PORT = 'many'"),
        ("PULSE_LOG_LEVEL", "loud", "PULSE_LOG_LEVEL = 'loud'"),
        ("PULSE_PUBLIC_URL", "pulse.example.org", "begins with neither https:// nor http://"),
    ],
)
def test_a_wrong_setting_gets_a_sentence_with_its_name(run: Run, golive: str, name: str, value: str, says: str) -> None:
    for words in (("check", golive), ("load", golive), ("link", "ana"), ("serve",)):
        said = refused(run(*words, **{name: value}))
        assert name in said
        assert says in said


def test_a_database_of_a_newer_version_gets_a_sentence(run: Run, golive: str, settings: dict[str, str]) -> None:
    import sqlite3

    run("load", golive)
    connection = sqlite3.connect(settings["PULSE_DATABASE_URL"].removeprefix("sqlite:///"))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert "newer version" in refused(run("load", golive))
