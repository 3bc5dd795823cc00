"""Actions: written down once, told once, by the next pulse."""

from datetime import date

from bot.storage.database import Database
from surveys.actions import act, tell, told, untold
from surveys.golives import GoLive

MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)


def test_what_was_done_waits_to_be_told(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        act(session, golive.id, text="A printer for room 2.", today=MONDAY)
        assert (untold(session, golive.id), told(session, golive.id, on=MONDAY)) == (1, [])


def test_the_next_pulse_tells_it_as_it_was_written(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        act(session, golive.id, text=" A printer for room 2. ", today=MONDAY)
        tell(session, golive.id, on=MONDAY)
        assert told(session, golive.id, on=MONDAY) == ["A printer for room 2."]


def test_what_was_told_is_not_told_again(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        act(session, golive.id, text="A printer.", today=MONDAY)
        tell(session, golive.id, on=MONDAY)
        act(session, golive.id, text="A tab for refills.", today=TUESDAY)
        tell(session, golive.id, on=TUESDAY)
        assert told(session, golive.id, on=TUESDAY) == ["A tab for refills."]


def test_another_golive_tells_nothing_of_it(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        act(session, golive.id, text="A printer.", today=MONDAY)
        tell(session, golive.id + 1, on=MONDAY)
        assert untold(session, golive.id) == 1
