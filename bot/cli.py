"""The command line: check, load, plan, link, serve, rehearse; what looks after people and keys is in `bot/commands`."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, select

from bot.commands import backtest, classify, copies, keys, people, programs, slack, teams, upkeep
from bot.commands.plainly import opened, plainly
from bot.errors import Unusable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.setup import Role

app = typer.Typer(
    help="golive-pulse: a finger on the pulse of a team while a new system goes live.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False)

app.add_typer(keys.app, name="keys")
app.add_typer(programs.token, name="token")
app.add_typer(programs.webhook, name="webhook")
app.add_typer(slack.app, name="slack")
app.add_typer(teams.app, name="teams")
for command in (
    people.erase,
    people.export,
    upkeep.audit,
    upkeep.retention,
    upkeep.doctor,
    copies.backup,
    copies.restore,
    copies.move,
    copies.migrate,
    backtest.backtest,
    classify.classify,
):
    app.command()(command)

GoLivePath = Annotated[Path, typer.Argument(help="The go-live, as in docs/example/golive.toml")]


@app.command()
def check(golive: GoLivePath) -> None:
    """Read a go-live file and its roster, and say what is wrong in them."""
    from surveys.golive_file import read_golive  # noqa: PLC0415

    with plainly():
        file = read_golive(golive, today=today(), known_date=known_date(golive))
        for warning in file.warnings:
            typer.echo(f"Note: {warning}")
        typer.echo(
            f"{golive.name} is fine: {file.name}, {file.date}, {len(file.roster)} people in {len(file.teams)} teams."
        )
        if file.has_sources:
            typer.echo("Channels and groups are read when the bot runs.")


@app.command()
def load(golive: GoLivePath) -> None:
    """Take a go-live file in. Loading it again changes what the file changes, and moves what was not yet sent."""
    from bot.loading import load as load_rows  # noqa: PLC0415
    from bot.setup import open_database  # noqa: PLC0415
    from surveys.golive_file import read_golive  # noqa: PLC0415

    with plainly():
        file = read_golive(golive, today=today(), known_date=known_date(golive))
        settings = Settings()
        database = open_database(settings)
        try:
            with database.begin() as session:
                loaded = load_rows(session, file, now=datetime.now(UTC), platforms=settings.platforms)
        finally:
            database.close()
        for warning in file.warnings:
            typer.echo(f"Note: {warning}")
        verb = "Loaded" if loaded.is_new else "Loaded again"
        typer.echo(
            f"{verb}: {file.name}, {file.date}. {loaded.people} people; {loaded.joined} new, {loaded.left} left."
        )
        if loaded.moved is not None:
            typer.echo(str(loaded.moved))
        if loaded.erased:
            who = "1 person on the roster was" if loaded.erased == 1 else f"{loaded.erased} people on the roster were"
            typer.echo(f"Note: {who} erased before and left out; take what names them out of the file.")
        for platform in loaded.unreached:
            typer.echo(f"Note: nobody on {platform} can be reached yet, because {platform} is not set up.")


@app.command()
def plan(golive: GoLivePath) -> None:
    """Show when a go-live asks what."""
    from surveys.cadence import occurrences  # noqa: PLC0415
    from surveys.golive_file import read_golive  # noqa: PLC0415
    from surveys.plans import load_plan  # noqa: PLC0415

    with plainly():
        file = read_golive(golive, today=today(), known_date=known_date(golive))
        chosen = load_plan(file.plan)
        table = Table("date", "day", "phase", "asks about", title=file.name)
        for pulse in occurrences(
            chosen,
            golive=file.date,
            since=file.date + timedelta(days=chosen.phases[0].first),
            until=file.date + timedelta(days=chosen.phases[-1].last),
            closed=file.closed,
        ):
            asks = ", ".join(construct.replace("_", " ") for construct in pulse.constructs)
            table.add_row(f"{pulse.on:%a} {pulse.on}", f"{pulse.day:+d}", pulse.phase, asks)
        out.print(table)


@app.command()
def templates() -> None:
    """Print knowledge checks for a practice, ready to be pasted into golive.toml and changed."""
    from surveys.knowledge_checks import as_toml, load_templates  # noqa: PLC0415

    for template in load_templates():
        typer.echo(as_toml(template))


@app.command()
def link(
    person: Annotated[str, typer.Argument(help="A name or a web address from the roster, or of a lead")] = "",
    *,
    administrator: Annotated[
        bool, typer.Option("--administrator", help="Open the dashboard once, as whoever runs the bot")
    ] = False,
    qr: Annotated[bool, typer.Option("--qr", help="Show it as a QR code as well")] = False,
) -> None:
    """Print the link that opens the web chat of one person. Whoever has it is let in as that person."""
    from adapters.web.links import enter_path, qr_terminal  # noqa: PLC0415
    from bot.audit import ADMINISTRATOR, About, Act, append  # noqa: PLC0415

    with plainly(), opened() as database:
        settings = Settings()
        if administrator:
            from bot.dashboard.sign_in import make_link  # noqa: PLC0415

            with database.begin() as session:
                token = make_link(session, None, secret=database.keys.links, now=datetime.now(UTC))
            typer.echo(f"{settings.base_url}/dashboard/in/{token}")
            return
        if not person:
            raise Unusable("Name a person, or --administrator for the dashboard of whoever runs the bot.")
        with database.begin() as session:
            account, contact = account_of(session, person)
            append(session, Act.LINK, About("contact", contact), by=ADMINISTRATOR, now=datetime.now(UTC))
        url = settings.base_url + enter_path(database.keys.links, account)
        typer.echo(url)
        if qr:
            typer.echo(qr_terminal(url))


@app.command()
def serve(
    *,
    role: Annotated[
        str, typer.Option(help="On several machines with PostgreSQL: web, worker or all; else leave it out")
    ] = "",
) -> None:
    """Run the bot: the web chat, the timetable, the deliveries."""
    from bot.setup import open_database, serve_bot  # noqa: PLC0415
    from bot.storage.alone import alone, together  # noqa: PLC0415

    with plainly():
        settings = Settings()
        part = role_of(role, settings)
        with together(settings.database_url) if part else alone(settings.database_url):
            database = open_database(settings)
            try:
                typer.echo(f"The bot listens on {settings.base_url}. `pulse link NAME` prints one person's way in.")
                until_stopped(serve_bot(settings, database, role=part))
            finally:
                database.close()


@app.command()
def rehearse(
    golive: Annotated[
        Path | None, typer.Argument(help="A go-live file of your own; else a family practice of 42 people")
    ] = None,
    *,
    speed: Annotated[float, typer.Option(help="Days a second; 0 is as fast as it goes")] = 0.0,
    seed: Annotated[int, typer.Option(help="Another seed plays other people")] = 1,
    until: Annotated[int, typer.Option(help="The day, counted from the go-live, on which play ends")] = 60,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again instead of going on where it stopped")] = False,
    stay: Annotated[bool, typer.Option("--stay/--leave", help="Stay up when play has ended, to take part")] = True,
) -> None:
    """Play a whole go-live with simulated staff, then stay up so that you can take part."""
    from bot.rehearsal.play import Rehearsal  # noqa: PLC0415
    from bot.rehearsal.play import rehearse as play  # noqa: PLC0415

    with plainly():
        wish = Rehearsal(path=golive, speed=speed, seed=seed, until=until, fresh=fresh, stay=stay)
        until_stopped(play(Settings(), wish, out=out))


@app.command()
def calibrate(
    *,
    seed: Annotated[int, typer.Option(help="Another seed simulates other organisations")] = 1,
    organisations: Annotated[int, typer.Option(help="How many are simulated for each size")] = 1000,
    to: Annotated[Path | None, typer.Option(help="Where the thresholds go; else where the detectors read them")] = None,
) -> None:
    """Find the detectors' thresholds by simulation (minutes), and print how well they do."""
    from analytics.calibration import SHIPPED  # noqa: PLC0415
    from analytics.calibration import calibrate as run  # noqa: PLC0415

    typer.echo(
        run(seed=seed, organisations=organisations, to=to or SHIPPED, told=lambda line: typer.echo(line, err=True))
    )


