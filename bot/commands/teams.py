"""`pulse teams`: what Teams wants to be told of the app."""

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Unusable
from bot.settings import AZURE_ID, Settings

app = typer.Typer(help="Microsoft Teams: what it takes to set it up.", no_args_is_help=True)


class NoPackage(Unusable):
    """What Teams has to be told is missing, or is more than Teams takes."""


@app.callback()
def teams() -> None:
    """Microsoft Teams: what it takes to set it up."""


@app.command()
def package(
    *,
    app_id: Annotated[str, typer.Option(help="The app's id in Azure; else PULSE_TEAMS_APP_ID")] = "",
    url: Annotated[str, typer.Option(help="Where people reach the bot; else PULSE_PUBLIC_URL")] = "",
    privacy: Annotated[str, typer.Option(help="Your own page on privacy, which Teams shows beside the app")] = "",
    terms: Annotated[str, typer.Option(help="Your own terms of use, likewise")] = "",
    name: Annotated[str, typer.Option(help="What the app is called in Teams, at most 30 characters")] = "Pulse",
    version: Annotated[str, typer.Option(help="A higher one than what was uploaded before")] = "1.0.0",
    to: Annotated[Path, typer.Option(help="Where the file goes")] = Path("pulse-teams.zip"),
) -> None:
    """Write the app as the file that is uploaded to Teams: its manifest and both icons."""
    from adapters.teams.manifest import LONGEST_NAME, manifest  # noqa: PLC0415
    from adapters.teams.manifest import package as packed  # noqa: PLC0415
    from bot.commands.plainly import plainly  # noqa: PLC0415

    with plainly():
        settings = Settings()
        bot, address = app_id or settings.teams_app_id, url or settings.public_url
        if not AZURE_ID.fullmatch(bot):
            message = "Say which app it is, with --app-id or PULSE_TEAMS_APP_ID: the Application ID that Azure shows."
            raise NoPackage(message)
        if not all(page.startswith("https://") for page in (address, privacy or address, terms or address)):
            message = (
                "Teams takes https:// addresses only. Say where it reaches the bot, with --url or PULSE_PUBLIC_URL, "
                "for example https://pulse.example.org."
            )
            raise NoPackage(message)
        if not 0 < len(name) <= LONGEST_NAME:
            message = f'"{name}" has {len(name)} characters; Teams takes 1 to {LONGEST_NAME}, for example Pulse.'
            raise NoPackage(message)
        described = manifest(app_id=bot.lower(), url=address, privacy=privacy, terms=terms, name=name, version=version)
        to.write_bytes(packed(described))
        typer.echo(f"{to} is ready. In Teams: Apps, Manage your apps, Upload an app.")
