"""Local hours: when somebody's prompt is due, when a lead may be written to, and whether an hour has just come."""

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
    return awake(golive, on, at or person.shift_end or USUAL_SHIFT_END, zone=person.timezone)


def awake(golive: GoLive, on: date, at: time, *, zone: str) -> datetime:
    """A local time on a date, or the end of the quiet hours that it falls into."""
    start, end = golive.quiet_from, golive.quiet_until
    at = max(at, EARLIEST)
    quiet = at >= start or at < end if start > end else start <= at < end
    if quiet:
        on = on + timedelta(days=1) if at >= start > end else on
        at = end
    return local_instant(on, max(at, EARLIEST), zone)


def awake_after(golive: GoLive, now: datetime, *, zone: str) -> datetime:
    """Now, or the end of the quiet hours in this zone."""
    local = now.astimezone(ZoneInfo(zone))
    due = awake(golive, local.date(), local.time(), zone=zone)
    return max(due, now)


def came(at: time, *, zone: str, since: datetime, now: datetime) -> date | None:
    """The latest local date on which this hour came after `since` and not after `now`."""
    day = now.astimezone(ZoneInfo(zone)).date()
    for candidate in (day, day - timedelta(days=1)):
        instant = local_instant(candidate, max(at, EARLIEST), zone)
        if since.astimezone(UTC) < instant <= now.astimezone(UTC):
            return candidate
    return None
