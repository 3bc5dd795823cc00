"""A clock that stands still but for whoever waits."""


class SlowClock:
    """Seconds; waiting takes no time and moves the clock."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds
