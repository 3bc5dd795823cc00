"""Slack's pace, on a clock that only waiting moves: never more than is published, and no slower than it must be."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import DeliveryError
from adapters.slack.pacing import LONGEST_WAIT, METHODS, POST, Pace
from tests.slack.slow_clock import SlowClock

CALLS = st.lists(
    st.tuples(
        st.sampled_from([POST, "chat.update", "users.list"]), st.sampled_from(["C1", "C2", "C3"]), st.floats(0, 3)
    ),
    max_size=120,
)


def paced(calls: Sequence[tuple[str, str, float]]) -> list[tuple[float, str, str]]:
    """When each call was let through, if somebody thinks a while before each."""
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    let_through: list[tuple[float, str, str]] = []

    async def run() -> None:
        for method, channel, thought in calls:
            await clock.sleep(thought)
            await pace.turn("T1", method, channel=channel)
            let_through.append((clock.now(), method, channel))

    asyncio.run(run())
    return let_through


def most_in(moments: Sequence[float], *, seconds: float) -> int:
    return max((sum(first <= one < first + seconds - 1e-6 for one in moments) for first in moments), default=0)


@given(CALLS)
def test_no_method_is_called_more_often_than_is_published(calls: list[tuple[str, str, float]]) -> None:
    let_through = paced(calls)
    for method in {method for _, method, _ in let_through}:
        moments = [at for at, one, _ in let_through if one == method]
        assert most_in(moments, seconds=60) <= METHODS[method].minute


@given(CALLS)
def test_no_channel_gets_two_messages_in_a_second(calls: list[tuple[str, str, float]]) -> None:
    let_through = paced(calls)
    for channel in ("C1", "C2", "C3"):
        moments = [at for at, method, one in let_through if method == POST and one == channel]
        assert most_in(moments, seconds=1) <= 1


def test_what_is_not_too_fast_does_not_wait() -> None:
    let_through = paced([(POST, f"C{n}", 0) for n in range(20)])
    assert {at for at, _, _ in let_through} == {0.0}


def test_forty_two_prompts_leave_within_seven_seconds() -> None:
    let_through = paced([(POST, f"C{n}", 0) for n in range(42)])
    assert let_through[-1][0] < 7


async def test_workspaces_do_not_wait_for_each_other() -> None:
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    for n in range(200):
        await pace.turn(f"T{n}", "users.list")
    assert clock.now() == 0


async def test_after_a_refusal_there_is_silence_for_as_long_as_slack_asks() -> None:
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    pace.pause("T1", POST, seconds=12)
    await pace.turn("T1", "chat.update")
    assert clock.now() == 0
    await pace.turn("T1", POST, channel="C1")
    assert clock.now() == 12


async def test_what_would_wait_too_long_goes_back_to_the_outbox() -> None:
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    pace.pause("T1", POST, seconds=600)
    with pytest.raises(DeliveryError) as back:
        await pace.turn("T1", POST, channel="C1")
    assert (back.value.reason, back.value.retry_after, back.value.permanent, back.value.unknown) == (
        "rate_limited",
        600,
        False,
        False,
    )
    assert clock.now() == 0


async def test_nobody_waits_longer_than_a_minute_however_many_come_at_once() -> None:
    async def meanwhile(_: float) -> None:
        await asyncio.sleep(0)

    pace = Pace(now=lambda: 0.0, sleep=meanwhile)
    outcomes = await asyncio.gather(
        *(pace.turn("T1", POST, channel=f"C{n}") for n in range(300)), return_exceptions=True
    )
    waiting = [one.retry_after for one in outcomes if isinstance(one, DeliveryError)]
    assert waiting
    assert min(after for after in waiting if after) > LONGEST_WAIT


async def test_idle_channels_are_forgotten() -> None:
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    for n in range(5_000):
        await clock.sleep(1)
        await pace.turn("T1", POST, channel=f"C{n}")
    assert len(pace._next) < 2_500


async def test_a_modal_opens_without_waiting() -> None:
    clock = SlowClock()
    pace = Pace(now=clock.now, sleep=clock.sleep)
    for _ in range(300):
        await pace.turn("T1", "views.open")
    assert clock.now() == 0
