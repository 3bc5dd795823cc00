"""From settings to Microsoft Teams: which apps the bot speaks as, and what is missing where one is half there."""

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import Unusable
from bot.settings import AZURE_ID, Settings
from bot.texts import FALLBACK, texts

if TYPE_CHECKING:  # its SDK takes a second to import: only who has set it up pays that
    from adapters.teams.adapter import TeamsAdapter
    from adapters.teams.registrations import Registration

KNOWN = {"app_id", "tenant", "secret", "managed_identity"}


class TeamsHalfSet(Unusable):
    """Some of Teams' settings are there, and not enough of them, or they contradict each other."""


def teams_adapter(settings: Settings) -> "TeamsAdapter | None":
    """The adapter as the settings want it; None where they want none.

    Raises
    ------
    TeamsHalfSet
    """
    if "teams" not in settings.platforms:
        return None
    check(settings)
    from adapters.teams.adapter import TeamsAdapter  # noqa: PLC0415
    from adapters.teams.registrations import Registrations  # noqa: PLC0415
    from adapters.teams.words import Words  # noqa: PLC0415

    say = texts(FALLBACK)
    words = Words(
        elsewhere=say("teams-elsewhere"),
        open_chat=say("teams-open-chat"),
        noted=say("teams-noted"),
        group_hint=say("teams-group-hint"),
    )
    return TeamsAdapter(Registrations([] if settings.teams_unsigned else registrations(settings)), words=words)


def check(settings: Settings) -> None:
    """Raises TeamsHalfSet with what is missing, and where Azure shows it."""
    if settings.teams_unsigned:
        check_unsigned(settings)
    elif settings.teams_registrations is not None:
        if settings.teams_app_id:
            raise TeamsHalfSet("Teams: set PULSE_TEAMS_APP_ID or PULSE_TEAMS_REGISTRATIONS, not both.")
        read(settings.teams_registrations)
    elif not settings.teams_app_id:
        raise TeamsHalfSet(
            "Teams is half set up: PULSE_TEAMS_APP_ID is missing (Azure shows it as Application ID). Without it nobody "
            "could tell who writes, so the bot does not start."
        )
    elif not settings.teams_tenant:
        raise TeamsHalfSet(
            "Teams is half set up: PULSE_TEAMS_TENANT is missing (Azure shows it beside the Application ID, as "
            "Directory or tenant ID)."
        )
    elif bool(settings.teams_app_secret) == settings.teams_managed_identity:
        raise TeamsHalfSet(
            "Teams wants one way to sign in: PULSE_TEAMS_APP_SECRET (Azure, Certificates & secrets, the Value of a "
            "client secret), or PULSE_TEAMS_MANAGED_IDENTITY=true for a machine in Azure."
        )


def check_unsigned(settings: Settings) -> None:
    """Raises TeamsHalfSet unless only this machine can reach the bot."""
    if settings.teams_app_id or settings.teams_registrations:
        raise TeamsHalfSet(
            "PULSE_TEAMS_UNSIGNED is for development without an app in Azure, and one is set as well. Take one away."
        )
    if not is_loopback(settings.host) or settings.public_url:
        raise TeamsHalfSet(
            "PULSE_TEAMS_UNSIGNED believes whoever writes, so it works on this machine alone: "
            "PULSE_HOST has to be 127.0.0.1, and PULSE_PUBLIC_URL has to be empty."
        )


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def registrations(settings: Settings) -> "list[Registration]":
    """Every registration there is.

    Raises
    ------
    TeamsHalfSet
    """
    from adapters.teams.registrations import Registration  # noqa: PLC0415

    if settings.teams_registrations is not None:
        return read(settings.teams_registrations)
    secret = settings.teams_app_secret.get_secret_value()
    managed = settings.teams_managed_identity
    return [Registration(settings.teams_app_id, settings.teams_tenant, secret, "managed" if managed else "secret")]


def read(path: Path) -> "list[Registration]":
    """The registrations of a file: one a directory, each app once.

    Raises
    ------
    TeamsHalfSet
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TeamsHalfSet(f"The file of registrations {path} cannot be read ({type(error).__name__}).") from error
    listed = raw.get("registration")
    if not isinstance(listed, list) or not listed:
        raise TeamsHalfSet(f"{path} names no registration. Write one as docs/teams.md shows, under [[registration]].")
    found = [registration(one, where=f"{path}, registration {number}") for number, one in enumerate(listed, 1)]
    for name in ("app_id", "tenant"):
        values = [getattr(one, name) for one in found]
        if len(set(values)) < len(values):
            raise TeamsHalfSet(f"{path} names the same {name} twice: every directory has one app, and every app one.")
    return found


def registration(raw: Any, *, where: str) -> "Registration":
    """Raises TeamsHalfSet."""
    from adapters.teams.registrations import Registration  # noqa: PLC0415

    table: dict[str, Any] = raw if isinstance(raw, dict) else {}
    if unknown := sorted(table.keys() - KNOWN):
        raise TeamsHalfSet(f"{where}: {unknown[0]} is not known. There are {', '.join(sorted(KNOWN))}.")
    for name in ("app_id", "tenant"):
        if not AZURE_ID.fullmatch(str(table.get(name, ""))):
            raise TeamsHalfSet(f"{where}: {name} is no id as Azure shows them.")
    secret, managed = table.get("secret", ""), table.get("managed_identity", False)
    if not isinstance(secret, str) or not isinstance(managed, bool) or bool(secret) == managed:
        raise TeamsHalfSet(f'{where}: it needs secret = "…", or managed_identity = true.')
    return Registration(table["app_id"].lower(), table["tenant"].lower(), secret, "managed" if managed else "secret")
