"""The timetable of several machines: Procrastinate on PostgreSQL shares out the work, and ticks once whoever is there.

A job carries the number of a go-live or the name of a workspace, never a person. Jobs are only a way to share out what
the tables of the bot say is due: the schema they lie in can be dropped at any time, and the next tick makes them anew.
"""

import asyncio
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
RESCUE = "* * * * * */30"
STALLED = 45.0  # seconds without a heartbeat (one comes every 10) after which a machine counts as gone
AT_ONCE = 4  # jobs of one machine side by side: they wait for platforms and the database, not for a processor
LAST_WORD = 20.0  # seconds in which jobs that run may end when the bot is stopped


class Cluster:
    """Work shared out between all machines that run one; the tick fires once for all of them."""

    def __init__(self, url: str, work: Work, *, engine: Engine, tick: str = TICK, rescue: str = RESCUE) -> None:
        self._url = url
        self._work = work
        self._engine = engine
        self._crons = tick, rescue

    async def run(self) -> None:
        """Work until cancelled. The jobs that run then are brought to their end, or given up after LAST_WORD."""
        await asyncio.to_thread(install, self._engine)
        app = application(self._url)
        introduce(app, self._work, *self._crons)
        async with app.open_async():
            await app.run_worker_async(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                delete_jobs="successful",  # what is done leaves no trace of when
                shutdown_graceful_timeout=LAST_WORD,
                stalled_worker_timeout=STALLED,
            )


def application(url: str) -> procrastinate.App:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=address, kwargs={"options": f"-c search_path={SCHEMA}"})
    return procrastinate.App(connector=connector)


def introduce(app: procrastinate.App, work: Work, tick_at: str, rescue_at: str) -> None:
    """Tell the app its jobs. Each has a lock, so that one machine at a time does it, and waits in line only once."""

    @app.periodic(cron=tick_at)
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

    @app.periodic(cron=rescue_at)
    @app.task(name="rescue", queueing_lock="rescue", lock="rescue")
    async def rescue(timestamp: int) -> None:  # noqa: ARG001  # as above
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            await app.job_manager.retry_job(job)
            log.warning("job taken over", kind=job.task_name)
        await work.rescue()


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
