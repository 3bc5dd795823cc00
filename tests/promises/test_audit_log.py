"""Whoever can write to the database, but not to the key file, changes nothing in the audit log unnoticed.

To see it fail: take `bytes(before)` out of `bot.audit.chained`, the comparison with the end out of
`bot.anchor.what_is_wrong`, or the advisory lock out of `bot.audit.append` (PostgreSQL).
"""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.anchor import what_is_wrong
from bot.audit import ADMINISTRATOR, BEGINNING, About, Act, AuditEntry, append, chained, entries
from bot.storage.database import Database
from bot.storage.keys import draw_keys
from tests.promises.conftest import LEAD, Practice

FIELDS = ["at", "role", "actor", "act", "kind", "subject", "count", "mac"]


@pytest.fixture
def ten(database: Database, evening: datetime) -> Database:
    for n in range(10):
        with database.begin() as session:
            append(
                session, Act.LINK, About("contact", str(n)), by=ADMINISTRATOR, now=evening + timedelta(n), count=n + 1
            )
    return database


def wrong(database: Database) -> str:
    with database.session() as session:
        return what_is_wrong(session, database.ledger)


def tamper(database: Database, statement: str, **values: object) -> None:
    with database.begin() as session:
        session.execute(text(statement), values)


def test_an_untouched_log_is_whole(ten: Database) -> None:
    assert wrong(ten) == ""


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_named(ten: Database, field: str) -> None:
    """Its value is taken from the entry before, so that it is plausible."""
    if field in {"role", "act", "kind"}:
        tamper(ten, f"UPDATE audit SET {field} = 'bot' WHERE number = 4")
    elif field == "actor":
        tamper(ten, "UPDATE audit SET actor = 7 WHERE number = 4")
    else:
        tamper(ten, f"UPDATE audit SET {field} = (SELECT {field} FROM audit WHERE number = 3) WHERE number = 4")
    assert wrong(ten) == "Entry 4 of the audit log is not as it was written."


@pytest.mark.parametrize("number", [1, 5])
def test_a_missing_entry_is_named(ten: Database, number: int) -> None:
    tamper(ten, "DELETE FROM audit WHERE number = :number", number=number)
    assert f"Entry {number} of the audit log is missing" in wrong(ten)


def test_an_end_cut_off_is_noticed(ten: Database) -> None:
    tamper(ten, "DELETE FROM audit WHERE number > 8")
    assert wrong(ten) == "Entries 9 to 10 of the audit log are missing at its end."


def test_nothing_left_is_noticed(ten: Database) -> None:
    tamper(ten, "DELETE FROM audit")
    assert wrong(ten) == "Entries 1 to 10 of the audit log are missing at its end."


def test_an_end_cut_off_stays_noticed_when_the_log_grows_again(ten: Database, evening: datetime) -> None:
    tamper(ten, "DELETE FROM audit WHERE number > 8")
    for n in range(5):
        with ten.begin() as session:
            append(session, Act.LINK, About("contact", f"new {n}"), by=ADMINISTRATOR, now=evening)
    assert wrong(ten) == "Entry 10 of the audit log is not as it was written."


def test_without_the_key_nobody_can_write_the_chain_anew(ten: Database) -> None:
    forger = draw_keys().audit
    with ten.begin() as session:
        before = BEGINNING
        for entry in entries(session):
            entry.subject = "0"
            before = entry.mac = chained(forger, before, entry)
            session.add(entry)
    assert wrong(ten) == "Entry 1 of the audit log is not as it was written."


async def test_many_at_once_keep_one_chain(database: Database, evening: datetime) -> None:
    about = About("contact", "1")
    await asyncio.gather(
        *(database.transact(append, Act.LINK, about, by=ADMINISTRATOR, now=evening) for _ in range(40))
    )
    with database.session() as session:
        assert [entry.number for entry in entries(session)] == list(range(1, 41))
    assert wrong(database) == ""


async def test_what_was_taken_back_is_not_in_the_log(database: Database, evening: datetime) -> None:
    def breaks(session: Session) -> None:
        append(session, Act.LINK, About("contact"), by=ADMINISTRATOR, now=evening)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transact(breaks)
    with database.session() as session:
        assert entries(session) == []


async def test_nothing_about_anybody_who_answers_or_asks_enters_it(database: Database, practice: Practice) -> None:
    with database.session() as session:
        before = len(entries(session))
    for person in practice.staff[:3]:
        await practice.answer(person, remark="The printer is slow.")
        words = await practice.ask(person, "Where is the queue?")
        await practice.chat.submit(person, "find-words", values={"words": (words,)})
    for wish in ("pause", "stop", "start", "delete", "delete-confirm"):
        await practice.chat.press(practice.staff[4], wish)
    await practice.close()
    with database.session() as session:
        assert len(entries(session)) == before


async def test_what_a_lead_replies_to_is_in_it_without_a_word_of_it(database: Database, practice: Practice) -> None:
    for n in range(3):
        await practice.ask(practice.staff[n], f"Where is queue {'abc'[n]}?")
    await practice.close()
    card = next(card for card in practice.chat.cards(LEAD) if card.ref.startswith("question:"))
    await practice.chat.submit(LEAD, "reply", ref=card.ref, values={"reply": ("On the left.",)})
    with database.session() as session:
        last = session.exec(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.role, last.act, last.kind) == ("lead", Act.REPLIED, "question")
    assert "left" not in repr(last.model_dump())


def test_an_end_that_was_cut_off_cannot_be_put_back_over_what_came_since(ten: Database, evening: datetime) -> None:
    """Each entry alone is genuine; only the chain tells that they never stood side by side."""
    with ten.session() as session:
        old = [entry.model_dump() for entry in entries(session) if entry.number > 8]
    tamper(ten, "DELETE FROM audit WHERE number > 8")
    for n in range(5):
        with ten.begin() as session:
            append(session, Act.LINK, About("contact", f"new {n}"), by=ADMINISTRATOR, now=evening)
    tamper(ten, "DELETE FROM audit WHERE number IN (9, 10)")
    with ten.begin() as session:
        session.add_all([AuditEntry(**values) for values in old])
    assert wrong(ten) == "Entry 11 of the audit log is not as it was written."
