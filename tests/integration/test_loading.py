"""Loading a go-live again changes what the file changes, on both databases."""

from datetime import date

import pytest
from sqlmodel import select

from bot.delivery.contacts import Contact, recognise
from bot.delivery.outbox import Delivery
from bot.loading import CommentsLocked
from bot.storage.database import Database
from surveys import actions, roster
from surveys.errors import Locked
from surveys.golives import GoLive, PlannedCheck, Stratum, Team
from surveys.invitations import Invitation
from surveys.roster import Leave, Participant, Reader
from surveys.waves import Fielded, Wave
from tests.integration.conftest import DESK, NURSES, Clinic, at

ANA, BEN = "Ana Ruiz", "Ben Okafor"
CHECK = (
    '[[knowledge_check]]\nteam = "Nursing"\ntext = "Where do the vitals go?"\nright = "Rooming"\nwrong = ["Paper"]\n'
)
TABLES = (GoLive, Stratum, Team, PlannedCheck, Participant, Leave, Reader, Contact, Wave, Fielded, Invitation, Delivery)


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def everything(clinic: Clinic) -> list[object]:
    with clinic.database.session() as session:
        rows = [row.model_dump() for table in TABLES for row in session.exec(select(table))]
    return sorted(repr({key: value for key, value in row.items() if key != "ticked"}) for row in rows)


def people(clinic: Clinic) -> dict[str, Participant]:
    with clinic.database.session() as session:
        return {row.name: row for row in session.exec(select(Participant)) if row.on_roster}


def who(clinic: Clinic, account: str) -> str | None:
    with clinic.database.session() as session:
        sender = recognise(session, at(account))
        return sender.participant.name if sender and sender.participant else None


def strata(clinic: Clinic) -> dict[str, str]:
    """Team -> the group that it is read with."""
    with clinic.database.session() as session:
        named = {row.id: row.name for row in session.exec(select(Stratum))}
        return {team.name: named[team.stratum_id] for team in session.exec(select(Team))}


def leaves(clinic: Clinic) -> list[tuple[date, date]]:
    with clinic.database.session() as session:
        return sorted((row.first, row.last) for row in session.exec(select(Leave)))


def test_the_first_time_it_says_what_came_in(clinic: Clinic) -> None:
    loaded = clinic.load()
    assert (loaded.is_new, loaded.people, loaded.joined, loaded.left, loaded.moved) == (True, 12, 12, 0, None)


def test_loading_again_changes_nothing(clinic: Clinic) -> None:
    clinic.files.rest = CHECK
    clinic.files.people = {ANA: "staff,America/Chicago,13:00,2027-03-08..2027-03-12"}
    clinic.load()
    before = [row for row in everything(clinic) if "Where do the vitals go" not in row]
    loaded = clinic.load()
    assert (loaded.is_new, loaded.joined, loaded.left, str(loaded.moved)) == (False, 0, 0, "Nothing moves.")
    assert [row for row in everything(clinic) if "Where do the vitals go" not in row] == before


def test_knowledge_checks_are_those_of_the_file(clinic: Clinic) -> None:
    clinic.files.rest = CHECK
    clinic.load()
    clinic.files.rest = CHECK.replace("vitals", "referrals").replace('team = "Nursing"\n', "")
    clinic.load()
    with clinic.database.session() as session:
        [check] = session.exec(select(PlannedCheck)).all()
    assert (check.text, check.team_id) == ("Where do the referrals go?", None)


