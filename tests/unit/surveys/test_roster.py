"""The roster: who is asked on a day, and what people wished for."""

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.roster import Leave, Participant, opt_in, opt_out, pause, set_leaves, take_leave, to_be_asked

DAY = date(2027, 3, 2)


@pytest.fixture
def person(database: Database, golive: GoLive) -> int:
    with database.session() as session:
        return session.exec(select(Participant.id).where(Participant.name == "Front desk 1")).one()


def is_asked(session: Session, golive: GoLive, person: int, *, on: date = DAY) -> bool:
    session.flush()
    one = [found.id for found in to_be_asked(session, golive.id, on=on, only=[person])]
    among_all = person in {found.id for found in to_be_asked(session, golive.id, on=on)}
    assert (one == [person]) is among_all
    return among_all


def test_everybody_on_the_roster_is_asked(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        assert len(to_be_asked(session, golive.id, on=DAY)) == 42


def test_nobody_of_another_golive_is_asked(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        assert to_be_asked(session, golive.id + 1, on=DAY) == []


def test_who_has_left_is_not_asked(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        session.get_one(Participant, person).on_roster = False
        assert not is_asked(session, golive, person)


def test_who_opted_out_is_not_asked(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        opt_out(session, person)
        assert not is_asked(session, golive, person)


def test_who_opts_in_again_is_asked(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        opt_out(session, person)
        opt_in(session, person)
        assert is_asked(session, golive, person)


def test_a_pause_ends_on_its_day(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        pause(session, person, until=DAY)
        days = (date(2027, 3, 1), DAY, date(2027, 3, 3))
        assert [is_asked(session, golive, person, on=day) for day in days] == [False, True, True]


def test_a_pause_can_be_ended(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        pause(session, person, until=date(2027, 4, 1))
        pause(session, person, until=None)
        assert is_asked(session, golive, person)


def test_nobody_is_asked_on_leave_first_and_last_day_included(database: Database, golive: GoLive, person: int) -> None:
    with database.begin() as session:
        take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 3))
        days = [date(2027, 3, day) for day in (1, 2, 3, 4)]
        assert [is_asked(session, golive, person, on=day) for day in days] == [True, False, False, True]


def leaves(session: Session, person: int) -> list[tuple[int, int, bool]]:
    rows = session.exec(select(Leave).where(Leave.participant_id == person).order_by(Leave.first))
    return [(row.first.day, row.last.day, row.from_roster) for row in rows]


def test_a_leave_that_begins_on_the_same_day_replaces_the_first(database: Database, person: int) -> None:
    with database.begin() as session:
        take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 3))
        take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 9))
        assert leaves(session, person) == [(2, 9, False)]


def test_a_roster_loaded_again_replaces_its_own_leaves(database: Database, person: int) -> None:
    with database.begin() as session:
        set_leaves(session, person, ((date(2027, 3, 2), date(2027, 3, 3)),))
        set_leaves(session, person, ((date(2027, 3, 8), date(2027, 3, 9)),))
        assert leaves(session, person) == [(8, 9, True)]


def test_a_roster_without_leave_takes_back_only_its_own(database: Database, person: int) -> None:
    with database.begin() as session:
        take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 3))
        set_leaves(session, person, ((date(2027, 3, 8), date(2027, 3, 9)),))
        set_leaves(session, person, ())
        assert leaves(session, person) == [(2, 3, False)]


def test_what_a_person_said_outweighs_the_roster(database: Database, person: int) -> None:
    with database.begin() as session:
        take_leave(session, person, first=date(2027, 3, 2), last=date(2027, 3, 20))
        set_leaves(session, person, ((date(2027, 3, 2), date(2027, 3, 3)),))
        assert leaves(session, person) == [(2, 20, False)]
