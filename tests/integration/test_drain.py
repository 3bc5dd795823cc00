"""Sending: once, to whoever is still to be asked, and what becomes of what could not be sent."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, col, func, select

from adapters.chat import Address, Card, DeliveryError
from adapters.memory import MemoryAdapter
from bot.application import COMPOSERS
from bot.delivery.contacts import Contact
from bot.delivery.drain import LONGEST_RETRY, LOOK_AFTER, Drain, back_off
from bot.delivery.letters import to_leads
from bot.delivery.outbox import LEASE, Delivery, DeliveryKind, DeliveryState, Line, claim
from bot.storage.database import Database
from surveys import roster
from surveys.golives import GoLive
from surveys.invitations import Disposition, Invitation, settle
from surveys.roster import Participant
from surveys.waves import Wave

TEMPORARY = DeliveryError("busy")
GONE = DeliveryError("account_gone", permanent=True)
LOST = DeliveryError("timed_out", unknown=True)
FIRST = Address("memory", "desk-1")
LEAD = Address("memory", "lead")


@pytest.fixture
def chat() -> MemoryAdapter:
    return MemoryAdapter()


@pytest.fixture
def drain(database: Database, chat: MemoryAdapter) -> Drain:
    return Drain(database, {"memory": chat}, composers=COMPOSERS)


@pytest.fixture
def one(database: Database, wave: Wave) -> str:
    """The invitation of Front desk 1, whose prompt is the only message left in the outbox."""
    with database.begin() as session:
        key = session.exec(select(Invitation.key).join(Participant).where(Participant.name == "Front desk 1")).one()
        for row in session.exec(select(Delivery).where(Delivery.subject != key)):
            session.delete(row)
        return key


@pytest.fixture
def digest(database: Database, golive: GoLive, evening: datetime) -> None:
    """One digest to each of the two leads, and nothing else."""
    with database.begin() as session:
        to_leads(session, golive, DeliveryKind.DIGEST, ["2027-03-01"], now=evening)


def row(database: Database) -> Delivery:
    with database.session() as session:
        return session.exec(select(Delivery).order_by(Delivery.id)).first()


def disposition(database: Database, key: str) -> str:
    with database.session() as session:
        return session.get_one(Invitation, key).disposition


def everybody(database: Database) -> list[Address]:
    with database.session() as session:
        rows = session.exec(select(Contact).where(Contact.participant_id.is_not(None)))
        return [contact.address for contact in rows]


async def test_everybody_gets_one_prompt(
    database: Database, wave: Wave, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    await drain.drain(evening)
    assert Counter(len(chat.cards(person)) for person in everybody(database)) == {1: 42}


async def test_what_left_is_counted(wave: Wave, drain: Drain, evening: datetime) -> None:
    assert [await drain.drain(evening), await drain.drain(evening)] == [42 + 2, 0]  # and a digest for either lead


async def test_two_that_drain_at_once_send_everything_once(
    database: Database, wave: Wave, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    other = Drain(database, {"memory": chat}, composers=COMPOSERS)
    counts = await asyncio.gather(drain.drain(evening), other.drain(evening))
    assert sum(counts) == 44


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """What the database was told since the test began."""
    told: list[str] = []

    def keep(*said: object) -> None:
        told.append(str(said[2]))

    event.listen(database.engine, "before_cursor_execute", keep)
    yield told
    event.remove(database.engine, "before_cursor_execute", keep)


async def test_a_batch_is_composed_and_written_down_as_one(
    wave: Wave, drain: Drain, evening: datetime, statements: list[str]
) -> None:
    """42 prompts and two digests: what is the same for all is read once, not once for each."""
    await drain.drain(evening)
    assert Counter(told.split()[0] for told in statements)["UPDATE"] <= 4  # expired, claimed, sent, and sent while busy
    assert len([told for told in statements if "invitation" in told]) <= 2
    assert len([told for told in statements if "FROM fielded" in told]) <= 5  # one for each group that is read together


async def test_a_mistake_in_the_code_forgets_nothing_that_has_left(
    database: Database, wave: Wave, evening: datetime
) -> None:
    class Mistaken(MemoryAdapter):
        async def send(self, to: Address, card: Card, *, key: str) -> str:
            if to == FIRST:
                raise ZeroDivisionError
            await asyncio.sleep(0)
            return await super().send(to, card, key=key)

    with pytest.raises(ZeroDivisionError):
        await Drain(database, {"memory": Mistaken()}, composers=COMPOSERS).drain(evening)
    with database.session() as session:
        states = Counter(session.exec(select(Delivery.state).where(Delivery.kind == DeliveryKind.PROMPT)))
    assert states == {DeliveryState.SENT: 41, DeliveryState.SENDING: 1}


async def test_a_slow_message_holds_up_nothing_that_is_there(database: Database, wave: Wave, evening: datetime) -> None:
    """What has arrived is written down while others are still on their way: a stop then leaves little in doubt."""

    def written_down(session: Session) -> int:
        return session.exec(select(func.count()).where(Delivery.state == DeliveryState.SENT)).one()

    class Slow(MemoryAdapter):
        async def send(self, to: Address, card: Card, *, key: str) -> str:
            while to == FIRST and await database.read(written_down) < 43:
                pass
            return await super().send(to, card, key=key)

    async with asyncio.timeout(20):
        assert await Drain(database, {"memory": Slow()}, composers=COMPOSERS).drain(evening) == 44


async def test_what_was_sent_keeps_its_message(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    sent = row(database)
    assert (sent.state, sent.message_id) == (DeliveryState.SENT, await chat.find(FIRST, key=sent.key))


async def test_what_failed_is_tried_again_later(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(TEMPORARY)
    await drain.drain(evening)
    failed = row(database)
    assert (failed.state, failed.reason) == (DeliveryState.PENDING, "busy")
    assert timedelta(seconds=20) < failed.due - evening < timedelta(seconds=40)


async def test_at_the_second_try_it_arrives(one: str, drain: Drain, chat: MemoryAdapter, evening: datetime) -> None:
    chat.fail(TEMPORARY)
    await drain.drain(evening)
    await drain.drain(evening + timedelta(minutes=1))
    assert len(chat.cards(FIRST)) == 1


async def test_the_platform_says_when_to_come_back(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(DeliveryError("rate_limited", retry_after=123))
    await drain.drain(evening)
    assert row(database).due - evening == timedelta(seconds=123)


@given(attempts=st.integers(1, 100_000))
def test_waiting_grows_to_an_hour_and_no_further(attempts: int) -> None:
    assert timedelta(seconds=20) < back_off(attempts) <= LONGEST_RETRY * 1.25


def test_waiting_doubles() -> None:
    """Jitter is a quarter either way, so two doublings always show."""
    waits = [back_off(attempts) for attempts in (1, 3, 5)]
    assert waits == sorted(waits)


async def test_a_retry_wakes_nobody(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(DeliveryError("rate_limited", retry_after=3600))
    await drain.drain(evening)
    await drain.drain(evening + timedelta(hours=2))  # 21:30 where this person lives
    assert chat.cards(FIRST) == ()
    assert row(database).due == datetime.fromisoformat("2027-03-02T07:00-05:00")


async def test_a_digest_that_was_held_up_wakes_no_lead(
    digest: None, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening + timedelta(hours=5))
    assert chat.cards(LEAD) == ()


async def test_an_address_that_is_gone_is_remembered(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(GONE)
    await drain.drain(evening)
    with database.session() as session:
        reachable = session.exec(select(Contact.reachable).where(Contact.account == "desk-1")).one()
    assert (row(database).state, row(database).reason, reachable) == (DeliveryState.FAILED, "account_gone", False)


async def test_who_cannot_be_reached_is_out_of_the_response_rate(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(GONE)
    await drain.drain(evening)
    assert disposition(database, one) == Disposition.UNREACHABLE


async def test_who_was_found_unreachable_before_is_out_of_the_response_rate_as_well(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    with database.begin() as session:
        session.exec(select(Contact).where(Contact.account == "desk-1")).one().reachable = False
    await drain.drain(evening)
    assert (disposition(database, one), chat.cards(FIRST)) == (Disposition.UNREACHABLE, ())


async def test_who_answered_before_the_address_was_gone_stays_counted(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    """A prompt that seemed to fail had arrived, was answered, and the account was closed before the next try."""

    class Answering(MemoryAdapter):
        async def send(self, to: Address, card: object, *, key: str) -> str:
            await database.transact(settle, one, Disposition.COMPLETE)
            raise GONE

    await Drain(database, {"memory": Answering()}, composers=COMPOSERS).drain(evening)
    assert disposition(database, one) == Disposition.COMPLETE


async def test_a_platform_that_is_not_set_up_reaches_nobody(database: Database, one: str, evening: datetime) -> None:
    await Drain(database, {}, composers=COMPOSERS).drain(evening)
    assert (row(database).reason, disposition(database, one)) == ("platform_not_configured", Disposition.UNREACHABLE)


async def test_a_platform_that_is_not_set_up_says_nothing_about_the_address(
    database: Database, one: str, evening: datetime
) -> None:
    await Drain(database, {}, composers=COMPOSERS).drain(evening)
    with database.session() as session:
        assert session.exec(select(Contact.reachable).where(Contact.account == "desk-1")).one()


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_prompt_that_may_have_arrived_is_not_sent_again(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime, *, arrives: bool
) -> None:
    chat.fail(LOST, arrives=arrives)
    for minutes in (0, 10, 60):
        await drain.drain(evening + timedelta(minutes=minutes))
    assert (row(database).state, len(chat.cards(FIRST))) == (DeliveryState.UNKNOWN, int(arrives))


async def test_a_digest_that_may_have_arrived_is_sent_again(
    digest: None, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(LOST)
    await drain.drain(evening)
    await drain.drain(evening + timedelta(minutes=1))
    assert len(chat.cards(LEAD)) == 1


async def test_what_is_too_late_is_not_sent(
    database: Database, one: str, wave: Wave, drain: Drain, chat: MemoryAdapter
) -> None:
    await drain.drain(wave.closes)
    assert (row(database).state, chat.cards(FIRST)) == (DeliveryState.EXPIRED, ())


WISHES: dict[str, Callable[[Session, int], None]] = {
    "opted_out": roster.opt_out,
    "paused": lambda session, person: roster.pause(session, person, until=date(2027, 3, 2)),
    "on_leave": lambda session, person: roster.take_leave(
        session, person, first=date(2027, 3, 1), last=date(2027, 3, 1)
    ),
    "gone": lambda session, person: setattr(session.get_one(Participant, person), "on_roster", False),
}


@pytest.fixture(params=list(WISHES))
def unwilling(request: pytest.FixtureRequest, database: Database, one: str) -> None:
    """Front desk 1 does not want to be asked any more, after the invitation and before the prompt."""
    with database.begin() as session:
        WISHES[request.param](session, session.get_one(Invitation, one).participant_id)


@pytest.mark.usefixtures("unwilling")
async def test_who_is_not_to_be_asked_any_more_gets_nothing(
    database: Database, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    assert (row(database).state, chat.cards(FIRST)) == (DeliveryState.EXPIRED, ())


@pytest.mark.usefixtures("unwilling")
async def test_who_was_never_asked_is_not_counted_as_silent(
    database: Database, one: str, drain: Drain, evening: datetime
) -> None:
    await drain.drain(evening)
    assert disposition(database, one) == Disposition.UNREACHABLE


async def test_who_has_answered_already_gets_no_prompt(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    with database.begin() as session:
        settle(session, one, Disposition.COMPLETE)
    await drain.drain(evening)
    assert (disposition(database, one), chat.cards(FIRST)) == (Disposition.COMPLETE, ())


async def test_what_is_not_wanted_any_more_holds_nothing_up(
    database: Database, wave: Wave, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    """More than one whole batch of unwanted messages stands before the digests in the queue."""
    with database.begin() as session:
        for person in session.exec(select(Participant)):
            person.opted_out = True
        digests = session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.DIGEST)).all()
        prompt = session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.PROMPT)).first()
        for n in range(60):
            copy = prompt.model_dump(exclude={"id"}) | {"key": f"more {n}"}
            session.add(Delivery(**copy))
        for delivery in digests:
            delivery.due = evening
    assert await drain.drain(evening) == 2


async def stop_between(database: Database, evening: datetime, *, arrived: MemoryAdapter | None) -> None:
    """The bot is stopped when a message has been claimed; with `arrived`, when it has been handed over as well."""
    with database.begin() as session:
        ((delivery, contact),) = claim(session, now=evening, limit=1, line=Line(1, "memory", ""))
    if arrived is not None:
        with database.session() as session:
            cards = COMPOSERS[delivery.kind](session, [(delivery, contact)], evening)
        await arrived.send(contact.address, cards[delivery.id], key=delivery.key)


async def test_after_a_stop_what_had_arrived_counts_as_sent(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await stop_between(database, evening, arrived=chat)
    await drain.recover(evening)
    await drain.drain(evening)
    assert (row(database).state, len(chat.cards(FIRST))) == (DeliveryState.SENT, 1)


async def test_after_a_stop_what_had_not_arrived_is_sent(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await stop_between(database, evening, arrived=None)
    await drain.recover(evening + LEASE)
    await drain.drain(evening + LEASE)
    assert len(chat.cards(FIRST)) == 1


async def test_what_a_platform_shows_late_is_not_sent_again_meanwhile(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await stop_between(database, evening, arrived=None)
    await drain.recover(evening + LOOK_AFTER / 2)
    await drain.drain(evening + LOOK_AFTER / 2)
    assert (row(database).state, chat.cards(FIRST)) == (DeliveryState.SENDING, ())


async def test_a_prompt_whose_connection_broke_is_looked_up_and_not_sent_twice(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(DeliveryError("dropped", unknown=True), arrives=True)
    await drain.drain(evening)
    assert row(database).state == DeliveryState.UNKNOWN
    await drain.recover(evening + LEASE, leased=True)
    await drain.drain(evening + LEASE)
    assert (row(database).state, len(chat.cards(FIRST))) == (DeliveryState.SENT, 1)


async def test_a_prompt_that_a_broken_connection_swallowed_is_sent_after_a_look(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(DeliveryError("dropped", unknown=True))
    await drain.drain(evening)
    await drain.recover(evening + LEASE, leased=True)
    await drain.drain(evening + LEASE)
    assert (row(database).state, len(chat.cards(FIRST))) == (DeliveryState.SENT, 1)


async def test_a_machine_that_stood_still_sends_nothing_that_another_may_have_taken_over(
    database: Database, one: str, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    batch = await database.transact(drain._claim_and_compose, Line(1, "memory", ""), now=evening)
    late = [replace(outgoing, until=time.monotonic() - 1) for outgoing in batch]
    assert await drain._send_all(late, now=evening) == 0
    assert (row(database).state, chat.cards(FIRST)) == (DeliveryState.SENDING, ())


class Stuck(MemoryAdapter):
    """A platform that takes no message until it is let go."""

    platform: ClassVar[str] = "stuck"

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        await self.open.wait()
        return await super().send(to, card, key=key)


async def test_a_platform_that_is_stuck_holds_up_no_other(
    database: Database, wave: Wave, chat: MemoryAdapter, evening: datetime
) -> None:
    stuck = Stuck()
    with database.begin() as session:
        for contact in list(session.exec(select(Contact).where(col(Contact.participant_id).is_not(None))))[:5]:
            contact.platform = "stuck"
    draining = asyncio.create_task(
        Drain(database, {"memory": chat, "stuck": stuck}, composers=COMPOSERS).drain(evening)
    )
    for _ in range(3000):
        if sum(len(chat.cards(person)) for person in everybody(database)) >= 37:
            break
        await asyncio.sleep(0.01)
    assert not draining.done()
    stuck.open.set()
    assert await draining >= 42


class Unreadable(MemoryAdapter):
    """A platform whose history cannot be read."""

    async def find(self, to: Address, *, key: str) -> str | None:
        raise DeliveryError("no_history", unknown=True)


async def test_where_history_cannot_be_read_a_prompt_counts_as_sent(
    database: Database, one: str, evening: datetime
) -> None:
    chat = Unreadable()
    drain = Drain(database, {"memory": chat}, composers=COMPOSERS)
    await stop_between(database, evening, arrived=chat)
    await drain.recover(evening)
    await drain.drain(evening)
    assert (row(database).state, len(chat.cards(FIRST))) == (DeliveryState.UNKNOWN, 1)


async def test_where_history_cannot_be_read_a_digest_is_sent_again(
    database: Database, digest: None, evening: datetime
) -> None:
    chat = Unreadable()
    drain = Drain(database, {"memory": chat}, composers=COMPOSERS)
    await stop_between(database, evening, arrived=None)
    await drain.recover(evening)
    await drain.drain(evening)
    assert len(chat.cards(LEAD)) == 1


async def test_recovering_without_the_platform_keeps_a_prompt_from_being_sent_twice(
    database: Database, one: str, evening: datetime
) -> None:
    await stop_between(database, evening, arrived=None)
    await Drain(database, {}, composers=COMPOSERS).recover(evening + LEASE)
    assert row(database).state == DeliveryState.UNKNOWN


@pytest.fixture
def reminded(database: Database, golive: GoLive, wave: Wave) -> datetime:
    """The first day's pulse as one that stays open for two days and reminds; the moment of its reminders."""
    morning = datetime.fromisoformat("2027-03-02T10:00-05:00")
    with database.begin() as session:
        row = session.get_one(Wave, wave.id)
        row.reminder, row.closes = True, morning + timedelta(days=1)
        for prompt in session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.PROMPT)):
            prompt.expires = row.closes
            copy = prompt.model_dump(exclude={"id"}) | {
                "key": prompt.key.replace(":prompt", ":reminder"), "kind": DeliveryKind.REMINDER, "due": morning
            }  # fmt: skip
            session.add(Delivery(**copy))
    return morning


