"""The timetable of several machines: Procrastinate on PostgreSQL shares out the work, and ticks once whoever is there.

A job carries the number of a go-live or the name of a workspace, never a person. Jobs are only a way to share out what
the tables of the bot say is due: the schema they lie in can be dropped at any time, and the next tick makes them anew.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import procrastinate
import structlog
from procrastinate import exceptions
from sqlalchemy import Engine, make_url, text
from sqlmodel import Session

from bot.storage.database import OUTAGES
from bot.timetable.work import Outlet, Work

log = structlog.get_logger()

SCHEMA = "procrastinate"
INSTALLING = 726_005  #: the advisory lock of whoever puts the jobs' schema up
TICK = "* * * * * */20"  #: cron with seconds, at its end
RESCUE = 20.0  # seconds between two looks for what lost machines left
STALLED = 45.0  # seconds without a heartbeat (one comes every 10) after which a machine counts as gone
AT_ONCE = 4  # jobs of one machine side by side: they wait for platforms and the database, not for a processor
LAST_WORD = 20.0  # seconds in which jobs that run may end when the bot is stopped


class Cluster:
    """Work shared out between all machines that run one; the tick fires once for all of them."""

    def __init__(self, url: str, work: Work, *, engine: Engine, tick: str = TICK, rescue: float = RESCUE) -> None:
        self._url = url
        self._work = work
        self._engine = engine
        self._tick = tick
        self._rescue = rescue

    async def run(self) -> None:
        """Work until cancelled. The jobs that run then are brought to their end, or given up after LAST_WORD."""
        await asyncio.to_thread(install, self._engine)
        app = application(self._url)
        introduce(app, self._work, tick=self._tick)
        async with app.open_async():
            looking = asyncio.create_task(look_after(app, self._work, every=self._rescue))
            try:
                await app.run_worker_async(
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    delete_jobs="always",  # what was done leaves no trace of when; what failed stands in the log
                    shutdown_graceful_timeout=LAST_WORD,
                    stalled_worker_timeout=STALLED,
                )
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)


def application(url: str) -> procrastinate.App:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=address, kwargs={"options": f"-c search_path={SCHEMA}"})
    return procrastinate.App(connector=connector)


def introduce(app: procrastinate.App, work: Work, *, tick: str) -> None:
    """Tell the app its jobs. Each has a lock, so that one machine at a time does it, and waits in line only once."""

    @app.periodic(cron=tick)
    @app.task(name="plan", queueing_lock="plan", lock="plan")
    async def plan(timestamp: int) -> None:  # noqa: ARG001  # the name by which it is handed over
        with suppress(*OUTAGES):  # the next tick makes up for it
            for golive_id in await work.golives():
                await once(app, "tend", f"golive:{golive_id}", golive_id=golive_id)
            for outlet in await work.outlets():
                await once(app, "send", lock_of(outlet), platform=outlet[0], workspace=outlet[1])
            await once(app, "keep", "keep")

    @app.task(name="tend")
    async def tend(golive_id: int) -> None:
        await work.tend(golive_id)

    @app.task(name="send")
    async def send(platform: str, workspace: str) -> None:
        await work.send((platform, workspace))

    @app.task(name="keep")
    async def keep() -> None:
        await work.keep_house()


async def look_after(app: procrastinate.App, work: Work, *, every: float) -> None:
    """Take up what lost machines left, again and again, on every machine: a job that did so could be lost itself."""
    while True:
        with suppress(*OUTAGES, exceptions.ConnectorException):
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                # Not tried again but dropped: the next tick puts it in line anew, if there is still anything to do.
                await app.job_manager.finish_job(job, procrastinate.jobs.Status.FAILED, delete_job=True)
                log.warning("job taken over", kind=job.task_name)
            await work.rescue()
        await asyncio.sleep(every * random.uniform(0.8, 1.2))  # noqa: S311  # so that not all machines look at once


async def once(app: procrastinate.App, name: str, lock: str, **about: Any) -> None:
    """Put a job in line, unless it waits there already."""
    with suppress(exceptions.AlreadyEnqueued):
        await app.configure_task(name, lock=lock, queueing_lock=lock).defer_async(**about)


def lock_of(outlet: Outlet) -> str:
    return f"send:{outlet[0]}:{outlet[1]}"


def calls_in(url: str) -> Callable[[Session, Outlet], None]:
    """Calls somebody to send in the transaction that writes the message: both are there, or neither is."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=address))  # never opened

    def call(session: Session, outlet: Outlet) -> None:
        lock = lock_of(outlet)
        connection = session.connection()
        with suppress(exceptions.AlreadyEnqueued), connection.begin_nested():
            connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
            given = connection.connection.driver_connection
            job = app.configure_task("send", lock=lock, queueing_lock=lock, connection=given)
            job.defer(platform=outlet[0], workspace=outlet[1])
            connection.execute(text("SET LOCAL search_path = DEFAULT"))

    return call


def install(engine: Engine) -> None:
    """Put up the schema of the jobs; one of another version goes, and what was in line is put there again."""
    schema = procrastinate.schema.SchemaManager.get_schema()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({INSTALLING})"))
        try:
            described = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")
            if connection.execute(described, {"schema": SCHEMA}).scalar() == procrastinate.__version__:
                return
            given = connection.connection.driver_connection
            assert given is not None
            given.execute(
                f"BEGIN; DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA};"
                f"SET LOCAL search_path = {SCHEMA}; {schema};"
                f"COMMENT ON SCHEMA {SCHEMA} IS '{procrastinate.__version__}'; COMMIT"
            )
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({INSTALLING})"))
