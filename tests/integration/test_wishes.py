"""What somebody may wish for with one word, and what it does to the next pulse."""

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.delivery.contacts import Contact
from bot.delivery.letters import to_leads
from bot.delivery.outbox import Delivery
from bot.loading import load
from bot.storage import transcript
from bot.storage.transcript import ChatMessage
from surveys.golive_file import read_golive
from surveys.golives import GoLive
from surveys.invitations import Invitation
from surveys.roster import Leave, Participant
from tests.integration.conftest import Clinic, at

ANA, BEN = "Ana Ruiz", "Ben Okafor"


def person(clinic: Clinic, name: str) -> Participant:
    with clinic.database.session() as session:
        return session.exec(select(Participant).where(Participant.name == name)).one()


async def test_pause_asks_for_how_long(loaded: Clinic) -> None:
    form = await loaded.says(ANA, "pause")
    assert [choice.value for choice in form.fields[0].choices] == ["day", "week", "month"]


@pytest.mark.parametrize(
    ("wish", "until", "last_missed", "first_back"),
    [
        ("day", "Monday 1 March", None, "2027-03-01 17:05"),
        ("week", "Sunday 7 March", "2027-03-05 17:05", "2027-03-08 17:05"),
        ("month", "Sunday 28 March", "2027-03-26 17:05", "2027-03-29 17:05"),
    ],
)
async def test_a_pause_holds_back_the_pulses_until_its_day(
    loaded: Clinic, wish: str, until: str, last_missed: str | None, first_back: str
) -> None:
    told = await loaded.submits(ANA, "pause", pause=wish)
    assert told.text == f"No pulses until {until}. Write “resume” to have them back sooner."
    if last_missed:
        await loaded.at(last_missed)
        assert loaded.offering(ANA, "answer") == []
        assert loaded.offering(BEN, "answer")
    await loaded.at(first_back)
    assert loaded.offering(ANA, "answer")


async def test_a_pause_of_a_length_that_was_not_offered_asks_again(loaded: Clinic) -> None:
    assert (await loaded.submits(ANA, "pause", pause="a year")).fields
    assert person(loaded, ANA).paused_until is None


async def test_a_pause_holds_back_a_prompt_that_is_on_its_way(clinic: Clinic) -> None:
    clinic.files.people = {BEN: "staff,,13:00,"}
    clinic.load()
    await clinic.at("2027-03-01 13:05")  # the pulse is open, Ana's message waits for her shift to end
    await clinic.submits(ANA, "pause", pause="day")
    await clinic.at("2027-03-01 17:05")
    assert clinic.cards(ANA) == ()


async def test_resume_brings_the_pulses_back(loaded: Clinic) -> None:
    await loaded.submits(ANA, "pause", pause="month")
    told = await loaded.says(ANA, "resume")
    assert told.text == "You are back in. The next pulse will reach you as usual."
    await loaded.at("2027-03-01 17:05")
    assert loaded.offering(ANA, "answer")


async def test_leave_asks_for_two_dates(loaded: Clinic) -> None:
    form = await loaded.says(ANA, "leave")
    assert [field.hint for field in form.fields] == ["Like 2027-02-28"] * 2


async def test_leave_holds_back_the_pulses_of_its_days(loaded: Clinic) -> None:
    told = await loaded.submits(ANA, "leave", first="2027-03-01", last="2027-03-02")
    assert told.text == "No pulses from Monday 1 March to Tuesday 2 March."
    await loaded.at("2027-03-02 17:05")
    assert loaded.offering(ANA, "answer") == []
    await loaded.at("2027-03-03 17:05")
    assert loaded.offering(ANA, "answer")


@pytest.mark.parametrize(
    ("first", "last"),
    [("tomorrow", "next week"), ("2027-03-02", ""), ("2027-03-05", "2027-03-01"), ("2027-02-30", "2027-03-01")],
    ids=["words", "one date", "backwards", "no such day"],
)
async def test_dates_that_cannot_be_read_are_told_with_an_example(loaded: Clinic, first: str, last: str) -> None:
    told = await loaded.submits(ANA, "leave", first=first, last=last)
    assert told.text == (
        "I could not read that as two dates. Please write them like 2027-02-28, the first not after the last."
    )
    assert loaded.rows(Leave) == 0


async def test_stop_ends_the_pulses_and_start_brings_them_back(loaded: Clinic) -> None:
    assert (await loaded.says(ANA, "stop")).text.startswith("No more pulses for you. You can still ask anonymously.")
    await loaded.at("2027-03-01 17:05")
    assert loaded.offering(ANA, "answer") == []
    assert (await loaded.says(ANA, "start")).text.startswith("Good to have you back.")
    await loaded.at("2027-03-02 17:05")
    assert loaded.offering(ANA, "answer")


async def test_who_stopped_can_still_ask(loaded: Clinic) -> None:
    await loaded.says(ANA, "stop")
    assert await loaded.asks(ANA, "Where is the refill queue?")


@pytest.mark.parametrize("word", ["pause", "resume", "leave", "stop", "start", "delete"])
async def test_a_lead_who_is_not_asked_has_nothing_to_change(loaded: Clinic, word: str) -> None:
    assert (await loaded.says("lead", word)).text == "You get no pulses from me, so there is nothing to change."


