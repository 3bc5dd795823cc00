"""A go-live in Microsoft's own client: the real bot before the Agents Playground, a browser, and colleagues.

Microsoft 365 Agents Playground 0.2.28 renders the cards, sends what is pressed, and plays the service. It signs nothing
and knows no limits: those are tried in test_teams_endpoint.py and test_teams_sending.py.
"""

import asyncio
import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from sqlmodel import SQLModel, select

from adapters.chat import Address, Person
from adapters.teams.cards import to_adaptive
from adapters.teams.references import Reference
from bot.delivery.contacts import Contact
from bot.storage.database import Database
from bot.storage.keys import Keys
from bot.storage.migrate import upgrade
from surveys.invitations import Disposition, Invitation
from surveys.questions import Question
from surveys.responses import Response
from tests.teams.clinic import TeamsClinic, write_golive
from tests.teams.gallery import GALLERY
from tests.teams.playground import CHANNEL, CHAT, DANA, STAFF, TEAM, TENANT, Playground, account, playground
from tests.teams.service import buttons, inputs

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Who can merge two charts of Ana Ruiz?"
REPLY = "The lead at the desk can, from the chart menu."


@dataclass
class Story:
    """What was seen on the screen, and what was there, at each turn of it."""

    screen: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    messages: str = ""  #: everything that the service keeps, as JSON
    members: list[Person] = field(default_factory=list)


