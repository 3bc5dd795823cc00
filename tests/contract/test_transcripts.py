"""What every transcript of the web chat owes: the one in memory, and the one in the database on both engines."""

import asyncio

import pytest

from adapters.chat import Action, Card, Choice, Field
from adapters.web.transcript import MemoryTranscript, Transcript
from bot.storage.transcript import DatabaseTranscript

CARD = Card(
    "How was it?",
    fields=(Field("q", "Clear?", choices=(Choice("1", "no"), Choice("5", "yes")), hint="one tap"),),
    actions=(Action("answer", "Send", submits=True, primary=True),),
    note="Your lead sees groups of 5 or more.",
    ref="r1",
)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def transcript(engine_name: str, request: pytest.FixtureRequest) -> Transcript:
    if engine_name == "memory":
        return MemoryTranscript()
    return DatabaseTranscript(request.getfixturevalue("database"))


async def test_a_card_stands_there_as_it_was_put(transcript: Transcript) -> None:
    message_id = await transcript.put("ana", "k", CARD)
    assert await transcript.messages("ana") == [(message_id, CARD)]


async def test_the_same_key_gives_the_same_message(transcript: Transcript) -> None:
    first = await transcript.put("ana", "k", CARD)
    again = await transcript.put("ana", "k", Card("Something else"))
    assert (again, await transcript.messages("ana")) == (first, [(first, CARD)])


async def test_the_same_key_at_once_gives_one_message(transcript: Transcript) -> None:
    ids = await asyncio.gather(*(transcript.put("ana", "k", CARD) for _ in range(8)))
    assert (len(set(ids)), len(await transcript.messages("ana"))) == (1, 1)


async def test_the_same_key_of_two_people_gives_two_messages(transcript: Transcript) -> None:
    assert await transcript.put("ana", "k", CARD) != await transcript.put("ben", "k", CARD)


async def test_messages_come_oldest_first_and_only_ones_own(transcript: Transcript) -> None:
    for key in ("k1", "k2", "k3"):
        await transcript.put("ana", key, Card(key))
        await transcript.put("ben", key, Card("not hers"))
    assert [card.text for _, card in await transcript.messages("ana")] == ["k1", "k2", "k3"]


async def test_a_message_is_found_by_its_key(transcript: Transcript) -> None:
    assert await transcript.put("ana", "k", CARD) == await transcript.find("ana", "k")


async def test_what_was_never_put_is_not_found(transcript: Transcript) -> None:
    await transcript.put("ben", "k", CARD)
    assert await transcript.find("ana", "k") is None


async def test_another_card_takes_the_place_of_the_first(transcript: Transcript) -> None:
    first = await transcript.put("ana", "k1", CARD)
    await transcript.put("ana", "k2", CARD)
    await transcript.replace(first, Card("Thank you."))
    assert [card.text for _, card in await transcript.messages("ana")] == ["Thank you.", "How was it?"]


async def test_a_message_that_is_gone_is_left_gone(transcript: Transcript) -> None:
    message_id = await transcript.put("ana", "k", CARD)
    await transcript.forget("ana")
    await transcript.replace(message_id, Card("Thank you."))
    assert await transcript.messages("ana") == []


async def test_what_is_forgotten_is_gone_with_its_keys(transcript: Transcript) -> None:
    await transcript.put("ana", "k", CARD)
    await transcript.forget("ana")
    assert (await transcript.messages("ana"), await transcript.find("ana", "k")) == ([], None)


async def test_forgetting_one_leaves_the_others(transcript: Transcript) -> None:
    await transcript.put("ana", "k", CARD)
    kept = await transcript.put("ben", "k", CARD)
    await transcript.forget("ana")
    assert await transcript.messages("ben") == [(kept, CARD)]


async def test_a_number_is_never_given_twice(transcript: Transcript) -> None:
    first = await transcript.put("ana", "k", CARD)
    await transcript.forget("ana")
    assert await transcript.put("ana", "k", CARD) != first


@pytest.mark.parametrize(
    "text", ["", "\N{FACE WITH TEARS OF JOY}", "\u202e\u0645\u0631\u062d\u0628\u0627", "x" * 100_000]
)
async def test_any_text_comes_back_as_it_was(transcript: Transcript, text: str) -> None:
    await transcript.put("ana", "k", Card(text))
    ((_, card),) = await transcript.messages("ana")
    assert card.text == text
