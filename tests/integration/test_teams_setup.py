"""From settings to Teams: which settings make an adapter, and what is said where some are missing."""

from pathlib import Path

import pytest

from adapters.teams.registrations import Registration, Registrations
from bot.settings import Settings
from bot.teams_setup import TeamsHalfSet, registrations, teams_adapter
from bot.texts import texts

APP, TENANT = "0b9c1a52-5f0e-4a6e-9a55-0c7d8f0a1b2c", "7d1f6c1e-2b43-4f0a-8a44-9d5d3a3b1e00"
NAMED = {"teams_app_id": APP, "teams_tenant": TENANT}


def test_without_settings_there_is_no_teams() -> None:
    assert teams_adapter(Settings()) is None
    assert Settings().platforms == {"web"}


def test_with_an_app_its_directory_and_its_secret_teams_reaches_the_bot() -> None:
    adapter = teams_adapter(Settings(**NAMED, teams_app_secret="s"))
    assert adapter is not None
    assert [route.path for route in adapter.routes().routes] == ["/api/messages"]
    assert Settings(**NAMED, teams_app_secret="s").platforms == {"web", "teams"}


def test_ids_are_taken_however_they_were_copied() -> None:
    settings = Settings(teams_app_id=f" {APP.upper()} ", teams_tenant=TENANT, teams_managed_identity="true")
    assert registrations(settings) == [Registration(APP, TENANT, "", "managed")]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"teams_app_secret": "s"}, "PULSE_TEAMS_APP_ID is missing"),
        ({"teams_app_secret": "s"}, "the bot does not start"),
        ({"teams_app_id": APP, "teams_app_secret": "s"}, "PULSE_TEAMS_TENANT is missing"),
        (NAMED, "PULSE_TEAMS_APP_SECRET"),
        ({**NAMED, "teams_app_secret": "s", "teams_managed_identity": "true"}, "one way to sign in"),
        ({**NAMED, "teams_registrations": "teams.toml"}, "not both"),
        ({**NAMED, "teams_unsigned": "true"}, "Take one away"),
        ({"teams_unsigned": "true", "host": "0.0.0.0"}, "PULSE_HOST has to be 127.0.0.1"),
        ({"teams_unsigned": "true", "host": "pulse.example.org"}, "on this machine alone"),
        ({"teams_unsigned": "true", "public_url": "https://pulse.example.org"}, "PULSE_PUBLIC_URL has to be empty"),
        ({"teams_registrations": "nowhere.toml"}, "nowhere.toml cannot be read (FileNotFoundError)"),
    ],
)
def test_half_of_it_says_what_is_missing_or_too_much(given: dict[str, str], says: str) -> None:
    with pytest.raises(TeamsHalfSet) as refused:
        teams_adapter(Settings(**given))
    assert says in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_unsigned_is_for_this_machine(host: str) -> None:
    assert teams_adapter(Settings(teams_unsigned="true", host=host)) is not None


def test_a_file_names_an_app_for_each_directory(tmp_path: Path) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(
        f'[[registration]]\napp_id = "{APP}"\ntenant = "{TENANT}"\nsecret = "s"\n'
        f'[[registration]]\napp_id = "{TENANT}"\ntenant = "{APP.upper()}"\nmanaged_identity = true\n'
    )
    found = registrations(Settings(teams_registrations=path))
    assert found == [Registration(APP, TENANT, "s"), Registration(TENANT, APP, "", "managed")]
    known = Registrations(found)
    assert (known.of_tenant(APP), known.of_tenant(""), known.of_tenant("another")) == (found[1], None, None)


ONE = f'[[registration]]\napp_id = "{APP}"\ntenant = "{TENANT}"\nsecret = "s"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "cannot be read (TOMLDecodeError)"),
        ("", "names no registration"),
        ("registration = 7", "names no registration"),
        ("registration = [7]", "registration 1: app_id is no id"),
        (ONE.replace(APP, "Pulse"), "registration 1: app_id is no id as Azure shows them"),
        (ONE.replace("secret =", "password ="), "registration 1: password is not known. There are app_id"),
        (ONE.replace('"s"', '""'), "it needs secret"),
        (ONE + "managed_identity = true", "it needs secret"),
        (ONE.replace('"s"', "7"), "it needs secret"),
        (ONE + ONE, "names the same app_id twice"),
        (ONE + ONE.replace(APP, TENANT), "names the same tenant twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(text)
    with pytest.raises(TeamsHalfSet) as refused:
        registrations(Settings(teams_registrations=path))
    assert says in str(refused.value)


def test_what_the_adapter_says_by_itself_stands_in_the_catalogue() -> None:
    from adapters.teams.words import ENGLISH

    say = texts("en")
    assert (ENGLISH.elsewhere, ENGLISH.noted) == (say("teams-elsewhere"), say("teams-noted"))
    assert (ENGLISH.open_chat, ENGLISH.group_hint) == (say("teams-open-chat"), say("teams-group-hint"))


def test_a_secret_is_never_shown() -> None:
    assert "right" not in repr(Registration(APP, TENANT, "right"))