async def test_delete_says_what_it_does_before_it_does_it(day_one: Clinic) -> None:
    told = await day_one.says(ANA, "delete")
    assert "Your answers carry no name" in told.text
    assert [action.name for action in told.actions] == ["delete-confirm"]
    assert day_one.rows(Invitation) == 12


async def test_delete_forgets_invitations_deliveries_pauses_and_leave(day_one: Clinic) -> None:
    await day_one.submits(ANA, "leave", first="2027-05-01", last="2027-05-02")
    await day_one.submits(ANA, "pause", pause="week")
    told = await day_one.presses(ANA, "delete-confirm")
    assert told.text.startswith("Done. We hold your place on the list and your wish not to be asked, nothing else.")
    ana = person(day_one, ANA)
    with day_one.database.session() as session:
        mine = select(Contact.id).where(Contact.participant_id == ana.id)
        assert session.exec(select(Delivery).where(Delivery.contact_id == session.exec(mine).one())).all() == []
        assert session.exec(select(Invitation).where(Invitation.participant_id == ana.id)).all() == []
        assert session.exec(select(Leave)).all() == []
    assert (ana.opted_out, ana.paused_until) == (True, None)


async def test_delete_leaves_the_others_alone(day_one: Clinic) -> None:
    await day_one.presses(ANA, "delete-confirm")
    assert day_one.rows(Invitation) == 11
    assert (await day_one.answer(BEN)).text == "Thank you."


async def test_after_delete_no_pulse_comes_and_the_open_one_has_closed(day_one: Clinic) -> None:
    prompt = day_one.prompt(ANA)
    await day_one.presses(ANA, "delete-confirm")
    field = prompt.fields[0]
    late = await day_one.submits(ANA, "answer", ref=prompt.ref, **{field.name: field.choices[0].value})
    assert late.text.startswith("This pulse has closed.")
    before = len(day_one.cards(ANA))
    await day_one.at("2027-03-02 17:05")
    assert len(day_one.cards(ANA)) == before


async def test_delete_forgets_what_stands_in_the_web_chat(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "web:ana", BEN: "web:ben"}
    clinic.load()
    with clinic.database.begin() as session:
        for account in ("ana", "ben"):
            transcript.put(session, account, "wave:1:prompt", Card("Day 4"))
        ana = session.exec(select(Participant).where(Participant.name == ANA)).one()
        contact = session.exec(select(Contact).where(Contact.participant_id == ana.id)).one()
        contact.platform, contact.account = "memory", "ana"
        session.add(contact)
        session.add(Contact(golive_id=1, platform="web", account="ana", participant_id=ana.id))
    await clinic.presses(ANA, "delete-confirm")
    with clinic.database.session() as session:
        assert session.exec(select(ChatMessage.account)).all() == ["ben"]


async def test_a_lead_who_is_asked_as_well_keeps_the_letters_of_a_lead(clinic: Clinic) -> None:
    clinic.files.leads = ("ana",)
    clinic.load()
    await clinic.asks(BEN, "Where is the refill queue?")
    await clinic.at("2027-03-01 06:00")
    with clinic.database.begin() as session:
        to_leads(session, session.get_one(GoLive, 1), "digest", ["2027-03-01"], now=clinic.clock.now())
    await clinic.presses(ANA, "delete-confirm")
    await clinic.at("2027-03-01 07:30")
    assert any("First day." in card.text for card in clinic.cards(ANA))


async def test_staff_is_welcomed_with_who_sees_what(loaded: Clinic) -> None:
    reply = await loaded.chat.open(at(ANA))
    assert reply is not None
    assert "Your lead sees results for groups of 5 or more." in reply.card.text
    assert "a digest" not in reply.card.text


async def test_a_lead_is_welcomed_as_a_lead(loaded: Clinic) -> None:
    reply = await loaded.chat.open(at("lead"))
    assert reply is not None
    assert "a digest, an alert when something needs you" in reply.card.text
    assert "I ask two to four" not in reply.card.text


async def test_a_lead_who_is_asked_as_well_is_welcomed_as_both(clinic: Clinic) -> None:
    clinic.files.leads = ("ana",)
    clinic.load()
    reply = await clinic.chat.open(at(ANA))
    assert reply is not None
    assert "a digest" in reply.card.text
    assert "I ask two to four" in reply.card.text


async def test_a_manager_who_is_not_asked_is_welcomed_too(clinic: Clinic) -> None:
    clinic.files.rest = ""
    path = clinic.files.write()
    path.write_text(path.read_text().replace('"Nursing" = {}', '"Nursing" = { manager = "memory:mia" }'))
    with clinic.database.begin() as session:
        now = clinic.clock.now()
        load(session, read_golive(path, today=now.date()), now=now, platforms={"memory"})
    reply = await clinic.chat.open(at("mia"))
    assert reply is not None
    assert reply.card.text.startswith("Hello. Your team is starting with Northstar.")


async def test_help_for_staff_says_nothing_of_leads(loaded: Clinic) -> None:
    assert "For you as a lead" not in (await loaded.says(ANA, "help")).text
    assert "For you as a lead" in (await loaded.says("lead", "help")).text


async def test_privacy_is_the_whole_truth(loaded: Clinic) -> None:
    told = (await loaded.says(ANA, "privacy")).text
    assert told.startswith("Your lead sees results for groups of 5 or more.")
    assert "Whoever runs this server could watch it while you answer" in told
