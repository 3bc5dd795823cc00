"""Rosters that follow channels and groups: read once a day, and as soon as somebody came or went."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session, col, select

from adapters.chat import DeliveryError, Directory, Joined, Left, Person
from bot.clock import local_date
from bot.delivery.contacts import parse_address
from bot.delivery.news import UNREAD, tell_leads
from bot.rostering import bring_in
from bot.storage.database import Database
from surveys.golives import GoLive, Team
from surveys.plans import load_plan

log = structlog.get_logger()

AGAIN = timedelta(minutes=10)  # after a directory that could not be read just now


class RosterSync:
    """Reads directories outside any transaction, and writes what they list in one."""

    def __init__(self, database: Database, directories: Mapping[str, Directory]) -> None:
        self._database = database
        self._directories = directories
        self._not_before: dict[int, datetime] = {}  #: after a failure; lost with a restart, and nothing else

    async def follow(self, golive_id: int, *, now: datetime) -> None:
        """Bring one roster in line, if it follows anything and was not read today."""
        if self._not_before.get(golive_id, now) > now:
            return
        sources = await self._database.transact(sources_due, golive_id, now=now)
        if not sources:
            return
        listed: dict[str, list[Person]] = {}
        unread: list[str] = []
        for source in sources:
            try:
                listed[source] = await self._people(source)
            except DeliveryError as error:
                log.warning("roster not read", reason=error.reason, platform=source.partition(":")[0])
                if not error.permanent:
                    wait = timedelta(seconds=error.retry_after) if error.retry_after else AGAIN
                    self._not_before[golive_id] = now + wait
                    await self._database.transact(read_again, golive_id)
                    return
            if not listed.get(source):
                unread.append(source)
        await self._database.transact(write, golive_id, listed, unread, now=now)

    async def _people(self, source: str) -> list[Person]:
        at = parse_address(source)
        directory = self._directories.get(at.platform)
        if directory is None:
            raise DeliveryError("platform_not_configured", permanent=True)
        return [person async for person in directory.people(at.workspace, at.account)]


def sources_due(session: Session, golive_id: int, *, now: datetime) -> list[str]:
    """What has to be read now; from this moment on whoever comes or goes asks for it anew."""
    golive = session.get_one(GoLive, golive_id)
    today = local_date(now, golive.timezone)
    over = golive.date + timedelta(days=load_plan(golive.plan).phases[-1].last)
    if golive.rostered_on == today or today > over:
        return []
    rows = select(Team.source).where(Team.golive_id == golive_id, Team.source != "").order_by(col(Team.id))
    sources = list(session.exec(rows))
    if sources:
        golive.rostered_on = today
        session.add(golive)
    return sources


def read_again(session: Session, golive_id: int) -> None:
    session.get_one(GoLive, golive_id).rostered_on = None


def write(
    session: Session, golive_id: int, listed: Mapping[str, list[Person]], unread: list[str], *, now: datetime
) -> None:
    changes = bring_in(session, golive_id, listed, now=now)
    if unread:
        tell_leads(session, session.get_one(GoLive, golive_id), UNREAD, now=now, count=len(unread))
    log.info("roster read", rows=changes.joined + changes.left)


def came_or_left(session: Session, incoming: Joined | Left) -> None:
    """Somebody came into a channel or group, or a workspace, or went: rosters that follow it are read anew."""
    at = incoming.sender
    for team in session.exec(select(Team).where(col(Team.source).startswith(f"{at.platform}:"))):
        source = parse_address(team.source)
        if source.workspace in {"", at.workspace} and incoming.source in {"", source.account}:
            read_again(session, team.golive_id)
