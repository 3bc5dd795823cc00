"""What leads do about an alert, together and one after the other, and what they promise."""

from datetime import date

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.audit import AuditEntry
from bot.insight.alerts import Alert
from bot.insight.detection import raise_and_close
from surveys import actions
from surveys.actions import Action
from surveys.roster import Reader
from tests.integration.conftest import Clinic
from tests.integration.made_up_signals import paper, signal

ANA = "Ana Ruiz"
DONE = "Printers are there."


@pytest.fixture
async def two(clinic: Clinic) -> Clinic:
    """Two leads, a manager each for both teams, and an alert about the front desk in everybody's chat."""
    clinic.files.leads = ("lead", "second")
    clinic.files.managers = {"Front desk": "memory:mia", "Nursing": "memory:noor"}
    clinic.load()
    with clinic.database.begin() as session:
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: False, now=clinic.clock.now())
    await clinic.bot.tick()
    return clinic


def card(clinic: Clinic, name: str = "lead") -> Card:
    return clinic.offering(name, "dismiss")[-1]


def alert(clinic: Clinic) -> Alert:
    with clinic.database.session() as session:
        return session.exec(select(Alert)).one()


def kept(clinic: Clinic) -> Action:
    with clinic.database.session() as session:
        return session.exec(select(Action)).one()


def reader(clinic: Clinic, name: str) -> str:
    with clinic.database.session() as session:
        return str(session.exec(select(Reader.id).where(Reader.name == name)).one())


def acts(clinic: Clinic) -> list[tuple[str, str]]:
    with clinic.database.session() as session:
        rows = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()  # type: ignore[arg-type]
    return [(row.role, row.act) for row in rows if row.kind in {"alert", "action"}]


async def test_the_second_lead_is_told_who_was_first_and_may_act_all_the_same(two: Clinic) -> None:
    stale = card(two, "second").ref
    await two.presses("lead", "acknowledge", ref=card(two).ref)
    told = await two.presses("second", "acknowledge", ref=stale)
    assert told.text.startswith("Lead was quicker and is on it.\n\n**Front desk may be quietly confused")
    assert told.text.endswith("Lead is on it.")
    assert [action.name for action in told.actions] == ["assign", "note", "dismiss"]
    await two.submits("second", "dismiss", ref=told.ref, reason="nothing")
    assert alert(two).state == "dismissed"


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("note", "Lead was quicker and has written down what was done."),
        ("dismiss", "Lead was quicker and put it aside."),
    ],
)
async def test_what_the_first_lead_did_is_told(two: Clinic, action: str, says: str) -> None:
    stale = card(two, "second").ref
    await two.submits("lead", action, ref=stale, reason="nothing", note=DONE)
    told = await two.submits("second", "dismiss", ref=stale, reason="unclear")
    assert told.text.startswith(says)
    assert told.actions == ()


async def test_what_was_agreed_to_is_told(clinic: Clinic) -> None:
    clinic.files.leads = ("lead", "second")
    clinic.load()
    with clinic.database.begin() as session:
        raise_and_close(session, 1, [paper()], eased=lambda *_, **__: False, now=clinic.clock.now())
    await clinic.bot.tick()
    ref = card(clinic).ref
    await clinic.presses("lead", "sanction", ref=ref)
    told = await clinic.presses("second", "sanction", ref=ref)
    assert told.text.startswith("Lead was quicker and agreed to it for now.")


async def test_what_the_second_lead_wrote_is_not_lost(two: Clinic) -> None:
    stale = card(two, "second").ref
    await two.presses("lead", "acknowledge", ref=stale)
    told = await two.submits("second", "note", ref=stale, note=DONE, who=reader(two, "Second"))
    assert told.text.startswith("Lead was quicker and is on it.")
    assert {field.name: field.value for field in told.fields} == {
        "note": DONE,
        "who": reader(two, "Second"),
        "when": "2027-02-28",
    }
    assert (await two.submits("second", "note", ref=told.ref, note=DONE)).text.endswith(DONE)


async def test_a_lead_who_presses_twice_is_told_kindly(two: Clinic) -> None:
    ref = card(two).ref
    await two.presses("lead", "acknowledge", ref=ref)
    assert (await two.presses("lead", "acknowledge", ref=ref)).text.startswith("You have dealt with this one already.")


async def test_a_card_of_before_turns_were_counted_still_works(two: Clinic) -> None:
    assert (await two.presses("lead", "acknowledge", ref=f"alert:{alert(two).id}")).text.endswith("You are on it.")


async def test_an_alert_is_given_to_a_lead_or_to_a_manager_of_the_team_alone(two: Clinic) -> None:
    form = await two.presses("lead", "assign", ref=card(two).ref)
    assert [choice.label for choice in form.fields[0].choices] == ["Me", "Second", "Whoever manages Front desk"]


async def test_whoever_an_alert_is_given_to_reads_it_in_their_chat(two: Clinic) -> None:
    given = await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, "Second"))
    assert given.text.endswith("Second is on it.")
    await two.at("2027-02-28 12:05")
    told = card(two, "second")
    assert told.text.startswith("Lead asks you to take this on.\n\n**Front desk may be quietly confused")
    assert told.text.endswith("You are on it.")
    done = await two.submits("second", "note", ref=told.ref, note=DONE)
    assert done.text.endswith(f"Noted. The next pulse tells everybody: {DONE}")


