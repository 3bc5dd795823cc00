"""Logs hold nothing that a person wrote and nobody's account, even at DEBUG and from every library.

To see it fail: log `text=text` in `surveys.questions.ask`, or `account=contact.account` in `bot.delivery.drain`.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from adapters.chat import DeliveryError
from bot import logs
from tests.promises.conftest import LEAD, Practice

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
