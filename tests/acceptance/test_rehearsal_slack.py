"""The rehearsal of the family practice in Slack: the same play, before the emulator, at the pace that Slack publishes.

A week around the first day; THOROUGH=1 plays all of it.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from adapters.chat import Address
from adapters.slack.posting import METADATA
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery, DeliveryState
from bot.rehearsal.play import BEFORE, PRACTICE, Play, Rehearsal, in_the_web_chat
from bot.rehearsal.stage import Venue
from bot.settings import Settings
from bot.setup import open_database
from surveys.bank import load_bank
from surveys.golive_file import read_golive
from surveys.invitations import Turnout
from surveys.waves import Wave, WaveState
from tests.slack.desk import Desk, desk
from tests.slack.emulator import Emulator
from tests.slack.hands import SlackHands, WatchedPace

pytestmark = pytest.mark.slow

GOLIVE = date(2027, 3, 1)
WISH = Rehearsal(until=60) if os.environ.get("THOROUGH") else Rehearsal(until=2, before=3)


@dataclass(frozen=True, slots=True)
class Played:
    play: Play
    chats: dict[str, list[dict[str, object]]]  #: account -> what stands there, oldest first
    calls: Counter[str]  #: by method, as Slack got them
    let_through: list[tuple[float, str, str]]


@pytest.fixture(scope="module")
def played(slack: Emulator, slack_people: Iterator[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    settings = Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys")
    file = in_the_web_chat(read_golive(PRACTICE, today=GOLIVE))
    database = open_database(settings)
    seats: dict[Address, Address] = {}

    def seat(in_the_web: Address) -> Address:
        if in_the_web not in seats:
            seats[in_the_web] = Address("slack", next(slack_people))
        return seats[in_the_web]

    async def run() -> Played:
        pace = WatchedPace()
        async with desk(slack, pace=pace) as at:
            venue = Venue(at.adapter, address=seat, hands=SlackHands(at))
            play = Play(WISH, file, database=database, bank=load_bank(), venue=venue)
            async with play.application.running():
                for moment in play.moments(until=GOLIVE + timedelta(days=WISH.until)):
                    await play.step(moment)
                await at.settled()
            return Played(play, await chats(at, seats), Counter(at.slack.methods()), pace.let_through)

    yield asyncio.run(run())
    database.close()


async def chats(at: Desk, seats: dict[Address, Address]) -> dict[str, list[dict[str, object]]]:
    return {one.account: await at.slack.messages(one.account) for one in set(seats.values())}


def mark(message: dict[str, object]) -> str:
    metadata = message.get("metadata")
    assert isinstance(metadata, dict)
    assert metadata["event_type"] == METADATA
    return str(metadata["event_payload"]["key"])


def test_nothing_was_posted_twice(played: Played) -> None:
    marks = [mark(message) for chat in played.chats.values() for message in chat]
    assert len(marks) > 42 * 3
    assert [one for one, times in Counter(marks).items() if times > 1] == []


def test_nothing_was_lost(played: Played) -> None:
    """What the outbox calls sent stands in the chat of whom it was for, under the id that the outbox has."""
    with played.play.database.session() as session:
        rows = session.exec(
            select(Contact.account, Delivery.message_id)
            .join(Contact, col(Contact.id) == col(Delivery.contact_id))
            .where(Delivery.state == DeliveryState.SENT)
        ).all()
        states = Counter(session.exec(select(Delivery.state)))
    there = {(account, str(message["ts"])) for account, chat in played.chats.items() for message in chat}
    assert {(account, str(message_id).partition("/")[2]) for account, message_id in rows} <= there
    assert played.calls["chat.postMessage"] == len(there)  # rows of sealed pulses are gone, their messages are not
    assert set(states) <= {DeliveryState.SENT, DeliveryState.EXPIRED, DeliveryState.PENDING}


def test_all_forty_two_were_asked(played: Played) -> None:
    staff = [one.account for one in played.play.company.staff]
    assert len(staff) == 42
    assert [account for account in staff if not played.chats[account]] == []


def test_their_answers_arrived(played: Played) -> None:
    with played.play.database.session() as session:
        counted = session.exec(select(Wave.id).where(Wave.state == WaveState.COUNTED)).all()
        turnout = session.exec(select(Turnout).where(col(Turnout.wave_id).in_(counted))).all()
    asked = sum(row.invited for row in turnout)
    assert asked >= 42
    assert sum(row.complete + row.partial for row in turnout) > 0.6 * asked


def test_an_answered_pulse_reads_thank_you(played: Played) -> None:
    texts = [str(message["text"]) for chat in played.chats.values() for message in chat]
    assert sum(text.startswith("Thank you.") for text in texts) > 42


def test_slack_was_never_asked_too_often(played: Played) -> None:
    """Every call that counts waited its turn, and no minute or second of those turns holds more than is published."""
    let_through = played.let_through
    turns = Counter(method for _, method, _ in let_through)
    tiers = {
        50: ("chat.update", "conversations.open", "conversations.history"),
        100: ("chat.postEphemeral", "auth.test"),
    }
    limits = {"chat.postMessage": 300} | {method: most for most, methods in tiers.items() for method in methods}
    assert {method for method in turns if method not in limits} <= {"views.update", "views.open"}
    for method, most in limits.items():
        assert played.calls[method] <= turns[method] + 2  # the adapter asks who it is, outside the turns
        assert most_in([at for at, one, _ in let_through if one == method], seconds=60) <= most
    for channel in {channel for _, _, channel in let_through if channel}:
        posts = [at for at, one, to in let_through if one == "chat.postMessage" and to == channel]
        assert most_in(posts, seconds=1) <= 1


def most_in(moments: list[float], *, seconds: float) -> int:
    """The most calls in any stretch of this length; moments come in order."""
    most = begin = 0
    for end, moment in enumerate(moments):
        while moment - moments[begin] >= seconds - 1e-6:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def test_the_play_was_as_long_as_it_was_meant_to_be(played: Played) -> None:
    assert played.play.day == WISH.until
    assert WISH.before <= BEFORE
