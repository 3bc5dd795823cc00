"""After sealing no table says who answered, and no order says who came first.

To see it fail: take `count_and_forget` or the shuffling of `keys` out of `surveys.sealing.seal`, or `withdraw` out of
`bot.insight.detection.seal_wave`.
"""

import random
import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bot.storage.database import Database
from surveys.instruments import Answer, Remark
from surveys.invitations import Disposition, Invitation, Turnout, settle
from surveys.responses import GivenRemark, Response, submit
from surveys.sealing import SEALED_TABLES, seal
from surveys.secrecy import reveal
from surveys.waves import Fielded, Wave
from tests.promises.conftest import Practice

Rows = Callable[[str], list[tuple[object, ...]]]
PEOPLE = 60
CHANCE = 0.5  #: two of 60 independent orders are further apart than this once in 30 000 times


@pytest.fixture
async def sealed(practice: Practice) -> Practice:
    """Every second person answered, some with a remark; then the pulse closed."""
    for n, person in enumerate(practice.staff[::2]):
        await practice.answer(person, remark=f"The printer is slow, said number {n}." if n % 3 == 0 else "")
    await practice.close()
    return practice


async def test_no_invitation_is_left(sealed: Practice, rows_of: Rows) -> None:
    assert rows_of("invitation") == []


async def test_no_delivery_says_who_was_asked_or_reminded(sealed: Practice, rows_of: Rows) -> None:
    assert [row for row in rows_of("delivery") if f"wave:{sealed.wave.id}:" in str(row)] == []


async def test_no_message_in_the_web_chat_says_who_was_thanked(
    practice: Practice, database: Database, rows_of: Rows
) -> None:
    from adapters.chat import Card
    from bot.storage.transcript import put

    with database.begin() as session:
        put(session, "desk-1", f"wave:{practice.wave.id}:key:prompt", Card("Thank you."))
        put(session, "desk-1", "digest:1", Card("Day 9."))
    await practice.close()
    assert [row[2] for row in rows_of("chat_message")] == ["digest:1"]


async def test_what_is_left_is_how_many(sealed: Practice, rows_of: Rows) -> None:
    invited = sum(int(str(row[2])) for row in rows_of("turnout"))
    answered = sum(int(str(row[3])) + int(str(row[4])) for row in rows_of("turnout"))
    assert (invited, answered) == (42, 21)


async def test_no_key_of_an_invitation_is_anywhere(practice: Practice, rows_of: Rows) -> None:
    keys = {str(row[0]) for row in rows_of("invitation")}
    for person in practice.staff[:10]:
        await practice.answer(person)
    await practice.close()
    everything = " ".join(
        str(rows_of(table)) for table in ("response", "answer", "remark", "delivery", "turnout", "cell")
    )
    assert [key for key in keys if key in everything] == []


def rank_correlation(order: list[int]) -> float:
    """Spearman's rho between an order that was found and the order in which people came."""
    n = len(order)
    return 1 - 6 * sum((place - came) ** 2 for place, came in enumerate(order)) / (n * (n * n - 1))


def answered_in_order(database: Database, wave: Wave) -> None:
    """Person number n says n, and writes it as well; each in a transaction of their own, as they come."""
    with database.session() as session:
        stratum = session.exec(select(Fielded.stratum_id).where(Fielded.wave_id == wave.id)).first()
    for n in range(PEOPLE):
        with database.begin() as session:
            submit(
                session, wave_id=wave.id, stratum_id=stratum,
                answers=[Answer("n", "n", f"person-{n:02}")], remarks=[Remark("remark", f"{n}")],
            )  # fmt: skip


