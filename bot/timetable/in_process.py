"""The timetable of one process: APScheduler as a metronome, with nothing in its memory worth keeping."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.storage.database import OUTAGES

log = structlog.get_logger()

TICK_SECONDS = 20


class InProcess:
    """Ticks until cancelled. A tick that takes long swallows those that would have come meanwhile."""

    def __init__(self, tick: Callable[[], Awaitable[None]], *, seconds: float = TICK_SECONDS) -> None:
        self._tick = tick
        self._seconds = seconds

    async def run(self) -> None:
        """Tick until cancelled. A database that is away or full puts a tick off; another error ends the run, here."""
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def tick() -> None:
            try:
                await self._tick()
            except OUTAGES as error:
                log.error("tick put off", reason=type(error).__name__)  # noqa: TRY400  # traces would fill the disk
            except Exception as error:  # noqa: BLE001  # the scheduler would log it and go on; a bug must be heard
                if not failed.done():
                    failed.set_exception(error)

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            tick, IntervalTrigger(seconds=self._seconds), coalesce=True, max_instances=1, misfire_grace_time=None
        )
        scheduler.start()
        try:
            await tick()
            await failed
        finally:
            scheduler.shutdown(wait=False)
