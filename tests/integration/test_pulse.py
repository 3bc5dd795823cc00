"""A pulse as people meet it: it comes at the end of the shift, is answered in place, and thanks."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from adapters.chat import Address, Card
from bot.insight.cells import Cell
from bot.timetable.agenda import advance
from surveys import actions
from surveys.bank import load_bank
from surveys.invitations import Invitation
from surveys.questions import Question
from surveys.responses import GivenAnswer, GivenRemark, Response
from surveys.secrecy import reveal
from surveys.waves import Wave
from tests.integration.conftest import Clinic, at, moment

ANA, BEN = "Ana Ruiz", "Ben Okafor"
PROMISE = "Your lead sees results for groups of 5 or more. Nobody sees who said what, and we do not store it."


def remarks(clinic: Clinic) -> list[str]:
    with clinic.database.session() as session:
        return [reveal(session, row.text) for row in session.exec(select(GivenRemark))]


async def test_a_prompt_comes_at_the_end_of_the_usual_shift(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 16:55")
    assert loaded.cards(ANA) == ()
    await loaded.at("2027-03-01 17:00")
    assert loaded.prompt(ANA).text.startswith("First day with Northstar.")


async def test_a_prompt_comes_at_the_end_of_the_own_shift_in_the_own_zone(clinic: Clinic) -> None:
    clinic.files.people = {ANA: "staff,America/Los_Angeles,13:30,"}
    clinic.load()
    await clinic.at("2027-03-01 16:25")
    assert clinic.cards(ANA) == ()
    await clinic.at("2027-03-01 16:35")  # 13:35 in Los Angeles
    assert len(clinic.cards(ANA)) == 1
    assert clinic.cards(BEN) == ()


async def test_a_prompt_says_how_many_questions_it_has(day_one: Clinic) -> None:
    count = sum(bool(field.choices) for field in day_one.prompt(ANA).fields)
    assert f"{['', 'One', 'Two', 'Three', 'Four'][count]} quick one" in day_one.prompt(ANA).text


async def test_a_prompt_has_two_to_four_questions_and_one_optional_text(day_one: Clinic) -> None:
    fields = day_one.prompt(ANA).fields
    texts = [field for field in fields if not field.choices]
    assert 2 <= len(fields) - len(texts) <= 4
    assert [field.optional for field in texts] == [True]


async def test_every_question_on_a_scale_offers_not_sure(day_one: Clinic) -> None:
    one_answer = [field for field in day_one.prompt(ANA).fields if field.choices and not field.several]
    assert one_answer
    assert all(field.choices[-1].label == "not sure" for field in one_answer)


async def test_every_prompt_says_who_sees_what(day_one: Clinic) -> None:
    assert day_one.prompt(ANA).note == PROMISE


async def test_every_prompt_offers_to_ask_anonymously(day_one: Clinic) -> None:
    assert [action.name for action in day_one.prompt(ANA).actions] == ["answer", "ask"]


async def test_the_thank_you_takes_the_place_of_the_prompt(day_one: Clinic) -> None:
    await day_one.answer(ANA)
    assert [card.text for card in day_one.cards(ANA)] == ["Thank you."]


async def test_an_answer_is_kept_once_and_whole(day_one: Clinic) -> None:
    count = len(picked := [field for field in day_one.prompt(ANA).fields if field.choices])
    await day_one.answer(ANA)
    assert picked
    assert (day_one.rows(Response), day_one.rows(GivenAnswer)) == (1, count)


async def test_a_partial_answer_is_taken(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    field = prompt.fields[0]
    await day_one.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
    with day_one.database.session() as session:
        assert session.get_one(Invitation, prompt.ref).disposition == "partial"


async def test_a_remark_alone_is_an_answer(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    await day_one.submits(ANA, "answer", ref=prompt.ref, remark="The printer is out of paper.")
    assert remarks(day_one) == ["The printer is out of paper."]


async def refused(clinic: Clinic, sentence: str, answer: Card) -> None:
    """A sentence, nothing kept, and the prompt still there."""
    assert answer.text == sentence
    assert (clinic.rows(Response), clinic.rows(GivenRemark)) == (0, 0)


async def test_twice_is_told_kindly_and_kept_once(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    await day_one.answer(ANA)
    field = prompt.fields[0]
    again = await day_one.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[-1].value})
    assert again.text == "You have answered this one already. Thank you."
    assert day_one.rows(Response) == 1


async def test_after_closing_it_says_that_the_pulse_has_closed(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    day_one.clock.advance(timedelta(days=1))
    field = prompt.fields[0]
    late = await day_one.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
    await refused(day_one, "This pulse has closed. The next one will reach you soon.", late)


async def test_after_sealing_it_says_that_the_pulse_has_closed(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    await day_one.at("2027-03-02 12:00")
    field = prompt.fields[0]
    late = await day_one.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
    await refused(day_one, "This pulse has closed. The next one will reach you soon.", late)


@pytest.mark.parametrize("intruder", [BEN, "lead"])
async def test_somebody_elses_prompt_takes_no_answer(day_one: Clinic, intruder: str) -> None:
    prompt = day_one.prompt(ANA)
    field = prompt.fields[0]
    answer = await day_one.submits(intruder, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
    await refused(day_one, "This pulse was made for somebody else. Yours will reach you in your own chat.", answer)


@pytest.mark.parametrize(
    "values",
    [{"remark": "", "nothing": " "}, {}],
    ids=["blanks", "nothing at all"],
)
async def test_nothing_picked_is_told(day_one: Clinic, values: dict[str, str]) -> None:
    answer = await day_one.submits(ANA, "answer", ref=day_one.prompt(ANA).ref, **values)
    await refused(day_one, "Nothing was picked yet. One answer is enough.", answer)


async def test_an_option_that_was_not_offered_is_not_taken(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    answer = await day_one.submits(ANA, "answer", ref=prompt.ref, **{prompt.fields[0].name: "made up"})
    await refused(day_one, "One of these answers could not be taken. Please look at it once more.", answer)


async def test_a_question_that_was_not_asked_is_not_taken(day_one: Clinic) -> None:
    answer = await day_one.submits(ANA, "answer", ref=day_one.prompt(ANA).ref, made_up="4")
    await refused(day_one, "One of these answers could not be taken. Please look at it once more.", answer)


@pytest.mark.parametrize("length", [1001, 100_000])
async def test_a_text_that_is_too_long_is_told_with_both_lengths(day_one: Clinic, length: int) -> None:
    answer = await day_one.answer(ANA, text="x" * length)
    sentence = f"That is {length:,} characters long, and 1,000 is as much as I can take."
    await refused(day_one, f"{sentence} Please shorten it; nothing was lost.", answer)


async def test_an_answer_can_be_sent_again_after_it_was_refused(day_one: Clinic) -> None:
    await day_one.answer(ANA, text="x" * 1001)
    await day_one.answer(ANA, text="x" * 1000)
    assert remarks(day_one) == ["x" * 1000]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("😀👩🏽‍⚕️ fine", "😀👩🏽‍⚕️ fine"),
        ("الشاشة بطيئة اليوم", "الشاشة بطيئة اليوم"),
        ("\u202eevil\u202c", "evil"),
        ("NUL \0 inside", "NUL  inside"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("two\r\nlines", "two\nlines"),
    ],
    ids=["emoji", "right-to-left", "turned", "NUL", "HTML", "lines"],
)
async def test_any_text_is_kept_as_it_can_be_seen(day_one: Clinic, written: str, kept: str) -> None:
    answer = await day_one.answer(ANA, text=written)
    assert answer.text == "Thank you."
    assert remarks(day_one) == [kept]


async def test_a_text_with_a_name_is_previewed_before_it_is_kept(day_one: Clinic) -> None:
    answer = await day_one.answer(ANA, text="Ben does it on paper.")
    assert "[name] does it on paper." in answer.text
    assert "Ben" not in answer.text
    assert (day_one.rows(Response), day_one.rows(GivenRemark)) == (0, 0)


async def test_pressing_send_again_keeps_the_masked_text(day_one: Clinic) -> None:
    await day_one.answer(ANA, text="Ben does it on paper.")
    await day_one.answer(ANA, text="Ben does it on paper.")
    assert remarks(day_one) == ["[name] does it on paper."]


async def test_another_masked_text_is_previewed_again(day_one: Clinic) -> None:
    await day_one.answer(ANA, text="Ben does it on paper.")
    answer = await day_one.answer(ANA, text="Cleo does it on paper.  Really.")
    assert "Really" in answer.text
    assert day_one.rows(GivenRemark) == 0


async def test_the_preview_of_one_person_is_not_the_consent_of_another(day_one: Clinic) -> None:
    await day_one.answer(ANA, text="Cleo does it on paper.")
    answer = await day_one.answer(BEN, text="Cleo does it on paper.")
    assert "[name] does it on paper." in answer.text
    assert day_one.rows(GivenRemark) == 0


async def test_the_name_of_the_system_is_nobodys_name(clinic: Clinic) -> None:
    clinic.files.system = "Larkspur Charting"
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    await clinic.answer(ANA, text="Why is Larkspur Charting slow at Riverside Family Practice?")
    assert remarks(clinic) == ["Why is Larkspur Charting slow at Riverside Family Practice?"]


async def test_people_who_are_called_like_their_team_mask_nothing(clinic: Clinic) -> None:
    clinic.files.teams = {"Nurses": tuple(f"Nurse {n}" for n in range(6))}
    clinic.files.addresses = {f"Nurse {n}": f"memory:nurse-{n}" for n in range(6)}
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    nurse = Address("memory", "nurse-1")
    prompt = clinic.chat.cards(nurse)[-1]
    await clinic.chat.submit(nurse, "answer", ref=prompt.ref, values={"remark": ("One nurse had 3 calls.",)})
    assert remarks(clinic) == ["One nurse had 3 calls."]


async def test_a_patient_is_refused_kindly_and_nothing_is_kept(day_one: Clinic) -> None:
    answer = await day_one.answer(ANA, text="Mrs. Alvarez could not be found, born 03/12/1961.")
    sentence = "That looks like it names a patient. Please say it without, then send again. Nothing was stored."
    await refused(day_one, sentence, answer)


async def test_an_unwritten_step_is_a_text_like_any_other(clinic: Clinic) -> None:
    clinic.clock.set(clinic.clock.now().replace(year=2026, month=12, day=30))
    clinic.load()
    await clinic.at("2027-01-05 17:05")
    prompt = clinic.prompt(ANA)
    texts = [field for field in prompt.fields if not field.choices]
    assert len(texts) == 1
    assert prompt.text.startswith("55 days until we start with Northstar.")
    answer = await clinic.submits(ANA, "answer", ref=prompt.ref, **{texts[0].name: "I ring Ben every morning."})
    assert "I ring [name] every morning." in answer.text


async def test_the_thank_you_tells_what_was_done(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        actions.act(session, 1, text="The refill queue has its own tab.", today=loaded.clock.now().date())
    await loaded.at("2027-03-01 17:05")
    thanks = await loaded.answer(ANA)
    assert thanks.text == "Thank you.\n\nWhat changed since the last pulse:\n- The refill queue has its own tab."


async def test_the_thank_you_counts_the_questions_that_were_answered(loaded: Clinic) -> None:
    for text in ("Where is the refill queue?", "Who has the badge?", "What about faxes?"):
        await loaded.asks(ANA, text)
    await loaded.at("2027-03-01 12:00")
    await loaded.submits("lead", "reply", ref=loaded.offering("lead", "reply")[0].ref, reply="On the left.")
    await loaded.at("2027-03-01 17:05")
    thanks = await loaded.answer(ANA)
    assert thanks.text == "Thank you.\n\nOne question was answered. Write “answers” to read it."


async def test_a_reminder_goes_only_to_those_who_have_not_answered(clinic: Clinic) -> None:
    clinic.clock.set(clinic.clock.now().replace(year=2026, month=12, day=30))
    clinic.load()
    await clinic.at("2027-01-05 17:05")
    await clinic.answer(ANA)
    await clinic.at("2027-01-06 09:00")
    assert len(clinic.cards(ANA)) == 1
    assert "The same few questions as before" in clinic.newest(BEN).text


async def test_a_reminder_takes_the_place_of_the_prompt_so_that_one_form_is_there(clinic: Clinic) -> None:
    clinic.clock.set(clinic.clock.now().replace(year=2026, month=12, day=30))
    clinic.load()
    await clinic.at("2027-01-05 17:05")
    await clinic.at("2027-01-06 09:00")
    assert clinic.cards(BEN)[0].text == "These questions stand further down now."
    assert len(clinic.offering(BEN, "answer")) == 1
    assert (await clinic.answer(BEN)).text.startswith("Thank you.")


async def test_a_reminder_to_everybody_leaves_a_thank_you_where_it_is(clinic: Clinic) -> None:
    clinic.files.deliver = 'reminder = "everybody"'
    clinic.clock.set(clinic.clock.now().replace(year=2026, month=12, day=30))
    clinic.load()
    await clinic.at("2027-01-05 17:05")
    await clinic.answer(ANA)
    await clinic.at("2027-01-06 09:00")
    assert clinic.cards(ANA)[0].text.startswith("Thank you.")


async def test_a_reminder_to_everybody_remembers_nobody(clinic: Clinic) -> None:
    clinic.files.deliver = 'reminder = "everybody"'
    clinic.clock.set(clinic.clock.now().replace(year=2026, month=12, day=30))
    clinic.load()
    await clinic.at("2027-01-05 17:05")
    await clinic.answer(ANA)
    await clinic.at("2027-01-06 09:00")
    again = await clinic.answer(ANA)
    assert again.text == "You have answered this one already. Thank you."


async def test_somebody_who_is_not_on_the_roster_is_welcomed_as_a_stranger(day_one: Clinic) -> None:
    sentence = "Hello. I do not have you on the list for a go-live yet. Please ask the person who leads it to add you."
    assert (await day_one.says("Zoe", "hello there")).text == sentence
    assert (await day_one.submits("Zoe", "answer", ref=day_one.prompt(ANA).ref)).text == sentence


async def test_a_repeated_press_changes_nothing_and_gets_the_same_reply(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    field = prompt.fields[0]
    replies = [
        await day_one.submits(ANA, "answer", ref=prompt.ref, id="press-1", **{field.name: field.choices[0].value})
        for _ in range(3)
    ]
    assert {reply.text for reply in replies} == {"Thank you."}
    assert day_one.rows(Response) == 1


async def test_a_reply_is_forgotten_with_the_next_tick_after_two_minutes(day_one: Clinic) -> None:
    asked = {"question": ("Where is the refill queue?",)}
    receipt = await day_one.chat.submit(at(ANA), "ask-confirm", values=asked, id="press-1")
    assert receipt is not None
    day_one.clock.advance(timedelta(minutes=2))
    day_one.bot.conversation.forget()
    assert await day_one.chat.submit(at(ANA), "ask-confirm", values=asked, id="press-1") is None
    assert day_one.rows(Question) == 1


async def unsent(clinic: Clinic) -> None:
    """A pulse is open, and nobody's prompt has left."""
    with clinic.database.begin() as session:
        advance(session, 1, now=moment("2027-03-01 17:05"), bank=load_bank())


