"""Logs hold nothing that a person wrote and nobody's account, even at DEBUG and from every library.

To see it fail: log `text=text` in `surveys.questions.ask`, or `account=contact.account` in `bot.delivery.drain`.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import pytest
import structlog

from adapters.chat import Action, Card, DeliveryError, Field, Incoming, Reply
from bot import logs
from tests.promises.conftest import LEAD, Practice
from tests.slack.desk import address, desk
from tests.slack.emulator import TOKEN, Emulator, Trouble

TYPED = ("purple stapler", "crimson cupboard", "turquoise curtain", "vermilion", "lantern", "A second?")
LIBRARIES = ("uvicorn", "uvicorn.access", "uvicorn.error", "sqlalchemy.engine", "apscheduler", "asyncio", "alembic")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything at DEBUG, as an operator looking for a mistake would set it; put back afterwards."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in {*LIBRARIES, *logs.QUIET})]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    written = StringIO()
    logs.configure("debug", stream=written)
    yield written
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers = handlers
    structlog.reset_defaults()


@pytest.fixture
async def whole_loop(log: StringIO, practice: Practice) -> str:
    """Prompt, answer with a remark, question, reply, find, wishes, a failed delivery, digest: and what was logged."""
    people, chat = practice.staff, practice.chat
    prompt = practice.prompt(people[0])
    await practice.send(people[0], prompt, remark="The crimson cupboard jams.")
    await practice.send(people[0], prompt, remark="Again, vermilion.")
    words = await practice.ask(people[1], "Where did the purple stapler go?")
    await practice.ask(people[2], "A second?")
    await practice.ask(people[3], "A third?")
    await chat.say(people[4], "vermilion is what I call it")
    await chat.submit(people[4], "pause", values={"pause": ("week",)})
    await chat.submit(people[5], "leave", values={"first": ("vermilion",), "last": ("2027-03-09",)})
    await chat.press(people[6], "stop")
    chat.fail(DeliveryError("account_gone", permanent=True))
    chat.fail(DeliveryError("busy"))
    await practice.close()
    await practice.bot.tick()
    for card in chat.cards(LEAD):
        if "purple stapler" in card.text:
            await chat.submit(LEAD, "reply", ref=card.ref, values={"reply": ("Behind the turquoise curtain.",)})
    await chat.submit(people[9], "find-words", values={"words": (words,)})
    await chat.submit(people[9], "find-words", values={"words": ("maple drift seven lantern",)})
    await asyncio.to_thread(logging.getLogger("uvicorn.access").info, "GET /enter/vermilion")
    return log.getvalue()


async def test_something_was_logged(whole_loop: str) -> None:
    assert '"delivered"' in whole_loop or '"not delivered"' in whole_loop


async def test_nothing_that_was_typed_is_in_the_log(whole_loop: str) -> None:
    assert [typed for typed in TYPED if typed in whole_loop] == []


async def test_nobodys_account_is_in_the_log(whole_loop: str, practice: Practice) -> None:
    words = set(re.findall(r"[\w-]+", whole_loop))
    assert words & {person.account for person in practice.staff} == set()


async def test_nobodys_name_is_in_the_log(whole_loop: str) -> None:
    assert not [name for name in ("Front desk 1", "Nurse", "Clinician") if name in whole_loop]


async def test_in_slack_neither_accounts_nor_words_nor_tokens_are_in_the_log(
    log: StringIO, slack: Emulator, slack_people: Iterator[str]
) -> None:
    """Bolt and Slack's SDK would log whole payloads at DEBUG, and headers with tokens."""
    ana, ben = next(slack_people), next(slack_people)
    card = Card(
        "A pulse.", fields=(Field("more", "More?"),), actions=(Action("answer", "Send", submits=True),), ref="p"
    )

    async def listen(incoming: Incoming) -> Reply:
        if incoming.sender.account == ben:
            raise ValueError(f"vermilion broke for {incoming.sender}")
        return Reply(card)

    async with desk(slack) as at:
        running = asyncio.create_task(at.adapter.run(listen))
        await asyncio.sleep(0)
        await at.adapter.send(address(ana), card, key="wave-1")
        await at.press(ana, "answer", ref="p", values={"more": ("The crimson cupboard jams.",)})
        await at.submit(ana, {"more": ("A purple stapler.",)})
        await at.command(ana, "/ask", "vermilion?")
        await at.say(ana, "turquoise curtain")
        await at.say(ben, "turquoise curtain")
        await at.open_home(ana)
        at.slack.fail("chat.postMessage", Trouble(error="user_not_found"), Trouble(drops=True))
        for key in ("wave-2", "wave-3"):
            with suppress(DeliveryError):
                await at.adapter.send(address(ana), card, key=key)
        await at.post("vermilion", "application/json", {"X-Slack-Signature": "v0=vermilion"})
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    written = log.getvalue()
    assert "listener broke" in written
    assert [word for word in (ana, ben, TOKEN, "wave-", *TYPED) if word in written] == []
