"""The transcript in memory, beyond what the contract of adapters shows."""

from adapters.chat import Card
from adapters.web.transcript import MemoryTranscript


async def test_what_is_forgotten_is_gone_with_its_keys() -> None:
    transcript = MemoryTranscript()
    await transcript.put("ana", "k", Card("Hello"))
    await transcript.forget("ana")
    assert (await transcript.messages("ana"), await transcript.find("ana", "k")) == ([], None)


async def test_forgetting_one_leaves_the_others() -> None:
    transcript = MemoryTranscript()
    await transcript.put("ana", "k", Card("Hello"))
    kept = await transcript.put("ben", "k", Card("Hello"))
    await transcript.forget("ana")
    assert (await transcript.messages("ben"), await transcript.find("ben", "k")) == ([(kept, Card("Hello"))], kept)


async def test_a_number_is_never_given_twice() -> None:
    transcript = MemoryTranscript()
    first = await transcript.put("ana", "k", Card("Hello"))
    await transcript.forget("ana")
    assert await transcript.put("ana", "k", Card("Hello")) != first