def clean(database: Database) -> None:
    """On PostgreSQL begin with fresh pages: places that other tests left free would mix the order."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(SEALED_TABLES)}")


def as_stored(database: Database) -> list[int]:
    """The order in which answers lie in the table, and the transactions that wrote them."""
    order = "" if database.is_sqlite else "ORDER BY ctid"
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT value FROM answer {order}").scalars()
        return [int(value.removeprefix("person-")) for value in rows]


def remarks_as_stored(database: Database, session: Session) -> list[int]:
    order = "" if database.is_sqlite else "ORDER BY ctid"
    with database.engine.connect() as connection:
        tokens = connection.exec_driver_sql(f"SELECT text FROM remark {order}").scalars().all()
    return [int(reveal(session, bytes(token))) for token in tokens]


async def seal_and_scrub(database: Database, wave: Wave) -> None:
    await database.transact(seal, wave.id)
    await database.scrub((*SEALED_TABLES, "invitation"))


async def test_the_order_of_answers_says_nothing(database: Database, wave: Wave) -> None:
    clean(database)
    answered_in_order(database, wave)
    await seal_and_scrub(database, wave)
    assert abs(rank_correlation(as_stored(database))) < CHANCE


async def test_the_order_of_remarks_says_nothing(database: Database, wave: Wave) -> None:
    clean(database)
    answered_in_order(database, wave)
    await seal_and_scrub(database, wave)
    with database.session() as session:
        assert abs(rank_correlation(remarks_as_stored(database, session))) < CHANCE
        assert len(session.exec(select(GivenRemark)).all()) == PEOPLE


@pytest.mark.parametrize("engine_name", ["postgres"])
async def test_the_attack_works_on_what_is_not_sealed(database: Database, wave: Wave) -> None:
    """Else the tests above would prove nothing: before sealing the rows lie in the order in which people came."""
    clean(database)
    answered_in_order(database, wave)
    assert rank_correlation(as_stored(database)) == 1


@pytest.mark.parametrize("engine_name", ["postgres"])
async def test_all_rows_come_from_one_transaction(database: Database, wave: Wave) -> None:
    answered_in_order(database, wave)
    await seal_and_scrub(database, wave)
    with database.engine.connect() as connection:
        writers = [
            connection.exec_driver_sql(f"SELECT count(DISTINCT xmin::text) FROM {table}").scalar_one()
            for table in SEALED_TABLES
        ]
    assert writers == [1, 1, 1]


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_an_answer_on_its_way_is_sealed_with_the_others(database: Database, wave: Wave) -> None:
    """Somebody presses while the pulse closes: sealing waits, and their answer does not stand apart afterwards."""
    with database.session() as session:
        key, stratum = session.exec(select(Invitation.key, Invitation.stratum_id)).first()

    def close() -> None:
        with database.begin() as session:
            seal(session, wave.id)

    closing = threading.Thread(target=close)
    with database.begin() as session:
        settle(session, key, Disposition.COMPLETE)
        submit(session, wave_id=wave.id, stratum_id=stratum, answers=[Answer("n", "n", "1")], remarks=[])
        mine = session.exec(select(Response.key)).one()
        closing.start()
        closing.join(0.3)
    closing.join(10)
    with database.session() as session:
        counted = sum(row.complete for row in session.exec(select(Turnout)))
        assert (counted, session.exec(select(Response.key)).one() != mine) == (1, True)


def places(raw: bytes) -> list[int]:
    """The order in which answers first appear in bytes."""
    found = {n: raw.find(f"person-{n:02}".encode()) for n in range(PEOPLE)}
    return [n for n, place in sorted(found.items(), key=lambda item: item[1]) if place >= 0]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_the_bytes_of_the_file_say_nothing_about_the_order(
    database: Database, wave: Wave, stolen: Callable[[], bytes]
) -> None:
    answered_in_order(database, wave)
    await seal_and_scrub(database, wave)
    raw = stolen()
    assert len(places(raw)) == PEOPLE
    assert abs(rank_correlation(places(raw))) < CHANCE


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_no_answer_is_left_in_the_file_a_second_time(
    database: Database, wave: Wave, stolen: Callable[[], bytes]
) -> None:
    answered_in_order(database, wave)
    await seal_and_scrub(database, wave)
    raw = stolen()
    assert {raw.count(f"person-{n:02}".encode()) for n in range(PEOPLE)} == {1}


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_the_log_of_what_is_not_sealed_tells_the_order(
    database: Database, wave: Wave, stolen: Callable[[], bytes]
) -> None:
    """Else the tests above would prove nothing: the write-ahead log holds the pages as they were, commit by commit."""
    await database.scrub(())
    file = len(stolen())
    answered_in_order(database, wave)
    assert rank_correlation(places(stolen()[file:])) > CHANCE


def test_chance_is_judged_well() -> None:
    """The limit holds for every one of 2 000 shuffles that really are by chance."""
    chance = random.Random(1)
    drawn = [rank_correlation(chance.sample(range(PEOPLE), PEOPLE)) for _ in range(2000)]
    assert max(map(abs, drawn)) < CHANCE
