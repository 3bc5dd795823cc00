"""How often somebody may ask in a day, without anybody writing down who did."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.chat import Address
from bot.conversation.limits import DailyLimits, TooMany

ANA, BEN = Address("memory", "ana"), Address("memory", "ben")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_who_has_reached_the_limit_is_told() -> None:
    limits = DailyLimits()
    limits.count(ANA, "ask", limit=1, now=NOON)
    with pytest.raises(TooMany):
        limits.count(ANA, "ask", limit=1, now=NOON)


def test_everybody_and_everything_is_counted_apart() -> None:
    limits = DailyLimits()
    limits.count(ANA, "ask", limit=1, now=NOON)
    limits.count(BEN, "ask", limit=1, now=NOON)
    limits.count(ANA, "find", limit=1, now=NOON)


def test_the_next_day_begins_anew() -> None:
    limits = DailyLimits()
    limits.count(ANA, "ask", limit=1, now=NOON)
    limits.count(ANA, "ask", limit=1, now=NOON + DAY)


def test_people_on_two_dates_do_not_reset_each_other() -> None:
    limits = DailyLimits()
    in_tokyo = NOON.astimezone(ZoneInfo("Asia/Tokyo")) + timedelta(hours=9)
    in_honolulu = in_tokyo.astimezone(ZoneInfo("Pacific/Honolulu"))
    assert in_tokyo.date() != in_honolulu.date()
    limits.count(ANA, "ask", limit=1, now=in_tokyo)
    limits.count(BEN, "ask", limit=1, now=in_honolulu)
    with pytest.raises(TooMany):
        limits.count(ANA, "ask", limit=1, now=in_tokyo)


def test_what_stands_for_a_person_names_nobody_and_changes_at_midnight() -> None:
    limits = DailyLimits()
    today, tomorrow = limits.mark(ANA, "ask", now=NOON), limits.mark(ANA, "ask", now=NOON + DAY)
    assert b"ana" not in today
    assert today != tomorrow


def test_somebody_has_seen_a_thing_the_second_time() -> None:
    limits = DailyLimits()
    assert [limits.seen(ANA, "a", now=NOON), limits.seen(BEN, "a", now=NOON), limits.seen(ANA, "a", now=NOON)] == [
        False,
        False,
        True,
    ]
