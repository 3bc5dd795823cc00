"""What time it is: the wall's, or a rehearsal's."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, with its zone."""
        ...


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def local_date(now: datetime, zone: str) -> date:
    """The date on a calendar that hangs in this zone."""
    return now.astimezone(ZoneInfo(zone)).date()