async def test_a_prompt_whose_invitation_is_gone_is_not_sent(loaded: Clinic) -> None:
    await unsent(loaded)
    with loaded.database.begin() as session:
        session.exec(delete(Invitation))
    await loaded.at("2027-03-01 17:06")
    assert loaded.offering(ANA, "answer") == []


async def test_a_prompt_of_a_pulse_that_has_closed_is_not_sent(loaded: Clinic) -> None:
    await unsent(loaded)
    with loaded.database.begin() as session:
        session.exec(select(Wave)).one().closes = moment("2027-03-01 17:06")
    await loaded.at("2027-03-01 17:07")
    assert loaded.offering(ANA, "answer") == []


async def test_the_same_number_from_another_person_is_another_press(day_one: Clinic) -> None:
    await day_one.answer(ANA, id="press-1")
    await day_one.answer(BEN, id="press-1")
    assert day_one.rows(Response) == 2


async def test_what_was_answered_is_counted_when_the_pulse_closes(day_one: Clinic) -> None:
    for name in (ANA, BEN):
        await day_one.answer(name)
    await day_one.at("2027-03-02 12:00")
    with day_one.database.session() as session:
        silent = session.exec(select(Cell).where(Cell.stream == "nonresponse")).all()
    assert sorted((cell.x, cell.n) for cell in silent) == [(4, 6), (6, 6)]


