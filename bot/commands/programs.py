"""`pulse token` and `pulse webhook`: what programs may read, and whom the bot tells of alerts."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session, col, select

from bot.commands.plainly import opened, plainly
from bot.errors import Unusable

token = typer.Typer(help="Tokens for programs that read the API: make, list, end.", no_args_is_help=True)
webhook = typer.Typer(help="Whom the bot tells of alerts: add, list, remove.", no_args_is_help=True)

GoLiveNumber = Annotated[int, typer.Argument(help="The number of the go-live, as `pulse token list` names it")]


@token.command(name="new")
def new_token(
    golive: GoLiveNumber,
    name: Annotated[str, typer.Argument(help="What it is for")],
    *,
    scope: Annotated[list[str], typer.Option(help="figures, alerts or plan; several times for several")],
) -> None:
    """Make a token and print it, once. With the scope plan, print an address for calendars as well."""
    from bot.api.tokens import Scope, make_token  # noqa: PLC0415  # heavy parts load when a command needs them
    from bot.settings import Settings  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        unknown = set(scope) - set(Scope)
        if unknown or not scope:
            raise Unusable(f"There is no scope {', '.join(sorted(unknown))}. The scopes are {', '.join(Scope)}.")
        with database.begin() as session:
            by = whoever(session, golive)
            made = make_token(session, name=name, scopes=frozenset(map(Scope, scope)), by=by)
        typer.echo(made)
        if Scope.PLAN in scope:
            typer.echo(f"{Settings().base_url}/api/calendar/{made}.ics")


@token.command(name="list")
def list_tokens() -> None:
    """Name the go-lives and their tokens, never what opens them."""
    from bot.api.tokens import tokens  # noqa: PLC0415  # as above
    from surveys.golives import GoLive  # noqa: PLC0415  # as above

    with plainly(), opened() as database, database.session() as session:
        for golive in session.exec(select(GoLive).order_by(col(GoLive.id))):
            typer.echo(f"{golive.id}: {golive.name}")
            for one in tokens(session, golive.id or 0):
                typer.echo(f"  {one.mark[:10]}  {one.name}: {', '.join(one.scopes)}; until {one.expires}")


@token.command(name="end")
def end_one(golive: GoLiveNumber, token: Annotated[str, typer.Argument(help="As `pulse token list` names it")]) -> None:
    """End a token: from now on it opens nothing."""
    from bot.api.tokens import end_token  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        if len(token) < 6:  # noqa: PLR2004  # fewer signs could mean several
            raise Unusable("Write at least the first six signs, as `pulse token list` shows them.")
        with database.begin() as session:
            ended = end_token(session, token, by=whoever(session, golive))
        if not ended:
            raise Unusable(f"Go-live {golive} has no token {token}.")
        typer.echo("It opens nothing any more.")


@webhook.command(name="add")
def add(golive: GoLiveNumber, url: Annotated[str, typer.Argument(help="An https:// address")]) -> None:
    """Tell a program of alerts from now on, and print the secret of its signatures, once."""
    from bot.api.webhooks import add_webhook  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        with database.begin() as session:
            secret = add_webhook(session, url, by=whoever(session, golive))
        typer.echo(secret)


@webhook.command(name="list")
def list_webhooks(golive: GoLiveNumber) -> None:
    """Name whom a go-live tells."""
    from bot.api.webhooks import webhooks  # noqa: PLC0415  # as above

    with plainly(), opened() as database, database.session() as session:
        for number, url in webhooks(session, golive):
            typer.echo(f"{number}: {url}")


@webhook.command(name="remove")
def remove(
    golive: GoLiveNumber, number: Annotated[int, typer.Argument(help="As `pulse webhook list` names it")]
) -> None:
    """Tell a program no more."""
    from bot.api.webhooks import remove_webhook  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        with database.begin() as session:
            there = remove_webhook(session, number, by=whoever(session, golive))
        if not there:
            raise Unusable(f"Go-live {golive} has no webhook {number}.")
        typer.echo("It is told no more.")


def whoever(session: Session, golive: int) -> Any:
    """Whoever has the shell, in this go-live. Raises Unusable when there is none of that number."""
    from bot.clock import local_date  # noqa: PLC0415  # as above
    from bot.leading import Leader  # noqa: PLC0415  # as above
    from surveys.golives import GoLive  # noqa: PLC0415  # as above

    found = session.get(GoLive, golive)
    if found is None:
        raise Unusable(f"There is no go-live {golive}. `pulse token list` names those there are.")
    now = datetime.now(UTC)
    return Leader(golive, None, now=now, today=local_date(now, found.timezone), role="administrator")
