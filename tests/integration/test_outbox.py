"""The outbox: every message once, claimed by one, due and not yet too late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.delivery.contacts import Contact, contacts_of_leads, recognise
from bot.delivery.letters import to_leads
from bot.delivery.outbox import (
    LEASE,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Line,
    Mark,
    claim,
    enqueue,
    expire,
    lines,
    mark,
    messages_of,
    unfinished,
    withdraw,
)
from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.roster import Reader

LINE = Line(1, "memory", "")


@pytest.fixture
def contact(database: Database, golive: GoLive) -> Contact:
    with database.session() as session:
        return session.exec(select(Contact).where(Contact.account == "lead")).one()


def letter(contact: Contact, key: str, *, due: datetime, lasts: timedelta = timedelta(hours=1)) -> Delivery:
    return Delivery(
        key=key, kind=DeliveryKind.DIGEST, golive_id=contact.golive_id, contact_id=contact.id, subject="2027-03-01",
        due=due, expires=due + lasts,
    )  # fmt: skip


def put(database: Database, *letters: Delivery) -> None:
    with database.begin() as session:
        enqueue(session, letters)


def claimed(database: Database, now: datetime, *, limit: int = 50) -> list[str]:
    with database.begin() as session:
        return [delivery.key for delivery, _ in claim(session, now=now, limit=limit, line=LINE)]


def test_the_same_message_is_kept_once(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening))
    put(database, letter(contact, "k", due=evening + timedelta(hours=2)), letter(contact, "k2", due=evening))
    with database.session() as session:
        kept = {row.key: row.due for row in session.exec(select(Delivery))}
    assert kept == {"k": evening, "k2": evening}


def test_nothing_at_all_may_be_put(database: Database, contact: Contact) -> None:
    put(database)
    with database.session() as session:
        assert session.exec(select(Delivery)).all() == []


def test_what_is_due_is_claimed_oldest_first(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, *(letter(contact, f"k{n}", due=evening - timedelta(minutes=n)) for n in range(3)))
    assert claimed(database, evening) == ["k2", "k1", "k0"]


def test_what_is_not_due_waits(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening + timedelta(seconds=1)))
    assert claimed(database, evening) == []


def test_no_more_is_claimed_than_asked_for(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, *(letter(contact, f"k{n}", due=evening) for n in range(5)))
    assert [len(claimed(database, evening, limit=3)) for _ in range(3)] == [3, 2, 0]


def test_what_is_too_late_is_not_claimed(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening, lasts=timedelta(minutes=5)))
    assert claimed(database, evening + timedelta(minutes=5)) == []


def test_what_is_too_late_is_put_aside(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "late", due=evening, lasts=timedelta(minutes=5)), letter(contact, "k", due=evening))
    with database.begin() as session:
        expire(session, now=evening + timedelta(minutes=5))
    with database.session() as session:
        states = {row.key: row.state for row in session.exec(select(Delivery))}
    assert states == {"late": DeliveryState.EXPIRED, "k": DeliveryState.PENDING}


def test_every_claim_counts_as_an_attempt(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening))
    for attempt in (1, 2):
        with database.begin() as session:
            ((delivery, _),) = claim(session, now=evening, limit=1, line=LINE)
            assert delivery.attempts == attempt
            mark(session, [Mark.of(delivery, state=DeliveryState.PENDING)])


def test_of_eight_that_claim_at_once_no_two_get_the_same(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(database, *(letter(contact, f"k{n}", due=evening) for n in range(200)))

    def take(_: int) -> list[str]:
        mine: list[str] = []
        while batch := claimed(database, evening, limit=7):
            mine += batch
        return mine

    with ThreadPoolExecutor(8) as threads:
        taken = [key for mine in threads.map(take, range(8)) for key in mine]
    assert sorted(taken) == sorted(f"k{n}" for n in range(200))


def test_what_was_handed_over_and_never_confirmed_is_known(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(
        database,
        letter(contact, "handed over", due=evening),
        letter(contact, "waits", due=evening + timedelta(hours=1)),
    )
    claimed(database, evening)
    with database.session() as session:
        assert [(delivery.key, to.account) for delivery, to in unfinished(session)] == [("handed over", "lead")]


def test_the_message_of_a_delivery_is_found_by_its_key(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening))
    with database.begin() as session:
        ((delivery, _),) = claim(session, now=evening, limit=1, line=LINE)
        mark(session, [Mark.of(delivery, state=DeliveryState.SENT, message_id="m7")])
        assert messages_of(session, ["k", "other"]) == {"k": "m7"}


def test_withdrawing_takes_what_begins_so_and_nothing_else(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(database, *(letter(contact, key, due=evening) for key in ("wave:1:a", "wave:1:b", "wave:11:a", "wave_1:a")))
    with database.begin() as session:
        withdraw(session, "wave:1:")
        withdraw(session, "wave%")
        assert sorted(session.exec(select(Delivery.key))) == ["wave:11:a", "wave_1:a"]


def test_a_number_never_comes_back(database: Database, contact: Contact, evening: datetime) -> None:
    put(database, letter(contact, "k", due=evening))
    with database.begin() as session:
        first = session.exec(select(Delivery.id)).one()
        withdraw(session, "k")
    put(database, letter(contact, "k", due=evening))
    with database.session() as session:
        assert session.exec(select(Delivery.id)).one() != first


def test_a_letter_goes_to_every_lead_once(database: Database, golive: GoLive, evening: datetime) -> None:
    with database.begin() as session:
        for _ in range(2):
            to_leads(session, golive, DeliveryKind.ALERT, ["7"], now=evening)
        rows = session.exec(select(Contact.account).join(Delivery).order_by(Delivery.id)).all()
    assert rows == ["lead", "second-lead"]


def test_a_letter_waits_for_the_morning(database: Database, golive: GoLive, evening: datetime) -> None:
    night = evening + timedelta(hours=3)
    with database.begin() as session:
        to_leads(session, golive, DeliveryKind.ALERT, ["7"], now=night)
        dues = set(session.exec(select(Delivery.due)))
    assert dues == {datetime.fromisoformat("2027-03-02T07:00-05:00")}


def test_leads_come_in_their_order(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        assert [contact.account for contact in contacts_of_leads(session, golive.id)] == ["lead", "second-lead"]


def about(session: Session, account: str) -> tuple[str | None, str | None, bool]:
    contact = session.exec(select(Contact).where(Contact.account == account)).one()
    sender = recognise(session, contact.address)
    assert sender is not None
    participant, reader = sender.participant, sender.reader
    return participant and participant.name, reader and reader.role, sender.is_lead


def test_staff_leads_and_managers_are_told_apart(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        assert [about(session, name) for name in ("desk-1", "lead", "desk-manager")] == [
            ("Front desk 1", None, False),
            (None, "lead", True),
            ("Desk manager", "manager", False),
        ]


def test_a_stranger_is_nobody(database: Database, contact: Contact) -> None:
    with database.begin() as session:
        row = session.get_one(Contact, contact.id)
        row.reader_id = None
        session.flush()
        assert recognise(session, contact.address) is None


def test_every_reader_has_a_rank_or_a_team(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        readers = session.exec(select(Reader)).all()
    assert all(reader.role == "lead" or reader.team_id is not None for reader in readers)


def test_a_line_is_told_apart_by_go_live_platform_and_workspace(
    database: Database, contact: Contact, evening: datetime
) -> None:
    with database.begin() as session:
        other = Contact(golive_id=contact.golive_id, platform="slack", workspace="T1", account="U1")
        session.add(other)
        session.flush()
        enqueue(session, [letter(contact, "k", due=evening), letter(other, "k2", due=evening)])
        enqueue(session, [letter(other, "later", due=evening + timedelta(minutes=1))])
        assert lines(session, now=evening) == [LINE, Line(1, "slack", "T1")]
        found = claim(session, now=evening, limit=9, line=Line(1, "slack", "T1"))
    assert [delivery.key for delivery, _ in found] == ["k2"]


def test_what_is_on_its_way_is_left_to_its_sender_until_the_lease_is_over(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(database, letter(contact, "k", due=evening))
    claimed(database, evening)
    with database.session() as session:
        assert unfinished(session, now=evening + LEASE) == []
        assert len(unfinished(session, now=evening + LEASE + timedelta(seconds=1))) == 1
        assert len(unfinished(session)) == 1


def test_whoever_stood_still_cannot_bring_back_what_another_took_over(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(database, letter(contact, "k", due=evening))
    with database.begin() as session:
        ((late, _),) = claim(session, now=evening, limit=1, line=LINE)
        again = Mark.of(late, state=DeliveryState.PENDING)
        mark(session, [again])
    with database.begin() as session:
        ((taken_over, _),) = claim(session, now=evening, limit=1, line=LINE)
        mark(session, [Mark.of(taken_over, state=DeliveryState.SENT, message_id="m1")])
        mark(session, [again])
    with database.session() as session:
        assert session.exec(select(Delivery.state)).one() == DeliveryState.SENT


def test_what_was_sent_is_not_brought_back_by_a_look_that_came_too_late(
    database: Database, contact: Contact, evening: datetime
) -> None:
    put(database, letter(contact, "k", due=evening))
    with database.begin() as session:
        ((delivery, _),) = claim(session, now=evening, limit=1, line=LINE)
        mark(session, [Mark.of(delivery, state=DeliveryState.SENT, message_id="m1")])
        mark(session, [Mark.of(delivery, state=DeliveryState.PENDING, due=evening)])
    with database.session() as session:
        assert session.exec(select(Delivery.state)).one() == DeliveryState.SENT
