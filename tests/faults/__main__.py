"""Kill the bot at random while it asks ten thousand people through a platform that misbehaves, and count.

python -m tests.faults [--people N] [--kills N] [--only WORD]; minutes each. Exit code 1 when a promise was broken.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlmodel import func, select

from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState
from bot.loading import load
from bot.server import bind
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.storage.migrate import upgrade
from bot.timetable.agenda import advance
from bot.timetable.cluster import install
from surveys.bank import load_bank
from surveys.golives import GoLive
from tests.benchmarks.fan_out import LOADED, address, crowd, example
from tests.faults.machine import EVENING

OPEN = {DeliveryState.PENDING, DeliveryState.SENDING}
LONGEST = 900.0  # seconds for one case


@dataclass(frozen=True, slots=True)
class Case:
    """One way of running, and what may go wrong at most."""

    name: str
    engine: str
    machines: int
    reads_back: bool
    freezes: bool = False  #: one machine stands still for longer than its lease


CASES = [
    Case("SQLite, looked up", "sqlite", 1, reads_back=True),
    Case("SQLite, blind", "sqlite", 1, reads_back=False),
    Case("PostgreSQL, looked up", "postgres", 1, reads_back=True),
    Case("PostgreSQL, blind", "postgres", 1, reads_back=False),
    Case("three machines, one killed, one frozen", "postgres", 3, reads_back=True, freezes=True),
]


@dataclass(slots=True)
class Outcome:
    case: Case
    people: int
    kills: int = 0
    lost: int = 0
    twice: int = 0
    unknown: int = 0
    seconds: float = 0.0

    @property
    def is_kept(self) -> bool:
        """Nobody forgotten and nobody asked twice where a look is possible; else no more in doubt than was broken."""
        if self.case.reads_back:
            return self.lost == self.twice == 0
        return self.twice == 0 and self.lost <= self.unknown


class Fleet:
    """The machines of one case, started, killed, frozen."""

    def __init__(self, command: list[str], count: int, errors: Path) -> None:
        self._command = command
        self._errors = errors.open("ab")
        self.running = [self.start() for _ in range(count)]

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=self._errors)

    def kill_one(self) -> None:
        victim = random.randrange(len(self.running))  # a test's dice
        self.running[victim].kill()
        self.running[victim].wait()
        self.running[victim] = self.start()

    def end(self) -> None:
        for machine in self.running:
            machine.kill()
            machine.wait()
        self._errors.close()


def prepared(url: str, keys: Path, people: int) -> Database:
    database = Database(url, keys=open_keychain(keys))
    upgrade(database)
    with database.begin() as session:
        golive = load(session, example(), now=LOADED, platforms={"memory"}).golive_id
        crowd(session, people)
    with database.begin() as session:
        session.get_one(GoLive, golive).digest_at = EVENING.time()  # prompts alone
        advance(session, golive, now=EVENING, bank=load_bank())
    return database


def states(database: Database) -> Counter[str]:
    counted = select(Delivery.state, func.count()).where(Delivery.kind == DeliveryKind.PROMPT).group_by(Delivery.state)
    with database.session() as session:
        return Counter(dict(session.exec(counted).all()))


@contextmanager
def misbehaving(folder: Path) -> Iterator[tuple[str, Path]]:
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    file = folder / "arrived"
    running = subprocess.Popen([sys.executable, "-m", "tests.faults.platform", str(port), str(file)])
    try:
        while not file.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}", file
    finally:
        running.kill()
        running.wait()


def arrivals(file: Path) -> Counter[str]:
    return Counter(line.split()[1] for line in file.read_text().splitlines() if line.endswith(":prompt"))


def play(case: Case, *, people: int, kills: int) -> Outcome:
    outcome, begun = Outcome(case, people), time.monotonic()
    with ExitStack() as stack:
        url = stack.enter_context(address(case.engine))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults")))
        database = prepared(url, folder / "keys", people)
        stack.callback(database.close)
        if case.machines > 1:
            install(database.engine)
        platform, file = stack.enter_context(misbehaving(folder))
        how = ["alone" if case.machines == 1 else "cluster", "lookup" if case.reads_back else "blind", str(time.time())]
        command = [sys.executable, "-m", "tests.faults.machine", url, str(folder / "keys"), platform, *how]
        fleet = Fleet(command, case.machines, folder / "errors")
        stack.callback(fleet.end)
        frozen: subprocess.Popen[bytes] | None = None
        while time.monotonic() - begun < LONGEST:
            there, found = states(database), sum(arrivals(file).values())
            if not OPEN & there.keys() and not still_looked_up(database):
                break
            if found > (outcome.kills + 1) * people / (kills + 2) and outcome.kills < kills:
                if case.freezes and frozen is None:
                    frozen = fleet.running[0]
                    frozen.send_signal(signal.SIGSTOP)
                    fleet.running[0] = fleet.start()  # somebody else goes on in its place
                    thaws = time.monotonic() + 100  # longer than a lease
                else:
                    fleet.kill_one()
                outcome.kills += 1
            if frozen is not None and time.monotonic() > thaws:
                frozen.send_signal(signal.SIGCONT)
                thaws = float("inf")
            time.sleep(0.1)
        time.sleep(3)  # whatever a thawed machine still has in mind
        if frozen is not None:
            frozen.kill()
            frozen.wait()
        came, ended = arrivals(file), states(database)
        outcome.lost = people - len(came)
        outcome.twice = sum(times - 1 for times in came.values())
        outcome.unknown = ended[DeliveryState.UNKNOWN]
        outcome.seconds = time.monotonic() - begun
        if OPEN & ended.keys():
            sys.stderr.write((folder / "errors").read_text()[-4000:])
    return outcome


def still_looked_up(database: Database) -> bool:
    waits = select(func.count()).where(Delivery.state == DeliveryState.UNKNOWN, Delivery.lease.is_not(None))  # type: ignore[union-attr]
    with database.session() as session:
        return bool(session.exec(waits).one())


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--only", default="", help="cases whose name holds this")
    wished = asked.parse_args()
    table = Table("case", "killed", "lost", "asked twice", "in doubt", "seconds", title=f"{wished.people} prompts")
    outcomes = []
    for case in CASES:
        if wished.only in case.name:
            outcomes.append(outcome := play(case, people=wished.people, kills=wished.kills))
            row = (outcome.kills, outcome.lost, outcome.twice, outcome.unknown, round(outcome.seconds))
            table.add_row(case.name, *map(str, row))
    Console().print(table)
    return 0 if all(outcome.is_kept for outcome in outcomes) else 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
