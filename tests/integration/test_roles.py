"""Several machines on one PostgreSQL: one answers, others work, and what is asked leaves once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from bot.server import bind
from bot.storage.alone import AlreadyRunning, alone, together
from tests.integration.command_line import Office, open_office

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def environment(empty_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PULSE_DATABASE_URL": empty_url,
        "PULSE_KEYS": str(tmp_path / "keys"),
    }


class Machine:
    """A bot in a process of its own."""

    def __init__(self, environment: dict[str, str], role: str) -> None:
        with bind("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli import app; app()", "serve", "--role", role],
            env=environment | {"PULSE_PORT": str(self.port)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def says(self, page: str) -> tuple[int, object]:
        with suppress(httpx.TransportError):
            answer = httpx.get(f"http://127.0.0.1:{self.port}{page}", timeout=5)
            return answer.status_code, json.loads(answer.text)
        return 0, None

    def stop(self) -> bytes:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[1]


def until(found: Callable[[], bool], *, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def machines(environment: dict[str, str]) -> Iterator[list[Machine]]:
    running = [Machine(environment, role) for role in ("web", "worker")]
    yield running
    for machine in running:
        machine.process.kill()
        machine.process.communicate()


def test_machines_get_ready_tick_together_and_stop_when_they_are_told_to(
    machines: list[Machine], empty_url: str
) -> None:
    until(lambda: all(machine.says("/readyz") == (200, {"status": "ready"}) for machine in machines))
    with closing(psycopg.connect(empty_url, autocommit=True)) as connection:

        def ticked() -> bool:
            query = "SELECT count(*) FROM procrastinate.procrastinate_periodic_defers"
            return bool(connection.execute(query).fetchone()[0])

        until(ticked)
    with pytest.raises(AlreadyRunning), alone(empty_url):
        pass
    with together(empty_url):
        pass
    logs = [machine.stop() for machine in machines]
    assert {machine.process.returncode for machine in machines} <= {0, -signal.SIGTERM}, b"\n".join(logs).decode()
    assert b"Traceback" not in b"".join(logs)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


def test_several_machines_on_a_file_are_refused_with_what_to_do(office: Office) -> None:
    assert "Several machines need PostgreSQL. Set PULSE_DATABASE_URL" in office.refused("serve", "--role", "worker")


def test_a_role_that_is_none_is_refused(office: Office) -> None:
    assert "--role boss is none of all, web, worker." in office.refused("serve", "--role", "boss")
