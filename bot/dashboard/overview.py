"""The overview of a lead, and the page of one group: where things stand, and how they came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlmodel import Session, col, select

from analytics.readiness import MEASURES
from bot.conversation.whose import is_number
from bot.dashboard.forms import Refused
from bot.dashboard.visit import LEAD, Visit
from bot.insight import alerts
from bot.insight.alerts import Alert
from bot.insight.charts import Trend, in_words, reach_of, trend_in_words, trend_svg
from bot.insight.digest import closing_lines, day_of, facts, things_to_do
from bot.insight.published import ANSWERED, Figure, figures, latest
from bot.texts import Texts
from surveys.golives import GoLive, Stratum, Team, strata_of
from surveys.plans import load_plan

COLUMNS = (ANSWERED, *MEASURES)


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of the heat map."""

    css: str  #: hidden, unasked, or the band
    said: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    stratum_id: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the plan, as it lies on the calendar."""

    name: str
    first: date
    last: date
    days: int  #: from the first day of the plan to its own first
    length: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with the table beside it."""

    title: str
    svg: str
    alt: str
    now: str  #: what the newest wave says, how sure, and how many were asked
    rows: tuple[tuple[date, str, str, int], ...]  #: day, what is said, between which shares, how many were asked
    hidden: int  #: how many of the rows are


def heat_map(found: Sequence[Figure], strata: Mapping[int, Stratum], say: Texts) -> list[Row]:
    """Every group by every measure, as of the last wave that asked; everybody first."""
    by_place = {(figure.stratum_id, figure.measure): figure for figure in found}
    groups: list[tuple[str, int | None]] = [(say("dash-everybody"), None)]
    groups += [(stratum.name, key) for key, stratum in strata.items()]
    return [
        Row(name, key, tuple(cell_of(by_place.get((key, measure)), say) for measure in COLUMNS)) for name, key in groups
    ]


def cell_of(figure: Figure | None, say: Texts) -> Cell:
    if figure is None:
        return Cell("unasked", say("dash-unasked"))
    if figure.is_hidden:
        return Cell("hidden", say("dash-hidden"), figure.on)
    return Cell(figure.band or "number", in_words(figure, say), figure.on)


def phases(golive: GoLive, *, today: date) -> list[Phase]:
    planned = load_plan(golive.plan).phases
    begin = planned[0].first
    day = (today - golive.date).days
    return [
        Phase(
            name=phase.name,
            first=golive.date + timedelta(days=phase.first),
            last=golive.date + timedelta(days=phase.last),
            days=phase.first - begin,
            length=phase.last - phase.first + 1,
            is_now=phase.first <= day <= phase.last,
        )
        for phase in planned
    ]


def charts(found: Sequence[Figure], golive: GoLive, say: Texts, *, since: date | None = None) -> list[Chart]:
    """One chart for each measure that was ever asked about, in the order of the heat map."""
    listed = []
    for measure in COLUMNS:
        mine = tuple(figure for figure in found if figure.measure == measure)
        if mine:
            listed.append(chart(Trend(say(f"measure-{measure or 'answered'}"), mine, golive.date, since), say))
    return listed


def chart(trend: Trend, say: Texts) -> Chart:
    rows = [
        (figure.on, in_words(figure, say), between(figure, say), figure.asked) for figure in reversed(trend.figures)
    ]
    return Chart(
        title=trend.title,
        svg=trend_svg(trend, say),
        alt=trend_in_words(trend, say),
        now=newest(trend.figures[-1], say),
        rows=tuple(rows),
        hidden=sum(figure.is_hidden for figure in trend.figures),
    )


def newest(figure: Figure, say: Texts) -> str:
    facts: dict[str, str | float] = {"said": in_words(figure, say), "date": say.day(figure.on), "asked": figure.asked}
    if figure.is_hidden or figure.measure == ANSWERED:
        return say("chart-now", **facts)
    return say("chart-now-between", between=between(figure, say), **facts)


def between(figure: Figure, say: Texts) -> str:
    """The interval in words; nothing for a number of answers, which is counted and not estimated."""
    reach = reach_of(figure)
    return say("figure-between", low=round(100 * reach[0]), high=round(100 * reach[1])) if reach else ""


async def overview(visit: Visit) -> Response:
    """The whole go-live for a lead; for a manager the page of their own group."""
    if LEAD not in visit.roles:
        return await team(visit)
    say, golive, today = visit.say, visit.golive, visit.today

    def look(session: Session) -> dict[str, Any]:
        place = visit.place
        number = visit.golive_id
        return {
            "here": "overview",
            "columns": COLUMNS,
            "day": day_of(golive, today, say),
            "phases": phases(golive, today=today),
            "things": things_to_do(session, golive, say, on=today, reader_id=place.reader_id if place else None),
            "lines": closing_lines(session, golive, say, on=today),
            "rows": heat_map(latest(session, number), strata_of(session, number), say),
            "charts": charts(figures(session, number, measures=COLUMNS, of=[None]), golive, say),
        }

    return visit.show("overview.html", **await visit.database.read(look))


async def team(visit: Visit) -> Response:
    """One group: its trends, its open alerts for a lead, and which teams are read together in it."""
    say, golive = visit.say, visit.golive
    number = await visit.database.read(group_of, visit)

    def look(session: Session) -> dict[str, Any]:
        stratum = session.get_one(Stratum, number)
        teams = session.exec(select(Team.name).where(Team.stratum_id == number).order_by(col(Team.name)))
        mine = figures(session, visit.golive_id, measures=COLUMNS, of=[number])
        last = [figure for figure in latest(session, visit.golive_id) if figure.stratum_id == number]
        listed = alerts.open_alerts(session, visit.golive_id) if LEAD in visit.roles else []
        return {
            "here": "team",
            "columns": COLUMNS,
            "name": stratum.name,
            "teams": list(teams),
            "rows": heat_map(last, {number: stratum}, say)[1:],
            "charts": charts(mine, golive, say),
            "alerts": [titled(session, alert, say) for alert in listed if alert.stratum_id == number],
        }

    return visit.show("team.html", **await visit.database.read(look))


def group_of(session: Session, visit: Visit) -> int:
    """The group that this page is about. Raises Refused for one that is not theirs or not there."""
    place = visit.place
    if LEAD not in visit.roles:
        mine = session.get(Team, place.team_id) if place and place.team_id else None
        if mine is None or visit.path.get("stratum", str(mine.stratum_id)) != str(mine.stratum_id):
            raise Refused(404, "dash-nowhere")
        return mine.stratum_id
    asked = visit.path.get("stratum", "")
    if not is_number(asked) or int(asked) not in strata_of(session, visit.golive_id):
        raise Refused(404, "dash-nowhere")
    return int(asked)


def titled(session: Session, alert: Alert, say: Texts) -> dict[str, object]:
    """What a list says about an alert."""
    return {
        "id": alert.id,
        "state": alert.state,
        "kind": alert.kind,
        "title": say(f"alert-title-{alert.kind}", **facts(session, alert, say)),
        "because": alert.because,
        "raised_on": alert.raised_on,
    }
