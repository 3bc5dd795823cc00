"""The timetable of one process: ticks at once and again, waits for slow ones, and lets a bug be heard."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy.exc import OperationalError

from bot.timetable.in_process import InProcess


class Refused(Exception):
    pass


async def run_until(ticked: asyncio.Event, timetable: InProcess) -> None:
    running = asyncio.create_task(timetable.run())
    await asyncio.wait_for(ticked.wait(), 10)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_it_ticks_at_once_and_again() -> None:
    ticks, often = [], asyncio.Event()

    async def tick() -> None:
        ticks.append(None)
        if len(ticks) == 3:
            often.set()

    await run_until(often, InProcess(tick, seconds=0.01))
    assert len(ticks) >= 3


async def test_two_ticks_never_overlap() -> None:
    together, most, often = 0, 0, asyncio.Event()

    async def tick() -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.03)
        together -= 1
        if most and together == 0 and len(done) > 1:
            often.set()
        done.append(None)

    done: list[None] = []
    await run_until(often, InProcess(tick, seconds=0.03))
    assert most == 1


@pytest.mark.parametrize("at", [1, 3])
async def test_a_bug_in_a_tick_ends_the_run(at: int) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == at:
            raise Refused

    with pytest.raises(Refused):
        await asyncio.wait_for(InProcess(tick, seconds=0.01).run(), 10)


async def test_a_database_that_is_away_puts_a_tick_off() -> None:
    ticks, again = 0, asyncio.Event()

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 1:
            raise OperationalError("SELECT 1", None, Exception("gone"))
        again.set()

    await run_until(again, InProcess(tick, seconds=0.01))
    assert ticks > 1
