"""The alerts of a go-live: what was noticed, on what it stands, how it went since, and what a lead does about it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import Response
from sqlmodel import Session, col, select

from bot import leading
from bot.conversation.acting import NoDay
from bot.conversation.whose import is_number
from bot.dashboard.deeds import deeds
from bot.dashboard.forms import Refused
from bot.dashboard.overview import Chart, chart, charts, titled
from bot.dashboard.visit import Visit
from bot.dashboard.writing import written
from bot.insight.alert_card import LONGEST_NOTE, WAITING, WORKAROUND, budget_line
from bot.insight.alerts import OPEN, Alert, AlertState, AlertTaken, Dismissal
from bot.insight.charts import Trend
from bot.insight.digest import facts, name_of
from bot.insight.published import ANSWERED, ROUTE, figures
from bot.leading import Deed, NobodyPicked
from surveys.roster import Reader

#: What shows whether a trouble grows or goes, by its kind.
SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "silent_confusion": ("knowledge", "communication"),
    "visible_confusion": ("communication", "workflow"),
    "nonresponse": (ANSWERED,),
    WORKAROUND: ("in_system",),
}
SETTLED = 50  # alerts that are over, on the list at the most


async def alerts(visit: Visit) -> Response:
    """All that is open, the newest first, and what was settled lately."""

    def look(session: Session) -> dict[str, Any]:
        rows = select(Alert).where(Alert.golive_id == visit.golive_id)
        found = list(session.exec(rows.order_by(col(Alert.raised_on).desc(), col(Alert.id))))
        listed = [titled(session, alert, visit.say) for alert in found]
        return {
            "open_alerts": [one for one in listed if one["state"] in OPEN],
            "settled": [one for one in listed if one["state"] not in OPEN][:SETTLED],
        }

    return visit.show("alerts.html", here="alerts", **await visit.database.read(look))


async def alert(visit: Visit) -> Response:
    """One alert, with a picture of before and after."""
    number = number_of(visit)

    def look(session: Session) -> dict[str, Any]:
        found = leading.of_golive(session, number, by=visit.leader)
        say = visit.say
        return {
            "alert": found,
            "title": say(f"alert-title-{found.kind}", **facts(session, found, say)),
            "move": facts(session, found, say)["move"],
            "budget": budget_line(session, found, say),
            "charts": before_and_after(session, found, visit),
            "deeds": deeds(session, visit.golive_id, alert_id=number),
            "by": name_of(session, found.dealt_by) if found.dealt_by else "",
            "given_to": name_of(session, found.assigned_to) if found.assigned_to else "",
            "is_waiting": found.state in WAITING,
            "can_sanction": found.kind == WORKAROUND,
            "candidates": [(one.id, called(one, visit)) for one in leading.assignable(session, found)],
            "owners": [(one.id, called(one, visit)) for one in leading.readers(session, visit.golive_id)],
            "reasons": tuple(Dismissal),
            "longest": LONGEST_NOTE,
        }

    try:
        found = await visit.database.read(look)
    except AlertTaken as error:  # another go-live's, or none
        raise Refused(404, "dash-nowhere") from error
    return visit.show("alert.html", here="alerts", status=409 if visit.problem else 200, **found)


def before_and_after(session: Session, found: Alert, visit: Visit) -> list[Chart]:
    """The group's figures that speak of this kind of trouble, cut where it began; a route as everybody takes it."""
    mine = figures(session, visit.golive_id, measures=SHOWN_BY.get(found.kind, (ANSWERED,)), of=[found.stratum_id])
    listed = charts(mine, visit.golive, visit.say, since=found.since)
    if found.route:
        everybody = figures(session, visit.golive_id, measures=[ROUTE + found.route], of=[None])
        title = visit.say("dash-spark", route=visit.say(f"route-{found.route}"))
        if everybody:
            listed.append(chart(Trend(title, tuple(everybody), visit.golive.date, found.since), visit.say))
    return listed


def called(reader: Reader, visit: Visit) -> str:
    """As on the list in the chat: oneself, a lead, or whoever manages a team."""
    if visit.place is not None and reader.id == visit.place.reader_id:
        return visit.say("assign-me")
    return reader.name if reader.role == "lead" else visit.say("assign-manager", team=reader.name)


async def act_on(visit: Visit) -> Response:
    """Take it on, give it to somebody, write down what was done, agree to it, put it aside."""
    number = number_of(visit)
    act = ACTS.get(visit.written("act"))
    if act is None:
        raise Refused(400, "dash-unclear")
    turn = visit.written("turn")
    verb = await act(visit, number, int(turn) if is_number(turn) else None)
    await visit.database.transact(verb)
    return visit.go(f"/{visit.golive_id}/alerts/{number}")


Verb = Callable[[Session], object]


async def acknowledge(visit: Visit, number: int, seen: int | None) -> Verb:
    return lambda session: leading.move_on(session, number, AlertState.ACKNOWLEDGED, by=visit.leader, seen=seen)


async def sanction(visit: Visit, number: int, seen: int | None) -> Verb:
    return lambda session: leading.move_on(session, number, AlertState.SANCTIONED, by=visit.leader, seen=seen)


async def dismiss(visit: Visit, number: int, seen: int | None) -> Verb:
    picked = visit.written("reason")
    if picked not in set(Dismissal):
        raise Refused(400, "dash-unclear")
    return lambda session: leading.move_on(
        session, number, AlertState.DISMISSED, by=visit.leader, seen=seen, reason=Dismissal(picked)
    )


async def assign(visit: Visit, number: int, seen: int | None) -> Verb:
    picked = visit.written("to")
    if not is_number(picked):
        raise NobodyPicked
    return lambda session: leading.assign(session, number, to=int(picked), by=visit.leader, seen=seen)


async def note(visit: Visit, number: int, seen: int | None) -> Verb:
    text = await written(visit, "note", longest=LONGEST_NOTE)
    who = visit.written("who")
    deed = Deed(text, int(who) if is_number(who) else None, day_in(visit, "when"))
    return lambda session: leading.note(session, number, deed, by=visit.leader, seen=seen)


ACTS = {"acknowledge": acknowledge, "assign": assign, "note": note, "sanction": sanction, "dismiss": dismiss}


def day_in(visit: Visit, name: str) -> date | None:
    """Raises NoDay."""
    try:
        return date.fromisoformat(visit.written(name)) if visit.written(name) else None
    except ValueError as error:
        raise NoDay from error


def number_of(visit: Visit, name: str = "alert") -> int:
    """The number in the address. Raises Refused."""
    if not is_number(visit.path.get(name, "")):
        raise Refused(404, "dash-nowhere")
    return int(visit.path[name])
