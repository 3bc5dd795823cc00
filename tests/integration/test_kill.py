"""Stopped at any moment and started again: nobody is forgotten, and nobody is written to twice."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAN_OUT = Path(__file__).with_name("fan_out.py")
PEOPLE = 300
ONE_EACH = {1: PEOPLE}
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def copied(rows: sqlite3.Connection, table: str, which: str, **changes: str) -> None:
    """Rows once more, with other values in some columns."""
    columns = [name for _, name, *_ in rows.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changes.get(name, name) for name in columns)
    rows.execute(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {which}")


@pytest.fixture
def database(sqlite_templates: dict[str, str], tmp_path: Path) -> Path:
    """The practice with as many people as a hospital's ward block."""
    path = tmp_path / "pulse.db"
    shutil.copy(sqlite_templates["loaded"], path)
    with sqlite3.connect(path) as rows:
        for name in [f"copy {n} of " for n in range(7)]:
            copied(rows, "participant", f"name NOT LIKE 'copy%' AND id <= {PEOPLE}", id="NULL", name=f"'{name}' || id")
        rows.execute("DELETE FROM participant WHERE id > ?", (PEOPLE,))
        unreached = "NOT IN (SELECT participant_id FROM contact WHERE participant_id IS NOT NULL)"
        for (person,) in rows.execute(f"SELECT id FROM participant WHERE id {unreached}").fetchall():
            copied(
                rows,
                "contact",
                "id = 1",
                id="NULL",
                account=f"'copy-{person}'",
                participant_id=str(person),
                reader_id="NULL",
            )
    rows.close()
    return path


def counted(path: Path, query: str) -> Counter[str]:
    rows = sqlite3.connect(path)
    try:
        return Counter(name for (name,) in rows.execute(query))
    finally:
        rows.close()


def start(database: Path, target: str) -> "subprocess.Popen[bytes]":
    keys = str(database.with_name("pulse.keys"))
    command = [sys.executable, str(FAN_OUT), str(database), keys, target]
    return subprocess.Popen(command, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def stop_when(
    running: "subprocess.Popen[bytes]", arrived: Callable[[], int], *, reaches: int, by: signal.Signals
) -> None:
    deadline = time.monotonic() + 60
    while arrived() < reaches and running.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    running.send_signal(by)
    running.communicate(timeout=60)


def finish(running: "subprocess.Popen[bytes]") -> None:
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors.decode()


def interrupt_and_finish(
    database: Path, target: str, arrived: Callable[[], int], stops: list[signal.Signals]
) -> list[int]:
    """Stop the bot at random moments between the first prompt and the last; how far it had come each time."""
    reached = []
    moments = sorted(random.sample(range(1, PEOPLE - 20), len(stops)))
    for moment, by in zip(moments, stops, strict=True):
        stop_when(start(database, target), arrived, reaches=moment, by=by)
        reached.append(arrived())
    finish(start(database, target))
    return reached


def deliveries(database: Path) -> Counter[str]:
    return counted(database, "SELECT state FROM delivery WHERE kind = 'prompt'")


def test_killed_in_the_middle_of_a_fan_out_everybody_still_gets_one_prompt(database: Path, tmp_path: Path) -> None:
    """The platform here takes everything it is given, so a prompt sent twice would be there twice."""
    sink = tmp_path / "sink"
    sink.touch()

    def arrived() -> int:
        return len(sink.read_bytes().splitlines())

    reached = interrupt_and_finish(database, str(sink), arrived, [signal.SIGKILL, signal.SIGINT, signal.SIGKILL])
    prompts = Counter(line.split()[0] for line in sink.read_text().splitlines() if line.endswith(":prompt"))
    assert Counter(prompts.values()) == ONE_EACH
    assert deliveries(database) == {"sent": PEOPLE}
    assert reached == sorted(reached)
    assert reached[0] < PEOPLE


def test_killed_while_it_writes_into_the_web_chat_everybody_finds_one_prompt(database: Path) -> None:
    rows = sqlite3.connect(database)
    rows.execute("UPDATE contact SET platform = 'web'")
    rows.commit()

    def arrived() -> int:
        return int(rows.execute("SELECT count(*) FROM chat_message").fetchone()[0])

    interrupt_and_finish(database, "web", arrived, [signal.SIGKILL])
    rows.close()
    standing = counted(database, "SELECT account FROM chat_message WHERE key LIKE '%:prompt'")
    assert Counter(standing.values()) == ONE_EACH
    assert deliveries(database) == {"sent": PEOPLE}


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_bot_that_serves_stops_when_it_is_told_to(database: Path, by: signal.Signals) -> None:
    environment = ENVIRONMENT | {
        "PULSE_DATABASE_URL": f"sqlite:///{database}",
        "PULSE_KEYS": str(database.with_name("pulse.keys")),
        "PULSE_PORT": "0",
    }
    command = [sys.executable, "-c", "from bot.cli import app; app()", "serve"]
    serving = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert serving.stderr is not None
    log = b""
    while b"startup complete" not in log:  # before that a shell that ignores Ctrl-C in the background would win
        line = serving.stderr.readline()
        assert line, log.decode()
        log += line
    serving.send_signal(by)
    _, rest = serving.communicate(timeout=30)
    assert b"Traceback" not in rest, rest.decode()
    if by == signal.SIGINT:
        assert not database.with_name("pulse.db-wal").exists()  # closed properly, nothing left behind
