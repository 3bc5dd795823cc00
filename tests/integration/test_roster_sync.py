"""Rosters that follow channels: who joins, leaves, moves, is renamed, and who is never asked."""

from dataclasses import replace

import pytest
from sqlmodel import select

from adapters.chat import Address, DeliveryError, Joined, Left, Person
from bot.delivery.contacts import Contact
from bot.erasure import erase
from bot.storage.database import Database
from surveys.golives import GoLive, Stratum, Team
from surveys.invitations import Disposition, Invitation
from surveys.roster import Participant
from tests.integration.conftest import DESK, NURSES, Clinic, at

ANA, GUS = "Ana Ruiz", "Gus Hale"


def someone(name: str, **known: str | bool) -> Person:
    return Person(at(name), name, **known)  # type: ignore[arg-type]


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


@pytest.fixture
def channels(clinic: Clinic) -> Clinic:
    """The same twelve people, but from two channels; the file names nobody."""
    clinic.files.sources = {"Front desk": "memory:desk", "Nursing": "memory:nurses"}
    clinic.files.people_in_file = False
    clinic.load()
    clinic.chat.directory = {("", "desk"): [someone(n) for n in DESK], ("", "nurses"): [someone(n) for n in NURSES]}
    return clinic


def roster(clinic: Clinic) -> dict[str, str]:
    """Name -> team of everybody on the roster."""
    with clinic.database.session() as session:
        rows = session.exec(
            select(Participant.name, Team.name).join(Team).where(Participant.on_roster)  # type: ignore[arg-type]
        )
        return dict(rows.all())


def person(clinic: Clinic, name: str) -> Participant:
    with clinic.database.session() as session:
        return session.exec(select(Participant).where(Participant.name == name)).one()


def desk(clinic: Clinic, *people: Person) -> None:
    clinic.chat.directory["", "desk"] = list(people)


def news(clinic: Clinic, name: str = "lead") -> list[str]:
    return [card.text for card in clinic.cards(name) if "channel" in card.text or "roster" in card.text]


