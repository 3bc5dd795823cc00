"""What the platform in memory can do beyond the contract: play people, and fail."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.chat import Address, Card, DeliveryError, Incoming, Opened, Reply, Submitted
from adapters.memory import MemoryAdapter, NobodyListens

ANA = Address("memory", "ana")


@pytest.fixture
async def adapter() -> AsyncIterator[MemoryAdapter]:
    """An adapter with a bot that repeats what it was told, and welcomes."""

    async def listen(incoming: Incoming) -> Reply | None:
        return Reply(Card(f"{type(incoming).__name__} {incoming.id}"))

    adapter = MemoryAdapter()
    running = asyncio.create_task(adapter.run(listen))
    await asyncio.sleep(0)
    yield adapter
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_failure_is_raised_as_often_as_it_was_ordered(adapter: MemoryAdapter) -> None:
    adapter.fail(DeliveryError("busy", retry_after=3), times=2)
    raised = []
    for _ in range(3):
        try:
            await adapter.send(ANA, Card("Hello"), key="k")
        except DeliveryError as error:
            raised.append(error.retry_after)
    assert (raised, len(adapter.cards(ANA))) == ([3, 3], 1)


async def test_a_send_that_fails_leaves_nothing(adapter: MemoryAdapter) -> None:
    adapter.fail(DeliveryError("account_gone", permanent=True))
    with pytest.raises(DeliveryError, match="account_gone"):
        await adapter.send(ANA, Card("Hello"), key="k")
    assert await adapter.find(ANA, key="k") is None


async def test_a_send_with_unknown_end_may_have_arrived(adapter: MemoryAdapter) -> None:
    adapter.fail(DeliveryError("timeout", unknown=True), arrives=True)
    with pytest.raises(DeliveryError):
        await adapter.send(ANA, Card("Hello"), key="k")
    assert await adapter.find(ANA, key="k") is not None


async def test_the_one_who_acts_gets_the_reply_back(adapter: MemoryAdapter) -> None:
    reply = await adapter.press(ANA, "ask", id="twice")
    assert reply == Reply(Card("Pressed twice"))


async def test_opening_the_chat_reaches_the_bot(adapter: MemoryAdapter) -> None:
    reply = await adapter.open(ANA, id="o1")
    assert reply == Reply(Card(f"{Opened.__name__} o1"))


async def test_sending_in_without_values_is_possible(adapter: MemoryAdapter) -> None:
    assert await adapter.submit(ANA, "skip", id="s1") == Reply(Card(f"{Submitted.__name__} s1"))


async def test_a_deleted_message_stays_deleted_when_it_is_replaced(adapter: MemoryAdapter) -> None:
    sent = await adapter.send(ANA, Card("Hello"), key="k")
    adapter.delete(ANA, sent)
    await adapter.replace(ANA, sent, Card("Thank you"))
    assert adapter.cards(ANA) == ()


async def test_a_card_without_a_ref_is_not_replaced_by_a_reply_to_something_else() -> None:
    async def listen(_: Incoming) -> Reply | None:
        return Reply(Card("All right."), replaces=True)

    adapter = MemoryAdapter()
    running = asyncio.create_task(adapter.run(listen))
    await asyncio.sleep(0)
    await adapter.send(ANA, Card("Just so you know."), key="k")
    await adapter.press(ANA, "cancel")
    running.cancel()
    assert (adapter.cards(ANA), adapter.replies(ANA)) == ((Card("Just so you know."),), (Card("All right."),))


async def test_a_bot_that_says_nothing_shows_nothing() -> None:
    async def listen(_: Incoming) -> None:
        return None

    adapter = MemoryAdapter()
    running = asyncio.create_task(adapter.run(listen))
    await asyncio.sleep(0)
    await adapter.say(ANA, "hello")
    running.cancel()
    assert adapter.replies(ANA) == ()


async def test_acting_while_no_bot_runs_is_an_error() -> None:
    with pytest.raises(NobodyListens):
        await MemoryAdapter().say(ANA, "hello")
