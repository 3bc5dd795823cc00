"""How often links that open nothing may be tried, without writing down who tried them."""

from collections import deque
from collections.abc import Callable
from time import monotonic

MOST = 60  # forged, damaged or old links a minute, of all browsers together
WITHIN = 60.0  # seconds


class Knocks:
    """Counts in memory, of everybody together: no address of a browser is looked at, and no true link is held up."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._at: deque[float] = deque(maxlen=MOST)

    def too_many(self) -> bool:
        """Count one more link that opened nothing; whether there have been too many lately."""
        now = self._clock()
        full = len(self._at) == MOST and now - self._at[0] < WITHIN
        if not full:
            self._at.append(now)
        return full
