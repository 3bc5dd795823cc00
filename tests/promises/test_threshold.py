"""The group minimum that people read is their go-live's own, everywhere the same, and stays while a pulse is out.

To see it fail: write a 5 into `who-sees-what` of a catalogue, or let `bot.loading` take a new minimum at any time.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.conversation.listen import COMMANDS, LEAD_COMMANDS
from bot.storage.database import Database
from surveys.errors import Locked
from surveys.golives import GoLive
from tests.integration.conftest import Clinic, at

MINIMA = (5, 7, 12)
ANA = "Ana Ruiz"
SAID = re.compile(r"(?:groups? of|minimum (?:of|is)|fewer than|at least) (\d+)")
SENTENCE = "Your lead sees results for groups of {} or more. Nobody sees who said what, and we do not store it."


@pytest.fixture(params=MINIMA)
def minimum(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
async def clinic(database: Database, tmp_path: Path, minimum: int) -> AsyncIterator[Clinic]:
    """Twelve people whose go-live has this minimum, on the evening of the first day: a pulse is out."""
    clinic = Clinic(database, tmp_path / "files")
    clinic.files.head = f"group_minimum = {minimum}"
    clinic.load()
    listening = asyncio.create_task(clinic.chat.run(clinic.bot.conversation.hear))
    await asyncio.sleep(0)  # it begins to listen
    await clinic.at("2027-03-01 17:05")
    yield clinic
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def everything_said(clinic: Clinic) -> list[Card]:
    """All that stands in the chats of staff and lead, and every reply to a word."""
    cards = [*clinic.cards(ANA), *clinic.cards("lead")]
    for name in (ANA, "lead"):
        opened = await clinic.chat.open(at(name))
        assert opened is not None
        cards += [opened.card, *[await clinic.says(name, word) for word in sorted({*COMMANDS, *LEAD_COMMANDS})]]
    return cards


async def test_every_number_that_is_said_of_groups_is_this_golives_own(clinic: Clinic, minimum: int) -> None:
    await clinic.answer(ANA)
    await clinic.at("2027-03-02 12:05")
    await clinic.at("2027-03-03 07:30")
    said = [number for card in await everything_said(clinic) for number in SAID.findall(f"{card.text} {card.note}")]
    assert set(said) == {str(minimum)}
    assert len(said) >= 4  # prompt, two welcomes, two privacy texts


async def test_the_prompt_says_it_in_one_sentence(clinic: Clinic, minimum: int) -> None:
    assert clinic.prompt(ANA).note == SENTENCE.format(minimum)


@pytest.mark.parametrize("word", ["privacy"])
async def test_the_privacy_text_says_the_same_sentence(clinic: Clinic, minimum: int, word: str) -> None:
    assert (await clinic.says(ANA, word)).text.startswith(SENTENCE.format(minimum))


async def test_the_welcome_says_the_same_sentence(clinic: Clinic, minimum: int) -> None:
    opened = await clinic.chat.open(at(ANA))
    assert opened is not None
    assert opened.card.text.endswith(SENTENCE.format(minimum))


async def test_a_digest_of_too_few_shows_no_number_of_answers(clinic: Clinic) -> None:
    await clinic.answer(ANA)
    await clinic.at("2027-03-02 12:05")
    digest = (await clinic.says("lead", "digest")).text
    assert "Too few answered" in digest
    assert not re.search(r"\b1 of \d+ answered", digest)


@pytest.mark.parametrize("other", [3, 4, 6, 13])
async def test_it_cannot_change_while_a_pulse_is_out(clinic: Clinic, minimum: int, other: int) -> None:
    with pytest.raises(Locked) as refused:
        clinic.load(replace(clinic.files, head=f"group_minimum = {other}"))
    assert refused.value.facts == {"minimum": minimum}
    with clinic.database.session() as session:
        assert session.exec(select(GoLive.group_minimum)).one() == minimum
    assert clinic.prompt(ANA).note == SENTENCE.format(minimum)


async def test_loading_the_same_again_is_no_change(clinic: Clinic, minimum: int) -> None:
    clinic.load()
    assert clinic.prompt(ANA).note == SENTENCE.format(minimum)


@pytest.mark.parametrize(
    ("reminder", "sentence"),
    [
        ("unanswered", "Those who have not answered get one reminder at most; your lead sees numbers, never who."),
        ("everybody", "The one reminder goes to everybody alike, also to those who have answered."),
        ("none", "Nobody is reminded."),
    ],
)
@pytest.mark.parametrize("minimum", [5], indirect=True)
async def test_the_privacy_text_says_how_this_golive_reminds(clinic: Clinic, reminder: str, sentence: str) -> None:
    with clinic.database.begin() as session:
        session.exec(select(GoLive)).one().reminder = reminder
    assert sentence in (await clinic.says(ANA, "privacy")).text