async def test_whoever_the_channels_list_is_on_the_roster_and_asked(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    assert roster(channels) == {**dict.fromkeys(DESK, "Front desk"), **dict.fromkeys(NURSES, "Nursing")}
    await channels.at("2027-03-01 17:05")
    assert all(channels.offering(name, "answer") for name in (*DESK, *NURSES))


async def test_reading_again_changes_nothing(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    before = [person(channels, name).model_dump() for name in (*DESK, *NURSES)]
    for day in (2, 3):
        await channels.at(f"2027-03-0{day} 09:00")
    assert [person(channels, name).model_dump() for name in (*DESK, *NURSES)] == before
    assert len(news(channels)) == 1


async def test_a_lead_hears_numbers_with_the_digest_and_once_a_day(channels: Clinic) -> None:
    await channels.at("2027-02-28 12:05")
    desk(channels, *(someone(n) for n in (*DESK[1:], "Zoe Lang")))
    await channels.bot.conversation.hear(Joined(at("Zoe Lang"), "1", "desk"))
    await channels.at("2027-02-28 12:10")
    assert news(channels) == []
    await channels.at("2027-03-01 07:35")
    (told,) = news(channels)
    assert told == (
        "13 people have come into your teams’ channels and are asked from the next pulse on. One person has left them "
        "and is counted no more. 12 people are on the roster now."
    )


async def test_a_joiner_is_told_what_this_is_and_asked_from_the_next_pulse(channels: Clinic) -> None:
    await channels.at("2027-03-01 17:05")
    desk(channels, *(someone(n) for n in (*DESK, "Zoe Lang")))
    await channels.bot.conversation.hear(Joined(at("Zoe Lang"), "1", "desk"))
    await channels.at("2027-03-01 17:10")
    (hello,) = channels.cards("Zoe Lang")
    assert hello.text.startswith("Hello. While Riverside Family Practice starts with Northstar")
    assert channels.offering("Zoe Lang", "answer") == []
    await channels.at("2027-03-02 17:05")
    assert channels.offering("Zoe Lang", "answer")


async def test_before_the_first_pulse_nobody_is_greeted(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    assert channels.cards(ANA) == ()


@pytest.mark.parametrize("how", ["left the channel", "closed account"])
async def test_whoever_left_is_asked_no_more_and_counted_no_more(channels: Clinic, how: str) -> None:
    await channels.at("2027-03-01 17:05")
    rest = [someone(n) for n in DESK[1:]]
    desk(channels, *rest, *([someone(ANA, active=False)] if how == "closed account" else []))
    await channels.bot.conversation.hear(Left(at(ANA), "1"))
    await channels.at("2027-03-01 17:10")
    with channels.database.session() as session:
        ana = session.exec(select(Participant).where(Participant.name == ANA)).one()
        left = session.exec(select(Invitation.disposition).where(Invitation.participant_id == ana.id)).one()
        contact = session.exec(select(Contact).where(Contact.account == "ana")).one()
    assert (ana.on_roster, left) == (False, Disposition.UNREACHABLE)
    assert contact.reachable == (how == "left the channel")
    before = len(channels.cards(ANA))
    await channels.at("2027-03-02 17:05")
    assert len(channels.cards(ANA)) == before


async def test_whoever_comes_back_is_known_again_with_their_wishes(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    await channels.says(ANA, "stop")
    number = person(channels, ANA).id
    desk(channels, *(someone(n) for n in DESK[1:]))
    await channels.at("2027-03-02 09:00")
    desk(channels, *(someone(n) for n in DESK))
    await channels.at("2027-03-03 09:00")
    assert (person(channels, ANA).id, person(channels, ANA).opted_out) == (number, True)
    assert roster(channels)[ANA] == "Front desk"


async def test_bots_guests_and_closed_accounts_are_not_asked(channels: Clinic) -> None:
    out = [someone("Bee Bot", program=True), someone("Gwen Guest", guest=True), someone("Carl Closed", active=False)]
    desk(channels, *(someone(n) for n in DESK), *out)
    await channels.at("2027-03-01 09:00")
    assert roster(channels).keys() == {*DESK, *NURSES}


async def test_guests_are_asked_where_the_golive_says_so(channels: Clinic) -> None:
    channels.files.head = 'guests = "in"'
    channels.load()
    desk(channels, *(someone(n) for n in DESK), someone("Gwen Guest", guest=True))
    await channels.at("2027-03-01 09:00")
    assert "Gwen Guest" in roster(channels)


async def test_a_lead_in_a_channel_is_not_asked(channels: Clinic) -> None:
    desk(channels, *(someone(n) for n in DESK), Person(at("lead"), "Lea Lead"))
    await channels.at("2027-03-01 09:00")
    assert "Lea Lead" not in roster(channels)


async def test_whoever_was_erased_is_not_brought_back(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    with channels.database.begin() as session:
        erase(session, ANA, now=channels.clock.now())
    await channels.at("2027-03-02 09:00")
    assert ANA not in roster(channels)


async def test_a_person_in_two_teams_stays_in_the_first_and_the_lead_hears_of_it_once(channels: Clinic) -> None:
    channels.chat.directory["", "nurses"].append(someone(ANA))  # type: ignore[union-attr]
    for day in (1, 2, 3):
        await channels.at(f"2027-03-0{day} 09:00")
    assert roster(channels)[ANA] == "Front desk"
    told = [text for text in news(channels) if "two of your teams" in text]
    assert told == [
        "One person is in the channels of two of your teams, and is asked once, in the team that came first."
    ]


async def test_a_person_whom_a_second_team_lists_as_well_stays_where_they_were(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    desk(channels, *(someone(n) for n in (*DESK, GUS)))
    await channels.at("2027-03-02 09:00")
    assert roster(channels)[GUS] == "Nursing"


async def test_a_person_who_moves_to_another_channel_moves_to_its_team(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    number = person(channels, ANA).id
    desk(channels, *(someone(n) for n in DESK[1:]))
    channels.chat.directory["", "nurses"].append(someone(ANA))  # type: ignore[union-attr]
    await channels.at("2027-03-02 09:00")
    assert (roster(channels)[ANA], person(channels, ANA).id) == ("Nursing", number)


async def test_a_new_name_is_the_one_that_is_masked(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    desk(channels, Person(at(ANA), "Xanthippe Quill"), *(someone(n) for n in DESK[1:]))
    await channels.at("2027-03-02 09:00")
    shown = await channels.submits("Ben Okafor", "ask-preview", question="Ask Xanthippe where it is.")
    assert shown.fields[0].value == "Ask [name] where it is."


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ("🌻 Rosa  Field\u202e", "🌻 Rosa Field"),
        ("=cmd()", "cmd()"),
        ("", "ana"),
        ("\n\t", "ana"),
        ("x" * 300, "x" * 80),
        ("Ben Okafor", "Ben Okafor (2)"),
    ],
    ids=["emoji", "formula", "none", "blanks", "long", "taken"],
)
async def test_a_name_is_made_fit_for_a_list(channels: Clinic, listed: str, kept: str) -> None:
    desk(channels, *(someone(n) for n in DESK[1:]), Person(at(ANA), listed))
    for day in (1, 2):
        await channels.at(f"2027-03-0{day} 09:00")
        with channels.database.session() as session:
            rows = select(Participant.name).join(Contact).where(Contact.account == "ana")  # type: ignore[arg-type]
            assert session.exec(rows).one() == kept


@pytest.mark.parametrize(
    ("told", "zone"), [("Europe/Berlin", "Europe/Berlin"), ("", "America/New_York"), ("EST", "America/New_York")]
)
async def test_a_zone_is_the_persons_own_else_the_golives(channels: Clinic, told: str, zone: str) -> None:
    desk(channels, someone(ANA, timezone=told), *(someone(n) for n in DESK[1:]))
    await channels.at("2027-03-01 09:00")
    assert person(channels, ANA).timezone == zone


async def test_whoever_stands_in_the_file_stays_as_the_file_says(clinic: Clinic) -> None:
    clinic.files.sources = {"Nursing": "memory:nurses"}
    clinic.files.teams = {"Front desk": DESK, "Nursing": ()}
    clinic.load()
    clinic.chat.directory = {("", "nurses"): [*(someone(n) for n in NURSES), Person(at(ANA), "Somebody Else")]}
    await clinic.at("2027-03-01 09:00")
    assert roster(clinic) == {**dict.fromkeys(DESK, "Front desk"), **dict.fromkeys(NURSES, "Nursing")}
    clinic.load()
    assert roster(clinic).keys() == {*DESK, *NURSES}


async def test_a_team_that_names_no_channel_any_more_loses_whom_the_channel_brought(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    channels.files.sources = {"Front desk": "memory:desk"}
    channels.load()
    assert roster(channels).keys() == set(DESK)


async def test_loading_the_file_again_keeps_whom_the_channels_brought(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    assert channels.load().left == 0
    assert roster(channels).keys() == {*DESK, *NURSES}


async def test_small_teams_are_read_together_once_the_channels_are_known(channels: Clinic) -> None:
    channels.chat.directory["", "nurses"] = [someone(n) for n in NURSES[:2]]
    await channels.at("2027-03-01 09:00")
    with channels.database.session() as session:
        named = {row.id: row.name for row in session.exec(select(Stratum))}
        read = {named[team.stratum_id] for team in session.exec(select(Team))}
    assert len(read) == 1


async def test_a_channel_that_cannot_be_read_or_is_empty_keeps_its_people_and_the_lead_hears_of_it(
    channels: Clinic,
) -> None:
    await channels.at("2027-03-01 09:00")
    channels.chat.directory["", "desk"] = DeliveryError("not_in_channel", permanent=True)
    channels.chat.directory["", "nurses"] = []
    for day in (2, 3):
        await channels.at(f"2027-03-0{day} 09:00")
    assert roster(channels).keys() == {*DESK, *NURSES}
    (told,) = [text for text in news(channels) if "could not be read" in text]
    assert told == (
        "The channels or groups of 2 of your teams could not be read: they are gone or empty, or I was not invited to "
        "them. Their people stay on the roster as they were."
    )


async def test_a_platform_that_is_not_set_up_is_told_like_a_channel_that_is_gone(channels: Clinic) -> None:
    channels.files.sources = {"Front desk": "slack:C0123ABCD", "Nursing": "memory:nurses"}
    assert channels.load().unreached == ["slack"]
    await channels.at("2027-03-01 09:00")
    assert roster(channels).keys() == set(NURSES)
    assert any("could not be read" in text for text in news(channels))


async def test_a_directory_that_is_busy_is_asked_again_after_a_while_and_changes_nothing_by_half(
    channels: Clinic,
) -> None:
    known = channels.chat.directory["", "nurses"]
    channels.chat.directory["", "nurses"] = DeliveryError("busy", retry_after=120)
    await channels.at("2027-03-01 09:00")
    assert roster(channels) == {}
    channels.chat.directory["", "nurses"] = known
    await channels.at("2027-03-01 09:01")
    assert roster(channels) == {}
    await channels.at("2027-03-01 09:03")
    assert roster(channels).keys() == {*DESK, *NURSES}


async def test_an_event_about_another_channel_or_workspace_reads_nothing(channels: Clinic) -> None:
    await channels.at("2027-03-01 09:00")
    desk(channels, *(someone(n) for n in DESK[1:]))
    for number, incoming in enumerate((Joined(at(ANA), "1", "kitchen"), Left(Address("slack", "ana"), "2"))):
        await channels.bot.conversation.hear(incoming)
        await channels.at(f"2027-03-01 09:1{number}")
    assert ANA in roster(channels)


async def test_after_the_plan_no_channel_is_read(channels: Clinic) -> None:
    await channels.at("2027-07-01 09:00")
    assert roster(channels) == {}
    with channels.database.session() as session:
        assert session.exec(select(GoLive.rostered_on)).one() is None


async def test_the_same_account_of_two_workspaces_is_two_people(clinic: Clinic) -> None:
    clinic.files.sources = {"Front desk": "memory:T1/desk", "Nursing": "memory:T2/nurses"}
    clinic.files.people_in_file = False
    clinic.load()
    for workspace, source, names in (("T1", "desk", DESK), ("T2", "nurses", NURSES)):
        listed = [Person(replace(at(name), account=f"u{i}", workspace=workspace), name) for i, name in enumerate(names)]
        clinic.chat.directory[workspace, source] = listed
    await clinic.at("2027-03-01 09:00")
    assert roster(clinic) == {**dict.fromkeys(DESK, "Front desk"), **dict.fromkeys(NURSES, "Nursing")}
