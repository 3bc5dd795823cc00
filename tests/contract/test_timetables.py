"""Every timetable: time passes for every go-live, what is due is sent, and one piece is never done twice at a time."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
from sqlalchemy import text

from bot.storage.database import Database
from bot.storage.keys import Keys
from bot.timetable.cluster import Cluster, calls_in, install
from bot.timetable.in_process import InProcess
from bot.timetable.work import Outlet, Timetable, go_round

OUTLETS = [("slack", "T1"), ("slack", "T2"), ("web", "")]
GOLIVES = [1, 2, 3]
PIECES = [*(f"golive {number}" for number in GOLIVES), *(" ".join(outlet) for outlet in OUTLETS), "house"]
EVERY_SECOND = "* * * * * *"


class Company:
    """Work that counts what is done and notices when one piece is done twice at a time."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.at_it: Counter[str] = Counter()
        self.together: set[str] = set()
        self.news = asyncio.Event()

    async def golives(self) -> Sequence[int]:
        return GOLIVES

    async def tend(self, golive_id: int) -> None:
        await self._do(f"golive {golive_id}")

    async def outlets(self) -> Sequence[Outlet]:
        return OUTLETS

    async def send(self, outlet: Outlet) -> int:
        await self._do(" ".join(outlet))
        return 1

    async def rescue(self) -> None:
        self.done["rescue"] += 1  # which several may do at the same time

    async def keep_house(self) -> None:
        await self._do("house")

    async def _do(self, what: str) -> None:
        self.at_it[what] += 1
        if self.at_it[what] > 1:
            self.together.add(what)
        await asyncio.sleep(0.02)
        self.at_it[what] -= 1
        self.done[what] += 1
        self.news.set()

    async def until(self, enough: Callable[["Company"], bool]) -> None:
        async with asyncio.timeout(60):
            while not enough(self):
                self.news.clear()
                await self.news.wait()


@pytest.fixture
def engine_name() -> str:
    return "postgres"


@pytest.fixture
def jobs_database(request: pytest.FixtureRequest, keys: Keys) -> Iterator[Database]:
    database = Database(request.getfixturevalue("empty_url"), keys=keys)
    yield database
    database.close()


Machines = Callable[[Company], list[Timetable]]


@pytest.fixture(params=["in process", "one machine", "three machines"])
def machines(request: pytest.FixtureRequest) -> Machines:
    if request.param == "in process":
        return lambda company: [InProcess(partial(go_round, company), seconds=0.05)]
    database: Database = request.getfixturevalue("jobs_database")
    count = 3 if request.param == "three machines" else 1
    return lambda company: [cluster(database, company) for _ in range(count)]


def cluster(database: Database, company: Company) -> Cluster:
    return Cluster(url_of(database), company, engine=database.engine, tick=EVERY_SECOND, rescue=0.2)


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@asynccontextmanager
async def running(timetables: list[Timetable]) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(timetable.run()) for timetable in timetables]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def once_each(company: Company) -> bool:
    return all(company.done[piece] for piece in PIECES)


async def test_every_piece_is_done_and_no_piece_twice_at_a_time(machines: Machines) -> None:
    company = Company()
    async with running(machines(company)):
        await company.until(lambda so_far: all(so_far.done[piece] >= 2 for piece in PIECES))
    assert company.together == set()


async def test_what_is_under_way_is_brought_to_its_end_when_a_machine_stops(jobs_database: Database) -> None:
    company = Company()
    async with running([cluster(jobs_database, company)]):
        await company.until(once_each)
    assert not +company.at_it


async def test_three_machines_tick_no_more_often_than_one(jobs_database: Database) -> None:
    company = Company()
    began = time.monotonic()
    async with running([cluster(jobs_database, company) for _ in range(3)]):
        await company.until(lambda so_far: so_far.done["golive 1"] >= 3)
    assert company.done["golive 1"] <= time.monotonic() - began + 2


async def test_a_message_and_the_call_to_send_it_are_written_together_or_not_at_all(jobs_database: Database) -> None:
    company = Company()
    async with running([cluster(jobs_database, company)]):
        await company.until(once_each)
    call = calls_in(url_of(jobs_database))
    with suppress(Undone), jobs_database.begin() as session:
        call(session, ("slack", "T9"))
        raise Undone
    assert waiting(jobs_database) == 0
    with jobs_database.begin() as session:
        call(session, ("slack", "T9"))
        call(session, ("slack", "T9"))  # it waits in line already
    assert waiting(jobs_database) == 1


class Undone(Exception):
    pass


def waiting(database: Database) -> int:
    query = "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE status = 'todo' AND args->>'workspace' = 'T9'"
    with database.session() as session:
        return int(session.execute(text(query)).scalar_one())


async def test_jobs_of_another_version_go_and_the_next_tick_makes_them_anew(jobs_database: Database) -> None:
    install(jobs_database.engine)
    with jobs_database.begin() as session:
        session.execute(text("COMMENT ON SCHEMA procrastinate IS '0.1'"))
    company = Company()
    async with running([cluster(jobs_database, company)]):
        await company.until(once_each)


@pytest.mark.parametrize("task", ["plan", "tend"])
async def test_a_job_whose_machine_is_gone_stands_in_nobodys_way(jobs_database: Database, task: str) -> None:
    install(jobs_database.engine)
    lock, about = {"plan": ("plan", '{"timestamp": 1}'), "tend": ("golive:1", '{"golive_id": 1}')}[task]
    gone = f"""
        INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes');
        INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
        SELECT 'default', '{task}', '{lock}', '{lock}', '{about}', 'doing', id FROM procrastinate_workers
    """
    with jobs_database.begin() as session:
        session.connection().exec_driver_sql(f"SET LOCAL search_path = procrastinate; {gone}")
    company = Company()
    async with running([cluster(jobs_database, company)]):
        await company.until(lambda so_far: so_far.done["golive 1"] >= 1)
