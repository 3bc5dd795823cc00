"""It ends: after the days that are written down rows are gone from every page, and no old backup opens a text.

To see it fail: take any rule out of `bot.retention_rules.RULES`, `without_drawer` out of `bot.retention.keep_house`,
or the refusal of destroyed names out of `bot.storage.keychain.Keychain.closes`.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from bot.anchor import what_is_wrong
from bot.audit import ADMINISTRATOR, About, Act, append, entries
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.insight.cells import Cell
from bot.insight.published import PublishedFigure
from bot.keep import Keep
from bot.retention import due, keep_house
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from surveys import actions
from surveys.actions import Action
from surveys.errors import NoLongerKept
from surveys.golives import GoLive
from surveys.invitations import Turnout
from surveys.membership import Member
from surveys.questions import Question
from surveys.responses import GivenAnswer, GivenRemark, Response
from surveys.roster import Leave, Participant, Reader
from surveys.secrecy import conceal, drawer_of, reveal
from surveys.waves import Wave
from tests.promises.conftest import Practice
from tests.promises.on_disk import on_disk

DAY_ONE = date(2027, 3, 1)
LAST_DAY = DAY_ONE + timedelta(days=90)
KEEP = Keep()
TEXTS = (GivenRemark, Question, Action, Delivery)
FIGURES = (Response, GivenAnswer, Cell, PublishedFigure, Turnout, Wave)
PEOPLE = (Participant, Contact, Leave, Member)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """With keys in a file, as they are outside of tests."""
    database = Database(database_url, keys=open_keychain(tmp_path / "keys" / "pulse.keys"))
    yield database
    database.close()


@pytest.fixture
async def used(practice: Practice, database: Database, golive: GoLive) -> Practice:
    """One pulse with answers and remarks, closed; questions, an action, letters."""
    for n, person in enumerate(practice.staff[:12]):
        await practice.answer(person, remark="The labels curl." if n % 2 else "")
    for n in range(3):
        await practice.ask(practice.staff[n], f"Where is queue {'abc'[n]}?")
    with database.begin() as session:
        actions.act(session, golive.id or 0, text="A second printer.", today=DAY_ONE)
    await practice.close()
    return practice


def after(days: int, *, since: date = DAY_ONE) -> datetime:
    return datetime.fromisoformat(f"{since + timedelta(days=days)}T04:00:00+00:00")


def left(session: Session, *tables: type) -> dict[str, int]:
    counted = {table.__name__: session.exec(select(func.count()).select_from(table)).one() for table in tables}
    return {name: n for name, n in counted.items() if n}


async def test_before_its_time_nothing_goes(database: Database, used: Practice) -> None:
    with database.session() as session:
        before = left(session, *TEXTS, *FIGURES, *PEOPLE, Reader)
    made = await keep_house(database, KEEP, now=after(KEEP.contacts, since=LAST_DAY))
    with database.session() as session:
        assert left(session, *TEXTS, *FIGURES, *PEOPLE, Reader) == before
    assert (made.taken, made.drawers) == ({}, [])


async def test_people_go_some_days_after_the_plan_has_ended(database: Database, used: Practice) -> None:
    await keep_house(database, KEEP, now=after(KEEP.contacts + 1, since=LAST_DAY))
    with database.session() as session:
        assert left(session, *PEOPLE, Delivery) == {}
        assert set(left(session, *FIGURES)) == {table.__name__ for table in FIGURES}


async def test_their_names_are_in_no_page(database: Database, used: Practice, tmp_path: Path) -> None:
    with database.session() as session:
        names = [f"{name}".encode() for name in session.exec(select(Participant.name))]
    folder = tmp_path / "stolen"
    folder.mkdir()
    await keep_house(database, KEEP, now=after(KEEP.contacts + 1, since=LAST_DAY))
    pages = on_disk(database, folder)
    assert [name for name in names if name in pages] == []


async def test_whatever_was_written_goes(database: Database, used: Practice) -> None:
    await keep_house(database, KEEP, now=after(KEEP.texts + 3))
    with database.session() as session:
        assert left(session, *TEXTS) == {}
        assert set(left(session, *FIGURES)) == {table.__name__ for table in FIGURES}


async def test_an_old_backup_opens_no_text(database: Database, used: Practice, golive: GoLive) -> None:
    """The rows are in the backup; the key of their month is nowhere."""
    with database.session() as session:
        backup = [row.text for table in (GivenRemark, Question, Action) for row in session.exec(select(table))]
        assert reveal(session, backup[0])
    name = drawer_of(golive.id or 0, DAY_ONE)
    key = dict(database.keys.drawers)[name][0]
    made = await keep_house(database, KEEP, now=after(KEEP.texts + 31))
    assert name in made.drawers
    with database.session() as session:
        for text in backup:
            with pytest.raises(NoLongerKept):
                reveal(session, text)
    assert database.keychain.path is not None
    assert key not in database.keychain.path.read_text()


async def test_nothing_is_ever_put_under_a_destroyed_name_again(
    database: Database, used: Practice, golive: GoLive
) -> None:
    await keep_house(database, KEEP, now=after(KEEP.texts + 31))
    with database.begin() as session, pytest.raises(NoLongerKept):
        conceal(session, "late", drawer=drawer_of(golive.id or 0, DAY_ONE))


async def test_figures_go_last(database: Database, used: Practice) -> None:
    await keep_house(database, KEEP, now=after(KEEP.answers + 1))
    with database.session() as session:
        assert left(session, *TEXTS, *FIGURES, *PEOPLE) == {}


async def test_in_the_end_nobodys_name_is_left(database: Database, used: Practice) -> None:
    await keep_house(database, KEEP, now=after(KEEP.answers + 1, since=LAST_DAY))
    with database.session() as session:
        assert left(session, Reader) == {}


async def test_the_audit_log_says_how_much_of_what_and_not_a_word_of_it(database: Database, used: Practice) -> None:
    made = await keep_house(database, KEEP, now=after(KEEP.texts + 31))
    with database.session() as session:
        told = {entry.kind: entry.count for entry in entries(session) if entry.act == Act.EXPIRED}
    assert told == made.taken


async def test_a_second_round_takes_nothing(database: Database, used: Practice) -> None:
    await keep_house(database, KEEP, now=after(KEEP.answers + 1))
    again = await keep_house(database, KEEP, now=after(KEEP.answers + 1))
    assert (again.taken, again.drawers) == ({}, [])


async def test_what_it_would_take_is_what_it_takes(database: Database, used: Practice) -> None:
    moment = after(KEEP.texts + 31)
    with database.session() as session:
        names = [name for name, _ in database.keys.drawers]
        said = {one.what: one.rows for one in due(session, KEEP, now=moment, drawers=names) if one.rows}
    made = await keep_house(database, KEEP, now=moment)
    assert said.pop("keys of a go-live's month") == len(made.drawers)
    assert said.items() >= {what: n for what, n in made.taken.items() if what in said}.items()


async def test_the_day_it_names_is_the_day_something_goes(database: Database, used: Practice) -> None:
    with database.session() as session:
        following = min(one.following for one in due(session, KEEP, now=after(1), drawers=[]) if one.following)
    day_before = datetime.fromisoformat(f"{following - timedelta(days=1)}T23:00:00+00:00")
    assert (await keep_house(database, KEEP, now=day_before)).taken == {}
    assert (await keep_house(database, KEEP, now=after(0, since=following))).taken != {}


async def test_a_shortened_audit_log_is_whole(database: Database, golive: GoLive) -> None:
    for days in (0, 10, 700):
        with database.begin() as session:
            append(session, Act.LINK, About("contact"), by=ADMINISTRATOR, now=after(days))
    await keep_house(database, KEEP, now=after(KEEP.audit + 20))
    with database.session() as session:
        kept = entries(session)
        assert Act.SHORTENED in {entry.act for entry in kept}
        assert min(entry.at for entry in kept) > after(10)
        assert what_is_wrong(session, database.ledger) == ""


async def test_a_shortened_audit_log_cannot_be_shortened_further(database: Database, golive: GoLive) -> None:
    await test_a_shortened_audit_log_is_whole(database, golive)
    with database.begin() as session:
        session.delete(entries(session)[0])
    with database.session() as session:
        assert "is missing" in what_is_wrong(session, database.ledger)


async def test_the_bot_makes_its_round_by_itself(database: Database, used: Practice) -> None:
    used.clock.set(after(KEEP.answers + 1, since=LAST_DAY))
    await used.bot.tick()
    with database.session() as session:
        assert left(session, *TEXTS, *FIGURES, *PEOPLE, Reader) == {}
