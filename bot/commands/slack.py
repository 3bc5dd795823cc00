"""`pulse slack`: what Slack wants to be told of the app."""

from typing import Annotated

import typer

from bot.errors import Unusable

app = typer.Typer(help="Slack: what it takes to set it up.", no_args_is_help=True)


class NoAddress(Unusable):
    """Slack takes only https:// addresses."""


@app.callback()
def slack() -> None:
    """Slack: what it takes to set it up."""


@app.command()
def manifest(
    *,
    url: Annotated[
        str, typer.Option(help="Where Slack reaches the bot; without it the bot calls Slack (Socket Mode)")
    ] = "",
    name: Annotated[
        str, typer.Option(help="What the app is called in your workspace, at most 35 characters")
    ] = "Pulse",
) -> None:
    """Print the app's manifest, ready to be pasted where Slack asks for one (api.slack.com/apps, From a manifest)."""
    from adapters.slack.manifest import manifest as text  # noqa: PLC0415
    from bot.commands.plainly import plainly  # noqa: PLC0415

    with plainly():
        if url and not url.startswith("https://"):
            message = f'"{url}" is no https:// address, and Slack takes no other, for example https://pulse.example.org'
            raise NoAddress(message)
        if not 0 < len(name) <= 35:  # noqa: PLR2004  # Slack's limit
            message = f'"{name}" has {len(name)} characters; Slack takes 1 to 35, for example Pulse'
            raise NoAddress(message)
    typer.echo(text(url=url, name=name), nl=False)
