"""Whoever wishes to be told of a reply is told, and no row ever leads from a question to them or from them to it.

To see it fail: let `surveys.return_addresses.rewrite` skip the questions that do not change, let `announce` take the
question's key as the subject of its delivery, or leave `others` out of `surveys.return_addresses.due`.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from adapters.chat import Address, Card
from bot.clock import local_date
from bot.delivery.contacts import Contact
from bot.delivery.notices import announce, mark_of
from bot.delivery.outbox import Delivery, DeliveryKind
from bot.storage.database import Database
from surveys import questions, return_addresses
from surveys.errors import NoSuchQuestion
from surveys.golives import GoLive
from surveys.questions import Question, Reason
from surveys.receipts import Receipt
from surveys.roster import Participant
from surveys.secrecy import reveal
from tests.promises.conftest import LEAD, Practice

NEW_YORK = ZoneInfo("America/New_York")
NOTICE = "A question has a reply. Write “find” and your four words."
MONDAY = date(2027, 3, 1)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
ANA, BEN = mark_of(Address("memory", "ana")), mark_of(Address("memory", "ben"))
PUBLIC_KEY = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")  # of RFC 7748

Rows = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def five(database: Database, golive: GoLive) -> list[str]:
    """Five questions of one day that the lead has seen; their mailboxes."""
    mailboxes = [f"mailbox {n}" for n in range(5)]
    with database.begin() as session:
        for mailbox in mailboxes:
            receipt = Receipt(("a", "b", "c", "d"), mailbox, PUBLIC_KEY)
            questions.ask(session, golive_id=golive.id, text="Where?", receipt=receipt, today=MONDAY)
        questions.release(session, golive.id)
    return mailboxes


def wish(database: Database, mailbox: str, *, to: str = ANA) -> None:
    with database.begin() as session:
        return_addresses.wish(session, mailbox, to=to)


def answered(database: Database, golive: GoLive, mailboxes: list[str], *, on: date) -> None:
    with database.begin() as session:
        for mailbox in mailboxes:
            key = kept(session)[mailbox].key
            questions.reply(session, key, golive_id=golive.id, text="There.", today=on)


def due(database: Database, golive: GoLive, *, today: date) -> list[str]:
    with database.begin() as session:
        return return_addresses.due(session, golive.id, today=today)


def kept(session: Session) -> dict[str, Question]:
    return {row.mailbox: row for row in session.exec(select(Question))}


def stored(database: Database) -> dict[str, bytes]:
    with database.session() as session:
        return {mailbox: bytes(row.return_address) for mailbox, row in kept(session).items()}


def test_a_wish_makes_no_row_longer(database: Database, five: list[str]) -> None:
    before = {len(address) for address in stored(database).values()}
    wish(database, five[2])
    after = {len(address) for address in stored(database).values()}
    assert (len(before), after) == (1, before)


def test_a_wish_changes_every_row_as_much_as_its_own(database: Database, five: list[str]) -> None:
    before = stored(database)
    wish(database, five[2])
    after = stored(database)
    assert [mailbox for mailbox in five if after[mailbox] == before[mailbox]] == []


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_no_transaction_number_tells_whose_wish_it_was(database: Database, five: list[str], rows_of: Rows) -> None:
    for mailbox in five[1:3]:
        wish(database, mailbox)
        with database.engine.connect() as connection:
            numbers = connection.exec_driver_sql("SELECT xmin::text FROM question").all()
        assert len(set(numbers)) == 1


@pytest.mark.parametrize("change", ["used", "deleted wish"])
def test_a_blank_that_was_a_wish_looks_like_any_other(
    database: Database, golive: GoLive, five: list[str], change: str
) -> None:
    wish(database, five[0])
    length = {len(address) for address in stored(database).values()}
    if change == "used":
        answered(database, golive, five[:3], on=MONDAY)
        assert due(database, golive, today=TUESDAY) == [ANA]
    else:
        with database.begin() as session:
            return_addresses.forget(session, golive.id, to=ANA)
    with database.session() as session:
        assert {reveal(session, row.return_address) for row in kept(session).values()} == {""}
    assert {len(address) for address in stored(database).values()} == length


def test_what_stands_for_an_address_is_as_long_as_any_other() -> None:
    accounts = ["a", "desk-1", "U02" * 30, "29:1-very-long-teams-id" * 20]
    assert {len(mark_of(Address("teams", account, "tenant"))) for account in accounts} == {return_addresses.LENGTH}


def test_without_the_keys_nobody_finds_an_address(database: Database, five: list[str], rows_of: Rows) -> None:
    wish(database, five[0])
    assert ANA not in str(rows_of("question"))
    assert ANA.encode() not in b"".join(stored(database).values())


def test_nothing_is_announced_on_the_day_of_the_reply(database: Database, golive: GoLive, five: list[str]) -> None:
    wish(database, five[0])
    answered(database, golive, five, on=MONDAY)
    assert due(database, golive, today=MONDAY) == []


def test_a_reply_is_announced_once(database: Database, golive: GoLive, five: list[str]) -> None:
    wish(database, five[0])
    answered(database, golive, five, on=MONDAY)
    assert [due(database, golive, today=TUESDAY), due(database, golive, today=WEDNESDAY)] == [[ANA], []]


def test_the_only_reply_waits_for_others(database: Database, golive: GoLive, five: list[str]) -> None:
    """Else whoever reads the outbox on that morning would know whose question it was."""
    wish(database, five[0])
    answered(database, golive, five[:2], on=MONDAY)
    assert due(database, golive, today=TUESDAY) == []
    answered(database, golive, five[2:3], on=TUESDAY)
    assert due(database, golive, today=WEDNESDAY) == [ANA]


def test_the_only_reply_does_not_wait_for_ever(database: Database, golive: GoLive, five: list[str]) -> None:
    wish(database, five[0])
    answered(database, golive, five[:1], on=MONDAY)
    assert [due(database, golive, today=WEDNESDAY), due(database, golive, today=THURSDAY)] == [[], [ANA]]


def test_those_who_did_not_wish_so_count_as_others(database: Database, golive: GoLive, five: list[str]) -> None:
    answered(database, golive, five, on=MONDAY)
    assert due(database, golive, today=THURSDAY) == []


def test_wishes_leave_in_an_order_that_is_not_theirs(database: Database, golive: GoLive, five: list[str]) -> None:
    marks = [mark_of(Address("memory", name)) for name in ("a", "b", "c", "d", "e")]
    for mailbox, mark in zip(five, marks, strict=True):
        wish(database, mailbox, to=mark)
    answered(database, golive, five, on=MONDAY)
    assert due(database, golive, today=TUESDAY) == sorted(marks)


def test_a_question_that_is_set_aside_is_announced_like_a_reply(
    database: Database, golive: GoLive, five: list[str]
) -> None:
    wish(database, five[0])
    with database.begin() as session:
        key = kept(session)[five[0]].key
        questions.set_aside(session, key, golive_id=golive.id, reason=Reason.INSULT, today=MONDAY)
    assert due(database, golive, today=THURSDAY) == [ANA]


@pytest.mark.parametrize("mailbox", ["set aside", "unknown"])
def test_a_wish_for_what_waits_no_more_is_refused(
    database: Database, golive: GoLive, five: list[str], mailbox: str
) -> None:
    with database.begin() as session:
        key = kept(session)[five[0]].key
        questions.set_aside(session, key, golive_id=golive.id, reason=Reason.INSULT, today=MONDAY)
    with pytest.raises(NoSuchQuestion):
        wish(database, five[0] if mailbox == "set aside" else mailbox)


def test_a_wish_that_is_taken_back_by_a_stranger_stays(database: Database, golive: GoLive, five: list[str]) -> None:
    wish(database, five[0])
    before = stored(database)
    with database.begin() as session:
        return_addresses.forget(session, golive.id, to=BEN)
    assert stored(database) == before


def test_a_question_from_before_there_were_wishes_is_filled_up(
    database: Database, five: list[str], golive: GoLive
) -> None:
    with database.begin() as session:
        kept(session)[five[4]].return_address = b""
    wish(database, five[0])
    assert len({len(address) for address in stored(database).values()}) == 1


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("America/New_York", datetime(2027, 3, 2, 7, 30, tzinfo=NEW_YORK)),
        ("America/Los_Angeles", datetime(2027, 3, 2, 7, 30, tzinfo=ZoneInfo("America/Los_Angeles"))),
        ("Europe/Zurich", datetime(2027, 3, 3, 7, 30, tzinfo=ZoneInfo("Europe/Zurich"))),
    ],
)
def test_a_notice_leaves_at_the_digests_hour_where_the_person_is(
    database: Database, golive: GoLive, five: list[str], zone: str, hour: datetime
) -> None:
    with database.begin() as session:
        person = session.exec(select(Participant)).first()
        assert person is not None
        person.timezone = zone
        contact = session.exec(select(Contact).where(Contact.participant_id == person.id)).one()
        address = contact.address
    wish(database, five[0], to=mark_of(address))
    answered(database, golive, five, on=MONDAY)
    morning = datetime(2027, 3, 2, 7, 30, 20, tzinfo=NEW_YORK)
    with database.begin() as session:
        announce(session, golive, since=morning - timedelta(minutes=1), now=morning)
        rows = list(session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.NOTICE)))
    assert [row.due for row in rows] == [hour]


def test_a_lead_who_asked_is_told_in_the_zone_of_the_golive(
    database: Database, golive: GoLive, five: list[str]
) -> None:
    wish(database, five[0], to=mark_of(LEAD))
    answered(database, golive, five, on=MONDAY)
    morning = datetime(2027, 3, 2, 7, 30, tzinfo=NEW_YORK)
    with database.begin() as session:
        announce(session, golive, since=morning - timedelta(minutes=1), now=morning)
        assert [row.due for row in session.exec(select(Delivery))] == [morning]


def notices(practice: Practice, person: Address) -> list[Card]:
    return [card for card in practice.chat.cards(person) if card.text == NOTICE]


async def asked(practice: Practice, person: Address, text: str) -> Card:
    """Ask, and the card with the receipt."""
    receipt = await practice.chat.submit(person, "ask-confirm", values={"question": (text,)})
    assert receipt is not None
    return receipt.card


@pytest.fixture
async def wished(practice: Practice) -> Practice:
    """Three asked, the first wishes to be told; the lead has replied to all three before noon on Tuesday."""
    cards = [await asked(practice, person, f"Question {n}?") for n, person in enumerate(practice.staff[:3])]
    await practice.chat.press(practice.staff[0], "tell-me", ref=cards[0].ref)
    await at(practice, "2027-03-02 07:30")
    for card in practice.chat.cards(LEAD):
        if card.ref.startswith("question:"):
            await practice.chat.submit(LEAD, "reply", ref=card.ref, values={"reply": ("There.",)})
    return practice


async def at(practice: Practice, local: str) -> None:
    practice.clock.set(datetime.fromisoformat(local).replace(tzinfo=NEW_YORK))
    await practice.bot.tick()


async def test_a_notice_follows_neither_a_press_nor_a_reply(wished: Practice) -> None:
    for hour in ("07:31", "12:00", "16:00", "23:59"):
        await at(wished, f"2027-03-02 {hour}")
        assert notices(wished, wished.staff[0]) == []


async def test_the_next_morning_whoever_wished_so_is_told_and_nobody_else(wished: Practice) -> None:
    await at(wished, "2027-03-03 07:30")
    assert [len(notices(wished, person)) for person in wished.staff[:3]] == [1, 0, 0]


async def test_nothing_about_the_question_stands_in_the_notice(wished: Practice) -> None:
    await at(wished, "2027-03-03 07:30")
    (card,) = notices(wished, wished.staff[0])
    assert card == Card(NOTICE)


async def test_no_row_holds_both_an_account_and_a_question_at_any_moment(
    wished: Practice, database: Database, rows_of: Rows
) -> None:
    """Looked at before the notice, while it waits to leave, and after it left."""
    with database.session() as session:
        marks = [value for row in kept(session).values() for value in (row.key, row.mailbox)]
    with database.begin() as session:
        golive = session.exec(select(GoLive)).one()
        morning = datetime(2027, 3, 3, 7, 30, tzinfo=NEW_YORK)
        assert local_date(morning, golive.timezone) == WEDNESDAY
        announce(session, golive, since=morning - timedelta(minutes=1), now=morning)
    waiting = [row for row in rows_of("delivery") if "notice" in row]
    assert len(waiting) == 1
    assert not [mark for mark in marks if mark in str(waiting)]
    for table in ("contact", "participant", "chat_message", "delivery", "invitation"):
        about = [str(row) for row in rows_of(table) if str(wished.staff[0].account) in str(row)]
        assert not [mark for mark in marks if mark in " ".join(about)]


async def test_once_it_left_the_outbox_knows_of_no_notice(wished: Practice, rows_of: Rows) -> None:
    await at(wished, "2027-03-03 07:30")
    assert not [row for row in rows_of("delivery") if "notice" in row]


async def test_the_name_of_a_notice_in_the_outbox_is_chance(
    database: Database, golive: GoLive, five: list[str]
) -> None:
    wish(database, five[0], to=mark_of(LEAD))
    answered(database, golive, five, on=MONDAY)
    morning = datetime(2027, 3, 2, 7, 30, tzinfo=NEW_YORK)
    with database.begin() as session:
        announce(session, golive, since=morning - timedelta(minutes=1), now=morning)
        (row,) = session.exec(select(Delivery))
    assert (row.subject, len(row.key), set(row.key) <= set("0123456789abcdef")) == ("", 32, True)


async def test_whoever_is_forgotten_is_told_nothing(wished: Practice) -> None:
    await wished.chat.press(wished.staff[0], "delete-confirm")
    await at(wished, "2027-03-03 07:30")
    assert notices(wished, wished.staff[0]) == []


async def test_a_deleted_question_has_nobody_to_tell(practice: Practice) -> None:
    card = await asked(practice, practice.staff[0], "Question 0?")
    await practice.chat.press(practice.staff[0], "tell-me", ref=card.ref)
    await practice.chat.press(practice.staff[0], "question-delete", ref=card.ref)
    told = await practice.chat.press(practice.staff[0], "tell-me", ref=card.ref)
    assert told is not None
    assert told.card.text.startswith("These words open nothing.")
