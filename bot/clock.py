"""What time it is: the wall's, or a rehearsal's."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, with its zone."""
        ...


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """Shows what it was set to: for rehearsals and tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment

    def advance(self, delta: timedelta) -> None:
        self._moment += delta


def local_date(now: datetime, zone: str) -> date:
    """The date on a calendar that hangs in this zone."""
    return now.astimezone(ZoneInfo(zone)).date()
