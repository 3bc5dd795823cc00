"""`pulse backup`, `pulse restore`, `pulse move` and `pulse migrate`: the database copied, put back, carried over."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.plainly import opened, plainly
from bot.errors import Unusable
from bot.settings import Settings


def backup(
    to: Annotated[Path, typer.Argument(help="A file that is not there yet, such as backups/2027-03-01.db")],
) -> None:
    """Copy the database into a file, while the bot runs. The keys are not in it: keep their copy elsewhere."""
    from bot.backup import back_up  # noqa: PLC0415  # heavy parts load when a command needs them

    with plainly(), opened() as database:
        counted = back_up(database, to)
        rows = sum(one.rows for one in counted.values())
        typer.echo(
            f"{to}: {rows} rows of {len(counted)} tables, read again and whole. The key file is not in it: keep a "
            f"copy of {Settings().keys} apart from it. Delete backups as early as you can: they hold what is "
            "erased later."
        )


def restore(
    path: Annotated[Path, typer.Argument(help="What `pulse backup` wrote", metavar="BACKUP")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first")] = False,
) -> None:
    """Put a backup in the place of what is there. People erased since stay erased. Stop the bot first."""
    from bot.backup import restore as put_back  # noqa: PLC0415  # as above
    from bot.storage.alone import alone  # noqa: PLC0415  # as above

    with plainly(), alone(Settings().database_url), opened() as database:
        if not yes and not typer.confirm(f"Everything since {path} was made will be gone. Put it back?"):
            raise Unusable("Nothing was changed.")
        done = put_back(database, path, now=datetime.now(UTC))
        typer.echo(f"Put back: {sum(one.rows for one in done.sums.values())} rows of {len(done.sums)} tables.")
        if done.erased or done.texts:
            typer.echo(
                f"Taken out again: {done.erased} people who were erased since, and {done.texts} texts whose key was "
                "destroyed since."
            )
        typer.echo("Look at what is still to be sent before you start the bot: pulse doctor.")


def move(
    to: Annotated[str, typer.Argument(help="Such as postgresql://pulse@localhost/pulse", metavar="TO")],
) -> None:
    """Carry the installation over to another, empty database, on either engine, and compare. Stop the bot first."""
    from bot.move import move as carry  # noqa: PLC0415  # as above
    from bot.storage.alone import alone  # noqa: PLC0415  # as above

    with plainly():
        settings = Settings()
        target = settings.model_validate({**settings.model_dump(), "database_url": to})
        with alone(settings.database_url), alone(target.database_url):
            carried = carry(settings, target, now=datetime.now(UTC))
        for name, one in sorted(carried.items()):
            typer.echo(f"{name}: {one.rows} rows, {one.digest[:12]}, the same there")
        typer.echo(
            "Everything is there. Set PULSE_DATABASE_URL to it and start the bot; the key file stays as it is. "
            "The old database refuses to be served from now on; delete it when the new one has run for a day."
        )


def migrate() -> None:
    """Bring the database up to date with this version. Every start does it as well."""
    from bot.setup import open_database  # noqa: PLC0415  # as above

    with plainly():
        open_database(Settings()).close()
        typer.echo("The database is up to date.")
