"""What the bot learns of where somebody is and how to reach them, and what it does when the app is taken away."""

from dataclasses import replace

import pytest
from sqlmodel import select

from adapters.chat import Address, Installed, Opened, Removed, Said
from bot.delivery.contacts import Contact, recognise
from bot.delivery.reach import learn, unreachable
from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.roster import Participant
from tests.integration.conftest import DESK, Clinic, at

ANA, BEN = "Ana Ruiz", "Ben Okafor"
ROOM = replace(at(ANA), conversation="room-1", workspace="T01")


def contact(clinic: Clinic, name: str = ANA, *, golive_id: int = 1) -> Contact:
    with clinic.database.session() as session:
        rows = select(Contact).where(Contact.account == at(name).account, Contact.golive_id == golive_id)
        return session.exec(rows).one()


def zone(clinic: Clinic, name: str = ANA) -> str:
    with clinic.database.session() as session:
        return session.exec(select(Participant.timezone).where(Participant.name == name)).one()


async def comes(clinic: Clinic, sender: Address, *, timezone: str = "") -> None:
    await clinic.bot.conversation.hear(
        Said(sender, f"{sender} {timezone} {sender.conversation}", "help", timezone=timezone)
    )


async def test_the_way_by_which_somebody_came_is_the_way_to_them(loaded: Clinic) -> None:
    await comes(loaded, replace(at(ANA), conversation="room-1"))
    await comes(loaded, replace(at(ANA), conversation="room-2"))
    assert contact(loaded).address.conversation == "room-2"
    await comes(loaded, at(ANA))
    assert contact(loaded).conversation == "room-2"


async def test_a_workspace_that_the_file_left_out_is_learnt_when_somebody_comes(loaded: Clinic) -> None:
    await comes(loaded, ROOM)
    assert contact(loaded).workspace == "T01"
    loaded.load()
    assert contact(loaded).workspace == "T01"


async def test_an_account_of_another_workspace_is_somebody_else(loaded: Clinic) -> None:
    await comes(loaded, ROOM)
    stranger = await loaded.bot.conversation.hear(Said(replace(ROOM, workspace="T02"), "1", "help"))
    assert stranger is not None
    assert stranger.card.text.startswith("Hello. I do not have you on the list")
    assert contact(loaded).workspace == "T01"


