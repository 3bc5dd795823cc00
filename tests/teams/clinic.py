"""A small go-live whose people are in Teams, on the real bot, served where the Playground finds it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from adapters.teams.adapter import TeamsAdapter
from adapters.teams.registrations import Registrations
from bot.application import Application
from bot.clock import SetClock
from bot.loading import load
from bot.server import web_application
from bot.storage.database import Database
from surveys.golive_file import read_golive

NEW_YORK = ZoneInfo("America/New_York")


def write_golive(folder: Path, *, lead: str, people: Sequence[tuple[str, str]], team: str = "Front desk") -> Path:
    """Live on Monday 1 March 2027; `people` are names with their addresses."""
    path = folder / "golive.toml"
    path.write_text(
        'name = "Northstar"\norganisation = "Riverside"\nsystem = "Northstar"\ndate = 2027-03-01\n'
        'timezone = "America/New_York"\ngroup_minimum = 5\nroster = "roster.csv"\n\n'
        f'[[lead]]\nname = "Dana Reyes"\naddress = "{lead}"\n\n[teams]\n"{team}" = {{}}\n'
    )
    lines = ["person,team,address", *(f"{name},{team},{address}" for name, address in people)]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    return path


class TeamsClinic:
    def __init__(self, database: Database, golive: Path, *, adapter: TeamsAdapter | None = None) -> None:
        """Without an adapter whoever is on this machine is believed."""
        self.database = database
        self.clock = SetClock(local("2027-02-28 12:00"))
        self.adapter = adapter or TeamsAdapter(Registrations())
        self.bot = Application(database, adapters=[self.adapter], clock=self.clock)
        file = read_golive(golive, today=self.clock.now().date())
        with database.begin() as session:
            load(session, file, now=self.clock.now(), platforms={"teams"})

    async def at(self, when: str) -> None:
        """Let it be this time in New York, and tick."""
        self.clock.set(local(when))
        await self.bot.tick()

    @asynccontextmanager
    async def served(self, at: socket.socket) -> AsyncIterator[None]:
        config = uvicorn.Config(web_application([self.adapter.routes()]), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        async with self.bot.running():
            serving = asyncio.create_task(server.serve(sockets=[at]))
            try:
                yield
            finally:
                server.should_exit = True
                await serving


def local(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=NEW_YORK).astimezone(UTC)
