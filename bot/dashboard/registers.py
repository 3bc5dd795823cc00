"""The registers: ways round the system and where they lead, and what was done or is promised."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlmodel import Session, col, select

from bot import leading
from bot.conversation.acting import NoDay
from bot.dashboard.alerts import day_in, number_of
from bot.dashboard.deeds import deeds
from bot.dashboard.visit import Visit
from bot.insight.alert_card import WORKAROUND
from bot.insight.alerts import OPEN, Alert, AlertState
from bot.insight.charts import spark_svg
from bot.insight.published import ROUTE, Figure, figures
from bot.texts import Texts
from surveys.golives import strata_of

SETTLED_AFTER = timedelta(weeks=4)  #: a way round that has lasted so long is one that people rely on
TOLD = 100  # actions that are told, on the list at the most


async def ways_round(visit: Visit) -> Response:
    """Every way round that was noticed, with where it is taken, since when, and how it goes."""

    def look(session: Session) -> list[dict[str, Any]]:
        rows = select(Alert).where(Alert.golive_id == visit.golive_id, Alert.kind == WORKAROUND)
        teams = strata_of(session, visit.golive_id)
        by_route: dict[str, list[Alert]] = defaultdict(list)
        for alert in session.exec(rows.order_by(col(Alert.since))):
            by_route[alert.route].append(alert)
        told: dict[str, list[Figure]] = defaultdict(list)
        for figure in figures(session, visit.golive_id, measures=[ROUTE + route for route in by_route], of=[None]):
            told[figure.measure.removeprefix(ROUTE)].append(figure)
        return [
            {
                "route": route_name(route, visit.say),
                "since": found[0].since,
                "stage": stage(found, today=visit.today),
                "teams": [(teams[alert.stratum_id].name, alert) for alert in found],
                "spark": spark_svg(told[route], title=visit.say("dash-spark", route=route_name(route, visit.say))),
                "published": len(told[route]),
            }
            for route, found in by_route.items()
        ]

    return visit.show("ways_round.html", here="ways", ways=await visit.database.read(look))


def route_name(route: str, say: Texts) -> str:
    return say(f"route-{route}")


def stage(found: list[Alert], *, today: date) -> str:
    """How far a way round has come: emerging, spreading, settled, agreed, gone."""
    going = [alert for alert in found if alert.state in OPEN]
    if going:
        if len({alert.stratum_id for alert in going}) > 1:
            return "spreading"
        return "settled" if today - min(alert.since for alert in going) >= SETTLED_AFTER else "emerging"
    return "agreed" if any(alert.state == AlertState.SANCTIONED for alert in found) else "gone"


async def actions(visit: Visit) -> Response:
    """What is promised, what was done, and what everybody was told."""

    def look(session: Session) -> dict[str, Any]:
        listed = deeds(session, visit.golive_id)
        promised = [one for one in listed if one.row.done_on is None]
        return {
            "promised": sorted(promised, key=lambda one: one.row.due or date.max),
            "untold": [one for one in listed if one.row.done_on is not None and one.row.told_on is None],
            "told": [one for one in listed if one.row.told_on is not None][:TOLD],
        }

    status = 409 if visit.problem else 200
    return visit.show("actions.html", here="actions", status=status, **await visit.database.read(look))


async def act_on_promise(visit: Visit) -> Response:
    """A promise is kept, or put off to another day."""
    number = number_of(visit, "action")
    if visit.written("act") == "later":
        day = day_in(visit, "when")
        if day is None or day <= visit.today:
            raise NoDay
        await visit.database.transact(leading.put_off, number, by=visit.leader, due=day)
    else:
        await visit.database.transact(leading.keep_promise, number, by=visit.leader)
    return visit.go(f"/{visit.golive_id}/actions")
