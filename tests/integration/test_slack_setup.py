"""From settings to Slack: which settings make an adapter, and what is said where some are missing."""

import json
import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from adapters.slack.limits import VIEW_WORD
from adapters.slack.manifest import manifest
from adapters.slack.words import ENGLISH
from bot.cli import app
from bot.doctor import Level, of_platforms
from bot.settings import Settings
from bot.slack_setup import SlackHalfSet, slack_adapter
from bot.storage.database import Database
from bot.texts import languages, texts

ROOT = Path(__file__).parents[2]
BOT, CALLS, REACHED = {"slack_bot_token": "xoxb-1"}, {"slack_app_token": "xapp-1"}, {"slack_signing_secret": "s"}
OTHERS = {"slack_client_id": "1.2", "slack_client_secret": "s"}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def paths(given: dict[str, str], database: Database) -> set[str]:
    adapter = slack_adapter(Settings(**given), database)
    assert adapter is not None
    return (
        {route.path for part in adapter.routes().routes for route in getattr(part, "original_router", part).routes}
        if (adapter.routes().routes)
        else set()
    )


def test_without_settings_there_is_no_slack(database: Database) -> None:
    assert slack_adapter(Settings(), database) is None
    assert Settings().platforms == {"web"}


def test_with_a_token_of_each_kind_the_bot_calls_slack_and_nobody_reaches_it(database: Database) -> None:
    assert paths({**BOT, **CALLS}, database) == set()
    assert Settings(**BOT, **CALLS).platforms == {"web", "slack"}


def test_with_a_signing_secret_slack_reaches_the_bot(database: Database) -> None:
    assert paths({**BOT, **REACHED}, database) == {"/slack/events"}


def test_with_the_apps_own_id_others_can_install_it(database: Database) -> None:
    given = {**OTHERS, **REACHED, "public_url": "https://pulse.example.org"}
    assert paths(given, database) == {"/slack/events", "/slack/install", "/slack/oauth_redirect"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (CALLS, "PULSE_SLACK_BOT_TOKEN is missing"),
        ({"slack_client_id": "1.2", **REACHED}, "PULSE_SLACK_CLIENT_SECRET"),
        (BOT, "PULSE_SLACK_APP_TOKEN is missing"),
        ({**OTHERS, **REACHED}, "Set PULSE_PUBLIC_URL to it, for example https://pulse.example.org."),
    ],
)
def test_what_is_half_set_up_says_what_is_missing(given: dict[str, str], missing: str, database: Database) -> None:
    with pytest.raises(SlackHalfSet) as refused:
        slack_adapter(Settings(**given), database)
    assert missing in str(refused.value)


@pytest.mark.parametrize("language", languages())
def test_the_words_around_the_cards_are_those_of_the_catalogue_and_short_enough(language: str) -> None:
    say = texts(language)
    if language == "en":
        assert {field.name: say(f"slack-{field.name.replace('_', '-')}") for field in fields(ENGLISH)} == asdict(
            ENGLISH
        )
    assert max(len(say(f"slack-{name}")) for name in ("title", "close", "send")) <= VIEW_WORD


def test_the_doctor_sees_what_is_half_set_up() -> None:
    found = [finding for finding in of_platforms(Settings(**BOT)) if finding.level == Level.BROKEN]
    assert ["PULSE_SLACK_APP_TOKEN is missing" in finding.mend for finding in found] == [True]
    assert list(of_platforms(Settings())) == []
    assert [finding.level for finding in of_platforms(Settings(**BOT, **CALLS))] == [Level.OK]


def test_who_has_neither_slack_nor_teams_imports_nothing_of_them() -> None:
    theirs = "('slack_', 'botbuilder', 'msal', 'adapters.teams')"
    program = f"import sys, bot.setup; print([name for name in sys.modules if name.startswith({theirs})])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_the_manifest_in_deploy_is_the_one_that_the_command_prints() -> None:
    printed = CliRunner().invoke(app, ["slack", "manifest"])
    assert printed.stdout == (ROOT / "deploy" / "slack" / "manifest.yaml").read_text("utf-8") == manifest()


def test_the_manifest_with_an_address_names_it_wherever_slack_posts() -> None:
    printed = CliRunner().invoke(app, ["slack", "manifest", "--url", "https://pulse.example.org/", "--name", "Puls"])
    found = yaml.safe_load(printed.stdout)
    assert json.dumps(found).count("https://pulse.example.org/slack/events") == 4
    assert found["oauth_config"]["redirect_urls"] == ["https://pulse.example.org/slack/oauth_redirect"]
    assert found["display_information"]["name"] == "Puls"


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--url", "http://x"], "no https:// address"), (["--name", "x" * 36], "Slack takes 1 to 35")],
)
def test_a_manifest_that_slack_would_refuse_is_not_printed(words: list[str], says: str) -> None:
    printed = CliRunner().invoke(app, ["slack", "manifest", *words])
    assert (printed.exit_code, says in printed.output) == (2, True)
