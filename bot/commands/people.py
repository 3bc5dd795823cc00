"""`pulse erase` and `pulse export`: what is held about one person, taken out or handed over."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.plainly import opened, plainly, say_whether_clean
from bot.errors import Unusable

Person = Annotated[str, typer.Argument(help="A name or an address from the roster")]


def erase(
    person: Person,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Let rosters bring this address back")] = False,
) -> None:
    """Take a person out for good: roster, leave, contact, invitations, messages."""
    from bot import erasure  # noqa: PLC0415  # heavy parts load when a command needs them

    with plainly(), opened() as database:
        now = datetime.now(UTC)
        if undo:
            with database.begin() as session:
                back = erasure.readmit(session, person, now=now)
            if not back:
                message = f'"{person}" was never erased here. Write the address as it stands in the roster, web:desk-1.'
                raise Unusable(message)
            typer.echo("Taken back. The next `pulse load` enrols this address again, if the roster lists it.")
            return
        with database.begin() as session:
            done = erasure.erase(session, person, now=now)
        say_whether_clean(clean=database.rewrite_now(erasure.TABLES))
        typer.echo(
            f"Erased from {', '.join(done.golives)}: roster, leave, contact, invitations and messages. "
            "Answers and questions cannot be taken out, because nobody can tell whose they are; "
            "if a pulse is open, the invitation to it is gone, and an answer given to it stays."
        )
        if done.had_address:
            typer.echo(
                "Loading the same roster again does not enrol this address anew. Take the line out all the same."
            )
        else:
            typer.echo(
                "No address was known, so loading the roster again would bring the name back. Take its line out."
            )
        typer.echo("Backups made before now still hold what was erased.")


def export(person: Person) -> None:
    """Print what is held about a person, as JSON, for that person."""
    from bot.export import export as held_about  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        with database.begin() as session:
            held = held_about(session, person, now=datetime.now(UTC))
        typer.echo(json.dumps(held, indent=2, ensure_ascii=False))
