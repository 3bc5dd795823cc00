"""The whole bot in Slack: the guide's own trial, and what may come in at the wrong time or from the wrong person."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.application import Application
from bot.clock import SetClock
from bot.delivery.contacts import Contact
from bot.delivery.reach import unreachable
from bot.loading import load
from bot.storage.database import Database
from bot.texts import texts
from surveys.golive_file import read_golive
from surveys.golives import GoLive
from surveys.responses import GivenRemark
from tests.slack.desk import Desk, desk
from tests.slack.emulator import Emulator, Trouble

GUIDE = (Path(__file__).parents[2] / "docs" / "slack.md").read_text("utf-8")
NOON = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo("America/New_York"))
PROMPT = "First day with Northstar."


@dataclass
class Office:
    """The files of the guide, loaded, and the bot that serves them."""

    at: Desk
    bot: Application
    clock: SetClock
    me: str
    database: Database

    async def let(self, **passes: float) -> None:
        self.clock.advance(timedelta(**passes))
        await self.bot.tick()

    async def pulse(self) -> str:
        """The ref of the pulse that stands there."""
        [message] = [one for one in await self.at.slack.messages(self.me) if PROMPT in str(one["text"])]
        return str(message["blocks"][-2]["block_id"]).removeprefix("a.")

    async def modal(self) -> str:
        return str(self.at.slack.modals[self.me][-1]["blocks"])

    def remarks(self) -> int:
        with self.database.session() as session:
            return len(session.exec(select(GivenRemark)).all())


def block(kind: str) -> str:
    """A file as it stands in the guide."""
    [found] = re.findall(rf"^   ```{kind}\n(.*?)^   ```", GUIDE, re.DOTALL | re.MULTILINE)
    return re.sub(r"^   ", "", found, flags=re.MULTILINE)


@pytest.fixture
def me(slack_people: Iterator[str]) -> str:
    return next(slack_people)


@pytest.fixture
async def office(slack: Emulator, me: str, clinic_database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    for name, kind in (("golive.toml", "toml"), ("roster.csv", "csv")):
        (tmp_path / name).write_text(block(kind).replace("U0123456789", me).replace("Me,", "Ana 🌷 Ruiz,"))
    file = read_golive(tmp_path / "golive.toml", today=NOON.date())
    clock = SetClock(NOON.astimezone(UTC))
    with clinic_database.begin() as session:
        load(session, file, now=clock.now(), platforms={"slack"})
    async with desk(slack) as at:
        bot = Application(clinic_database, adapters=[at.adapter], clock=clock)
        async with bot.running():
            yield Office(at, bot, clock, me, clinic_database)


async def test_the_guide_leads_to_a_first_pulse(office: Office) -> None:
    await office.let(hours=2)
    assert await office.at.slack.messages(office.me) == []
    await office.let(minutes=10)
    [message] = await office.at.slack.messages(office.me)
    assert PROMPT in message["text"]
    assert "Ask something anonymously" in message["text"]


async def test_a_pulse_is_answered_in_its_place_and_once(office: Office) -> None:
    await office.let(hours=3)
    ref = await office.pulse()
    await office.at.press(office.me, "answer", ref=ref, values={"remark": ("All fine, thank you.",)})
    [message] = await office.at.slack.messages(office.me)
    assert message["text"].startswith("Thank you.")
    assert office.remarks() == 1


async def test_a_pulse_that_is_sent_twice_counts_once_and_says_so(office: Office) -> None:
    await office.let(hours=3)
    ref = await office.pulse()
    payloads = [await office.at.pressing(office.me, "answer", ref=ref, values={"remark": ("x",)}) for _ in range(2)]
    for payload in payloads:
        await office.at.post_payload(payload)
        await office.at.settled()
    assert texts("en")("error-already-answered") in await office.modal()
    assert office.remarks() == 1


async def test_a_pulse_that_has_closed_says_so(office: Office) -> None:
    await office.let(hours=3)
    payload = await office.at.pressing(office.me, "answer", ref=await office.pulse(), values={"remark": ("x",)})
    await office.let(days=2)
    payload["trigger_id"] = await office.at.slack.trigger(office.me)
    await office.at.post_payload(payload)
    await office.at.settled()
    assert texts("en")("error-wave-closed") in await office.modal()
    assert office.remarks() == 0


async def test_somebody_elses_pulse_says_so(office: Office, slack_people: Iterator[str]) -> None:
    await office.let(hours=3)
    payload = await office.at.pressing(office.me, "answer", ref=await office.pulse(), values={"remark": ("x",)})
    other = next(slack_people)
    payload |= {"user": {"id": other}, "trigger_id": await office.at.slack.trigger(other), "response_url": ""}
    await office.at.post_payload(payload)
    await office.at.settled()
    assert texts("en")("welcome-stranger") in str(office.at.slack.modals[other][-1]["blocks"])
    assert office.remarks() == 0


async def test_somebody_who_is_on_no_roster_gets_a_friendly_sentence(
    office: Office, slack_people: Iterator[str]
) -> None:
    stranger, sentence = next(slack_people), texts("en")("welcome-stranger")
    await office.at.command(stranger, "/ask")
    await office.at.say(stranger, "hello")
    await office.at.open_home(stranger)
    assert await office.at.see(stranger) == [sentence] * 3


async def test_the_longest_text_that_slack_takes_gets_an_answer(office: Office) -> None:
    await office.at.command(office.me, "/ask")
    await office.at.submit(office.me, {"question": ("long " * 600,)})
    assert office.at.slack.modals[office.me]
    await office.at.say(office.me, "word " * 8_000)
    assert office.at.slack.whispers[office.me]


async def test_help_fits_on_one_screen(office: Office) -> None:
    await office.at.command(office.me, "/pulse")
    [view] = office.at.slack.modals[office.me]
    assert "submit" not in view
    assert "ask something anonymously" in str(view["blocks"])


async def test_a_question_is_asked_confirmed_and_found_again(office: Office) -> None:
    await office.at.shortcut(office.me, "ask")
    for _ in range(2):
        await office.at.submit(office.me, {"question": ("Where is the second printer?",)})
    [words] = re.findall(r"\w+ · \w+ · \w+ · \w+", await office.modal())
    office.at.slack.modals[office.me].clear()
    await office.at.command(office.me, "/pulse", "find")
    await office.at.submit(office.me, {"words": (words,)})
    assert "Where is the second printer?" in await office.modal()
    kept = str(await office.at.slack.messages(office.me)) + str(office.at.slack.whispers[office.me])
    assert "printer" not in kept


async def test_whom_slack_no_longer_reaches_is_counted_and_not_asked_again(office: Office) -> None:
    office.at.slack.fail("chat.postMessage", Trouble(error="user_not_found"))
    await office.let(hours=3)
    with office.database.session() as session:
        assert unreachable(session, 1) == 1
    await office.let(days=1)
    assert office.at.slack.methods().count("chat.postMessage") == 1


async def test_the_way_to_somebody_is_learnt_when_they_come(office: Office) -> None:
    await office.at.say(office.me, "help")
    with office.database.session() as session:
        assert {contact.workspace for contact in session.exec(select(Contact))} == {"T000000001"}


async def test_a_press_is_acknowledged_whatever_the_database_does(office: Office) -> None:
    held = asyncio.Event()

    async def hangs(*_: object, **__: object) -> None:
        await held.wait()

    office.at.adapter._answering.listener = hangs
    answer = await office.at.post_payload(
        {**await office.at.who(office.me), "type": "shortcut", "callback_id": "ask", "action_ts": "1"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    held.set()
    await office.at.settled()


async def test_a_go_live_is_set_up_in_slack_from_a_channel(
    slack: Emulator, slack_people: Iterator[str], clinic_database: Database
) -> None:
    founder, *people = (next(slack_people) for _ in range(8))
    async with desk(slack) as at:
        channel = await at.slack.channel(f"desk-{founder.lower()}", founder, *people)
        bot = Application(clinic_database, adapters=[at.adapter], clock=SetClock(NOON.astimezone(UTC)))
        async with bot.running():
            await at.command(founder, "/pulse", "new")
            head = {
                "organisation": "Our office",
                "system": "Northstar",
                "on": "2027-04-01",
                "timezone": "Europe/Berlin",
            }
            await at.submit(founder, {name: (value,) for name, value in {**head, "plan": "small_practice"}.items()})
            await at.submit(founder, {"team": ("Front desk",), "group": (channel,)})
            await at.press(founder, "new-leads")
            await at.submit(founder, {"lead_name": ("Ana 🌷",), "lead": (founder,)})
            assert "1 April" in str(at.slack.modals[founder][-1]["blocks"])
            await at.press(founder, "new-confirm")
            await bot.tick()
    with clinic_database.session() as session:
        [golive] = session.exec(select(GoLive)).all()
        contacts = session.exec(select(Contact)).all()
    assert (golive.system, str(golive.date), golive.timezone) == ("Northstar", "2027-04-01", "Europe/Berlin")
    assert {contact.account for contact in contacts} >= {founder, *people}
