"""Pages that are told what is new."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.chat import Card
from adapters.web.streams import Messages, Streams, state
from adapters.web.transcript import MemoryTranscript

SECRET = b"s" * 32
NEVER = 3600.0  #: seconds; no heart-beat during a test


def _texts(messages: Messages) -> str:
    return "\n".join(card.text for _, card in messages)


class Follower:
    """One open page; `next` gives the next event that is no sign of life."""

    def __init__(self, streams: Streams, transcript: MemoryTranscript, *, shown: str = "") -> None:
        self._events = streams.follow("ana", shown, look=lambda: transcript.messages("ana"), render=_texts)

    async def next(self) -> tuple[str, list[str]]:
        """Name of the event and its data lines."""
        async for event in self._events:
            lines = event.removesuffix("\n\n").split("\n")
            if lines[0].startswith("event: "):
                return lines[0].removeprefix("event: "), [
                    line.removeprefix("data: ") for line in lines if line.startswith("data: ")
                ]
        return "end", []

    async def close(self) -> None:
        assert isinstance(self._events, AsyncIterator)
        await self._events.aclose()  # type: ignore[attr-defined]


@pytest.fixture
def streams() -> Streams:
    return Streams(SECRET, heart_beat=NEVER)


@pytest.fixture
async def transcript() -> MemoryTranscript:
    transcript = MemoryTranscript()
    await transcript.put("ana", "k1", Card("one"))
    await transcript.put("ana", "k2", Card("two"))
    return transcript


async def test_a_page_that_shows_something_else_gets_the_whole(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript)
    assert await follower.next() == ("whole", ["one", "two"])
    await follower.close()


async def test_a_page_that_is_up_to_date_gets_only_what_is_new(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript, shown=state(SECRET, await transcript.messages("ana")))
    waiting = asyncio.create_task(follower.next())
    await asyncio.sleep(0)
    await transcript.put("ana", "k3", Card("three"))
    streams.wake("ana")
    assert await waiting == ("part", ["three"])
    await follower.close()


async def test_a_replaced_message_is_sent_again(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript)
    await follower.next()
    await transcript.replace("1", Card("thank you"))
    streams.wake("ana")
    assert await follower.next() == ("part", ["thank you"])
    await follower.close()


async def test_what_was_forgotten_leaves_the_page(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript)
    await follower.next()
    await transcript.forget("ana")
    streams.wake("ana")
    assert await follower.next() == ("whole", [""])
    await follower.close()


async def test_what_another_program_wrote_is_found_at_the_next_heart_beat(transcript: MemoryTranscript) -> None:
    follower = Follower(Streams(SECRET, heart_beat=0.01), transcript)
    await follower.next()
    await transcript.put("ana", "k3", Card("three"))
    assert await follower.next() == ("part", ["three"])
    await follower.close()


async def test_a_change_while_the_page_was_being_told_is_not_lost(
    streams: Streams, transcript: MemoryTranscript
) -> None:
    async def look() -> Messages:
        found = await transcript.messages("ana")
        if len(found) == 2:
            await transcript.put("ana", "k3", Card("three"))
            streams.wake("ana")
        return found

    follower = Follower(streams, transcript)
    follower._events = streams.follow("ana", "", look=look, render=_texts)
    assert [await follower.next(), await follower.next()] == [("whole", ["one", "two"]), ("part", ["three"])]
    await follower.close()


async def test_hanging_up_ends_a_stream_that_waits(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript, shown=state(SECRET, await transcript.messages("ana")))
    waiting = asyncio.create_task(follower.next())
    await asyncio.sleep(0)
    streams.hang_up()
    assert await asyncio.wait_for(waiting, 5) == ("end", [])


async def test_a_page_that_was_told_rests_until_the_next_change(streams: Streams, transcript: MemoryTranscript) -> None:
    looks = 0

    async def look() -> Messages:
        nonlocal looks
        looks += 1
        return await transcript.messages("ana")

    follower = Follower(streams, transcript)
    follower._events = streams.follow("ana", "", look=look, render=_texts)
    await follower.next()
    await transcript.put("ana", "k3", Card("three"))
    streams.wake("ana")
    await follower.next()
    waiting = asyncio.create_task(follower.next())
    for _ in range(20):
        await asyncio.sleep(0)
    streams.hang_up()
    await waiting
    assert looks == 2


async def test_a_page_that_left_is_forgotten(streams: Streams, transcript: MemoryTranscript) -> None:
    follower = Follower(streams, transcript)
    await follower.next()
    await follower.close()
    assert dict(streams._open) == {}


async def test_two_pages_of_one_person_are_both_told(streams: Streams, transcript: MemoryTranscript) -> None:
    followers = [Follower(streams, transcript), Follower(streams, transcript)]
    first = [await follower.next() for follower in followers]
    await followers[0].close()
    await transcript.put("ana", "k3", Card("three"))
    streams.wake("ana")
    assert (first[0], await followers[1].next()) == (first[1], ("part", ["three"]))
    await followers[1].close()


async def test_every_kind_of_line_end_stays_inside_the_event(streams: Streams, transcript: MemoryTranscript) -> None:
    await transcript.put("ana", "k3", Card("a\rb\r\nc\u2028d\n\nevent: forged"))
    follower = Follower(streams, transcript)
    assert await follower.next() == ("whole", ["one", "two", "a", "b", "c\u2028d", "", "event: forged"])
    await follower.close()


def test_the_state_of_a_chat_depends_on_words_and_order() -> None:
    one, two = ("1", Card("one")), ("2", Card("two"))
    states = {state(SECRET, messages) for messages in ([], [one], [one, two], [two, one], [one, ("2", Card("2"))])}
    assert len(states) == 5
