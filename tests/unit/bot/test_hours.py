"""Local hours, wherever people live and whatever their clocks do that night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import awake, awake_after, came, prompt_due
from surveys.cadence import EARLIEST
from surveys.golives import GoLive, Team
from surveys.roster import Participant

ZONES = [
    "America/New_York", "America/St_Johns", "America/Nuuk", "Europe/Berlin", "Europe/Lisbon", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Honolulu", "Africa/Cairo",
]  # fmt: skip
zones = st.sampled_from(ZONES)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


def practice(*, quiet: tuple[time, time] = (time(20), time(7)), pulse_at: str = "end_of_shift") -> GoLive:
    return GoLive(
        name="n", organisation="o", system="s", date=date(2027, 3, 1), timezone="America/New_York",
        digest_at=time(7, 30), quiet_from=quiet[0], quiet_until=quiet[1], pulse_at=pulse_at,
    )  # fmt: skip


def person(zone: str = "America/New_York", shift_end: time | None = None) -> Participant:
    return Participant(golive_id=1, team_id=1, name="p", timezone=zone, shift_end=shift_end)


def team(deliver: str | None = None) -> Team:
    return Team(golive_id=1, stratum_id=1, name="t", deliver_pulse=deliver)


def is_quiet(at: time, quiet: tuple[time, time]) -> bool:
    start, end = quiet
    return at >= start or at < end if start > end else start <= at < end


def local(moment: datetime, zone: str = "America/New_York") -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def clocks_change(on: date, zone: str) -> bool:
    noons = (datetime.combine(on + timedelta(days=n), time(12), ZoneInfo(zone)).utcoffset() for n in (-1, 0, 1, 2))
    return len(set(noons)) > 1


@given(on=days, at=minutes, zone=zones, quiet=st.tuples(minutes, minutes))
def test_nobody_is_written_to_before_four(on: date, at: time, zone: str, quiet: tuple[time, time]) -> None:
    moment = awake(practice(quiet=quiet), on, at, zone=zone).astimezone(ZoneInfo(zone))
    assert moment.time() >= EARLIEST


@given(on=days, at=minutes, zone=zones, start=minutes, end=st.times(min_value=EARLIEST))
def test_nobody_is_written_to_in_quiet_hours(on: date, at: time, zone: str, start: time, end: time) -> None:
    quiet = (start, end.replace(second=0, microsecond=0))
    moment = awake(practice(quiet=quiet), on, at, zone=zone).astimezone(ZoneInfo(zone))
    assert clocks_change(on, zone) or not is_quiet(moment.time(), quiet)


@given(on=days, at=minutes, zone=zones)
def test_the_wait_for_the_end_of_quiet_hours_is_a_night_at_most(on: date, at: time, zone: str) -> None:
    moment = awake(practice(), on, at, zone=zone).astimezone(ZoneInfo(zone))
    assert on <= moment.date() <= on + timedelta(days=1)


@given(now=moments, zone=zones, quiet=st.tuples(minutes, minutes))
def test_what_waits_never_leaves_before_now(now: datetime, zone: str, quiet: tuple[time, time]) -> None:
    assert now <= awake_after(practice(quiet=quiet), now, zone=zone) <= now + timedelta(hours=26)


def test_in_the_day_nothing_waits() -> None:
    noon = datetime(2027, 3, 2, 17, tzinfo=UTC)
    assert awake_after(practice(), noon, zone="America/New_York") == noon


def test_in_the_second_of_two_equal_hours_nothing_goes_back_in_time() -> None:
    """On 2027-11-07 New York has 01:30 twice; whoever is awake then gets it now."""
    second = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert awake_after(practice(quiet=(time(12), time(12))), second, zone="America/New_York") >= second


@pytest.mark.parametrize(
    ("shift_end", "deliver", "pulse_at", "due"),
    [
        (time(13), None, "end_of_shift", "03-01 13:00"),
        (None, None, "end_of_shift", "03-01 17:00"),
        (time(13), "12:15", "end_of_shift", "03-01 12:15"),
        (time(13), None, "16:30", "03-01 16:30"),
        (time(13), "end_of_shift", "16:30", "03-01 13:00"),
        (time(23), None, "end_of_shift", "03-02 07:00"),
        (time(2), None, "end_of_shift", "03-01 07:00"),
    ],
    ids=["shift", "usual", "team", "golive", "team_back_to_shift", "late_shift", "night_shift"],
)
def test_a_prompt_is_due_at(shift_end: time | None, deliver: str | None, pulse_at: str, due: str) -> None:
    golive = practice(pulse_at=pulse_at)
    assert local(prompt_due(golive, team(deliver), person(shift_end=shift_end), on=date(2027, 3, 1))) == due


def test_a_prompt_is_due_by_the_clock_on_the_wall_before_and_after_daylight_saving() -> None:
    dues = [
        prompt_due(practice(), team(), person(), on=date(2027, 3, day)) for day in (12, 15)
    ]  # 14 March is the night
    assert [due.astimezone(UTC).hour for due in dues] == [22, 21]


@pytest.mark.parametrize("quiet", [(time(3, 30), time(7)), (time(20), time(7)), (time(0), time(6))])
def test_a_shift_that_ends_at_night_waits_for_the_morning(quiet: tuple[time, time]) -> None:
    due = prompt_due(practice(quiet=quiet), team(), person(shift_end=time(3)), on=date(2027, 3, 1))
    assert local(due) == f"03-01 0{quiet[1].hour}:00"


@given(at=minutes, zone=zones, since=moments, minutes_later=st.lists(st.integers(1, 3000), max_size=12))
def test_an_hour_comes_in_exactly_one_of_the_ticks(
    at: time, zone: str, since: datetime, minutes_later: list[int]
) -> None:
    """However ticks are spaced up to two days apart, each tick after the hour sees it, and sees it once."""
    seen = []
    now = since
    for minutes_on in minutes_later:
        earlier, now = now, now + timedelta(minutes=minutes_on)
        seen.append(came(at, zone=zone, since=earlier, now=now))
    dates = [day for day in seen if day is not None]
    assert dates == sorted(set(dates))


@given(at=st.times(min_value=EARLIEST).map(lambda at: at.replace(second=0, microsecond=0)), zone=zones, on=days)
def test_an_hour_has_come_when_the_clock_shows_it(at: time, zone: str, on: date) -> None:
    shown = datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)
    # A clock that jumps over the hour, or over the day, never shows it.
    if shown.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(on, at):
        assert came(at, zone=zone, since=shown - timedelta(minutes=1), now=shown) == on


def test_an_hour_has_not_come_before_it_comes() -> None:
    now = datetime(2027, 3, 1, 12, 29, tzinfo=UTC)
    assert came(time(7, 30), zone="America/New_York", since=now - timedelta(hours=1), now=now) is None


def test_after_a_long_stop_only_the_latest_counts() -> None:
    now = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
    assert came(time(7, 30), zone="America/New_York", since=now - timedelta(days=6), now=now) == date(2027, 3, 9)
