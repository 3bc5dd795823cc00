"""People in Slack, before the emulator: what they see after each press, where it stands, and what is never kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.chat import Action, Address, Card, Choice, Field, Incoming, Opened, Pressed, Reply, Said, Submitted
from adapters.slack.answering import Patience
from adapters.slack.words import ENGLISH
from tests.slack.desk import Desk, address, desk, words
from tests.slack.emulator import BOT, Emulator, Trouble

PULSE = Card(
    "Day 4 with Northstar.",
    fields=(Field("ease", "I got through my work.", (Choice("1", "no"), Choice("5", "yes"))),),
    actions=(Action("answer", "Send", submits=True, primary=True), Action("ask", "Ask something")),
    ref="pulse-1",
)
ASK = Card(
    "Ask anything.",
    fields=(Field("question", "Your question", optional=False, max_length=1000),),
    actions=(Action("ask-preview", "Show me", submits=True, primary=True),),
)
RECEIPT = Card(
    "Your four words: **maple · drift · seven · lantern**", actions=(Action("tell-me", "Tell me"),), ref="box"
)


def preview(text: str) -> Card:
    return Card(
        "This is how it will read.",
        fields=(Field("question", "Your question", optional=False, max_length=1000, value=text),),
        actions=(Action("ask-confirm", "Send it", submits=True, primary=True),),
    )


@dataclass
class Bot:
    """Plays the conversation; slow when told to."""

    came: list[Incoming] = field(default_factory=list)
    slow: asyncio.Event | None = None
    replies: Callable[[Incoming], Reply | None] | None = None

    async def __call__(self, incoming: Incoming) -> Reply | None:
        self.came.append(incoming)
        if self.slow is not None:
            await self.slow.wait()
        return (self.replies or self.usual)(incoming)

    @staticmethod
    def usual(incoming: Incoming) -> Reply | None:
        match incoming:
            case Pressed(action="ask"):
                reply = Reply(ASK)
            case Submitted(action="ask-preview", values=values):
                reply = Reply(preview("".join(values["question"])))
            case Submitted(action="ask-confirm"):
                reply = Reply(RECEIPT)
            case Submitted(action="answer"):
                reply = Reply(Card("Thank you."), replaces=True)
            case Opened():
                reply = Reply(Card("Next pulse: tomorrow.", actions=(Action("ask", "Ask something"),)))
            case Said():
                reply = Reply(Card("Write it here instead.", actions=(Action("ask", "Ask something"),)))
            case _:
                reply = Reply(Card("Noted."))
        return reply


@pytest.fixture
def ana(slack_people: Iterator[str]) -> str:
    return next(slack_people)


@pytest.fixture
async def bot() -> Bot:
    return Bot()


@pytest.fixture
async def at(slack: Emulator, bot: Bot) -> AsyncIterator[Desk]:
    async with desk(slack, patience=Patience(form=0.05, opening=0.1)) as people:
        running = asyncio.create_task(people.adapter.run(bot))
        await asyncio.sleep(0)
        yield people
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def modals(at: Desk, account: str) -> list[str]:
    """The modal that is open, as words."""
    return [str(view["blocks"]) for view in at.slack.modals[account][-1:]]


async def ask_something(at: Desk, ana: str) -> None:
    await at.submit(ana, {"question": ("Where do I record it?",)})
    await at.submit(ana, {"question": ("Where do I record it?",)})


async def test_an_answer_takes_the_place_of_the_pulse_and_opens_nothing(at: Desk, ana: str, bot: Bot) -> None:
    await at.adapter.send(address(ana), PULSE, key="wave-1")
    await at.press(ana, "answer", ref="pulse-1", values={"ease": ("5",)})
    assert await at.see(ana) == ["Thank you."]
    assert "views.open" not in at.slack.methods()


WAYS: dict[str, Callable[[Desk, str], Any]] = {
    "/ask": lambda at, ana: at.command(ana, "/ask"),
    "a shortcut": lambda at, ana: at.shortcut(ana, "ask"),
    "a button under a pulse": lambda at, ana: at.press(ana, "ask", ref="pulse-1"),
    "a button on the Home tab": lambda at, ana: at.press(ana, "ask", ref=""),
}


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_ask_leads_through_one_modal_to_the_receipt(at: Desk, ana: str, way: str) -> None:
    if way == "a button under a pulse":
        await at.adapter.send(address(ana), PULSE, key="wave-1")
    await at.open_home(ana)
    await WAYS[way](at, ana)
    assert "Ask anything." in modals(at, ana)[0]
    await ask_something(at, ana)
    assert "maple · drift · seven · lantern" in modals(at, ana)[0]


def typed_in(at: Desk, ana: str) -> str:
    """What stands in the field of the modal that is open."""
    [block] = [block for block in at.slack.modals[ana][-1]["blocks"] if block["type"] == "input"]
    return str(block["element"].get("initial_value", ""))


async def test_what_would_be_kept_is_shown_also_where_something_else_was_typed(at: Desk, ana: str, bot: Bot) -> None:
    bot.replies = lambda came: Reply(preview("[a name] asked.")) if isinstance(came, Submitted) else Reply(ASK)
    await at.command(ana, "/ask")
    for _ in range(2):
        await at.submit(ana, {"question": ("Ms Ruiz asked.",)})
        assert typed_in(at, ana) == "[a name] asked."


async def test_a_form_for_the_next_one_is_empty(at: Desk, ana: str, bot: Bot) -> None:
    bot.replies = lambda _: Reply(ASK)
    await at.command(ana, "/ask")
    await at.submit(ana, {"question": ("Ms Ruiz asked.",)})
    assert typed_in(at, ana) == ""


async def test_no_message_follows_a_question(at: Desk, ana: str) -> None:
    await at.adapter.send(address(ana), PULSE, key="wave-1")
    await at.press(ana, "ask", ref="pulse-1")
    await ask_something(at, ana)
    kept = str(await at.slack.messages(ana)) + str(at.slack.whispers[ana])
    assert "maple" not in kept
    assert "record" not in kept
    assert len(await at.slack.messages(ana)) == 1


async def test_a_receipt_can_be_pressed_where_it_stands(at: Desk, ana: str, bot: Bot) -> None:
    await at.command(ana, "/ask")
    await ask_something(at, ana)
    await at.press(ana, "tell-me", ref="box")
    assert "Noted." in modals(at, ana)[0]
    assert len(at.slack.modals[ana]) == 1


async def test_what_is_typed_behind_a_command_goes_no_further_than_the_bot(at: Desk, ana: str, bot: Bot) -> None:
    await at.command(ana, "/ask", "where is the ward list?")
    assert isinstance(bot.came[0], Said)
    assert "Write it here instead." in modals(at, ana)[0]
    assert not any("ward list" in str(call.arguments) for call in at.slack.calls)


async def test_a_typed_line_is_answered_by_a_message_that_only_its_writer_sees(at: Desk, ana: str) -> None:
    await at.say(ana, "where is the ward list?")
    [whisper] = at.slack.whispers[ana]
    assert whisper["text"].startswith("Write it here instead.")
    assert await at.slack.messages(ana) == []


async def test_pressing_in_such_a_message_opens_the_modal(at: Desk, ana: str) -> None:
    await at.say(ana, "where is the ward list?")
    await at.press(ana, "ask")
    assert "Ask anything." in modals(at, ana)[0]


async def test_a_reply_that_replaces_such_a_message_takes_its_place_and_that_of_the_message_it_speaks_of(
    at: Desk, ana: str, bot: Bot
) -> None:
    alert = Card("An alert.", actions=(Action("acknowledge", "I'm on it"),), ref="alert:7")
    await at.adapter.send(address(ana), alert, key="alert-7")
    bot.replies = lambda came: (
        Reply(alert) if isinstance(came, Said) else Reply(Card("You are on it.", ref="alert:7"), replaces=True)
    )
    await at.say(ana, "alerts")
    await at.press(ana, "acknowledge", ref="alert:7")
    assert await at.see(ana) == ["You are on it.", "You are on it."]


async def test_a_form_that_belongs_to_a_message_replaces_it_and_closes(at: Desk, ana: str, bot: Bot) -> None:
    question = Card("Somebody asked.", actions=(Action("aside", "Set aside"),), ref="question:1")
    why = Card("Why?", fields=(Field("why", "Why?"),), actions=(Action("go", "Go", submits=True),), ref="question:1")
    await at.adapter.send(address(ana), question, key="question-1")
    bot.replies = lambda came: (
        Reply(why) if isinstance(came, Pressed) else Reply(Card("Set aside.", ref="question:1"), replaces=True)
    )
    await at.press(ana, "aside", ref="question:1")
    await at.submit(ana, {"why": ("because",)})
    assert at.slack.modals[ana] == []
    assert await at.see(ana) == ["Set aside."]


async def test_a_form_that_speaks_of_something_else_leaves_the_message_alone(at: Desk, ana: str, bot: Bot) -> None:
    digest = Card("Day 6.", actions=(Action("alerts", "Open alerts"),), ref="digest")
    alert = Card("An alert.", actions=(Action("acknowledge", "I'm on it"),), ref="alert:7")
    await at.adapter.send(address(ana), digest, key="digest-6")
    bot.replies = lambda came: (
        Reply(alert)
        if isinstance(came, Pressed) and came.action == "alerts"
        else Reply(Card("You are on it.", ref="alert:7"), replaces=True)
    )
    await at.press(ana, "alerts", ref="digest")
    await at.press(ana, "acknowledge", ref="alert:7")
    assert await at.see(ana) == ["Day 6.\nOpen alerts", "You are on it."]


async def test_the_home_tab_shows_what_the_bot_says_and_is_brought_up_to_date(at: Desk, ana: str, bot: Bot) -> None:
    await at.open_home(ana)
    assert "Next pulse: tomorrow." in (await at.see(ana))[0]
    bot.replies = lambda came: Reply(Card("Paused.") if isinstance(came, Opened) else Card("No pulses for a while."))
    await at.press(ana, "ask")
    seen = await at.see(ana)
    assert [one.splitlines()[0] for one in seen] == ["No pulses for a while.", "Paused."]


async def test_somebody_who_waits_sees_that_it_arrived(at: Desk, ana: str, bot: Bot) -> None:
    bot.slow = asyncio.Event()
    pressing = asyncio.create_task(at.command(ana, "/ask"))
    await at.slack.opened.wait()
    assert ENGLISH.moment in modals(at, ana)[0]
    bot.slow.set()
    await pressing
    assert "Ask anything." in modals(at, ana)[0]


async def test_a_form_is_answered_before_the_bot_is_done(at: Desk, ana: str, bot: Bot) -> None:
    await at.command(ana, "/ask")
    bot.slow = asyncio.Event()
    answer = await at.post_payload(await at.submitting(ana, {"question": ("Where?",)}))
    assert answer.json()["response_action"] == "update"
    assert ENGLISH.moment in str(answer.json()["view"]["blocks"])
    bot.slow.set()
    await at.settled()
    assert "This is how it will read." in modals(at, ana)[0]


async def test_a_press_is_acknowledged_while_the_bot_hangs(at: Desk, ana: str, bot: Bot) -> None:
    await at.adapter.send(address(ana), PULSE, key="wave-1")
    bot.slow = asyncio.Event()
    answer = await at.post_payload(await at.pressing(ana, "answer", ref="pulse-1"))
    assert (answer.status_code, answer.content) == (200, b"")
    bot.slow.set()
    await at.settled()
    assert (await at.see(ana))[0] == "Thank you."


async def test_a_trigger_that_came_too_late_ends_in_a_message_that_only_they_see(at: Desk, ana: str) -> None:
    await at.adapter.send(address(ana), PULSE, key="wave-1")
    at.slack.fail("views.open", Trouble(error="expired_trigger_id"))
    await at.press(ana, "ask", ref="pulse-1")
    assert at.slack.whispers[ana][0]["text"].startswith("Ask anything.")


async def test_what_the_bot_itself_does_is_no_news(at: Desk, bot: Bot) -> None:
    await at.post_event({"type": "member_joined_channel", "user": BOT, "channel": "C1"})
    assert bot.came == []


REPEATED: dict[str, dict[str, Any]] = {
    "a line": {"type": "message", "channel_type": "im", "text": "help"},
    "the Home tab": {"type": "app_home_opened", "tab": "home"},
}


@pytest.mark.parametrize("kind", REPEATED)
async def test_what_slack_posts_again_changes_nothing(at: Desk, ana: str, bot: Bot, kind: str) -> None:
    channel = await at.slack.direct(ana)
    event = {**REPEATED[kind], "user": ana, "channel": channel}
    await at.post_event(event, once="Ev-again")
    calls = len(at.slack.calls)
    again = await at.post_event(event, once="Ev-again", headers={"X-Slack-Retry-Num": "1"})
    assert (again.status_code, len(bot.came), len(at.slack.calls)) == (200, 1, calls)


async def test_a_press_that_is_posted_again_changes_nothing(at: Desk, ana: str, bot: Bot) -> None:
    await at.adapter.send(address(ana), PULSE, key="wave-1")
    payload = await at.pressing(ana, "answer", ref="pulse-1", values={"ease": ("5",)})
    for _ in range(2):
        await at.post_payload(payload)
        await at.settled()
    assert len(bot.came) == 1


async def test_a_form_that_is_posted_again_gets_the_same_answer(at: Desk, ana: str) -> None:
    await at.command(ana, "/ask")
    payload = await at.submitting(ana, {"question": ("Where?",)})
    first, again = [(await at.post_payload(payload)).json()["view"] for _ in range(2)]
    assert words(first["blocks"], first) == words(again["blocks"], again)


async def test_while_nobody_listens_slack_is_asked_to_come_back(slack: Emulator, ana: str) -> None:
    async with desk(slack) as people:
        assert (await people.command(ana, "/ask")).status_code == 503


async def test_a_bot_that_breaks_is_heard_of_and_the_next_press_works(
    at: Desk, ana: str, bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_: Incoming) -> Reply:
        raise ZeroDivisionError

    bot.replies = breaks
    await at.command(ana, "/ask")
    bot.replies = None
    await at.command(ana, "/ask")
    assert "Ask anything." in modals(at, ana)[0]
    assert "ZeroDivisionError" in capsys.readouterr().out


async def test_the_sender_is_named_with_workspace(at: Desk, ana: str, bot: Bot) -> None:
    await at.say(ana, "help")
    assert bot.came[0].sender == Address("slack", ana, "T000000001")
