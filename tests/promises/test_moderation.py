"""A lead can set a question aside; its asker alone learns so and why, and nobody learns who asked or counted.

To see it fail: let `surveys.questions.set_aside` keep the published reply, let `waiting` list every state, or let
`bot.conversation.limits.DailyLimits.forget` leave the key as it was.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from adapters.chat import Address, Card
from bot.conversation.limits import ASK, DailyLimits
from bot.insight.digest import write_digest
from bot.storage.database import Database
from bot.texts import texts
from surveys import questions
from surveys.errors import NoSuchQuestion
from surveys.golives import GoLive
from surveys.questions import Question, QuestionState, Reason
from tests.promises.conftest import LEAD, Practice

WHERE = "Where is the refill queue?"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
Rows = Callable[[str], list[tuple[object, ...]]]


async def replied(practice: Practice, person: Address, action: str, *, ref: str = "", **values: str) -> Card:
    given = {name: (value,) for name, value in values.items()}
    reply = await practice.chat.submit(person, action, ref=ref, values=given)
    assert reply is not None
    return reply.card


async def waiting(practice: Practice, database: Database) -> tuple[str, str]:
    """A question that the lead has seen: its ref there, and the asker's words."""
    words = await practice.ask(practice.staff[0], WHERE)
    with database.begin() as session:
        (question,) = questions.release(session, session.exec(select(GoLive.id)).one() or 0, before=date.max)
    return f"question:{question.key}", words


async def test_the_lead_is_asked_why_before_anything_happens(practice: Practice, database: Database) -> None:
    ref, _ = await waiting(practice, database)
    card = await replied(practice, LEAD, "set-aside", ref=ref)
    assert [choice.value for choice in card.fields[0].choices] == ["names", "insult", "elsewhere"]
    assert card.ref == ref
    with database.session() as session:
        assert session.exec(select(Question.state)).one() == QuestionState.RELEASED


@pytest.mark.parametrize("reason", ["", "because", "NAMES", "x" * 5000])
async def test_a_reason_that_is_none_is_asked_for_again(practice: Practice, database: Database, reason: str) -> None:
    ref, _ = await waiting(practice, database)
    card = await replied(practice, LEAD, "set-aside", ref=ref, reason=reason)
    assert card.text == texts("en")("aside-intro")


@pytest.mark.parametrize("reason", Reason)
async def test_the_asker_reads_why_in_one_kind_sentence(practice: Practice, database: Database, reason: Reason) -> None:
    ref, words = await waiting(practice, database)
    await replied(practice, LEAD, "set-aside", ref=ref, reason=reason)
    found = await replied(practice, practice.staff[0], "find-words", words=words)
    assert texts("en")(f"find-aside-{reason}") in found.text
    assert found.text.endswith("You are welcome to ask again in other words: write “ask”.")
    assert [action.name for action in found.actions] == ["question-delete"]


async def test_what_is_set_aside_is_neither_counted_nor_shown(practice: Practice, database: Database) -> None:
    ref, _ = await waiting(practice, database)
    await replied(practice, LEAD, "set-aside", ref=ref, reason="insult")
    assert (await replied(practice, LEAD, "questions")).text == texts("en")("questions-none")
    assert WHERE not in (await replied(practice, practice.staff[3], "answers")).text
    with database.session() as session:
        golive = session.exec(select(GoLive)).one()
        digest = write_digest(session, golive, on=date(2027, 3, 2))
    assert "question" not in digest.text.lower()
    assert "questions" not in [action.name for action in digest.actions]


async def test_what_was_published_already_is_taken_back(practice: Practice, database: Database) -> None:
    ref, words = await waiting(practice, database)
    await replied(practice, LEAD, "reply", ref=ref, reply="On the left.")
    await replied(practice, LEAD, "set-aside", ref=ref, reason="names")
    assert WHERE not in (await replied(practice, practice.staff[3], "answers")).text
    assert "On the left." not in (await replied(practice, practice.staff[0], "find-words", words=words)).text