class Player:
    def __init__(self, story: Story, clinic: TeamsClinic, ground: Playground, page: Page) -> None:
        self.story, self.clinic, self.ground, self.page = story, clinic, ground, page
        self.chats: dict[str, str] = {}

    async def play(self) -> None:
        await self.page.goto(self.ground.url)
        await self.come()
        await self.answer()
        await self.ask()
        await self.reply()
        await self.look_at_charts()
        await self.ask_where_others_listen()
        await self.leave()

    async def come(self) -> None:
        """Everybody gets the app: Dana with a button, colleagues as their clients would tell."""
        await self.ground.install()
        for name in STAFF:
            self.chats[name] = await self.ground.chat_of(name)
            await self.ground.send("installationUpdate", sender=name, chat=self.chats[name], action="add")
        await self.until(lambda: self.reachable() == 1 + len(STAFF))
        await self.clinic.at("2027-02-28 12:30")
        await self.seen("hello", "This is where you hear how the start with Northstar is going")
        self.story.members = [person async for person in self.clinic.adapter.people("", TEAM)]

    async def answer(self) -> None:
        await self.clinic.at("2027-03-01 17:05")
        await self.seen("pulse", "First day with Northstar")
        await self.page.get_by_role("radio").nth(2).check(force=True)
        await self.page.get_by_role("textbox", name="Anything else?").fill("The huddle helped.")
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await self.seen("thanks", "Thank you.")
        for name in STAFF:
            await self.press_for(name, "answer")
            await self.ground.repeat()
        await self.until(lambda: self.count(Response) == 1 + len(STAFF))
        with self.clinic.database.session() as session:
            self.story.rows["settled"] = list(session.exec(select(Invitation.disposition)))
        self.story.rows["responses"] = self.count(Response)
        await self.page.get_by_role("button", name="Ask something anonymously").last.wait_for()

    async def ask(self) -> None:
        """Under the first words of the bot, whose message stays as it is."""
        await self.page.get_by_role("button", name="Ask something anonymously").first.click()
        await self.page.get_by_role("textbox", name="Your question").fill(QUESTION)
        await self.seen("asking", "Please leave out names")
        await self.page.get_by_role("button", name="Show me how it will read").click()
        await self.seen("preview", "We took out what could name somebody")
        self.story.rows["preview"] = await self.page.get_by_role("textbox", name="Your question").input_value()
        await self.page.get_by_role("button", name="Send it anonymously").click()
        await self.seen("receipt", "keep these four words")
        self.story.rows["questions"] = self.count(Question)

    async def reply(self) -> None:
        await self.clinic.at("2027-03-02 08:05")
        await self.seen("digest", "Day 1.")
        await self.page.get_by_role("textbox", name="Your reply").fill(REPLY)
        await self.page.get_by_role("button", name="Reply and publish").click()
        await self.seen("replied", "Answered, for everybody")

    async def look_at_charts(self) -> None:
        way = Reference(CHAT, f"{self.ground.url}/_connector")
        await self.clinic.adapter.send(Address("teams", account(DANA), TENANT, str(way)), GALLERY["a digest"], key="d")
        await self.seen("charts", "Nursing has a gap on Wednesday")
        await self.page.locator("svg text").first.wait_for()
        self.story.rows["axes"] = await self.page.locator("svg text").all_text_contents()

    async def ask_where_others_listen(self) -> None:
        where = {"id": CHANNEL, "conversationType": "channel", "tenantId": TENANT}
        await self.ground.send("message", text="<at>Pulse</at> what about MISTER SECRET?", conversation=where)
        await self.until(lambda: any("our own chat" in json.dumps(message) for _, message in self.ground.messages))

    async def leave(self) -> None:
        self.story.messages = json.dumps(self.ground.messages)
        await self.ground.uninstall()
        await self.until(lambda: self.reachable() == len(STAFF))
        self.story.rows["left"] = self.reachable()

    async def press_for(self, name: str, verb: str) -> None:
        """Press a button as somebody's client would, the first choice of everything picked.

        The Playground shows nobody's chat but Dana's, so what stands in theirs is what the bot sent there.
        """
        cards = self.clinic.adapter._standing._screen(Address("teams", account(name), TENANT)).cards
        message_id, card = next((key, one) for key, one in cards.items() if verb in {a.name for a in one.actions})
        shown = to_adaptive(card)
        button = next(one for one in buttons(shown) if one["verb"] == verb)
        picked = {key: asked["choices"][0]["value"] for key, asked in inputs(shown).items() if "choices" in asked}
        action = {"type": "Action.Execute", "verb": verb, "data": button["data"] | picked}
        press = {"name": "adaptiveCard/action", "value": {"action": action}, "replyToId": message_id}
        await self.ground.send("invoke", sender=name, chat=self.chats[name], **press)

    async def seen(self, moment: str, words: str) -> None:
        await self.page.get_by_text(words).last.wait_for()
        self.story.screen[moment] = await self.page.inner_text("body")

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait for what another program does."""
        async with asyncio.timeout(30):
            while not so():  # noqa: ASYNC110  # another program, which gives no sign
                await asyncio.sleep(0.05)

    def reachable(self) -> int:
        with self.clinic.database.session() as session:
            return len([one for one in session.exec(select(Contact)) if one.reachable and one.conversation])

    def count(self, table: type[SQLModel]) -> int:
        with self.clinic.database.session() as session:
            return len(session.exec(select(table)).all())


async def tell(story: Story, folder: Path, *, keys: Keys, node_modules: Path, chromium: str) -> None:
    everybody = [(name, f"teams:{account(name)}") for name in (DANA, *STAFF)]
    golive = write_golive(folder, lead=f"teams:{account(DANA)}", people=everybody)
    database = Database(f"sqlite:///{folder / 'pulse.db'}", keys=keys)
    upgrade(database)
    clinic = TeamsClinic(database, golive)
    at = socket.create_server(("127.0.0.1", 0))
    bot = f"http://127.0.0.1:{at.getsockname()[1]}/api/messages"
    async with (
        clinic.served(at),
        playground(node_modules, folder, bot=bot) as ground,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": 1200, "height": 1400}, reduced_motion="reduce")
        page.set_default_timeout(30_000)
        await Player(story, clinic, ground, page).play()
        await browser.close()
    database.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, keys: Keys, node_modules: Path, chromium: str) -> Story:
    """Told once: a browser and a Playground take seconds to start."""
    story = Story()
    asyncio.run(tell(story, tmp_path_factory.mktemp("ground"), keys=keys, node_modules=node_modules, chromium=chromium))
    return story


def test_whoever_gets_the_app_is_greeted_in_their_own_chat(story: Story) -> None:
    assert "Nobody sees who said what, and we do not store it." in story.screen["hello"]


def test_a_team_lists_its_members_with_the_accounts_by_which_they_are_known(story: Story) -> None:
    assert {person.address.account: person.name for person in story.members} == {
        account(name): name for name in (DANA, *STAFF)
    }


def test_a_pulse_stands_in_the_chat_with_its_questions_its_buttons_and_who_sees_what(story: Story) -> None:
    seen = story.screen["pulse"]
    expected = (
        "Four quick ones",
        "1 – not at all",
        "Anything else?",
        "Ask something anonymously",
        "groups of 5 or more",
    )
    assert [words for words in expected if words not in seen] == []


def test_the_thank_you_takes_the_place_of_the_pulse(story: Story) -> None:
    assert "First day with Northstar" not in story.screen["thanks"]


def test_everybody_counts_once_however_often_they_press(story: Story) -> None:
    assert sorted(story.rows["settled"]) == [Disposition.COMPLETE] * len(STAFF) + [Disposition.PARTIAL]
    assert story.rows["responses"] == 1 + len(STAFF)


def test_a_question_is_asked_under_the_message_whose_button_was_pressed(story: Story) -> None:
    assert "This is where you hear how the start with Northstar is going" in story.screen["asking"]


def test_what_would_name_somebody_is_taken_out_before_it_is_kept(story: Story) -> None:
    assert story.rows["preview"] == "Who can merge two charts of [name]?"
    assert (story.rows["questions"], story.rows["preview"] in story.screen["digest"]) == (1, True)


def test_the_receipt_and_the_question_are_shown_and_kept_by_nobody(story: Story) -> None:
    [words] = re.findall(r"\w+ · \w+ · \w+ · \w+", story.screen["receipt"])
    kept = [text for text in (words, QUESTION) if text in story.messages]
    assert (kept, "First day with Northstar" in story.messages) == ([], True)


def test_the_lead_reads_the_question_and_the_digest_next_morning_and_replies_in_place(story: Story) -> None:
    assert "Somebody asked:" in story.screen["digest"]
    assert "Your reply: " + REPLY in story.screen["replied"]


def test_charts_are_drawn_by_the_client_with_their_titles_and_the_same_in_words(story: Story) -> None:
    seen = story.screen["charts"]
    assert [words for words in ("Readiness", "Front desk", "29 of 38 answered on Friday.") if words not in seen] == []
    assert {"3.9", "31", "4"} <= set(story.rows["axes"])  # the highest value of each


def test_whoever_asks_in_a_channel_is_shown_the_way_and_their_words_go_nowhere(story: Story) -> None:
    assert "our own chat" in story.messages
    assert "SECRET" not in story.messages


def test_whoever_takes_the_app_away_is_no_longer_reachable(story: Story) -> None:
    assert story.rows["left"] == len(STAFF)
