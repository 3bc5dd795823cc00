"""Every setting explains itself, works as it is, and says what is wrong with what was set."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings

NAMES = sorted(Settings.model_fields)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_description(name: str) -> None:
    described = Settings.model_fields[name].description
    assert described
    assert described[0].isupper()


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_default(name: str) -> None:
    assert not Settings.model_fields[name].is_required()


def test_the_defaults_need_nothing_but_this_machine() -> None:
    settings = Settings()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.base_url == "http://127.0.0.1:8470"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("database_url", "nonsense", "is not a database URL, for example sqlite:///var/pulse.db"),
        ("database_url", "mysql://localhost/pulse", "names neither SQLite nor PostgreSQL"),
        ("database_url", "sqlite://", "names no file"),
        ("database_url", "sqlite:///:memory:", "names no file"),
        ("port", "many", "valid integer"),
        ("port", "65536", "less than or equal to 65535"),
        ("port", "-1", "greater than or equal to 0"),
        ("log_level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("public_url", "pulse.example.org", "begins with neither https:// nor http://"),
        ("public_url", "https://", "names no host"),
    ],
)
def test_a_setting_that_cannot_be_used_says_why(name: str, value: str, says: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Settings(**{name: value})
    assert says in wrong.value.errors()[0]["msg"]


def test_what_is_no_setting_is_not_taken() -> None:
    with pytest.raises(ValidationError):
        Settings(prot="80")


def test_the_public_address_is_what_people_reach() -> None:
    assert Settings(public_url="https://pulse.example.org/").base_url == "https://pulse.example.org"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_PORT", "9000")
    monkeypatch.setenv("PULSE_KEYS", "elsewhere.keys")
    assert (Settings().port, Settings().keys) == (9000, Path("elsewhere.keys"))
