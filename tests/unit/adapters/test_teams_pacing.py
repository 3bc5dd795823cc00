"""How fast messages leave: as fast as Teams allows, and never faster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import DeliveryError
from adapters.teams.pacing import CONVERSATION, LONGEST_WAIT, TENANT, Pace


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def send(pace: Pace, time: Time, *, conversation: str = "c", tenant: str = "t") -> float:
    """Send, after whatever wait; returns when."""
    while True:
        try:
            await pace.wait(tenant=tenant, conversation=conversation)
        except DeliveryError as error:
            time.now += error.retry_after or 0.0
        else:
            return time.now


def most_within(sent: list[float], seconds: float) -> int:
    return max(sum(1 for at in sent if start <= at < start + seconds) for start in sent)


@given(st.lists(st.floats(0, 3), min_size=1, max_size=150))
async def test_no_limit_of_a_conversation_is_ever_passed(pauses: list[float]) -> None:
    time = Time()
    pace, sent = Pace(clock=time, sleep=time.sleep), []
    for pause in pauses:
        time.now += pause
        sent.append(await send(pace, time))
    assert [most_within(sent, seconds - 1e-6) <= most for most, seconds in CONVERSATION] == [True] * len(CONVERSATION)


async def test_a_tenant_gets_no_more_in_a_second_than_it_takes_over_all_conversations() -> None:
    time = Time()
    pace = Pace(clock=time, sleep=time.sleep)
    sent = [await send(pace, time, conversation=f"c{number}") for number in range(100)]
    [(most, seconds)] = TENANT
    assert most_within(sent, seconds - 1e-6) == most


async def test_what_is_within_the_limits_does_not_wait() -> None:
    time = Time()
    pace = Pace(clock=time, sleep=time.sleep)
    assert [await send(pace, time) for _ in range(CONVERSATION[0][0])] == [0.0] * CONVERSATION[0][0]


async def test_what_would_wait_long_goes_back_with_the_time_it_would_take() -> None:
    time = Time()
    pace = Pace(clock=time, sleep=time.sleep)
    pace.hold(conversation="c", seconds=LONGEST_WAIT + 40)
    with pytest.raises(DeliveryError) as later:
        await pace.wait(tenant="t", conversation="c")
    assert (later.value.retry_after, later.value.permanent, later.value.unknown) == (LONGEST_WAIT + 40, False, False)


async def test_a_conversation_that_teams_holds_holds_up_no_other() -> None:
    time = Time()
    pace = Pace(clock=time, sleep=time.sleep)
    pace.hold(conversation="c", seconds=60)
    assert await send(pace, time, conversation="d") == 0.0


async def test_conversations_are_forgotten_before_they_fill_the_memory() -> None:
    from adapters.teams import pacing

    time = Time()
    pace = Pace(clock=time, sleep=time.sleep)
    for number in range(pacing.MOST_KNOWN + 10):
        pacing.known(pace._conversations, f"c{number}", CONVERSATION)
    assert len(pace._conversations) == pacing.MOST_KNOWN
