"""The home page, quiet hours of one's own, and the language that somebody wishes for."""

from datetime import date

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.delivery.contacts import Contact
from surveys import questions
from surveys.questions import Question
from surveys.roster import Participant
from tests.integration.conftest import DESK, NURSES, Clinic, at

ANA, BEN = "Ana Ruiz", "Ben Okafor"


async def home(clinic: Clinic, name: str = ANA) -> Card:
    reply = await clinic.chat.open(at(name), place="home")
    assert reply is not None
    return reply.card


def names(card: Card) -> list[str]:
    return [action.name for action in card.actions]


async def replied(clinic: Clinic, *texts: str, solved: int = 0) -> None:
    """Questions that were answered, of which so many askers say that it helped and the rest that it did not."""
    people = (*DESK, *NURSES)
    for name, text in zip(people, texts, strict=False):
        words = await clinic.asks(name, text)
        with clinic.database.begin() as session:
            (question,) = questions.release(session, 1, before=date.max)
            questions.reply(session, question.key, golive_id=1, text=f"Answer to {text}", today=date(2027, 3, 1))
        found = await clinic.submits(name, "find-words", words=words)
        await clinic.presses(name, "solved" if solved > 0 else "not-solved", ref=found.ref)
        solved -= 1


async def test_home_says_when_the_next_pulse_comes_and_who_sees_what(loaded: Clinic) -> None:
    card = await home(loaded)
    assert card.text == (
        "**Northstar at Riverside Family Practice**\n\nYour next pulse comes on Monday 1 March at 17:00."
    )
    assert card.note.startswith("Your lead sees results for groups of 5 or more.")


async def test_home_has_everything_that_staff_may_wish_as_a_button(loaded: Clinic) -> None:
    assert names(await home(loaded)) == [
        "ask", "find", "answers", "pause", "leave", "stop", "quiet", "delete", "privacy", "help",
    ]  # fmt: skip


async def test_every_button_of_home_is_understood(loaded: Clinic) -> None:
    for name in (ANA, "lead"):
        for action in names(await home(loaded, name)):
            told = await loaded.presses(name, action)
            assert not told.text.startswith(("This message is out of date", "That one is for"))


async def test_home_can_be_asked_for_with_a_word(loaded: Clinic) -> None:
    assert await loaded.says(ANA, "home") == await home(loaded)


@pytest.mark.parametrize(
    ("wish", "says", "offers"),
    [
        ("stop", "You get no pulses, as you wished.", "start"),
        ("pause", "No pulses until Monday 1 March, as you wished.", "resume"),
    ],
)
async def test_home_says_what_was_wished_for_and_offers_the_way_back(
    loaded: Clinic, wish: str, says: str, offers: str
) -> None:
    await loaded.submits(ANA, wish, pause="day")
    card = await home(loaded)
    assert says in card.text
    assert offers in names(card)
    assert wish not in names(card)


async def test_home_counts_no_pulse_on_days_away(loaded: Clinic) -> None:
    await loaded.submits(ANA, "leave", first="2027-03-01", last="2027-03-03")
    assert "Your next pulse comes on Thursday 4 March at 17:00." in (await home(loaded)).text


async def test_home_says_that_a_pulse_waits_until_it_is_answered(day_one: Clinic) -> None:
    assert "A pulse waits for you in this chat.\nYour next pulse comes on Tuesday 2 March" in (await home(day_one)).text
    await day_one.answer(ANA)
    assert "waits" not in (await home(day_one)).text


async def test_home_says_of_a_pulse_that_has_not_left_when_it_comes(clinic: Clinic) -> None:
    clinic.files.people = {BEN: "staff,,13:00,"}
    clinic.load()
    await clinic.at("2027-03-01 13:05")  # the pulse is open, and Ana's shift goes on
    text = (await home(clinic)).text
    assert "waits" not in text
    assert "Your next pulse comes on Monday 1 March at 17:00." in text


async def test_after_the_plan_no_pulse_is_planned(loaded: Clinic) -> None:
    await loaded.at("2027-06-15 12:00")
    assert "No pulse is planned for you." in (await home(loaded)).text


async def test_home_shows_the_newest_answers_and_clips_long_ones(loaded: Clinic) -> None:
    await replied(loaded, "Where is it?", "x" * 900)
    text = (await home(loaded)).text
    assert "**Where is it?**\n\nAnswer to Where is it?" in text
    assert f"Answer to {'x' * 280}" in text
    assert f"Answer to {'x' * 300}" not in text
    assert "askers" not in text


@pytest.mark.parametrize(("asked", "said"), [(4, False), (5, True)])
async def test_home_counts_who_was_helped_from_the_group_minimum_on(loaded: Clinic, asked: int, *, said: bool) -> None:
    await replied(loaded, *(f"Question {number}?" for number in range(asked)), solved=3)
    told = f"3 of {asked} askers who told us said that the reply solved it."
    assert (told in (await home(loaded)).text) == said


async def test_a_lead_who_is_not_asked_finds_what_leads_need(loaded: Clinic) -> None:
    card = await home(loaded, "lead")
    assert names(card)[:5] == ["digest", "alerts", "questions", "promises", "dashboard"]
    assert "pulse" not in card.text
    assert "delete" not in names(card)