async def test_a_person_in_two_golives_answers_in_both(clinic: Clinic) -> None:
    clinic.load()
    other = type(clinic.files)(clinic.files.folder.with_name("other"), system="Beta", date="2027-03-02")
    clinic.load(other)
    await clinic.at("2027-03-02 17:05")
    prompts = clinic.offering(ANA, "answer")
    assert sorted(card.text.split(".")[0] for card in prompts) == ["Day 1 with Northstar", "First day with Beta"]
    for prompt in prompts:
        field = prompt.fields[0]
        answer = await clinic.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
        assert answer.text == "Thank you."


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])  # one practice will do
@given(ref=st.text(max_size=40), action=st.text(max_size=20), text=st.text(max_size=200))
async def test_whatever_comes_in_gets_a_sentence(loaded: Clinic, ref: str, action: str, text: str) -> None:
    for name in (ANA, "lead", "Zoe"):
        for reply in (
            await loaded.submits(name, action, ref=ref, remark=text),
            await loaded.submits(name, "answer", ref=ref, remark=text),
            await loaded.submits(name, "note", ref=f"alert:{ref}", note=text),
            await loaded.submits(name, "reply", ref=f"question:{ref}", reply=text),
            await loaded.says(name, text),
        ):
            assert reply.text
    assert loaded.rows(Response) == 0