def test_a_platform_that_nobody_set_up_is_said(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:U123456"}
    assert clinic.load().unreached == ["slack"]


def test_a_moved_date_moves_what_is_not_sent_and_says_so(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.date = "2027-03-08"
    loaded = clinic.load()
    assert str(loaded.moved).startswith("30 pulses move; the next was Mon 1 Mar, now Mon 8 Mar")


async def test_after_a_moved_date_the_first_day_is_the_new_one(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.date = "2027-03-08"
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    assert "First day" not in clinic.prompt(ANA).text
    await clinic.at("2027-03-08 17:05")
    assert clinic.prompt(ANA).text.startswith("First day with Northstar.")


async def open_unsent(clinic: Clinic) -> None:
    """A pulse of which nothing has left yet, as after a stop between opening and sending."""
    clinic.load()
    clinic.clock.set(clinic.clock.now().replace(month=3, day=1, hour=17, minute=5))
    with clinic.database.begin() as session:
        from bot.timetable.agenda import advance
        from surveys.bank import load_bank

        advance(session, 1, now=clinic.clock.now(), bank=load_bank())


@pytest.mark.parametrize(
    "change", [{"date": "2027-03-08"}, {"head": 'plan = "small_practice"'}, {"head": "closed = [2027-03-01]"}]
)
async def test_an_open_pulse_of_which_nothing_left_is_taken_back(clinic: Clinic, change: dict[str, str]) -> None:
    await open_unsent(clinic)
    assert clinic.rows(Wave) == 1
    for name, value in change.items():
        setattr(clinic.files, name, value)
    clinic.load()
    assert [clinic.rows(table) for table in (Wave, Fielded, Invitation)] == [0, 0, 0]
    with clinic.database.session() as session:
        assert session.exec(select(Delivery).where(Delivery.kind == "prompt")).all() == []


async def test_what_a_pulse_that_was_taken_back_would_have_told_is_told_with_the_next(clinic: Clinic) -> None:
    clinic.load()
    with clinic.database.begin() as session:
        actions.act(session, 1, text="Printers are there.", today=date(2027, 2, 28))
    await open_unsent(clinic)
    clinic.files.date = "2027-03-08"
    clinic.load()
    with clinic.database.session() as session:
        assert actions.untold(session, 1) == 1


async def test_an_open_pulse_of_which_something_left_stays(clinic: Clinic) -> None:
    clinic.files.people = {BEN: "staff,,13:00,"}
    clinic.load()
    await clinic.at("2027-03-01 13:05")  # Ben's has left, the others' wait for the end of their shifts
    clinic.files.date = "2027-03-08"
    clinic.load()
    assert clinic.rows(Invitation) == 12
    await clinic.at("2027-03-01 17:05")
    assert (await clinic.answer(ANA)).text == "Thank you."


async def test_an_open_pulse_stays_when_neither_date_nor_plan_change(clinic: Clinic) -> None:
    await open_unsent(clinic)
    clinic.files.leads = ("somebody",)
    clinic.load()
    assert clinic.rows(Wave) == 1


def test_the_group_minimum_may_change_before_the_first_pulse(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.head = "group_minimum = 6"
    clinic.load()
    with clinic.database.session() as session:
        assert session.get_one(GoLive, 1).group_minimum == 6


@pytest.mark.parametrize(
    ("head", "error"),
    [("group_minimum = 6", Locked), ("group_minimum = 4", Locked), ("comment_minimum = 8", CommentsLocked)],
)
async def test_the_minimums_are_fixed_once_a_pulse_is_out(clinic: Clinic, head: str, error: type[Locked]) -> None:
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    clinic.files.head = head
    with pytest.raises(error):
        clinic.load()
    with clinic.database.session() as session:
        golive = session.get_one(GoLive, 1)
    assert (golive.group_minimum, golive.comment_minimum) == (5, 10)


async def test_comments_may_be_held_back_more_at_any_time(clinic: Clinic) -> None:
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    clinic.files.head = "comment_minimum = 12"
    clinic.load()


async def test_who_joins_is_asked_from_then_on_and_who_left_is_not(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.teams = {"Front desk": (*DESK[1:], "Zoe Lang"), "Nursing": NURSES}
    loaded = clinic.load()
    assert (loaded.joined, loaded.left) == (1, 1)
    await clinic.at("2027-03-01 17:05")
    assert clinic.cards(ANA) == ()
    assert clinic.prompt("Zoe Lang")


def test_who_comes_back_is_the_same_person(clinic: Clinic) -> None:
    clinic.load()
    first = people(clinic)[ANA].id
    clinic.files.teams = {"Front desk": DESK[1:], "Nursing": NURSES}
    clinic.load()
    clinic.files.teams = {"Front desk": DESK, "Nursing": NURSES}
    assert clinic.load().joined == 1
    assert people(clinic)[ANA].id == first


def test_a_person_who_is_called_otherwise_is_known_by_the_address(clinic: Clinic) -> None:
    clinic.load()
    ana = people(clinic)[ANA].id
    clinic.files.teams = {"Front desk": ("Ana Marin", *DESK[1:]), "Nursing": NURSES}
    loaded = clinic.load()
    assert (loaded.joined, loaded.left) == (0, 0)
    assert people(clinic)["Ana Marin"].id == ana


@pytest.mark.parametrize("address", ["memory:ana-2", "web:ana"])
def test_a_person_with_another_address_is_known_by_the_name(clinic: Clinic, address: str) -> None:
    clinic.load()
    ana = people(clinic)[ANA].id
    clinic.files.addresses = {ANA: address}
    loaded = clinic.load()
    assert (loaded.joined, loaded.left) == (0, 0)
    assert people(clinic)[ANA].id == ana
    assert who(clinic, "ana") is None
    with clinic.database.session() as session:
        [contact] = session.exec(select(Contact).where(Contact.participant_id == ana)).all()
    assert f"{contact.platform}:{contact.account}" == address


def test_two_people_may_swap_their_names(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.addresses = {ANA: "memory:ben", BEN: "memory:ana"}
    loaded = clinic.load()
    assert (loaded.joined, loaded.left) == (0, 0)
    assert (who(clinic, "ana"), who(clinic, "ben")) == (BEN, ANA)


def test_numbered_people_keep_their_wishes_when_the_numbers_move_up(clinic: Clinic) -> None:
    names = [f"Nurse {n}" for n in range(1, 7)]
    clinic.files.teams = {"Nursing": names}
    clinic.files.addresses = {name: f"memory:n{n}" for n, name in enumerate(names, start=1)}
    clinic.load()
    with clinic.database.begin() as session:
        roster.opt_out(session, people(clinic)["Nurse 2"].id or 0)
    clinic.files.teams = {"Nursing": names[:5]}  # the first has left, and everybody moves up
    clinic.files.addresses = {name: f"memory:n{n}" for n, name in enumerate(names[:5], start=2)}
    loaded = clinic.load()
    assert (loaded.joined, loaded.left) == (0, 1)
    assert who(clinic, "n2") == "Nurse 1"
    assert people(clinic)["Nurse 1"].opted_out
    assert not people(clinic)["Nurse 2"].opted_out


def test_an_address_that_passes_to_another_person_takes_nobody_away(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.teams = {"Front desk": ("Zoe Lang", *DESK), "Nursing": NURSES}
    clinic.files.addresses = {"Zoe Lang": "memory:ana", ANA: "memory:new"}
    clinic.load()
    assert (who(clinic, "ana"), who(clinic, "new")) == ("Zoe Lang", ANA)
    assert len(people(clinic)) == 13


def test_a_person_may_move_to_another_team(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.teams = {"Front desk": DESK[1:], "Nursing": (*NURSES, ANA)}
    assert clinic.load().joined == 0
    with clinic.database.session() as session:
        assert session.get_one(Team, people(clinic)[ANA].team_id).name == "Nursing"


def test_an_address_that_did_not_work_is_tried_again(clinic: Clinic) -> None:
    clinic.load()
    with clinic.database.begin() as session:
        contact = session.exec(select(Contact).where(Contact.account == "ana")).one()
        contact.reachable = False
        session.add(contact)
    clinic.load()
    with clinic.database.session() as session:
        assert session.exec(select(Contact).where(Contact.account == "ana")).one().reachable


def test_leave_that_somebody_told_the_bot_survives_and_that_of_the_roster_follows_it(clinic: Clinic) -> None:
    clinic.files.people = {ANA: "staff,,,2027-03-08..2027-03-12"}
    clinic.load()
    own = (date(2027, 4, 1), date(2027, 4, 2))
    with clinic.database.begin() as session:
        roster.take_leave(session, people(clinic)[ANA].id or 0, first=own[0], last=own[1])
    clinic.files.people = {ANA: "staff,,,2027-03-09..2027-03-10"}
    clinic.load()
    assert leaves(clinic) == [(date(2027, 3, 9), date(2027, 3, 10)), own]


def test_wishes_survive_another_loading(clinic: Clinic) -> None:
    clinic.load()
    with clinic.database.begin() as session:
        roster.opt_out(session, people(clinic)[ANA].id or 0)
        roster.pause(session, people(clinic)[BEN].id or 0, until=date(2027, 3, 9))
    clinic.load()
    assert people(clinic)[ANA].opted_out
    assert people(clinic)[BEN].paused_until == date(2027, 3, 9)


def test_small_teams_are_read_together(clinic: Clinic) -> None:
    clinic.files.teams = {"Front desk": DESK, "Billing": NURSES[:3], "Referrals": NURSES[3:]}
    clinic.load()
    assert strata(clinic) == {
        "Front desk": "Front desk",
        "Billing": "Billing and Referrals",
        "Referrals": "Billing and Referrals",
    }


def test_before_the_first_pulse_the_groups_are_decided_anew(clinic: Clinic) -> None:
    clinic.files.teams = {"Front desk": DESK, "Billing": NURSES[:3], "Referrals": NURSES[3:]}
    clinic.load()
    clinic.files.teams = {"Front desk": DESK, "Billing": NURSES, "Referrals": ()}
    clinic.load()
    assert strata(clinic)["Billing"] == "Billing"
    with clinic.database.session() as session:
        assert "Billing and Referrals" not in session.exec(select(Stratum.name)).all()


async def test_after_the_first_pulse_teams_that_are_read_together_stay_so(clinic: Clinic) -> None:
    clinic.files.teams = {"Front desk": DESK, "Billing": NURSES[:3], "Referrals": NURSES[3:]}
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    clinic.files.teams = {
        "Front desk": DESK,
        "Billing": (*NURSES[:3], "Zoe Lang", "Yan Li"),
        "Referrals": NURSES[3:],
    }
    clinic.load()
    assert strata(clinic)["Billing"] == "Billing and Referrals"


@pytest.mark.parametrize(("size", "group"), [(2, "Front desk"), (5, "Labs")])
async def test_a_team_that_comes_late_is_read_alone_only_if_it_is_large_enough(
    clinic: Clinic, size: int, group: str
) -> None:
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    late = tuple(f"{name} Lab" for name in ("Una", "Vic", "Wim", "Xia", "Yan")[:size])
    clinic.files.teams = {"Front desk": DESK, "Nursing": NURSES, "Labs": late}
    clinic.load()
    assert strata(clinic)["Labs"] == group


@pytest.mark.parametrize(("size", "group"), [(2, "Front desk"), (5, "Labs")])
async def test_a_team_that_was_empty_counts_as_late(clinic: Clinic, size: int, group: str) -> None:
    clinic.files.teams = {"Front desk": DESK, "Nursing": NURSES, "Labs": ()}
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    late = tuple(f"{name} Lab" for name in ("Una", "Vic", "Wim", "Xia", "Yan")[:size])
    clinic.files.teams = {"Front desk": DESK, "Nursing": NURSES, "Labs": late}
    clinic.load()
    assert strata(clinic)["Labs"] == group


def test_leads_stand_in_the_order_of_the_file(clinic: Clinic) -> None:
    clinic.files.leads = ("lead", "second")
    clinic.load()
    clinic.files.leads = ("second", "lead")
    clinic.load()
    with clinic.database.session() as session:
        ranks = {row.name: row.rank for row in session.exec(select(Reader))}
    assert ranks == {"Second": 0, "Lead": 1}


async def test_who_is_lead_no_more_reads_no_more(clinic: Clinic) -> None:
    clinic.load()
    clinic.files.leads = ("second",)
    clinic.load()
    assert (await clinic.says("lead", "digest")).text.startswith("Hello. I do not have you on the list")


async def test_a_person_may_lead_and_be_asked(clinic: Clinic) -> None:
    clinic.files.leads = ("ana",)
    clinic.load()
    await clinic.at("2027-03-01 17:05")
    assert clinic.prompt(ANA)
    assert "Nothing needs you today." in (await clinic.says(ANA, "digest")).text


async def test_a_lead_on_the_roster_is_not_asked(clinic: Clinic) -> None:
    clinic.files.leads = ("ana",)
    clinic.files.people = {ANA: "lead,,,"}
    assert clinic.load().people == 11
    await clinic.at("2027-03-01 17:05")
    assert clinic.offering(ANA, "answer") == []


def test_a_manager_who_leads_as_well_is_a_lead(clinic: Clinic) -> None:
    clinic.files.teams = {"Front desk": DESK, "Nursing": NURSES}
    path = clinic.files.write()
    path.write_text(path.read_text().replace('"Nursing" = {}', '"Nursing" = { manager = "memory:lead" }'))
    from bot.loading import load
    from surveys.golive_file import read_golive

    with clinic.database.begin() as session:
        now = clinic.clock.now()
        load(session, read_golive(path, today=now.date()), now=now, platforms={"memory"})
        assert [row.role for row in session.exec(select(Reader))] == ["lead"]