async def test_a_stranger_who_opens_home_gets_a_friendly_sentence(loaded: Clinic) -> None:
    assert (await home(loaded, "zoe")).text.startswith("Hello. I do not have you on the list")


async def test_quiet_asks_for_two_times(loaded: Clinic) -> None:
    form = await loaded.says(ANA, "quiet")
    assert form.text.startswith("Nothing reaches you from 20:00 to 07:00 anyway.")
    assert [(field.name, field.kind, field.value) for field in form.fields] == [
        ("from", "time", ""),
        ("until", "time", ""),
    ]
    assert names(form) == ["quiet"]


async def test_a_pulse_waits_until_ones_own_quiet_hours_are_over(loaded: Clinic) -> None:
    told = await loaded.submits(ANA, "quiet", **{"from": "16:00", "until": "18:30"})
    assert told.text.startswith("Nothing reaches you from 16:00 to 18:30 any more.")
    assert "Your own quiet hours: 16:00 to 18:30." in (await home(loaded)).text
    await loaded.at("2027-03-01 17:05")
    assert loaded.offering(BEN, "answer")
    assert loaded.cards(ANA) == ()
    await loaded.at("2027-03-01 18:35")
    assert loaded.offering(ANA, "answer")


async def test_quiet_hours_that_begin_while_a_pulse_is_on_its_way_hold_it_back(clinic: Clinic) -> None:
    """They are looked at again when it leaves."""
    clinic.files.people = {BEN: "staff,,13:00,"}
    clinic.load()
    await clinic.at("2027-03-01 13:05")
    await clinic.submits(ANA, "quiet", **{"from": "16:00", "until": "18:30"})
    await clinic.at("2027-03-01 17:05")
    assert clinic.cards(ANA) == ()
    await clinic.at("2027-03-01 18:35")
    assert clinic.offering(ANA, "answer")


async def test_ones_own_quiet_hours_go_on_into_those_of_the_golive(loaded: Clinic) -> None:
    await loaded.submits(ANA, "quiet", **{"from": "16:00", "until": "20:00"})
    await loaded.at("2027-03-01 19:55")
    assert loaded.cards(ANA) == ()
    await loaded.at("2027-03-02 07:05")
    assert loaded.offering(ANA, "answer")


async def test_quiet_hours_can_be_ended(loaded: Clinic) -> None:
    await loaded.submits(ANA, "quiet", **{"from": "16:00", "until": "18:30"})
    form = await loaded.says(ANA, "quiet")
    assert [field.value for field in form.fields] == ["16:00", "18:30"]
    told = await loaded.presses(ANA, "quiet-end")
    assert told.text == "Your own quiet hours are over. Nothing reaches you from 20:00 to 07:00, as before."
    await loaded.at("2027-03-01 17:05")
    assert loaded.offering(ANA, "answer")


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("noon", "13:00", "I could not read that as two times."),
        ("13:00", "13:00", "I could not read that as two times."),
        ("", "13:00", "I could not read that as two times."),
        ("07:00", "19:30", "Less than an hour of the day would be left"),
    ],
)
async def test_hours_that_cannot_be_kept_get_a_sentence_and_the_form(
    loaded: Clinic, start: str, end: str, says: str
) -> None:
    told = await loaded.submits(ANA, "quiet", **{"from": start, "until": end})
    assert told.text.startswith(says)
    assert len(told.fields) == 2
    with loaded.database.session() as session:
        assert session.exec(select(Participant.quiet_from).where(Participant.name == ANA)).one() is None


async def test_delete_forgets_quiet_hours_too(loaded: Clinic) -> None:
    await loaded.submits(ANA, "quiet", **{"from": "16:00", "until": "18:30"})
    await loaded.presses(ANA, "delete-confirm")
    with loaded.database.session() as session:
        ana = session.exec(select(Participant).where(Participant.name == ANA)).one()
    assert (ana.quiet_from, ana.quiet_until) == (None, None)


async def test_only_languages_that_exist_are_offered(loaded: Clinic) -> None:
    for given in ("", "tlh", "../en"):
        assert (await loaded.submits(ANA, "language", language=given)).text == "English is all I speak so far."


async def test_a_language_is_remembered_for_one_person(loaded: Clinic) -> None:
    told = await loaded.submits(ANA, "language", language="en")
    assert told.text.startswith("From now on I speak English to you.")
    with loaded.database.session() as session:
        spoken = {row.account: row.language for row in session.exec(select(Contact))}
    assert (spoken["ana"], spoken["ben"]) == ("en", "")


async def test_a_prompt_in_a_language_that_is_gone_falls_back_to_english(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        session.exec(select(Contact).where(Contact.account == "ana")).one().language = "eo"
    await loaded.at("2027-03-01 17:05")
    assert loaded.prompt(ANA) == loaded.prompt(ANA)
    assert loaded.prompt(ANA).text == loaded.prompt(BEN).text
    assert (await loaded.answer(ANA)).text == "Thank you."


async def test_help_is_one_screen(loaded: Clinic) -> None:
    for name in (ANA, "lead"):
        assert (await loaded.says(name, "help")).text.count("\n") <= 25


async def test_no_message_follows_a_question(loaded: Clinic) -> None:
    for name in (ANA, BEN):
        await loaded.asks(name, "Where is it?")
        await loaded.bot.tick()
        assert loaded.cards(name) == ()
    assert loaded.rows(Question) == 2
