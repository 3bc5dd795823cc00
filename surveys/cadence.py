"""When a plan asks: local dates relative to the go-live, and the instants they become in a time zone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveys.plans import Plan, PlannedPhase, Round

EARLIEST = time(4)  #: nobody is asked anything before
MONDAY_TO_FRIDAY = frozenset(range(5))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One pulse on one local date."""

    on: date
    phase: str
    day: int  #: days from the go-live date
    round_index: int  #: how many pulses of this phase come before; with the phase it names the pulse
    constructs: Round
    closes_on: date
    reminder: bool
    closes_at: time = time(12)  #: local


@dataclass(frozen=True, slots=True)
class Moved:
    """What another go-live date or another plan does to the pulses that have not been sent."""

    pairs: tuple[tuple[Occurrence, Occurrence], ...]  #: (before, after), same phase and round, another date
    dropped: tuple[Occurrence, ...]
    added: tuple[Occurrence, ...]

    def __str__(self) -> str:
        parts = []
        if self.pairs:
            was, now = self.pairs[0]
            verb = "pulse moves" if len(self.pairs) == 1 else "pulses move"
            parts.append(f"{len(self.pairs)} {verb}; the next was {_short(was.on)}, now {_short(now.on)}")
        if self.dropped:
            verb = "pulse falls away," if len(self.dropped) == 1 else "pulses fall away, the next of them"
            parts.append(f"{len(self.dropped)} {verb} {_short(self.dropped[0].on)}")
        if self.added:
            verb = "pulse is new," if len(self.added) == 1 else "pulses are new, the next of them"
            parts.append(f"{len(self.added)} {verb} {_short(self.added[0].on)}")
        return f"{'; '.join(parts) or 'Nothing moves'}."


def occurrences(
    plan: Plan, *, golive: date, since: date, until: date, closed: Collection[date] = ()
) -> Iterator[Occurrence]:
    """The pulses from `since` to `until`, both included, at most one on a date, in the order of their dates.

    A pulse that falls on a closed day moves to the next free working day of the same week and phase, or is left out.
    Where the next pulse comes early, a pulse closes on that day instead of staying open beside it.
    """
    shut = frozenset(closed)
    everything = [found for phase in plan.phases for found in _of_phase(plan, phase, golive=golive, closed=shut)]
    following: list[Occurrence | None] = [*everything[1:], None]
    for one, after in zip(everything, following, strict=True):
        if since <= one.on <= until:
            yield one if after is None else replace(one, closes_on=min(one.closes_on, after.on))


def _of_phase(plan: Plan, phase: PlannedPhase, *, golive: date, closed: frozenset[date]) -> Iterator[Occurrence]:
    special = list(phase.special_days)
    for index, on in enumerate(_dates(plan, phase, golive=golive, closed=closed)):
        day = (on - golive).days
        constructs = phase.rounds[index % len(phase.rounds)]
        while special and special[0].day <= day:
            constructs = special.pop(0).constructs
        closes_on = on
        for _ in range(phase.closes):
            closes_on = next_working_day(closes_on, closed=closed, week=plan.working_week)
        yield Occurrence(on, phase.name, day, index, constructs, closes_on, phase.reminder, phase.closes_at)


def _dates(plan: Plan, phase: PlannedPhase, *, golive: date, closed: frozenset[date]) -> list[date]:
    days = [golive + timedelta(days=day) for day in range(phase.first, phase.last + 1)]
    planned = [day for day in days if day.weekday() in phase.weekdays and _weeks(golive, day) % phase.every_weeks == 0]
    taken = {day for day in planned if day not in closed}
    for day in planned:
        if day in closed:
            same_week = (day + timedelta(days=step) for step in range(1, 7 - day.weekday()))
            free = (
                other
                for other in same_week
                if other.weekday() in plan.working_week
                and other not in closed
                and other not in taken
                and other <= days[-1]
            )
            taken.update([found] if (found := next(free, None)) else [])
    return sorted(taken)


def _weeks(golive: date, day: date) -> int:
    """Whole calendar weeks from the week of the go-live to the week of the day."""
    return ((day - timedelta(days=day.weekday())) - (golive - timedelta(days=golive.weekday()))).days // 7


def phase_of(plan: Plan, day: int) -> PlannedPhase | None:
    """The phase that a day belongs to, counted from the go-live date; None before, after and between phases."""
    return next((phase for phase in plan.phases if phase.first <= day <= phase.last), None)


def is_working_day(day: date, *, closed: Collection[date] = (), week: Collection[int] = MONDAY_TO_FRIDAY) -> bool:
    return day.weekday() in week and day not in closed


def next_working_day(day: date, *, closed: Collection[date] = (), week: Collection[int] = MONDAY_TO_FRIDAY) -> date:
    """The first working day after `day`."""
    day += _DAY
    while not is_working_day(day, closed=closed, week=week):
        day += _DAY
    return day


def working_days_between(
    earlier: date, later: date, *, closed: Collection[date] = (), week: Collection[int] = MONDAY_TO_FRIDAY
) -> int:
    """How many working days come after `earlier`, up to and with `later`; 0 if `later` is not later."""
    span = range(1, (later - earlier).days + 1)
    return sum(is_working_day(earlier + timedelta(days=step), closed=closed, week=week) for step in span)


def local_instant(on: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which a clock on the wall of `zone` shows `at`.

    A time that daylight saving leaves out moves forward by what was left out, or backward where forward would be the
    next day; a time that comes twice is its first. Raises ValueError before 04:00.
    """
    if at < EARLIEST:
        raise ValueError(f"{at:%H:%M} is before {EARLIEST:%H:%M}, and nobody is asked anything that early.")
    # fold=0 is the earlier of two, and in a gap the offset from before it; fold=1 in a gap the one after (PEP 495).
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0), tzinfo=ZoneInfo(zone))
    forward = wall.astimezone(UTC)
    if forward.astimezone(wall.tzinfo).date() == on:
        return forward
    backward = wall.replace(fold=1).astimezone(UTC)  # Nuuk goes from 23:00 to 00:00 in March
    return backward if backward.astimezone(wall.tzinfo).date() == on else forward


def closing_instant(occurrence: Occurrence, zone: str) -> datetime:
    """The instant, in UTC, at which a pulse closes for people in `zone`."""
    return local_instant(occurrence.closes_on, occurrence.closes_at, zone)


def moved(before: Sequence[Occurrence], after: Sequence[Occurrence]) -> Moved:
    """Compare two lists of pulses by phase and round. Give it only what has not been sent."""
    then = {(one.phase, one.round_index): one for one in before}
    now = {(one.phase, one.round_index): one for one in after}
    return Moved(
        pairs=tuple((one, now[key]) for key, one in then.items() if key in now and now[key].on != one.on),
        dropped=tuple(one for key, one in then.items() if key not in now),
        added=tuple(one for key, one in now.items() if key not in then),
    )


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
