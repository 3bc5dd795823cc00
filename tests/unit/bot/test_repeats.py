"""What a platform repeats is answered once, and its reply is soon forgotten."""

import asyncio
import gc
import weakref
from datetime import UTC, datetime, timedelta

import pytest

from adapters.chat import Address, Card, Incoming, Pressed, Reply
from bot.conversation.repeats import KNOWN_FOR, REPLY_FOR, Repeats

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
PRESS = Pressed(Address("memory", "ana"), "press-1", "ask-confirm")


class Bot:
    """Counts what it was asked, and answers a different receipt every time."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def answer(self, incoming: Incoming) -> Reply:
        del incoming
        self.asked += 1
        await self.may_answer.wait()
        return Reply(Card(f"receipt {self.asked}"))


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def repeats() -> Repeats:
    return Repeats()


async def test_a_repeated_press_gets_the_same_reply(repeats: Repeats, bot: Bot) -> None:
    first = await repeats.once(PRESS, bot.answer, now=NOON)
    again = await repeats.once(PRESS, bot.answer, now=NOON + REPLY_FOR - MOMENT)
    assert (again, bot.asked) == (first, 1)


async def test_after_two_minutes_a_repeated_press_gets_nothing_and_changes_nothing(repeats: Repeats, bot: Bot) -> None:
    await repeats.once(PRESS, bot.answer, now=NOON)
    again = await repeats.once(PRESS, bot.answer, now=NOON + REPLY_FOR)
    assert (again, bot.asked) == (None, 1)


async def test_after_an_hour_an_id_is_new_again(repeats: Repeats, bot: Bot) -> None:
    await repeats.once(PRESS, bot.answer, now=NOON)
    assert await repeats.once(PRESS, bot.answer, now=NOON + KNOWN_FOR - MOMENT) is None
    assert await repeats.once(PRESS, bot.answer, now=NOON + KNOWN_FOR) == Reply(Card("receipt 2"))


async def test_a_receipt_is_not_in_memory_after_two_minutes_though_nobody_presses(repeats: Repeats) -> None:
    class Receipt(Reply):
        __slots__ = ("__weakref__",)

    async def answer(incoming: Incoming) -> Reply:
        del incoming
        return Receipt(Card("maple · drift · seven · lantern"))

    receipt = weakref.ref(await repeats.once(PRESS, answer, now=NOON))  # type: ignore[type-var]
    gc.collect()
    assert receipt() is not None
    repeats.forget(NOON + REPLY_FOR)
    gc.collect()
    assert receipt() is None


async def test_whoever_repeats_while_it_is_answered_waits_for_the_same_reply(repeats: Repeats, bot: Bot) -> None:
    bot.may_answer.clear()
    presses = [asyncio.create_task(repeats.once(PRESS, bot.answer, now=NOON)) for _ in range(3)]
    await asyncio.sleep(0)
    bot.may_answer.set()
    assert await asyncio.gather(*presses) == [Reply(Card("receipt 1"))] * 3
    assert bot.asked == 1


async def test_a_slow_answer_is_not_forgotten_before_it_is_there(repeats: Repeats, bot: Bot) -> None:
    bot.may_answer.clear()
    press = asyncio.create_task(repeats.once(PRESS, bot.answer, now=NOON))
    await asyncio.sleep(0)
    repeats.forget(NOON + REPLY_FOR)
    bot.may_answer.set()
    assert await press == Reply(Card("receipt 1"))


async def test_what_ended_in_an_error_may_be_tried_again(repeats: Repeats, bot: Bot) -> None:
    async def fail(incoming: Incoming) -> Reply:
        del incoming
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await repeats.once(PRESS, fail, now=NOON)
    assert await repeats.once(PRESS, bot.answer, now=NOON) == Reply(Card("receipt 1"))


async def test_two_people_may_have_the_same_id(repeats: Repeats, bot: Bot) -> None:
    await repeats.once(PRESS, bot.answer, now=NOON)
    await repeats.once(Pressed(Address("memory", "ben"), "press-1", "ask-confirm"), bot.answer, now=NOON)
    assert bot.asked == 2