@pytest.mark.parametrize("action", ["reply", "set-aside"])
async def test_what_is_set_aside_stays_so(practice: Practice, database: Database, action: str) -> None:
    ref, _ = await waiting(practice, database)
    await replied(practice, LEAD, "set-aside", ref=ref, reason="insult")
    told = await replied(practice, LEAD, action, ref=ref, reason="names", reply="On the left.")
    assert told.text == texts("en")("question-gone")


@pytest.mark.parametrize("answer", ["solved", "not-solved"])
async def test_no_press_of_the_asker_brings_it_back(practice: Practice, database: Database, answer: str) -> None:
    ref, _ = await waiting(practice, database)
    await replied(practice, LEAD, "set-aside", ref=ref, reason="insult")
    with database.session() as session:
        mailbox = session.exec(select(Question.mailbox)).one()
    await practice.chat.press(practice.staff[0], answer, ref=mailbox)
    with database.session() as session:
        assert session.exec(select(Question.state)).one() == QuestionState.SET_ASIDE


async def test_a_question_that_nobody_has_seen_cannot_be_set_aside(practice: Practice, database: Database) -> None:
    await practice.ask(practice.staff[0], WHERE)
    with database.begin() as session:
        question = session.exec(select(Question)).one()
        with pytest.raises(NoSuchQuestion):
            questions.set_aside(
                session, question.key, golive_id=question.golive_id, reason=Reason.INSULT, today=date(2027, 3, 1)
            )


async def test_no_row_learns_who_asked_when_a_question_is_set_aside(
    practice: Practice, database: Database, rows_of: Rows
) -> None:
    ref, _ = await waiting(practice, database)
    await replied(practice, LEAD, "set-aside", ref=ref, reason="insult")
    rows = str(rows_of("question") + [row for row in rows_of("audit") if "question" in str(row)])
    assert practice.staff[0].account not in rows
    assert "lead" in rows  # who set it aside is written down


async def test_whoever_reached_the_limit_stands_nowhere_on_disk(
    practice: Practice, database: Database, rows_of: Rows
) -> None:
    """Eight questions, and one more that is refused: no table counts per person, in any form."""
    person = practice.staff[0]
    before = {table: rows_of(table) for table in ("contact", "participant", "delivery", "invitation", "chat_message")}
    for _ in range(ASK):
        await practice.chat.submit(person, "ask-confirm", values={"question": (WHERE,)})
    refused = await replied(practice, person, "ask-confirm", question=WHERE)
    assert refused.text == texts("en")("error-too-many")
    assert {table: rows_of(table) for table in before} == before
    assert len(rows_of("question")) == ASK


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_no_byte_of_the_database_stands_for_who_counted(
    practice: Practice, stolen: Callable[[], bytes], evening: datetime
) -> None:
    person = practice.staff[0]
    await practice.ask(person, WHERE)
    marks = [practice.bot.conversation._limits.mark(person, what, now=evening) for what in ("ask", "find")]
    raw = stolen()
    assert not [mark for mark in marks if mark in raw or mark.hex().encode() in raw]


def test_the_key_dies_at_midnight_although_nobody_comes() -> None:
    limits, ana = DailyLimits(), Address("memory", "ana")
    limits.count(ana, "ask", limit=1, now=NOON)
    key = limits._key
    limits.forget(NOON.replace(hour=23, minute=59))
    assert limits._key == key
    limits.forget(NOON + timedelta(hours=12))
    assert (limits._key != key, len(limits._counts)) == (True, 0)


async def test_the_clock_lets_the_key_die(practice: Practice, evening: datetime) -> None:
    limits = practice.bot.conversation._limits
    before = limits.mark(practice.staff[0], "ask", now=evening)
    practice.clock.set(evening + timedelta(days=1))
    await practice.bot.tick()
    assert limits.mark(practice.staff[0], "ask", now=evening + timedelta(days=1)) != before
