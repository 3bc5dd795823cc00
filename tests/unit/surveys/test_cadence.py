"""Dates that hang on the go-live date, and instants that survive daylight saving."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.cadence import (
    Occurrence,
    closing_instant,
    is_working_day,
    local_instant,
    moved,
    next_working_day,
    occurrences,
    phase_of,
    working_days_between,
)
from surveys.plans import Plan, load_plan, plan_names, read_plan
from surveys.zones import places

PRACTICE = load_plan("practice")
MONDAY = date(2026, 3, 2)
plans = st.sampled_from([load_plan(name) for name in plan_names()])
golives = st.dates(date(2025, 1, 1), date(2032, 12, 31))
offsets = st.sets(st.integers(-70, 100), max_size=40)


def all_of(plan: Plan, golive: date, *, closed: Collection[date] = ()) -> list[Occurrence]:
    return list(
        occurrences(plan, golive=golive, since=golive - timedelta(99), until=golive + timedelta(199), closed=closed)
    )


def of_phase(plan: Plan, golive: date, phase: str, *, closed: Collection[date] = ()) -> list[Occurrence]:
    return [one for one in all_of(plan, golive, closed=closed) if one.phase == phase]


@cache
def zones_with_daylight_saving() -> tuple[str, ...]:
    winter, summer = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
    return tuple(
        zone
        for zone in sorted(places())
        if winter.astimezone(ZoneInfo(zone)).utcoffset() != summer.astimezone(ZoneInfo(zone)).utcoffset()
    )


def test_the_practice_plan_around_a_monday() -> None:
    days = {phase.name: [one.day for one in of_phase(PRACTICE, MONDAY, phase.name)] for phase in PRACTICE.phases}
    assert days == {
        "readiness": [-55, -41],
        "preparation": [-26, -19, -12],
        "eve": [-7, -4],
        "cutover": [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14],
        "hypercare": [16, 18, 21, 23, 25, 28, 30, 32, 35, 37, 39, 42],
        "stabilisation": [44, 51, 58, 65, 72, 79, 86],
    }


def test_rounds_are_taken_in_turn() -> None:
    first, second, third = of_phase(PRACTICE, MONDAY, "preparation")
    assert (first.round_index, second.round_index, third.round_index) == (0, 1, 2)
    assert first.constructs == third.constructs != second.constructs


def test_three_knowledge_checks_fall_into_each_week_of_the_cutover() -> None:
    asked = [one.day for one in of_phase(PRACTICE, MONDAY, "cutover") if "knowledge" in one.constructs]
    assert asked == [0, 2, 4, 8, 9, 11]


def test_on_days_3_7_and_10_people_are_asked_whether_their_question_was_answered() -> None:
    asked = [one.day for one in of_phase(PRACTICE, MONDAY, "cutover") if "answered" in one.constructs]
    assert asked == [3, 7, 10]


def test_a_special_day_on_a_weekend_moves_to_the_next_pulse() -> None:
    wednesday = MONDAY + timedelta(2)
    asked = [one.day for one in of_phase(PRACTICE, wednesday, "cutover") if "answered" in one.constructs]
    assert asked == [5, 7, 12]


def test_a_daily_pulse_closes_at_noon_of_the_next_working_day() -> None:
    friday = of_phase(PRACTICE, MONDAY, "cutover")[4]
    assert friday.closes_on == date(2026, 3, 9)
    assert closing_instant(friday, "America/New_York") == datetime(2026, 3, 9, 16, tzinfo=UTC)


def test_a_pulse_closes_when_the_next_one_comes() -> None:
    """Two open prompts would leave people guessing which one they answer."""
    wednesday = PRACTICE.phases[5]
    assert wednesday.closes == 3
    week_off = [date(2026, 4, 16) + timedelta(days) for days in range(5)]
    first, second = of_phase(PRACTICE, MONDAY, "stabilisation", closed=week_off)[:2]
    assert first.closes_on == second.on


def test_a_weekly_pulse_on_a_closed_day_moves_within_its_week() -> None:
    wednesday = date(2026, 2, 11)
    moved_to = [one.on for one in of_phase(PRACTICE, MONDAY, "preparation", closed=[wednesday])]
    assert moved_to == [date(2026, 2, 4), date(2026, 2, 12), date(2026, 2, 18)]


def test_a_weekly_pulse_without_another_day_in_its_week_is_left_out() -> None:
    rest_of_the_week = [date(2026, 2, day) for day in (11, 12, 13)]
    kept = [one.on for one in of_phase(PRACTICE, MONDAY, "preparation", closed=rest_of_the_week)]
    assert kept == [date(2026, 2, 4), date(2026, 2, 18)]


def test_a_pulse_does_not_move_out_of_its_phase() -> None:
    tuesday = MONDAY + timedelta(1)  # the eve ends on the Monday before it
    assert [one.on for one in of_phase(PRACTICE, tuesday, "eve", closed=[MONDAY])] == [date(2026, 2, 26)]


def test_one_of_three_pulses_a_week_moves_to_a_free_day() -> None:
    monday = date(2026, 3, 23)
    moved_to = [one.on for one in of_phase(PRACTICE, MONDAY, "hypercare", closed=[monday])]
    assert moved_to[2:5] == [date(2026, 3, 24), date(2026, 3, 25), date(2026, 3, 27)]


def test_a_daily_pulse_on_a_closed_day_is_left_out() -> None:
    tuesday = date(2026, 3, 3)
    days = [one.day for one in of_phase(PRACTICE, MONDAY, "cutover", closed=[tuesday])]
    assert days == [0, 2, 3, 4, 7, 8, 9, 10, 11, 14]


def test_a_plan_that_asks_on_saturdays_is_heard() -> None:
    saturdays = read_plan(
        "mine",
        """
        [[phase]]
        name = "readiness"
        first = -20
        last = -1
        weekdays = ["sat"]
        closes = 1
        reminder = false
        rounds = [["why", "mapped"]]
        """,
    )
    first, second = all_of(saturdays, MONDAY)[:2]
    assert (first.on, first.closes_on) == (date(2026, 2, 14), date(2026, 2, 16))
    assert second.on == date(2026, 2, 21)


def test_phases_have_their_days_and_nothing_comes_outside_of_them() -> None:
    found = {day: phase.name if (phase := phase_of(PRACTICE, day)) else None for day in (-61, -60, -1, 0, 14, 15, 91)}
    assert found == {
        -61: None,
        -60: "readiness",
        -1: "eve",
        0: "cutover",
        14: "cutover",
        15: "hypercare",
        91: None,
    }


@given(plans, golives, offsets)
def test_every_pulse_is_on_a_working_day_of_its_phase_and_no_date_has_two(
    plan: Plan, golive: date, offset: set[int]
) -> None:
    closed = {golive + timedelta(days) for days in offset}
    found = all_of(plan, golive, closed=closed)
    assert all(earlier.on < later.on for earlier, later in pairwise(found))
    for one in found:
        phase = phase_of(plan, one.day)
        assert phase is not None
        assert phase.name == one.phase
        assert one.on == golive + timedelta(one.day)
        assert is_working_day(one.on, closed=closed)
        assert 2 <= len(one.constructs) <= 4


@given(plans, golives, offsets)
def test_no_pulse_is_open_after_the_next_has_come(plan: Plan, golive: date, offset: set[int]) -> None:
    found = all_of(plan, golive, closed={golive + timedelta(days) for days in offset})
    assert all(one.on < one.closes_on for one in found)
    assert all(earlier.closes_on <= later.on for earlier, later in pairwise(found))


@given(plans, golives, offsets, st.integers(-80, 100), st.integers(0, 60))
def test_a_window_shows_the_same_pulses_as_the_whole(
    plan: Plan, golive: date, offset: set[int], begin: int, length: int
) -> None:
    """Otherwise a restart would ask another round than the one before it."""
    closed = {golive + timedelta(days) for days in offset}
    since, until = golive + timedelta(begin), golive + timedelta(begin + length)
    window = list(occurrences(plan, golive=golive, since=since, until=until, closed=closed))
    assert window == [one for one in all_of(plan, golive, closed=closed) if since <= one.on <= until]


@given(plans, golives, st.integers(-8, 8))
def test_a_go_live_that_moves_by_whole_weeks_takes_everything_with_it(plan: Plan, golive: date, weeks: int) -> None:
    slip = timedelta(weeks=weeks)
    assert [one.on + slip for one in all_of(plan, golive)] == [one.on for one in all_of(plan, golive + slip)]


@given(plans, golives, st.integers(-30, 30))
def test_a_go_live_that_moves_by_days_keeps_the_weekdays_of_each_phase(plan: Plan, golive: date, days: int) -> None:
    weekdays = {phase.name: set(phase.weekdays) for phase in plan.phases}
    after = all_of(plan, golive + timedelta(days))
    assert all(one.on.weekday() in weekdays[one.phase] for one in after)
    for phase in plan.phases:  # and about as many of them, whatever weekday the go-live is
        before = sum(one.phase == phase.name for one in all_of(plan, golive))
        assert abs(before - sum(one.phase == phase.name for one in after)) <= 1


@settings(deadline=None)
@given(st.data(), golives, st.times(time(4), time(23, 59)))
def test_instants_go_forward_with_their_dates_in_every_zone(data: st.DataObject, golive: date, at: time) -> None:
    zone = data.draw(st.sampled_from(zones_with_daylight_saving()))
    instants = [local_instant(one.on, at, zone) for one in all_of(PRACTICE, golive)]
    assert all(earlier < later for earlier, later in pairwise(instants))
    local = [instant.astimezone(ZoneInfo(zone)) for instant in instants]
    assert [there.date() for there in local] == [one.on for one in all_of(PRACTICE, golive)]
    assert all(there.time() >= time(4) for there in local)


@settings(deadline=None)
@given(st.data(), golives)
def test_a_pulse_closes_after_it_came_in_every_zone(data: st.DataObject, golive: date) -> None:
    zone = data.draw(st.sampled_from(zones_with_daylight_saving()))
    for one in all_of(PRACTICE, golive):
        assert closing_instant(one, zone) > local_instant(one.on, time(23, 59), zone)


def test_the_same_time_on_the_wall_on_both_sides_of_daylight_saving() -> None:
    before = local_instant(date(2026, 3, 7), time(17), "America/New_York")
    after = local_instant(date(2026, 3, 9), time(17), "America/New_York")
    assert (before.hour, after.hour) == (22, 21)


def test_a_time_that_daylight_saving_leaves_out_moves_forward() -> None:
    # In Greenland the clock went from 22:00 to 23:00 that evening.
    there = local_instant(date(2022, 3, 26), time(22, 30), "America/Nuuk").astimezone(ZoneInfo("America/Nuuk"))
    assert there.time() == time(23, 30)


def test_a_time_that_daylight_saving_leaves_out_does_not_move_into_the_night_after() -> None:
    # And later from 23:00 to 00:00: forward would be half past midnight.
    there = local_instant(date(2025, 3, 29), time(23, 30), "America/Nuuk").astimezone(ZoneInfo("America/Nuuk"))
    assert (there.date(), there.time()) == (date(2025, 3, 29), time(22, 30))


def test_a_day_that_a_zone_left_out_is_the_day_after() -> None:
    # Samoa crossed the date line and had no 30 December.
    there = local_instant(date(2011, 12, 30), time(9), "Pacific/Apia").astimezone(ZoneInfo("Pacific/Apia"))
    assert (there.date(), there.time()) == (date(2011, 12, 31), time(9))


def test_a_time_that_comes_twice_is_its_first() -> None:
    first = local_instant(date(2022, 10, 29), time(22, 30), "America/Nuuk")
    assert first.astimezone(ZoneInfo("America/Nuuk")).fold == 0
    assert local_instant(date(2022, 10, 29), time(23, 30), "America/Nuuk") - first == timedelta(hours=2)


@pytest.mark.parametrize("golive", [date(2026, 3, 2), date(2026, 9, 7)])
def test_a_whole_go_live_keeps_its_dates_and_hours_in_every_zone_of_the_world(golive: date) -> None:
    """Both changes of the clock, on both hemispheres, fall into these two."""
    days = [one.on for one in all_of(PRACTICE, golive)]
    for zone in zones_with_daylight_saving():
        for at in (time(4), time(17), time(23, 59)):
            there = [local_instant(day, at, zone).astimezone(ZoneInfo(zone)) for day in days]
            assert [(one.date(), one.time()) for one in there] == [(day, at) for day in days], zone


@settings(deadline=None)
@given(st.data(), st.dates(date(2000, 1, 1), date(2035, 1, 1)), st.times(time(4)))
def test_no_instant_is_before_four_on_any_day_of_any_zone(data: st.DataObject, on: date, at: time) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(sorted(places()))))
    assert local_instant(on, at, zone.key).astimezone(zone).time() >= time(4)


@given(st.times(max_value=time(3, 59, 59)))
def test_nobody_is_asked_before_four(at: time) -> None:
    with pytest.raises(ValueError, match=r"before 04:00"):
        local_instant(MONDAY, at, "America/New_York")


def test_working_days_leave_out_weekends_and_closed_days() -> None:
    friday, monday, tuesday = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)
    assert next_working_day(friday) == monday
    assert next_working_day(friday, closed=[monday]) == tuesday
    assert next_working_day(friday, week=range(6)) == date(2026, 3, 7)
    assert working_days_between(friday, tuesday) == 2
    assert working_days_between(friday, tuesday, closed=[monday]) == 1
    assert working_days_between(tuesday, friday) == 0


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_counting_working_days_is_walking_them(start: date, steps: int) -> None:
    day = start
    for _ in range(steps):
        day = next_working_day(day)
    assert working_days_between(start, day) == steps


def test_what_moves_is_said_with_the_next_pulse() -> None:
    since = date(2026, 1, 28)
    before = list(occurrences(PRACTICE, golive=MONDAY, since=since, until=date(2026, 12, 31)))
    after = list(occurrences(PRACTICE, golive=MONDAY + timedelta(7), since=since, until=date(2026, 12, 31)))
    change = moved(before, [one for one in after if one.phase != "readiness"])
    assert str(change) == "35 pulses move; the next was Wed 4 Feb, now Wed 11 Feb."
    assert len(change.pairs) == 35


def test_nothing_moves_when_nothing_changed() -> None:
    everything = all_of(PRACTICE, MONDAY)
    assert str(moved(everything, everything)) == "Nothing moves."


def test_pulses_that_fall_away_or_are_new_are_said_too() -> None:
    one, two, three, *_ = all_of(PRACTICE, MONDAY)
    assert str(moved([one], [two])) == ("1 pulse falls away, Tue 6 Jan; 1 pulse is new, Tue 20 Jan.")
    assert str(moved([one, two], [])) == "2 pulses fall away, the next of them Tue 6 Jan."
    assert str(moved([one], [one, two, three])) == "2 pulses are new, the next of them Tue 20 Jan."


def test_one_pulse_moves() -> None:
    one = all_of(PRACTICE, MONDAY)[0]
    other = all_of(PRACTICE, MONDAY + timedelta(7))[0]
    assert str(moved([one], [other])) == "1 pulse moves; the next was Tue 6 Jan, now Tue 13 Jan."
