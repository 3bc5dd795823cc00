"""How a go-live is set, and another date for it: what that moves is shown before it is done."""

from datetime import date
from typing import Any

from fastapi import Response
from sqlmodel import Session, col, select

from bot import rescheduling
from bot.conversation.acting import NoDay
from bot.conversation.moving import lines
from bot.dashboard.alerts import day_in
from bot.dashboard.overview import phases
from bot.dashboard.visit import Visit
from surveys.golives import Stratum, Team
from surveys.roster import Participant, Reader


async def settings(visit: Visit) -> Response:
    """Names, dates and people's numbers; who reads; never who answers."""
    return await shown(visit)


async def shown(visit: Visit, *, to: date | None = None) -> Response:
    def look(session: Session) -> dict[str, Any]:
        number = visit.golive_id
        strata = {row.id: row.name for row in session.exec(select(Stratum).where(Stratum.golive_id == number))}
        teams = list(session.exec(select(Team).where(Team.golive_id == number).order_by(col(Team.name))))
        people = select(Participant.team_id).where(Participant.golive_id == number, col(Participant.on_roster))
        asked = list(session.exec(people))
        readers = select(Reader).where(Reader.golive_id == number).order_by(col(Reader.role), col(Reader.rank))
        what = rescheduling.preview(session, number, to, today=visit.today) if to else None
        return {
            "here": "settings",
            "teams": [(team.name, asked.count(team.id or 0), strata[team.stratum_id]) for team in teams],
            "readers": list(session.exec(readers)),
            "phases": phases(visit.golive, today=visit.today),
            "to": to,
            "moves": lines(visit.say, what) if what else [],
        }

    return visit.show("settings.html", status=409 if visit.problem else 200, **await visit.database.read(look))


async def reschedule(visit: Visit) -> Response:
    """Show what another date moves, or move it."""
    to = day_in(visit, "to")
    if to is None:
        raise NoDay
    if visit.written("act") != "confirm":
        return await shown(visit, to=to)
    await visit.database.transact(rescheduling.reschedule, to, by=visit.leader)
    return visit.go(f"/{visit.golive_id}/settings")
