"""`pulse audit`, `pulse retention` and `pulse doctor`: what was done, what goes when, and whether all is well."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.audit import AuditEntry
from bot.commands.plainly import opened, plainly, say_whether_clean
from bot.settings import Settings


def audit(
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Go on from what is there, after a backup was put back")
    ] = False,
) -> None:
    """Print who did what, when, and whether the log is whole. Code 2 when it is not."""
    from bot.anchor import what_is_wrong  # noqa: PLC0415  # heavy parts load when a command needs them
    from bot.audit import ADMINISTRATOR, About, Act, append, entries  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        if accept:
            with database.begin() as session:
                append(session, Act.CONTINUED, About("audit"), by=ADMINISTRATOR, now=datetime.now(UTC))
            with database.session() as session:
                database.ledger.accept(session)
        with database.session() as session:
            for entry in entries(session):
                typer.echo(entry_line(entry))
            wrong = what_is_wrong(session, database.ledger)
    if wrong:
        typer.echo(wrong, err=True)
        raise typer.Exit(2)
    typer.echo("The audit log is whole.")


def entry_line(entry: AuditEntry) -> str:
    who = entry.role if entry.actor is None else f"{entry.role} {entry.actor}"
    subject = entry.subject.partition(":")[0]
    count = "" if entry.count is None else f" ({entry.count})"
    return f"{entry.number}  {entry.at:%Y-%m-%d %H:%M} UTC  {who}: {entry.act}, {entry.kind} {subject}".rstrip() + count


def retention(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and when")] = False,
) -> None:
    """Make the night's round now: delete what was kept long enough."""
    from bot.retention import due, keep_house  # noqa: PLC0415  # as above

    with plainly(), opened() as database:
        keep, now = Settings().keep, datetime.now(UTC)
        if not dry_run:
            made = asyncio.run(keep_house(database, keep, now=now, rewrites=True))
            for what, rows in made.taken.items():
                typer.echo(f"{what}: {rows} gone")
            for name in made.drawers:
                typer.echo(f"key {name}: destroyed")
            say_whether_clean(clean=made.clean)
            if not made.taken and not made.drawers:
                typer.echo("Nothing was due.")
            return
        names = [name for name, _ in database.keys.drawers]
        with database.session() as session:
            listed = due(session, keep, now=now, drawers=names)
        for one in listed:
            following = f"the next on {one.following}" if one.following else "nothing after that"
            typer.echo(f"{one.what}: kept {one.days} days; {one.rows} would go now, {following}")


def doctor() -> None:
    """Look at settings, keys, database and machine, and say what to mend. Code 2 when something is broken."""
    from bot.doctor import Level, examine  # noqa: PLC0415  # as above

    with plainly():
        findings = examine(Settings(), now=datetime.now(UTC))
    for finding in findings:
        typer.echo(f"{finding.level:<13} {finding.what}" + (f" {finding.mend}" if finding.mend else ""))
    if any(finding.level == Level.BROKEN for finding in findings):
        raise typer.Exit(2)
