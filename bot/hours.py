"""Local hours: when somebody's prompt is due, when a lead may be written to, and whether an hour has just come."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveys.cadence import EARLIEST, local_instant
from surveys.golive_file import USUAL_SHIFT_END
from surveys.golives import GoLive, Team
from surveys.roster import Participant

END_OF_SHIFT = "end_of_shift"


def prompt_due(golive: GoLive, team: Team, person: Participant, *, on: date) -> datetime:
    """When this person's prompt is due: at the end of their shift or the agreed hour, never in quiet hours."""
    at = time.fromisoformat(wish) if (wish := team.deliver_pulse or golive.pulse_at) != END_OF_SHIFT else None
    return awake(golive, on, at or person.shift_end or USUAL_SHIFT_END, zone=person.timezone, person=person)


def awake(golive: GoLive, on: date, at: time, *, zone: str, person: Participant | None = None) -> datetime:
    """A local time on a date, or the end of the quiet hours that it falls into: the go-live's, and a person's own."""
    at = max(at, EARLIEST)
    spans = quiet_spans(golive, person)
    # Where one ends the other may begin. Each counts once, so that hours which leave none of the day come to an end.
    while (quiet := next((span for span in spans if covers(span, at)), None)) is not None:
        spans.remove(quiet)
        start, end = quiet
        on = on + timedelta(days=1) if at >= start > end else on
        at = max(end, EARLIEST)
    return local_instant(on, at, zone)


def awake_after(golive: GoLive, now: datetime, *, zone: str, person: Participant | None = None) -> datetime:
    """Now, or the end of the quiet hours in this zone."""
    local = now.astimezone(ZoneInfo(zone))
    due = awake(golive, local.date(), local.time(), zone=zone, person=person)
    return max(due, now)


Span = tuple[time, time]  #: from, and until but not with; over midnight where it ends before it begins


def quiet_spans(golive: GoLive, person: Participant | None) -> list[Span]:
    spans = [(golive.quiet_from, golive.quiet_until)]
    if person is not None and person.quiet_from is not None and person.quiet_until is not None:
        spans.append((person.quiet_from, person.quiet_until))
    return spans


def covers(span: Span, at: time) -> bool:
    start, end = span
    return at >= start or at < end if start > end else start <= at < end


def awake_minutes(spans: Sequence[Span]) -> int:
    """How many minutes of a day are left in which somebody may be written to."""
    day = (time(minute // 60, minute % 60) for minute in range(24 * 60))
    return sum(at >= EARLIEST and not any(covers(span, at) for span in spans) for at in day)


def came(at: time, *, zone: str, since: datetime, now: datetime) -> date | None:
    """The latest local date on which this hour came after `since` and not after `now`."""
    day = now.astimezone(ZoneInfo(zone)).date()
    for candidate in (day, day - timedelta(days=1)):
        instant = local_instant(candidate, max(at, EARLIEST), zone)
        if since.astimezone(UTC) < instant <= now.astimezone(UTC):
            return candidate
    return None