async def test_a_manager_who_is_given_an_alert_writes_down_what_was_done_and_does_nothing_else(two: Clinic) -> None:
    await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, "Front desk"))
    await two.at("2027-02-28 12:05")
    told = two.newest("mia")
    assert told.text.startswith("Lead asks you to take this on.")
    assert [action.name for action in told.actions] == ["done"]
    assert two.cards("noor") == ()
    reply = await two.submits("mia", "done", ref=told.ref, note="Ben has shown it at the desk.")
    assert "[name] has shown it at the desk." in reply.text
    reply = await two.submits("mia", "done", ref=told.ref, note="[name] has shown it at the desk.")
    assert reply.text.endswith("Noted. The next pulse tells everybody: [name] has shown it at the desk.")
    assert reply.actions == ()
    assert alert(two).state == "acted_on"
    assert acts(two) == [("lead", "alert assigned"), ("manager", "alert acted on")]


@pytest.mark.parametrize("name", ["mia", "noor", ANA, "second"])
async def test_nobody_writes_down_what_was_done_about_an_alert_that_is_not_theirs(two: Clinic, name: str) -> None:
    await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, "Lead"))
    told = await two.submits(name, "done", ref=card(two).ref, note=DONE)
    assert told.text == "Somebody has dealt with this one already."
    assert two.rows(Action) == 0


async def test_whoever_takes_it_on_themselves_gets_no_message_about_it(two: Clinic) -> None:
    before = two.cards("lead")
    given = await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, "Lead"))
    assert given.text.endswith("You are on it.")
    await two.at("2027-02-28 12:05")
    assert len(two.cards("lead")) == len(before)


async def test_an_alert_that_went_on_to_somebody_else_before_the_message_left_is_not_sent(two: Clinic) -> None:
    await two.at("2027-02-28 20:30")
    first = await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, "Front desk"))
    await two.submits("lead", "assign", ref=first.ref, to=reader(two, "Second"))
    await two.at("2027-03-01 07:05")
    assert two.cards("mia") == ()
    assert card(two, "second").text.startswith("Lead asks you")


@pytest.mark.parametrize("to", ["Nursing", "99", "x"])
async def test_an_alert_is_given_to_nobody_who_was_not_on_the_list(two: Clinic, to: str) -> None:
    told = await two.submits("lead", "assign", ref=card(two).ref, to=reader(two, to) if to == "Nursing" else to)
    assert told.text in {"Please pick somebody from the list.", "Who takes this on? They read it in their own chat."}
    assert alert(two).assigned_to is None


async def test_a_digest_says_to_each_lead_whose_it_is(two: Clinic) -> None:
    await two.presses("lead", "acknowledge", ref=card(two).ref)
    assert "You are on it." in (await two.says("lead", "digest")).text
    assert "Lead is on it." in (await two.says("second", "digest")).text


async def test_putting_aside_asks_why_and_thanks_for_it(two: Clinic) -> None:
    form = await two.presses("lead", "dismiss", ref=card(two).ref)
    assert [choice.value for choice in form.fields[0].choices] == ["nothing", "explained", "unclear"]
    assert alert(two).state == "raised"
    reply = await two.submits("lead", "dismiss", ref=form.ref, reason="explained")
    assert reply.text.endswith("Put aside. Thank you: a false alarm is worth knowing about.")
    assert (alert(two).state, alert(two).dismissed_for) == ("dismissed", "explained")
    assert (await two.says("lead", "alerts")).text == "No alert is open."


async def test_a_note_asks_what_who_and_when(two: Clinic) -> None:
    form = await two.presses("lead", "note", ref=card(two).ref)
    assert [(field.name, field.kind, field.value) for field in form.fields] == [
        ("note", "text", ""),
        ("who", "text", reader(two, "Lead")),
        ("when", "date", "2027-02-28"),
    ]
    assert [choice.label for choice in form.fields[1].choices] == [
        "Me",
        "Second",
        "Whoever manages Front desk",
        "Whoever manages Nursing",
    ]


