"""From settings to Slack: which tokens make which kind of installation, and what is missing where one is half there."""

from typing import TYPE_CHECKING

from bot.errors import Unusable
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import FALLBACK, texts

if TYPE_CHECKING:  # its SDK takes a second to import: only who has set it up pays that
    from adapters.slack.adapter import SlackAdapter


class SlackHalfSet(Unusable):
    """Some of Slack's settings are there, and not enough of them."""


def slack_adapter(settings: Settings, database: Database) -> "SlackAdapter | None":
    """The adapter as the settings want it; None where they want none.

    Raises
    ------
    SlackHalfSet
    """
    if "slack" not in settings.platforms:
        return None
    check(settings)
    from adapters.slack.adapter import SlackAdapter  # noqa: PLC0415
    from adapters.slack.install import Install  # noqa: PLC0415
    from adapters.slack.one_workspace import OneWorkspace  # noqa: PLC0415
    from adapters.slack.words import Words  # noqa: PLC0415
    from bot.storage.slack_installations import DatabaseInstallations  # noqa: PLC0415

    token = settings.slack_bot_token.get_secret_value()
    secret = settings.slack_client_secret.get_secret_value()
    install = None if token else Install(settings.slack_client_id, secret, settings.base_url)
    say = texts(FALLBACK)
    words = Words(
        title=say("slack-title"),
        close=say("slack-close"),
        send=say("slack-send"),
        moment=say("slack-moment"),
        noted=say("slack-noted"),
        groups=say("slack-groups"),
        installed=say("slack-installed"),
        not_installed=say("slack-not-installed"),
    )
    return SlackAdapter(
        installations=OneWorkspace(token) if token else DatabaseInstallations(database),
        secret=database.keys.links,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        install=install,
        words=words,
    )


def check(settings: Settings) -> None:
    """Raises SlackHalfSet with what is missing, and where Slack shows it."""
    if not settings.slack_bot_token and not (settings.slack_client_id and settings.slack_client_secret):
        message = (
            "Slack is half set up: PULSE_SLACK_BOT_TOKEN is missing (Slack shows it under OAuth & Permissions), or for "
            "installs by others PULSE_SLACK_CLIENT_ID and PULSE_SLACK_CLIENT_SECRET (Basic Information)."
        )
        raise SlackHalfSet(message)
    if not settings.slack_app_token and not settings.slack_signing_secret:
        message = (
            "Slack is half set up: PULSE_SLACK_APP_TOKEN is missing (Slack shows it under Basic Information, App-Level "
            "Tokens), or where Slack reaches the bot over HTTP PULSE_SLACK_SIGNING_SECRET (Basic Information)."
        )
        raise SlackHalfSet(message)
    if not settings.slack_bot_token and not settings.public_url.startswith("https://"):
        message = (
            "Slack sends whoever installs the app back to this bot, and only to an https:// address. "
            "Set PULSE_PUBLIC_URL to it, for example https://pulse.example.org."
        )
        raise SlackHalfSet(message)
