"""What was found on which day, against what was planted."""

from dataclasses import dataclass

from rich.table import Table
from sqlmodel import Session, col, select

from bot.insight.alerts import Alert
from bot.rehearsal.story import Planted, Story
from surveys.golives import GoLive, Stratum, Team


@dataclass(frozen=True, slots=True)
class Found:
    """One alert, in days from the go-live."""

    kind: str
    group: str
    route: str
    raised: int
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class Findings:
    matched: tuple[tuple[Planted, Found | None], ...]
    others: tuple[Found, ...]  #: alerts about nothing that was planted


def findings(session: Session, golive_id: int, story: Story) -> Findings:
    golive = session.get_one(GoLive, golive_id)
    strata = {row.id: row.name for row in session.exec(select(Stratum).where(Stratum.golive_id == golive_id))}
    group_of = {
        team.name: strata[team.stratum_id] for team in session.exec(select(Team).where(Team.golive_id == golive_id))
    }
    rows = session.exec(select(Alert).where(Alert.golive_id == golive_id).order_by(col(Alert.raised_on)))
    alerts = [
        Found(
            kind=row.kind,
            group=strata[row.stratum_id],
            route=row.route,
            raised=(row.raised_on - golive.date).days,
            state=row.state,
            because=row.because,
        )
        for row in rows
    ]
    matched = tuple((planted, first_about(planted, alerts, group=group_of[planted.team])) for planted in story.planted)
    about = {id(found) for _, found in matched}
    return Findings(matched=matched, others=tuple(found for found in alerts if id(found) not in about))


def first_about(planted: Planted, alerts: list[Found], *, group: str) -> Found | None:
    """The first alert of this kind about this group since the trouble began."""
    return next(
        (
            found
            for found in alerts
            if (found.kind, found.group, found.route) == (planted.kind, group, planted.route)
            and found.raised >= planted.begins
        ),
        None,
    )


def as_table(result: Findings, *, day: int) -> Table:
    """The findings as of a day of the go-live."""
    table = Table(title="Planted, and found", title_justify="left")
    for column in ("what", "team", "begins", "found", "after", "now"):
        table.add_column(column)
    for planted, found in result.matched:
        what = planted.kind.replace("_", " ") + (f" ({planted.route})" if planted.route else "")
        table.add_row(
            what,
            planted.team,
            f"day {planted.begins}",
            f"day {found.raised}" if found else ("not found yet" if day >= planted.begins else "not begun yet"),
            f"{found.raised - planted.begins} days" if found else "",
            found.state.replace("_", " ") if found else "",
        )
    for found in result.others:
        what = found.kind.replace("_", " ") + (f" ({found.route})" if found.route else "")
        table.add_row(what, found.group, "not planted", f"day {found.raised}", "", found.state.replace("_", " "))
    return table