async def test_a_note_is_told_to_everybody_with_the_next_pulse_and_once(two: Clinic) -> None:
    written = {"note": "Ben showed the look-up at the desk.", "when": "2027-02-27"}
    preview = await two.submits("lead", "note", ref=card(two).ref, **written)
    said = "[name] showed the look-up at the desk."
    assert said in preview.text
    assert {field.name: field.value for field in preview.fields}["note"] == said
    assert {field.name: field.value for field in preview.fields}["when"] == "2027-02-27"
    reply = await two.submits("lead", "note", ref=preview.ref, note=said, when="2027-02-27")
    assert reply.text.endswith(f"Noted. The next pulse tells everybody: {said}")
    assert kept(two).done_on == date(2027, 2, 27)
    await two.at("2027-03-01 17:05")
    assert (await two.answer(ANA)).text == f"Thank you.\n\nWhat changed since the last pulse:\n- {said}"
    await two.at("2027-03-02 17:05")
    assert (await two.answer(ANA)).text == "Thank you."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Please write in one sentence what was done."),
        ("x" * 301, "That is 301 characters long, and 300 is as much as I can take."),
        ("We rang Mrs. Alvarez, born 03/12/1961.", "That looks like it names a patient."),
    ],
    ids=["blank", "long", "patient"],
)
async def test_a_note_that_cannot_be_taken_gets_a_sentence_and_the_form(two: Clinic, text: str, sentence: str) -> None:
    told = await two.submits("lead", "note", ref=card(two).ref, note=text, when="2027-02-27")
    assert told.text.startswith(sentence)
    assert {field.name: field.value for field in told.fields}["when"] == "2027-02-27"
    assert "Alvarez" not in str(told)
    assert alert(two).state == "raised"
    assert two.rows(Action) == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"when": "soon"}, "I could not read that as a date."),
        ({"who": "99"}, "Please pick somebody from the list."),
    ],
    ids=["day", "owner"],
)
async def test_a_day_or_an_owner_that_is_none_is_asked_for_again_and_the_note_stays(
    two: Clinic, given: dict[str, str], sentence: str
) -> None:
    told = await two.submits("lead", "note", ref=card(two).ref, note=DONE, **given)
    assert told.text.startswith(sentence)
    assert told.fields[0].value == DONE
    assert two.rows(Action) == 0


async def test_a_promise_is_told_once_it_is_kept(two: Clinic) -> None:
    form = await two.presses("lead", "note", ref=card(two).ref)
    reply = await two.submits("lead", "note", ref=form.ref, note=DONE, who=reader(two, "Front desk"), when="2027-03-02")
    assert reply.text.endswith(
        "Noted: Front desk, by Tuesday 2 March. The digest of that day asks whether it is done, and the pulse after "
        f"that tells everybody: {DONE}"
    )
    assert (alert(two).state, alert(two).assigned_to) == ("acknowledged", int(reader(two, "Front desk")))
    await two.at("2027-03-01 17:05")
    assert (await two.answer(ANA)).text == "Thank you."
    await two.at("2027-03-02 07:35")
    assert "**Something you promised** is due." in two.newest("lead").text
    assert "promises" in [action.name for action in two.newest("lead").actions]
    due = await two.says("lead", "promises")
    assert due.text == f"One promise is still to be kept.\n\n{DONE}\n\nFront desk, for Tuesday 2 March."
    told = await two.presses("lead", "promise-kept", ref=due.ref)
    assert told.text == f"Good. The next pulse tells everybody: {DONE}"
    assert alert(two).state == "acted_on"
    assert (await two.presses("second", "promise-kept", ref=due.ref)).text == "This one is done already."
    await two.at("2027-03-02 17:05")
    assert (await two.answer(ANA)).text.endswith(DONE)
    assert acts(two) == [("lead", "action promised"), ("lead", "promise kept")]


async def test_a_promise_can_be_put_off(two: Clinic) -> None:
    await two.submits("lead", "note", ref=card(two).ref, note=DONE, when="2027-03-02")
    due = await two.says("lead", "promises")
    for when in ("", "2027-02-28"):
        assert (await two.submits("lead", "promise-later", ref=due.ref, when=when)).fields
    assert (await two.submits("lead", "promise-later", ref=due.ref, when="x")).text.startswith("I could not read that")
    told = await two.submits("lead", "promise-later", ref=due.ref, when="2027-03-05")
    assert told.text == "Noted for Friday 5 March. The digest of that day asks again."
    await two.at("2027-03-02 07:35")
    assert "promised" not in two.newest("lead").text
    assert kept(two).due == date(2027, 3, 5)


@pytest.mark.parametrize("ref", ["action:99", "action:x", "", "action:" + "9" * 30])
async def test_a_promise_that_does_not_exist_gets_a_sentence(two: Clinic, ref: str) -> None:
    for action in ("promise-kept", "promise-later"):
        told = await two.submits("lead", action, ref=ref, when="2027-03-05")
        assert told.text == "This one is done already."


async def test_a_promise_outlives_the_alert_that_closed_meanwhile(two: Clinic) -> None:
    await two.submits("lead", "note", ref=card(two).ref, note=DONE, when="2027-03-02")
    with two.database.begin() as session:
        raise_and_close(session, 1, [], eased=lambda *_, **__: True, now=two.clock.now())
    due = await two.says("lead", "promises")
    await two.presses("lead", "promise-kept", ref=due.ref)
    assert alert(two).state == "closed"


async def test_of_several_promises_the_nearest_comes_first(two: Clinic) -> None:
    assert (await two.says("lead", "promises")).text == "Nothing that was promised is still to be done."
    with two.database.begin() as session:
        today = two.clock.now().date()
        for day, text in ((9, "A printer."), (3, "A lamp.")):
            actions.act(session, 1, text=text, today=today, due=date(2027, 3, day))
    assert (await two.says("lead", "promises")).text.startswith(
        "2 promises are still to be kept. This one comes first.\n\nA lamp."
    )
