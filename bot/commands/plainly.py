"""What every command shares: mistakes in plain words with code 2, and a database that is closed again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from bot.commands.wrong_settings import refuse_unknown, sentences
from bot.errors import Unusable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.database import Database


@contextmanager
def plainly() -> Iterator[None]:
    """Say in plain words what a person can mend, and leave with code 2."""
    from surveys.errors import SurveyError  # noqa: PLC0415  # heavy parts load when a command needs them
    from surveys.mistakes import FileMistakes  # noqa: PLC0415

    try:
        refuse_unknown(os.environ)
        yield
    except FileMistakes as wrong:
        for mistake in wrong.mistakes:
            typer.echo(str(mistake), err=True)
    except ValidationError as wrong:
        for sentence in sentences(wrong):
            typer.echo(sentence, err=True)
    except (SurveyError, Unusable) as wrong:
        typer.echo(str(wrong), err=True)
    else:
        return
    raise typer.Exit(2)


def say_whether_clean(*, clean: bool) -> None:
    """What was erased may still lie in old pages, as long as another program reads the database."""
    if not clean:
        typer.echo(
            "Another program is reading the database, so old pages of it could not be written over yet. "
            "End it, then run pulse retention.",
            err=True,
        )


@contextmanager
def opened() -> "Iterator[Database]":
    """The database that the settings name."""
    from bot.setup import open_database  # noqa: PLC0415  # as above

    database = open_database(Settings())
    try:
        yield database
    finally:
        database.close()
