"""`pulse keys`: list, draw anew, destroy."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.plainly import opened, plainly, say_whether_clean
from bot.errors import Unusable
from bot.storage.database import Database

app = typer.Typer(help="The keys to what people wrote: list, draw anew, destroy.", no_args_is_help=True)


@app.command(name="list")
def list_() -> None:
    """Name the keys there are, never what they are."""
    with plainly(), opened() as database:
        keys = database.keys
        state = ", a rotation is not finished: run pulse keys rotate" if keys.in_rotation else ""
        typer.echo(f"texts: drawn {keys.drawn}{state}")
        for name, _ in sorted(keys.drawers):
            typer.echo(f"{name}: the texts of go-live {name.partition('.')[0]} in {name.partition('.')[2]}")
        for name in keys.destroyed:
            typer.echo(f"{name}: destroyed")


@app.command()
def rotate(
    *,
    links: Annotated[bool, typer.Option("--links", help="Draw a new secret for links instead")] = False,
) -> None:
    """Draw new keys and encrypt every kept text anew. Interrupted, the same command goes on from there."""
    with plainly(), opened() as database:
        if links:
            rotate_links(database)
            return
        from bot.storage.rotation import TEXTS, rotate  # noqa: PLC0415  # heavy parts load when a command needs them

        went_on = database.keys.in_rotation
        total = rotate(database, now=datetime.now(UTC))
        say_whether_clean(clean=database.rewrite_now(tuple(sorted({str(text.table.__tablename__) for text in TEXTS}))))
        begun = "The rotation that was begun is finished" if went_on else "New keys are in use"
        typer.echo(
            f"{begun}. Texts encrypted anew: {total}. The old keys are gone. Copy the key file now; "
            "an older copy opens nothing that is kept here."
        )


@app.command()
def destroy(
    name: Annotated[str, typer.Argument(help="As `pulse keys list` names it")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first")] = False,
) -> None:
    """Destroy the key of a go-live's month, and what lies under it: in every backup of the database as well."""
    from bot.audit import ADMINISTRATOR  # noqa: PLC0415  # as above
    from bot.retention import destroy as destroy_now  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        if name in database.keys.destroyed:
            message = f"{name} has been destroyed already."
            raise Unusable(message)
        if name not in dict(database.keys.drawers):
            message = f"There is no key {name}. `pulse keys list` names those there are."
            raise Unusable(message)
        if not yes and not typer.confirm(f"Nobody can bring back what lies under {name}. Destroy it?"):
            raise Unusable("Nothing was destroyed.")
        gone = destroy_now(database, name, by=ADMINISTRATOR, now=datetime.now(UTC))
        typer.echo(
            f"{name} is destroyed. Texts that went with it: {gone}. Replace the copies of the key file as well: "
            "an older copy opens an older backup."
        )


def rotate_links(database: Database) -> None:
    from bot.audit import ADMINISTRATOR, About, Act, append  # noqa: PLC0415  # as above

    with database.begin() as session:
        append(session, Act.LINKS_ROTATED, About("keys"), by=ADMINISTRATOR, now=datetime.now(UTC))
    database.keychain.change(lambda keys: replace(keys, links=secrets.token_bytes(32)))
    typer.echo(
        "A new link secret is drawn. Restart the bot: from then on no link and no open chat works that was made "
        "before. `pulse link NAME` prints new ones."
    )
