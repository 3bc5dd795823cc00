"""`pulse backtest`: go-lives that somebody else recorded, read as if they had been watched."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.plainly import plainly
from bot.errors import Unusable

if TYPE_CHECKING:
    from analytics.backtest import Backtest
    from analytics.own_data import OwnData

MOST_SHOWN = 50  # mistakes of one folder


def backtest(
    folders: Annotated[
        list[Path], typer.Argument(help="Each with golive.toml and its CSV files, see docs/detection.md")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per folder and line")] = False,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day to know of; else all there is")
    ] = None,
    minimum: Annotated[int, typer.Option(min=3, help="People behind every alert")] = 5,
) -> None:
    """Say what the detectors would have told about go-lives recorded elsewhere, and when."""
    from analytics.backtest import backtest as look_back  # noqa: PLC0415  # heavy parts load when a command needs them
    from analytics.own_data import Flawed, read_folder  # noqa: PLC0415

    unreadable = False
    with plainly():
        for folder in folders:
            if not folder.is_dir():
                message = f"{folder} is not a folder."
                raise Unusable(message)
        for folder in folders:
            try:
                own = read_folder(folder)
            except Flawed as wrong:
                unreadable = True
                for flaw in wrong.flaws[:MOST_SHOWN]:
                    typer.echo(f"{folder}/{flaw}", err=True)
                if len(wrong.flaws) > MOST_SHOWN:
                    typer.echo(f"{folder}: and {len(wrong.flaws) - MOST_SHOWN} more", err=True)
                continue
            told = look_back(
                own, read_as=groups(own, minimum=minimum), until=until.date() if until else None, least=minimum
            )
            if as_json:
                typer.echo(json.dumps(as_object(folder, told), ensure_ascii=False))
            else:
                say(folder, own, told)
    if unreadable:
        raise typer.Exit(2)


def groups(own: "OwnData", *, minimum: int) -> dict[str, str]:
    """Which group each team is read in, as a go-live of the same teams would read them."""
    from surveys.strata import merge  # noqa: PLC0415  # as above

    return {team: stratum.name for stratum in merge(own.sizes, minimum=minimum) for team in stratum.teams}


def as_object(folder: Path, told: "Backtest") -> dict[str, Any]:
    return {
        "folder": str(folder),
        "alerts": [
            {
                "kind": signal.kind,
                "team": signal.team,
                "raised_on": signal.raised_on.isoformat(),
                "because": signal.because,
                "score": round(signal.score, 3),
                "threshold": round(signal.threshold, 3),
                "route": signal.route,
            }
            for signal in told.alerts
        ],
        "suppressed": [
            {
                "kind": one.kind,
                "team": one.team,
                "raised_on": one.raised_on.isoformat(),
                "why": one.why,
                "route": one.route,
            }
            for one in told.suppressed
        ],
    }


def say(folder: Path, own: "OwnData", told: "Backtest") -> None:
    typer.echo(f"{own.name} ({folder}), {len(own.sizes)} teams, on the new system since {own.golive}")
    for signal in told.alerts:
        about = f"{signal.kind.replace('_', ' ')}, {signal.team or 'everybody'}"
        typer.echo(f"  {signal.raised_on}  {about}: {signal.because}")
    for one in told.suppressed:
        typer.echo(f"  {one.raised_on}  withheld, {one.kind.replace('_', ' ')}, {one.team}: {one.why}")
    if not told.alerts:
        typer.echo("  Nothing would have been raised.")