def settle_first(database: Database) -> None:
    with database.begin() as session:
        key = session.exec(select(Invitation.key).join(Participant).where(Participant.name == "Front desk 1")).one()
        settle(session, key, Disposition.COMPLETE)


async def test_one_reminder_comes_and_no_second(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    for now in (evening, reminded, reminded + timedelta(hours=2), reminded + timedelta(hours=20)):
        await drain.drain(now)
    assert Counter(len(chat.cards(person)) for person in everybody(database)) == {2: 42}


async def test_who_has_answered_is_not_reminded(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    settle_first(database)
    await drain.drain(reminded)
    assert len(chat.cards(FIRST)) == 1


async def test_where_all_are_reminded_nobody_can_tell_who_has_answered(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    with database.begin() as session:
        session.exec(select(GoLive)).one().reminder = "everybody"
    await drain.drain(evening)
    settle_first(database)
    await drain.drain(reminded)
    assert Counter(len(chat.cards(person)) for person in everybody(database)) == {2: 42}


async def test_a_reminder_covers_a_prompt_that_may_not_have_arrived(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    chat.fail(LOST)
    await drain.drain(evening)
    await drain.drain(reminded)
    counts = Counter(len(chat.cards(person)) for person in everybody(database))
    assert counts == {2: 41, 1: 1}


async def test_a_failing_reminder_does_not_take_a_person_out_of_the_rate(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    chat.fail(GONE, times=42)
    await drain.drain(reminded)
    with database.session() as session:
        gone = select(func.count()).where(Invitation.disposition == Disposition.UNREACHABLE)
        assert session.exec(gone).one() == 0


async def test_nobody_is_reminded_of_a_pulse_on_leave_since(
    database: Database, reminded: datetime, drain: Drain, chat: MemoryAdapter, evening: datetime
) -> None:
    await drain.drain(evening)
    with database.begin() as session:
        person = session.exec(select(Participant.id).where(Participant.name == "Front desk 1")).one()
        roster.take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 5))
    await drain.drain(reminded)
    assert len(chat.cards(FIRST)) == 1
