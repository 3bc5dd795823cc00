"""The first page: which go-lives there are for this visitor; and the way out."""

from fastapi import Response
from sqlmodel import Session, col, select

from bot.dashboard import sign_in
from bot.dashboard.setting_up import may_set_up
from bot.dashboard.visit import Visit
from surveys.golives import GoLive


async def start(visit: Visit) -> Response:
    """Show the go-lives of this visitor."""
    mine = [place.golive_id for place in visit.visitor.places]

    def golives(session: Session) -> list[GoLive]:
        rows = select(GoLive).order_by(col(GoLive.date).desc())
        return list(session.exec(rows if visit.visitor.administrator else rows.where(col(GoLive.id).in_(mine))))

    return visit.show(
        "start.html",
        golives=await visit.database.read(golives),
        may_set_up=await visit.database.read(may_set_up, visit),
        today=visit.now.date(),
    )


async def sign_out(visit: Visit) -> Response:
    """End this session, or with `everywhere` all sessions of this person."""
    secret = visit.database.keys.links
    if visit.written("everywhere"):
        await visit.database.transact(sign_in.sign_out_everywhere, visit.visitor, now=visit.now)
    else:
        await visit.database.transact(sign_in.sign_out, visit.cookie, secret=secret, now=visit.now)
    return visit.go("/sign-in")