async def test_a_workspace_in_the_file_tells_two_accounts_of_one_name_apart(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:T01/U01", BEN: "slack:T02/U01"}
    clinic.load()
    clinic.load()
    with clinic.database.session() as session:
        rows = session.exec(select(Contact).where(Contact.platform == "slack").order_by(Contact.workspace)).all()
    assert [(row.workspace, row.account, row.participant_id) for row in rows] == [("T01", "U01", 1), ("T02", "U01", 2)]


async def test_somebody_is_asked_in_the_zone_that_their_platform_tells(loaded: Clinic) -> None:
    await comes(loaded, at(ANA), timezone="America/Los_Angeles")
    assert zone(loaded) == "America/Los_Angeles"
    loaded.load()
    assert zone(loaded) == "America/Los_Angeles"


async def test_a_zone_that_the_roster_names_stays(clinic: Clinic) -> None:
    clinic.files.people = {ANA: "staff,America/Chicago,,"}
    clinic.load()
    await comes(clinic, at(ANA), timezone="America/Los_Angeles")
    assert zone(clinic) == "America/Chicago"
    clinic.files.people = {}
    clinic.load()
    assert zone(clinic) == "America/Los_Angeles"


@pytest.mark.parametrize("told", ["", "EST5EDT", "Mars/Olympus", "../../etc/passwd"])
async def test_a_zone_that_is_no_place_changes_nothing(loaded: Clinic, told: str) -> None:
    await comes(loaded, at(ANA), timezone=told)
    assert (zone(loaded), contact(loaded).timezone) == ("America/New_York", "")


async def test_a_lead_who_is_not_asked_is_learnt_as_well(loaded: Clinic) -> None:
    await comes(loaded, replace(at("lead"), conversation="room-9"), timezone="Europe/Berlin")
    known = contact(loaded, "lead")
    assert (known.conversation, known.timezone) == ("room-9", "Europe/Berlin")


async def test_what_is_learnt_holds_in_every_golive_also_in_a_later_one(loaded: Clinic) -> None:
    second = replace(loaded.files, folder=loaded.files.folder / "second", system="Beta", teams={"Front desk": DESK})
    third = replace(second, folder=loaded.files.folder / "third", system="Gamma")
    loaded.load(second)
    await comes(loaded, ROOM, timezone="America/Denver")
    loaded.load(third)
    ways = [contact(loaded, golive_id=number) for number in (1, 2, 3)]
    known = {(way.conversation, way.workspace, way.timezone) for way in ways}
    assert known == {("room-1", "T01", "America/Denver")}


async def test_whoever_took_the_app_away_is_asked_no_more_and_not_counted(loaded: Clinic) -> None:
    await loaded.bot.conversation.hear(Removed(at(ANA), "1"))
    await loaded.at("2027-03-01 17:05")
    assert loaded.cards(ANA) == ()
    assert loaded.offering(BEN, "answer")
    with loaded.database.session() as session:
        assert unreachable(session, 1) == 1


@pytest.mark.parametrize("back", [Installed(ROOM, "2"), Opened(ROOM, "2"), Said(ROOM, "2", "help")])
async def test_whoever_comes_back_is_reached_again(loaded: Clinic, back: Installed | Opened | Said) -> None:
    await loaded.bot.conversation.hear(Removed(at(ANA), "1"))
    await loaded.bot.conversation.hear(back)
    assert (contact(loaded).reachable, contact(loaded).conversation) == (True, "room-1")


async def test_a_workspace_that_goes_takes_its_people_along_and_no_others(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:T01/U01", BEN: "slack:T02/U02", DESK[2]: "slack:U03"}
    clinic.load()
    await clinic.bot.conversation.hear(Removed(Address("slack", "", "T01"), "1"))
    with clinic.database.session() as session:
        gone = session.exec(select(Contact.account).where(~Contact.reachable)).all()  # type: ignore[arg-type]  # a column
    assert gone == ["U01"]
    await clinic.bot.conversation.hear(Installed(Address("slack", "", "T01"), "2"))
    with clinic.database.session() as session:
        assert unreachable(session, 1) == 0


async def test_the_only_workspace_takes_those_along_whom_the_file_put_into_none(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:T01/U01", DESK[2]: "slack:U03"}
    clinic.load()
    await clinic.bot.conversation.hear(Removed(Address("slack", "", "T01"), "1"))
    with clinic.database.session() as session:
        assert unreachable(session, 1) == 2


async def test_the_app_that_comes_or_goes_at_a_stranger_changes_nothing(loaded: Clinic) -> None:
    for incoming in (Removed(at("zoe"), "1"), Installed(at("zoe"), "2"), Removed(Address("teams", "", "x"), "3")):
        assert await loaded.bot.conversation.hear(incoming) is None
    with loaded.database.session() as session:
        assert unreachable(session, 1) == 0


def test_the_named_workspace_comes_before_any_on_both_engines(database: Database, golive: GoLive) -> None:
    """Which comes first rests on how an engine sorts."""
    with database.begin() as session:
        people = session.exec(select(Participant.id).order_by(Participant.id).limit(2)).all()
        for workspace, person in zip(("T01", ""), people, strict=True):
            session.add(
                Contact(
                    golive_id=golive.id or 0,
                    platform="slack",
                    account="U01",
                    workspace=workspace,
                    participant_id=person,
                )
            )
        session.flush()
        came = Opened(Address("slack", "U01", "T01", "room-1"), "1")
        sender = recognise(session, came.sender)
        assert sender is not None
        assert sender.contact.workspace == "T01"
        learn(session, came)
    with database.session() as session:
        rows = session.exec(select(Contact).where(Contact.account == "U01").order_by(Contact.workspace)).all()
    assert [(row.workspace, row.conversation) for row in rows] == [("", ""), ("T01", "room-1")]


async def test_whoever_is_given_the_app_hears_once_who_writes_and_why(loaded: Clinic) -> None:
    for number in range(3):
        await loaded.bot.conversation.hear(Installed(at(ANA), str(number)))
        await loaded.at(f"2027-03-01 12:0{number}")
    hello, *more = loaded.cards(ANA)
    assert hello.text.startswith("Hello. While Riverside Family Practice starts with Northstar")
    assert [action.name for action in hello.actions] == ["ask", "help"]
    assert more == []


async def test_a_hello_wakes_nobody(loaded: Clinic) -> None:
    await loaded.at("2027-02-28 23:00")
    await loaded.bot.conversation.hear(Installed(at(ANA), "1"))
    await loaded.at("2027-03-01 06:00")
    assert loaded.cards(ANA) == ()
    await loaded.at("2027-03-01 07:05")
    assert len(loaded.cards(ANA)) == 1


async def test_a_workspace_that_comes_back_gets_no_round_of_hellos(loaded: Clinic) -> None:
    await loaded.bot.conversation.hear(Installed(Address("memory", ""), "1"))
    await loaded.at("2027-03-01 12:00")
    assert loaded.cards(ANA) == ()


async def test_a_hello_to_somebody_who_left_the_roster_is_not_sent(loaded: Clinic) -> None:
    await loaded.at("2027-02-28 23:00")
    await loaded.bot.conversation.hear(Installed(at(ANA), "1"))
    with loaded.database.begin() as session:
        session.exec(select(Contact).where(Contact.account == "ana")).one().participant_id = None
    await loaded.at("2027-03-01 09:05")
    assert loaded.cards(ANA) == ()


async def test_a_lead_hears_on_another_platform_that_the_app_is_gone_and_how_many_it_leaves_out(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:T01/U01", BEN: "slack:T01/U02"}
    clinic.load()
    for _ in range(2):
        await clinic.bot.conversation.hear(Removed(Address("slack", "", "T01"), "1"))
    await clinic.at("2027-03-01 12:00")
    (news,) = [card for card in clinic.cards("lead") if "taken out" in card.text]
    assert news.text == (
        "The app was taken out of Slack. 2 people on the roster cannot be reached; a response rate does not count "
        "them. Pulses begin again when it is back."
    )


async def test_an_app_that_was_away_for_a_moment_is_no_news(clinic: Clinic) -> None:
    clinic.files.addresses = {ANA: "slack:T01/U01"}
    clinic.load()
    for incoming in (Removed(Address("slack", "", "T01"), "1"), Installed(Address("slack", "", "T01"), "2")):
        await clinic.bot.conversation.hear(incoming)
    await clinic.at("2027-03-01 12:00")
    assert not any("taken out" in card.text for card in clinic.cards("lead"))


async def test_a_digest_counts_whom_no_message_reaches(loaded: Clinic) -> None:
    await loaded.bot.conversation.hear(Removed(at(ANA), "1"))
    assert (await loaded.says("lead", "digest")).text.endswith(
        "One person on the roster cannot be reached; a response rate does not count them."
    )
