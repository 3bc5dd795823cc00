"""What every chat platform keeps: an adapter joins by adding a Room, a way to look at it and to act in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

import httpx
import pytest
from fastapi import FastAPI

from adapters.chat import (
    Action,
    Address,
    Card,
    ChatAdapter,
    Choice,
    DeliveryError,
    Field,
    Incoming,
    Opened,
    Pressed,
    Reply,
    Said,
    Submitted,
)
from adapters.memory import MemoryAdapter
from adapters.web.adapter import WebAdapter
from adapters.web.links import enter_path
from adapters.web.transcript import MemoryTranscript
from tests.slack.desk import Desk, desk
from tests.slack.desk import address as slack_address
from tests.teams.people import TeamsPeople, teams_adapter
from tests.teams.service import BotService

Values = Mapping[str, tuple[str, ...]]

PULSE = Card(
    "Day 4 with Northstar.\n\nThree quick ones, then you're done.",
    fields=(
        Field("ease", "I got through my work.", tuple(Choice(str(n), str(n)) for n in range(1, 6))),
        Field(
            "route", "Did you go around it?", (Choice("paper", "Paper"), Choice("list", "My own list")), several=True
        ),
        Field("more", "Anything else?", hint="No patient details, please."),
    ),
    actions=(Action("send", "Send", submits=True, primary=True), Action("ask", "Ask something")),
    note="Your lead sees results for groups of 5 or more.",
    ref="pulse-1",
)


class Room(Protocol):
    """One platform with the people on it."""

    adapter: ChatAdapter

    def address(self, name: str) -> Address: ...

    async def see(self, who: Address) -> list[str]:
        """All that stands before this person, one text per card, as lines: text, labels, choices, buttons, note."""
        ...

    async def submit(self, who: Address, action: str, *, ref: str, values: Values) -> None: ...

    async def press(self, who: Address, action: str, *, ref: str) -> None: ...

    async def say(self, who: Address, text: str) -> None: ...


@dataclass
class Bot:
    """Remembers what came in, answers what it was told to answer."""

    came: list[Incoming] = field(default_factory=list)
    reply: Reply | None = None

    async def __call__(self, incoming: Incoming) -> Reply | None:
        if isinstance(incoming, Opened):
            return None
        self.came.append(incoming)
        return self.reply


class MemoryRoom:
    def __init__(self) -> None:
        self.adapter = MemoryAdapter()

    def address(self, name: str) -> Address:
        return Address("memory", name)

    async def see(self, who: Address) -> list[str]:
        return [self._lines(card) for card in (*self.adapter.cards(who), *self.adapter.replies(who))]

    async def submit(self, who: Address, action: str, *, ref: str, values: Values) -> None:
        await self.adapter.submit(who, action, ref=ref, values=values)

    async def press(self, who: Address, action: str, *, ref: str) -> None:
        await self.adapter.press(who, action, ref=ref)

    async def say(self, who: Address, text: str) -> None:
        await self.adapter.say(who, text)

    @staticmethod
    def _lines(card: Card) -> str:
        fields = [line for f in card.fields for line in (f.label, f.hint, *(c.label for c in f.choices))]
        return "\n".join([card.text, *fields, *(action.label for action in card.actions), card.note])


class WebRoom:
    def __init__(self) -> None:
        self.adapter = WebAdapter(transcript=MemoryTranscript(), secret=b"s" * 32, title="Pulse")
        self._app = FastAPI()
        self._app.include_router(self.adapter.routes())
        self._answers: dict[Address, str] = {}  #: the page that came back last: a reply stands nowhere else

    def address(self, name: str) -> Address:
        return Address("web", name)

    async def see(self, who: Address) -> list[str]:
        async with self._browser(who) as (_, page):
            return _Articles(self._answers.get(who, page)).texts

    async def submit(self, who: Address, action: str, *, ref: str, values: Values) -> None:
        await self._post(who, ref, {f"f.{name}": list(given) for name, given in values.items()} | {"submits": [action]})

    async def press(self, who: Address, action: str, *, ref: str) -> None:
        await self._post(who, ref, {"presses": [action]})

    async def say(self, who: Address, text: str) -> None:
        await self._post(who, "", {"says": ["1"], "text": [text]})

    async def _post(self, who: Address, ref: str, form: dict[str, list[str]]) -> None:
        async with self._browser(who) as (client, page):
            hidden = {name: [value] for name, value in _Articles(page).forms.get(ref, {}).items()}
            answer = await client.post("./", data=hidden | form, headers={"Sec-Fetch-Site": "same-origin"})
            self._answers[who] = answer.raise_for_status().text

    @asynccontextmanager
    async def _browser(self, who: Address) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", follow_redirects=True) as client:
            page = await client.get(enter_path(b"s" * 32, who.account))
            client.base_url = page.url
            yield client, page.raise_for_status().text


class _Articles(HTMLParser):
    """The texts of the cards on a page, and the hidden inputs of their forms by ref."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.forms: dict[str, dict[str, str]] = {}
        self._inside = False
        self._hidden: dict[str, str] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "article":
            self._inside = True
            self.texts.append("")
        elif tag == "p" and self._inside and self.texts[-1]:
            self.texts[-1] += "\n\n"
        elif tag == "form":
            self._hidden = {}
        elif given.get("type") == "hidden":
            self._hidden[given["name"]] = given["value"]
            if given["name"] == "ref":
                self.forms[given["value"]] = self._hidden

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data.strip("\n")


