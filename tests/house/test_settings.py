"""Every setting explains itself, works as it is, and says what is wrong with what was set."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.commands.wrong_settings import refuse_unknown, sentences
from bot.errors import Unusable
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


#: One value for every setting that cannot be used, and what is said of it. A text that takes anything is not here.
WRONG = [
    ("database_url", "nonsense", "PULSE_DATABASE_URL = 'nonsense' is not a database URL, for example sqlite:///"),
    ("database_url", "mysql://ann:secret@x/pulse", "= 'mysql://***@x/pulse' names neither SQLite nor PostgreSQL"),
    ("database_url", "sqlite://", "names no file"),
    ("database_url", "sqlite:///:memory:", "names no file"),
    ("port", "many", "PULSE_PORT = 'many' is not a whole number, for example 8470."),
    ("port", "65536", "is more than 65535, the most that works, for example 8470."),
    ("port", "-1", "is less than 0, the least that works"),
    ("metrics_port", "yes", "PULSE_METRICS_PORT = 'yes' is not a whole number, for example 9470."),
    ("log_level", "loud", "is not one of 'debug', 'info', 'warning' or 'error', for example info."),
    ("public_url", "pulse.example.org", "begins with neither https:// nor http://, for example https://pulse.example"),
    ("public_url", "https://", "names no host"),
    ("setup", "lead", "PULSE_SETUP = 'lead' is not an address."),
    ("slack_bot_token", "xapp-1", "PULSE_SLACK_BOT_TOKEN does not begin with xoxb-, so it is another kind of token"),
    ("slack_app_token", "xoxb-1", "PULSE_SLACK_APP_TOKEN does not begin with xapp-, so it is another kind of token"),
    ("teams_app_id", "Pulse", "PULSE_TEAMS_APP_ID = 'Pulse' is no id as Azure shows them, for example 0b9c1a52-"),
    ("teams_tenant", "contoso.org", "PULSE_TEAMS_TENANT = 'contoso.org' is no id as Azure shows them"),
    ("teams_managed_identity", "maybe", "PULSE_TEAMS_MANAGED_IDENTITY = 'maybe' is"),
    ("teams_unsigned", "maybe", "PULSE_TEAMS_UNSIGNED = 'maybe' is"),
    ("keep_answers", "7", "PULSE_KEEP_ANSWERS = '7' is less than 30, the least that works, for example 400."),
    ("keep_texts", "3", "is less than 30"),
    ("keep_contacts", "0", "is less than 1"),
    ("keep_audit", "x", "is not a whole number, for example 800."),
]
#: A host that is none is found when the port is bound, a path when it is opened, a secret by whoever gave it.
TAKE_ANYTHING = {"host", "keys", "slack_signing_secret", "slack_client_id", "slack_client_secret"} | {
    "teams_app_secret",
    "teams_registrations",
}


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_a_setting_that_cannot_be_used_says_why_and_gives_an_example(name: str, value: str, says: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Settings(**{name: value})
    (sentence,) = sentences(wrong.value)
    assert says in sentence
    assert "for example" in sentence


def test_every_setting_is_tried_with_a_wrong_value() -> None:
    assert {name for name, _, _ in WRONG} | TAKE_ANYTHING == set(NAMES)


@pytest.mark.parametrize(
    ("name", "says"),
    [("PULSE_PROT", "PULSE_PROT is no setting. Did you mean PULSE_PORT?"), ("PULSE_X", "docs/settings.md lists")],
)
def test_a_variable_that_is_no_setting_is_named(name: str, says: str) -> None:
    with pytest.raises(Unusable) as refused:
        refuse_unknown({name: "1", "HOME": "/", "PULSE_PORT": "80"})
    assert says in str(refused.value)


def test_what_is_no_setting_is_not_taken() -> None:
    with pytest.raises(ValidationError):
        Settings(prot="80")


def test_the_public_address_is_what_people_reach() -> None:
    assert Settings(public_url="https://pulse.example.org/").base_url == "https://pulse.example.org"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_PORT", "9000")
    monkeypatch.setenv("PULSE_KEYS", "elsewhere.keys")
    assert (Settings().port, Settings().keys) == (9000, Path("elsewhere.keys"))
