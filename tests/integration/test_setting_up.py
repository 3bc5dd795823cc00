"""A go-live set up in a chat ends up as the same rows that its files would make; and another date, after a look."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from adapters.chat import Address, Card, DeliveryError, Opened, Person
from bot.application import Application
from bot.audit import AuditEntry
from bot.conversation.drafts import KEPT_FOR, MOST, Drafts
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.loading import load
from bot.who_sets_up import named
from surveys.golive_draft import Draft, DraftLead, DraftTeam
from surveys.golive_file import read_golive
from surveys.golives import GoLive, PlannedCheck, Stratum, Team
from surveys.roster import Participant, Reader
from tests.integration.conftest import DESK, NURSES, SUNDAY, Clinic, at

ROWS = (GoLive, Stratum, Team, PlannedCheck, Participant, Reader, Contact)
HEAD = {
    "organisation": "Riverside Family Practice",
    "system": "Northstar",
    "on": "2027-03-01",
    "timezone": "America/New_York",
    "plan": "practice",
}
FOUNDER = "founder"


def names(card: Card) -> list[str]:
    return [action.name for action in card.actions]


def lines(people: tuple[str, ...]) -> str:
    return "\n".join(f"{name}, memory:{at(name).account}" for name in people)


async def founded(clinic: Clinic, name: str = FOUNDER) -> Card:
    """All the way to the look at the whole."""
    await clinic.says(name, "new")
    await clinic.submits(name, "new-teams", **HEAD)
    await clinic.submits(name, "new-team", team="Front desk", people=lines(DESK))
    await clinic.submits(name, "new-leads", team="Nursing", people=lines(NURSES))
    return await clinic.submits(name, "new-look", lead_name="Lead", lead="lead")


def everything(clinic: Clinic) -> list[str]:
    with clinic.database.session() as session:
        rows = [row.model_dump(exclude={"ticked"}) for table in ROWS for row in session.exec(select(table))]
    return sorted(repr(row) for row in rows)


async def test_what_is_set_up_in_a_chat_is_what_the_file_would_make(clinic: Clinic) -> None:
    await founded(clinic)
    done = await clinic.presses(FOUNDER, "new-confirm")
    assert done.text == (
        "It is set up: Northstar at Riverside Family Practice. 12 people are on the roster. Leads find everything "
        "behind “home”."
    )
    in_chat = everything(clinic)
    with clinic.database.begin() as session:
        for table in reversed((*ROWS, AuditEntry)):
            for row in session.exec(select(table)):
                session.delete(row)
    clinic.files.head = ""
    file = replace(clinic.files.read(), name="Northstar at Riverside Family Practice")
    with clinic.database.begin() as session:
        load(session, file, now=clinic.clock.now(), platforms={"memory"})
    assert in_chat == everything(clinic)


async def test_what_was_set_up_asks_on_its_first_day(clinic: Clinic) -> None:
    await founded(clinic)
    await clinic.presses(FOUNDER, "new-confirm")
    await clinic.at("2027-03-01 17:05")
    assert all(clinic.offering(name, "answer") for name in (*DESK, *NURSES))


async def test_the_whole_is_shown_before_anything_is_stored(clinic: Clinic) -> None:
    card = await founded(clinic)
    plan = re.sub(r"then \d+ more until \w+ \d+ \w+", "then more until its end", card.text)
    assert plan == (
        "This is how it would be.\n\n"
        "**Northstar at Riverside Family Practice**, first day Monday 1 March, America/New_York.\n\n"
        "The first pulse comes on Monday 1 March, then more until its end.\n\n"
        "- Front desk: 6 people\n- Nursing: 6 people\n\n"
        "Leads: Lead.\n\n"
        "Results are shown for groups of 5 or more, never who said what. Nothing is stored and nobody is written to "
        "until you say so."
    )
    assert names(card) == ["new-confirm", "new", "new-teams", "new-leads", "new-cancel"]
    assert clinic.rows(GoLive) == clinic.rows(Participant) == clinic.rows(Delivery) == 0


async def test_what_a_file_would_be_warned_of_is_told(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **{**HEAD, "on": "2027-03-06"})
    await clinic.submits(FOUNDER, "new-leads", team="Front desk", people=lines(DESK[:2]))
    card = await clinic.submits(FOUNDER, "new-look", lead_name="Lead", lead="lead")
    assert "2027-03-06 is a Saturday. Pulses begin on the next working day." in card.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"timezone": "EST5"}, 'timezone = "EST5" is not a place. Write a city\'s zone'),
        ({"on": "2020-01-01"}, "The plan ends 90 days after the go-live"),
        ({"on": "soon"}, 'date = "soon" is not a date.'),
        ({"organisation": ""}, 'organisation = "" is empty.'),
        ({"system": "x" * 121}, "is 121 characters long. Say it in at most 120."),
        ({"system": "\x7f\ud800🌻"}, "holds a line break or another character that cannot be seen."),
        ({"plan": "nonsense"}, 'plan = "nonsense" is not known here.'),
    ],
    ids=["zone", "past", "date", "empty", "long", "unseen", "plan"],
)
async def test_what_is_wrong_is_told_in_the_words_of_the_file_with_everything_else_kept(
    clinic: Clinic, given: dict[str, str], says: str
) -> None:
    await clinic.says(FOUNDER, "new")
    card = await clinic.submits(FOUNDER, "new-teams", **{**HEAD, **given})
    assert card.text.startswith("This needs another look:\n- ")
    assert says in card.text
    kept = {field.name: field.value for field in card.fields}
    assert {name: kept[name] for name in HEAD if name not in given} == {
        name: value for name, value in HEAD.items() if name not in given
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"people": "Ana"}, "Please give the team a name."),
        ({"team": "Front desk"}, "Please say who is in it"),
        ({"team": "Front desk", "people": "Ana, memory:ana", "group": "desk"}, "One or the other, please"),
        ({"team": "Front desk", "people": "Ana, pigeon:ana"}, 'address "memory:pigeon:ana" is not an address.'),
        ({"team": "Front desk", "people": "Ana"}, "The address is missing."),
        ({"team": "=cmd()", "people": "Ana, ana"}, "begins like a formula."),
        ({"team": "Front desk", "people": "Ana, ana\nAna, ana2"}, 'person "Ana" is already in line 2.'),
        ({"team": "Front desk", "group": "a b"}, "is no channel and no group."),
    ],
)
async def test_a_team_that_cannot_be_taken_is_told_and_what_was_written_stays(
    clinic: Clinic, given: dict[str, str], says: str
) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    card = await clinic.submits(FOUNDER, "new-team", **given)
    assert says in card.text
    kept = {field.name: field.value for field in card.fields}
    assert {name: kept[name] for name in given} == given


async def test_a_team_of_the_same_name_takes_the_place_of_the_first(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    await clinic.submits(FOUNDER, "new-team", team="Front desk", people="Ana, ana")
    card = await clinic.submits(FOUNDER, "new-team", team="front desk", people="Ana, ana\nBen, ben")
    assert card.text == "So far:\n- front desk: 2 people"
    assert (await clinic.presses(FOUNDER, "new-teams-anew")).text.startswith("Now the teams")


async def test_teams_and_leads_are_asked_for_until_there_are_some(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    assert (await clinic.presses(FOUNDER, "new-leads")).text.startswith("Please add at least one team.")
    leads = await clinic.submits(FOUNDER, "new-leads", team="Front desk", people=lines(DESK))
    assert {field.name: (field.kind, field.value) for field in leads.fields} == {
        "lead_name": ("text", ""),
        "lead": ("person", FOUNDER),
    }
    assert (await clinic.presses(FOUNDER, "new-look")).text.startswith("Please name at least one lead.")
    more = await clinic.submits(FOUNDER, "new-lead", lead_name="Fay Founder", lead=FOUNDER)
    assert "So far: Fay Founder." in more.text
    look = await clinic.submits(FOUNDER, "new-look", lead_name="Sam Second", lead="web:sam")
    assert "Leads: Fay Founder, Sam Second." in look.text


async def test_two_people_of_one_name_are_told_at_the_look(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    await clinic.submits(FOUNDER, "new-team", team="Front desk", people="Ana, ana")
    await clinic.submits(FOUNDER, "new-leads", team="Nursing", people="Ana, ana2")
    card = await clinic.submits(FOUNDER, "new-look", lead_name="Lead", lead="lead")
    assert 'person "Ana" is already in line 2.' in card.text
    assert names(card) == ["new", "new-teams", "new-leads", "new-cancel"]
    assert (await clinic.presses(FOUNDER, "new-confirm")).text == card.text


async def test_teams_come_from_channels(clinic: Clinic) -> None:
    clinic.chat.directory = {("", "desk"): [Person(at(n), n) for n in DESK] + [Person(at("bee"), "Bee", program=True)]}
    await clinic.says(FOUNDER, "new")
    form = await clinic.submits(FOUNDER, "new-teams", **HEAD)
    assert [field.kind for field in form.fields] == ["text", "group", "text"]
    await clinic.submits(FOUNDER, "new-team", team="Front desk", group="desk")
    more = await clinic.submits(FOUNDER, "new-team", team="Nursing", group="memory:nurses")
    assert more.text == (
        "So far:\n- Front desk: whoever is in its channel or group\n- Nursing: whoever is in its channel or group"
    )
    await clinic.presses(FOUNDER, "new-leads")
    look = await clinic.submits(FOUNDER, "new-look", lead_name="Lead", lead="lead")
    assert "- Front desk: 6 people" in look.text
    assert "Nursing: its channel or group cannot be read. Invite me to it" in look.text
    done = await clinic.presses(FOUNDER, "new-confirm")
    assert "Nobody is on the roster yet; its channels and groups are read within a minute." in done.text
    await clinic.bot.tick()
    assert clinic.rows(Participant) == 6


async def test_a_directory_that_fails_is_no_reason_to_stop(clinic: Clinic) -> None:
    clinic.chat.directory = {("", "desk"): DeliveryError("busy", retry_after=5)}
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    await clinic.submits(FOUNDER, "new-leads", team="Front desk", group="desk")
    look = await clinic.submits(FOUNDER, "new-look", lead_name="Lead", lead="lead")
    assert "cannot be read" in look.text
    assert "new-confirm" in names(look)


async def test_people_on_a_platform_that_is_not_connected_are_told_of(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    await clinic.submits(FOUNDER, "new-leads", team="Front desk", people="Ana, slack:U0123ABCD")
    await clinic.submits(FOUNDER, "new-look", lead_name="Lead", lead="lead")
    done = await clinic.presses(FOUNDER, "new-confirm")
    assert done.text.endswith("Some of its people are on a platform that I am not connected to yet.")


async def test_leaving_it_keeps_nothing(clinic: Clinic) -> None:
    await founded(clinic)
    assert (await clinic.presses(FOUNDER, "new-cancel")).text == "Left. Nothing of it is kept."
    assert (await clinic.presses(FOUNDER, "new-confirm")).text.startswith("I have nothing of yours any more")
    assert clinic.rows(GoLive) == 0


async def test_a_draft_is_forgotten_after_an_hour(clinic: Clinic) -> None:
    await founded(clinic)
    clinic.clock.advance(KEPT_FOR)
    await clinic.bot.tick()
    assert (await clinic.presses(FOUNDER, "new-confirm")).text.startswith("I have nothing of yours any more")


async def test_confirming_twice_sets_it_up_once(clinic: Clinic) -> None:
    await founded(clinic)
    await clinic.presses(FOUNDER, "new-confirm")
    assert (await clinic.presses("lead", "new-confirm")).text.startswith("I have nothing of yours any more")
    assert clinic.rows(GoLive) == 1


async def test_two_at_once_put_together_their_own(clinic: Clinic) -> None:
    await clinic.says(FOUNDER, "new")
    await clinic.says("other", "new")
    await clinic.submits(FOUNDER, "new-teams", **HEAD)
    form = await clinic.says("other", "new")
    assert {field.value for field in form.fields} == {"", "practice"}


async def test_a_golive_that_exists_is_not_taken_over(clinic: Clinic) -> None:
    await founded(clinic, "other")
    clinic.load()
    with clinic.database.session() as session:
        before = session.exec(select(GoLive)).one().model_dump()
    await founded(clinic, "lead")
    told = await clinic.presses("lead", "new-confirm")
    assert told.text.startswith("Northstar at Riverside Family Practice is set up already.")
    with clinic.database.session() as session:
        assert session.exec(select(GoLive)).one().model_dump() == before


async def test_on_a_fresh_installation_the_first_who_comes_is_shown_how(clinic: Clinic) -> None:
    reply = await clinic.chat.open(at(FOUNDER))
    assert reply is not None
    assert names(reply.card) == ["new"]
    assert reply.card.text.startswith("Hello. I keep a finger on the pulse of a team")


@pytest.mark.parametrize("name", ["zoe", "Ana Ruiz"])
async def test_once_there_is_a_golive_only_its_leads_set_up_another(loaded: Clinic, name: str) -> None:
    for told in (await loaded.says(name, "new"), await loaded.submits(name, "new-teams", **HEAD)):
        assert told.text.startswith("A go-live is set up by whoever looks after this bot")
    assert (await loaded.says("lead", "new")).fields
    reply = await loaded.chat.open(at("zoe"))
    assert reply is not None
    assert reply.card.text.startswith("Hello. I do not have you on the list")


@pytest.mark.parametrize(
    ("setting", "may"),
    [
        (("memory:boss",), True),
        (("memory:T01/boss", "web:x"), False),
        (("nobody",), False),
        (("slack:boss",), False),
        ((" ", "memory:boss"), True),
    ],
)
async def test_an_installation_may_name_who_sets_up(clinic: Clinic, setting: tuple[str, ...], *, may: bool) -> None:
    clinic.load()
    with clinic.database.session() as session:
        by = named(setting)
        assert by.allows(session, at("boss")) is may
        assert by.allows(session, at("lead")) is False


async def test_whom_the_installation_names_is_welcomed_so(clinic: Clinic) -> None:
    bot = Application(clinic.database, adapters=[clinic.chat], clock=clinic.clock, set_up_by=named(["memory:boss"]))
    clinic.load()
    reply = await bot.conversation.hear(Opened(at("boss"), "1"))
    assert reply is not None
    assert names(reply.card) == ["new"]


def test_memory_is_not_for_strangers_to_fill() -> None:
    drafts, now = Drafts(), SUNDAY
    for number in range(MOST + 5):
        drafts.keep(Address("web", str(number)), Draft(), now=now + timedelta(seconds=number))
    assert drafts.of(Address("web", "4"), now=now) is None
    assert drafts.of(Address("web", "5"), now=now) is not None


def test_a_draft_is_the_file_that_it_writes(clinic: Clinic) -> None:
    draft = Draft(
        "Riverside", 'North "star" \\ 🌻', "2027-03-01", "America/New_York",
        teams=(DraftTeam("Front desk", people="Ana Ruiz\nBen; web:ben; manager"), DraftTeam("Nursing", "slack:C0123")),
        leads=(DraftLead("Lea", "web:lead"),),
    )  # fmt: skip
    folder = clinic.files.folder
    folder.mkdir()
    (folder / "golive.toml").write_text(draft.as_toml())
    (folder / "roster.csv").write_text(draft.as_csv())
    found = draft.as_file(today=SUNDAY.date())
    assert found == read_golive(folder / "golive.toml", today=SUNDAY.date())
    assert [(one.person, one.address, one.role) for one in found.roster] == [
        ("Ana Ruiz", "web:ana-ruiz", "staff"),
        ("Ben", "web:ben", "manager"),
    ]


def test_an_account_alone_is_one_of_the_workspace_where_it_was_written() -> None:
    draft = Draft(platform="slack", workspace="T01")
    written = ("U02", "web:desk-1", "ana@example.org", "")
    assert [draft.address(one) for one in written] == ["slack:T01/U02", "web:desk-1", "ana@example.org", ""]
    assert Draft(platform="teams").address("19:desk@thread.tacv2") == "teams:19:desk@thread.tacv2"


async def test_another_date_is_looked_at_before_anything_moves(loaded: Clinic) -> None:
    form = await loaded.says("lead", "reschedule")
    assert (form.fields[0].kind, form.fields[0].value) == ("date", "2027-03-01")
    look = await loaded.submits("lead", "reschedule", date="2027-03-08")
    assert look.text == (
        "From Monday 1 March to Monday 8 March:\n\n"
        "30 pulses move. The next was planned for Monday 1 March and comes on Monday 8 March.\n\n"
        "2 pulses are new, the next of them on Monday 1 March."
    )
    with loaded.database.session() as session:
        assert session.exec(select(GoLive.date)).one() == date(2027, 3, 1)


async def test_a_moved_golive_takes_its_pulses_along_and_is_written_down(loaded: Clinic) -> None:
    look = await loaded.submits("lead", "reschedule", date="2027-03-08")
    done = await loaded.presses("lead", "reschedule-confirm", ref=look.ref)
    assert done.text.startswith("Moved to Monday 8 March. 30 pulses moved with it.")
    await loaded.at("2027-03-01 17:05")
    assert loaded.prompt("Ana Ruiz").text.startswith("7 days until we start with Northstar.")
    await loaded.at("2027-03-08 17:05")
    assert loaded.prompt("Ana Ruiz").text.startswith("First day with Northstar.")
    with loaded.database.session() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.act == "go-live moved")).one()
    assert (entry.role, entry.count) == ("lead", 30)


async def test_what_has_left_stays_and_what_has_not_is_taken_back(clinic: Clinic) -> None:
    clinic.files.people = {DESK[1]: "staff,,13:00,"}
    clinic.load()
    await clinic.at("2027-03-01 13:05")
    look = await clinic.submits("lead", "reschedule", date="2027-03-02")
    await clinic.presses("lead", "reschedule-confirm", ref=look.ref)
    assert len(clinic.offering(DESK[1], "answer")) == 1
    await clinic.at("2027-03-01 17:05")
    assert clinic.offering("Ana Ruiz", "answer"), "the pulse of the day is out already"


@pytest.mark.parametrize("day", ["2027-02-01", "2036-01-01", "soon"])
async def test_a_day_that_cannot_be_is_told_with_the_form(loaded: Clinic, day: str) -> None:
    told = await loaded.submits("lead", "reschedule", date=day)
    assert told.text.startswith(("A go-live cannot move to that day.", "I could not read that as a date."))
    assert told.fields


async def test_the_same_day_moves_nothing(loaded: Clinic) -> None:
    look = await loaded.submits("lead", "reschedule", date="2027-03-01")
    assert look.text.endswith("No pulse moves, falls away or is added.")


async def test_earlier_pulses_may_fall_away(clinic: Clinic) -> None:
    clinic.files.date = "2027-04-05"
    clinic.load()
    look = await clinic.submits("lead", "reschedule", date="2027-03-01")
    assert "pulses fall away, the next of them that of" in look.text


@pytest.mark.parametrize("ref", ["", "moves.2:2027-03-08", "moves.1:soon", "moves.x:2027-03-08", "moves.1:2020-01-01"])
async def test_a_look_at_another_golive_or_at_no_day_moves_nothing(loaded: Clinic, ref: str) -> None:
    told = await loaded.presses("lead", "reschedule-confirm", ref=ref)
    assert told.text.startswith("A go-live cannot move to that day.")
    with loaded.database.session() as session:
        assert session.exec(select(GoLive.date)).one() == date(2027, 3, 1)