class SlackRoom:
    def __init__(self, desk: Desk, people: Iterator[str]) -> None:
        self.adapter = desk.adapter
        self._desk = desk
        self._people = people
        self._accounts: dict[str, str] = {}

    def address(self, name: str) -> Address:
        if name not in self._accounts:
            self._accounts[name] = next(self._people)
        return slack_address(self._accounts[name])

    async def see(self, who: Address) -> list[str]:
        return await self._desk.see(who.account)

    async def submit(self, who: Address, action: str, *, ref: str, values: Values) -> None:
        await self._desk.press(who.account, action, ref=ref, values=values)

    async def press(self, who: Address, action: str, *, ref: str) -> None:
        await self._desk.press(who.account, action, ref=ref)

    async def say(self, who: Address, text: str) -> None:
        await self._desk.say(who.account, text)


class TeamsRoom(TeamsPeople):
    async def submit(self, who: Address, action: str, *, ref: str, values: Values) -> None:
        await self.act(who, action, ref=ref, values=values)

    async def press(self, who: Address, action: str, *, ref: str) -> None:
        await self.act(who, action, ref=ref)


@pytest.fixture(params=["memory", "web", "slack", "teams"])
async def room(request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    if request.param == "slack":
        slack, people = (request.getfixturevalue(name) for name in ("slack", "slack_people"))
        async with desk(slack) as at:
            yield SlackRoom(at, people)
    elif request.param == "teams":
        async with BotService().running() as service:
            yield TeamsRoom(service, teams_adapter(service))
    else:
        yield {"memory": MemoryRoom, "web": WebRoom}[request.param]()


@pytest.fixture
async def bot(room: Room) -> AsyncIterator[Bot]:
    bot = Bot()
    running = asyncio.create_task(room.adapter.run(bot))
    await asyncio.sleep(0)
    yield bot
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def ana(room: Room) -> Address:
    return room.address("ana")


@pytest.fixture
def ben(room: Room) -> Address:
    return room.address("ben")


async def test_the_person_sees_the_whole_text_of_a_card(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    assert PULSE.text in (await room.see(ana))[0]


async def test_the_person_sees_every_label_choice_button_hint_and_note(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    [seen] = await room.see(ana)
    words = [w for f in PULSE.fields for w in (f.label, f.hint, *(c.label for c in f.choices))]
    assert [w for w in (*words, *(a.label for a in PULSE.actions), PULSE.note) if w not in seen] == []


async def test_cards_stand_in_the_order_in_which_they_were_sent(room: Room, bot: Bot, ana: Address) -> None:
    for text in ("first", "second", "third"):
        await room.adapter.send(ana, Card(text), key=text)
    assert [seen.strip() for seen in await room.see(ana)] == ["first", "second", "third"]


async def test_the_same_key_gives_the_same_message_and_no_second_one(room: Room, bot: Bot, ana: Address) -> None:
    first = await room.adapter.send(ana, PULSE, key="k")
    again = await room.adapter.send(ana, PULSE, key="k")
    assert (again, len(await room.see(ana))) == (first, 1)


async def test_a_key_belongs_to_one_address(room: Room, bot: Bot, ana: Address, ben: Address) -> None:
    assert await room.adapter.send(ana, PULSE, key="k") != await room.adapter.send(ben, PULSE, key="k")


async def test_a_message_is_found_by_its_key(room: Room, bot: Bot, ana: Address) -> None:
    sent = await room.adapter.send(ana, PULSE, key="k")
    assert await room.adapter.find(ana, key="k") == sent


async def test_a_message_that_was_never_sent_is_not_found(room: Room, bot: Bot, ana: Address, ben: Address) -> None:
    await room.adapter.send(ben, PULSE, key="k")
    try:
        assert await room.adapter.find(ana, key="k") is None
    except DeliveryError as error:
        if not error.unknown:  # which a platform says whose history cannot be read
            raise


async def test_a_replaced_message_stands_where_the_old_one_stood(room: Room, bot: Bot, ana: Address) -> None:
    sent = await room.adapter.send(ana, PULSE, key="k")
    await room.adapter.send(ana, Card("later"), key="later")
    await room.adapter.replace(ana, sent, Card("Thank you."))
    assert [seen.strip() for seen in await room.see(ana)] == ["Thank you.", "later"]


async def test_replacing_a_message_that_is_gone_leaves_it_gone(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.replace(ana, "999999", Card("Thank you."))
    assert await room.see(ana) == []


async def test_what_is_sent_in_reaches_the_bot_with_sender_action_ref_and_values(
    room: Room, bot: Bot, ana: Address
) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    values = {"ease": ("4",), "route": ("paper", "list"), "more": ("Fine.",)}
    await room.submit(ana, "send", ref="pulse-1", values=values)
    [came] = bot.came
    assert isinstance(came, Submitted)
    assert (came.sender, came.action, came.ref, dict(came.values)) == (ana, "send", "pulse-1", values)


async def test_a_press_reaches_the_bot_with_sender_action_and_ref(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    await room.press(ana, "ask", ref="pulse-1")
    [came] = bot.came
    assert came == Pressed(ana, came.id, "ask", "pulse-1")


async def test_a_line_reaches_the_bot_as_it_was_typed(room: Room, bot: Bot, ana: Address) -> None:
    await room.say(ana, "help, please")
    [came] = bot.came
    assert came == Said(ana, came.id, "help, please")


async def test_two_presses_have_two_ids(room: Room, bot: Bot, ana: Address) -> None:
    await room.say(ana, "help")
    await room.say(ana, "help")
    assert bot.came[0].id != bot.came[1].id


async def test_a_reply_is_seen_by_the_one_who_acted(room: Room, bot: Bot, ana: Address) -> None:
    bot.reply = Reply(Card("Four words: maple drift seven lantern"))
    await room.say(ana, "ask")
    assert any("maple drift seven lantern" in seen for seen in await room.see(ana))


async def test_a_reply_is_seen_by_nobody_else(room: Room, bot: Bot, ana: Address, ben: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    await room.adapter.send(ben, PULSE, key="k")
    bot.reply = Reply(Card("Four words: maple drift seven lantern"))
    await room.press(ana, "ask", ref="pulse-1")
    assert not any("maple" in seen for seen in await room.see(ben))


async def test_a_reply_that_replaces_takes_the_place_of_the_card(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    await room.submit(ana, "send", ref="pulse-1", values={"ease": ("4",)})
    assert [seen.strip() for seen in await room.see(ana)] == ["Thank you."]


async def test_a_reply_that_replaces_leaves_the_cards_of_others_alone(
    room: Room, bot: Bot, ana: Address, ben: Address
) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    await room.adapter.send(ben, PULSE, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    await room.submit(ana, "send", ref="pulse-1", values={"ease": ("4",)})
    assert "Day 4" in (await room.see(ben))[0]


async def test_a_reply_that_does_not_replace_leaves_the_card_standing(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    bot.reply = Reply(Card("The first one is still open."))
    await room.submit(ana, "send", ref="pulse-1", values={"more": ("typed",)})
    seen = await room.see(ana)
    assert ["Day 4" in seen[0], "still open" in seen[1]] == [True, True]


ODD = {
    "emoji": "Fine 👩🏽‍⚕️ 🎉",
    "right to left": "لا أعرف ما الذي يأتي أولاً",
    "HTML": '<script>alert("1")</script> <b>&amp;</b>',
    "template": "{{ 7 * 7 }} {% raw %}",
    "lines": "one\n\ntwo\nthree",
    "the form's own words": "a=1&b=2; c%20d+e",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
async def test_whatever_is_typed_arrives_as_typed(room: Room, bot: Bot, ana: Address, text: str) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    await room.submit(ana, "send", ref="pulse-1", values={"more": (text,)})
    [came] = bot.came
    assert isinstance(came, Submitted)
    assert came.values["more"] == (text,)


async def test_nul_is_dropped_from_what_is_typed(room: Room, bot: Bot, ana: Address) -> None:
    await room.adapter.send(ana, PULSE, key="k")
    await room.submit(ana, "send", ref="pulse-1", values={"more": ("be\0fore",)})
    [came] = bot.came
    assert isinstance(came, Submitted)
    assert came.values["more"] == ("before",)


@pytest.mark.parametrize("kind", ["emoji", "right to left", "HTML", "template"])
async def test_whatever_a_card_says_is_shown_and_never_interpreted(
    room: Room, bot: Bot, ana: Address, kind: str
) -> None:
    await room.adapter.send(ana, Card(ODD[kind]), key="k")
    assert [seen.strip() for seen in await room.see(ana)] == [ODD[kind]]


async def test_running_ends_when_it_is_cancelled(room: Room) -> None:
    async def listen(_: Incoming) -> Reply | None:
        return None

    running: asyncio.Task[None] = asyncio.create_task(room.adapter.run(listen))
    await asyncio.sleep(0)
    running.cancel()
    [ended] = await asyncio.gather(running, return_exceptions=True)
    assert isinstance(ended, asyncio.CancelledError)