def until_stopped(work: Coroutine[None, None, None]) -> None:
    """Run until it ends or somebody presses Ctrl-C, which is a good way to stop."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing is lost; the same command goes on from here.")


def role_of(written: str, settings: Settings) -> "Role | None":
    """Raises Unusable."""
    from bot.setup import Role  # noqa: PLC0415

    if not written:
        return None
    if written not in set(Role):
        message = f"--role {written} is none of {', '.join(Role)}. Leave it out on one machine."
        raise Unusable(message)
    if settings.database_url.startswith("sqlite"):
        raise Unusable(
            "Several machines need PostgreSQL. Set PULSE_DATABASE_URL, for example "
            "postgresql://pulse@localhost/pulse, or leave --role out."
        )
    return Role(written)


def today() -> date:
    return datetime.now(UTC).date()


def known_date(path: Path) -> date | None:
    """The date under which this go-live was loaded before: one that runs may lie in the past. Only looks."""
    import tomllib  # noqa: PLC0415

    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from bot.storage.database import Database  # noqa: PLC0415
    from bot.storage.keys import draw_keys  # noqa: PLC0415
    from surveys.golives import find_golive  # noqa: PLC0415

    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None  # reading it properly says what is wrong
    url = Settings().database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(url, keys=draw_keys())
    try:
        with database.session() as session:
            found = find_golive(session, organisation=str(raw.get("organisation")), system=str(raw.get("system")))
            return found.date if found else None
    except SQLAlchemyError:
        return None  # nothing was ever loaded there; loading says so if the database cannot be reached
    finally:
        database.close()


def account_of(session: Session, person: str) -> tuple[str, str]:
    """The web account of somebody on the roster or of a lead, and the contact's number. Raises Unusable."""
    from bot.delivery.contacts import Contact  # noqa: PLC0415
    from surveys.roster import Participant, Reader  # noqa: PLC0415

    wanted = person.removeprefix("web:").casefold()
    rows = session.exec(
        select(Contact.account, Participant.name, Reader.name, Contact.id)
        .select_from(Contact)
        .join(Participant, col(Participant.id) == col(Contact.participant_id), isouter=True)
        .join(Reader, col(Reader.id) == col(Contact.reader_id), isouter=True)
        .where(Contact.platform == "web")
    )
    found = {account: (name or reader or account, str(number)) for account, name, reader, number in rows}
    known = [(account, name) for account, (name, _) in sorted(found.items())]
    for account, name in known:
        if wanted in {account.casefold(), name.casefold()}:
            return account, found[account][1]
    if not known:
        raise Unusable("Nobody is on the roster yet. Load a go-live first: pulse load golive.toml")
    some = ", ".join(f"{name} (web:{account})" for account, name in known[:5])
    raise Unusable(f'"{person}" is not on the roster. There are {len(known)} people, for example {some}.')
