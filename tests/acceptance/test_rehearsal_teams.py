"""The demo's go-live in Teams, before a Microsoft on this machine: signed posts, cards, a Bot Connector.

Some days around the first one; THOROUGH=1 plays all of it.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.chat import Address, Incoming, Pressed, Submitted
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery, DeliveryState
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, in_the_web_chat
from bot.rehearsal.stage import Venue
from bot.settings import Settings
from bot.setup import open_database
from surveys.bank import load_bank
from surveys.golive_file import read_golive
from surveys.responses import Response
from surveys.waves import Wave, WaveState
from tests.teams.people import TeamsPeople, teams_adapter, words
from tests.teams.service import BotService, card_in

pytestmark = pytest.mark.slow

GOLIVE = date(2027, 3, 1)
WISH = Rehearsal() if os.environ.get("THOROUGH") else Rehearsal(until=2, before=3)


@dataclass
class Played:
    play: Play
    service: BotService

    @property
    def lead(self) -> list[str]:
        """What stands in the lead's chat."""
        return self.said("lead")

    def said(self, account: str) -> list[str]:
        cards = [card_in(message) for message in self.service.chats[f"a:{account}"].values()]
        return [words(card)[0] for card in cards if card is not None]


def in_teams(address: Address) -> Address:
    return Address("teams", address.account)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder: Path = tmp_path_factory.mktemp("teams")
    database = open_database(Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys"))
    file = in_the_web_chat(read_golive(PRACTICE, today=GOLIVE))

    async def run() -> Played:
        plays: list[Play] = []

        async def no_wait(_: float) -> None:
            """Time is the play's."""

        async with BotService().running() as service:
            adapter = teams_adapter(service, clock=lambda: plays[0].clock.now().timestamp(), sleep=no_wait)
            people = TeamsPeople(service, adapter)

            async def hands(incoming: Incoming, _: str | None) -> None:
                assert isinstance(incoming, Submitted | Pressed)
                values = incoming.values if isinstance(incoming, Submitted) else None
                await people.act(incoming.sender, incoming.action, ref=incoming.ref, values=values)

            venue = Venue(adapter, in_teams, hands)
            play = Play(WISH, file, database=database, bank=load_bank(), venue=venue)
            plays.append(play)
            async with play.application.running():
                for line in (*file.roster, *file.leads):  # everybody gets the app
                    await install(people, line.address.removeprefix("web:"))
                for moment in play.moments(until=GOLIVE + timedelta(days=WISH.until)):
                    await play.step(moment)
                await adapter.settle()
            return Played(play, service)

    yield asyncio.run(run())
    database.close()


async def install(people: TeamsPeople, account: str) -> None:
    given = people.service.activity("installationUpdate", sender=account, action="add")
    assert (await people.post(given)).status_code == 200


def test_every_message_leaves_and_none_fails(played: Played) -> None:
    with played.play.database.session() as session:
        states = Counter(session.exec(select(Delivery.state)))
    assert set(states) <= {DeliveryState.SENT, DeliveryState.EXPIRED, DeliveryState.PENDING}
    assert states[DeliveryState.SENT] > 50


def test_everybody_is_reached_by_the_way_that_their_chat_told(played: Played) -> None:
    with played.play.database.session() as session:
        contacts = [one for one in session.exec(select(Contact)) if one.participant_id is not None]
    assert {one.reachable and "conversation" in one.conversation for one in contacts} == {True}
    assert played.service.opened == []


def test_what_people_pick_and_write_is_counted(played: Played) -> None:
    with played.play.database.session() as session:
        waves = session.exec(select(Wave.state)).all()
        responses = len(session.exec(select(Response)).all())
    assert (waves.count(WaveState.COUNTED) >= 2, responses > 2 * 25) == (True, True)


def test_thank_yous_stand_where_pulses_stood(played: Played) -> None:
    texts = [text for chat in played.service.chats for text in played.said(chat.removeprefix("a:"))]
    assert sum(text.startswith("Thank you") for text in texts) > 2 * 25


def test_the_lead_reads_a_digest_every_morning(played: Played) -> None:
    lines = [text.splitlines()[0] for text in played.lead]
    assert [sum(line.startswith(f"Day {day}. ") for line in lines) for day in (1, 2)] == [1, 1]
