"""How often one person may ask or guess in a day, without writing down who did."""

import hashlib
import secrets
from collections import Counter
from datetime import UTC, date, datetime

from adapters.chat import Address
from surveys.errors import SurveyError

ASK = 8  # questions a person and day
FIND = 30  # tries at four words a person and day


class TooMany(SurveyError):
    """That is a lot for one day. Please try again tomorrow."""

    key = "error-too-many"


class DailyLimits:
    """Counts under a keyed hash, in memory only; the key dies at midnight, and with it every trace of who counted."""

    def __init__(self) -> None:
        self._day = date.min
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def count(self, sender: Address, what: str, *, limit: int, now: datetime) -> None:
        """Raises TooMany when this person has done this `limit` times today."""
        mark = self.mark(sender, what, now=now)
        if self._counts[mark] >= limit:
            raise TooMany
        self._counts[mark] += 1

    def seen(self, sender: Address, what: str, *, now: datetime) -> bool:
        """Whether this person was here with this before; from now on they were."""
        mark = self.mark(sender, what, now=now)
        self._counts[mark] += 1
        return self._counts[mark] > 1

    def forget(self, now: datetime) -> None:
        """Let the key and all counts of an earlier day go, also when nobody comes after midnight."""
        today = now.astimezone(UTC).date()  # one midnight for all: people in two zones must not reset each other
        if today != self._day:
            self._day, self._key, self._counts = today, secrets.token_bytes(32), Counter()

    def mark(self, sender: Address, what: str, *, now: datetime) -> bytes:
        """What stands for this person and this thing until midnight."""
        self.forget(now)
        text = f"{sender.platform}\0{sender.workspace}\0{sender.account}\0{what}".encode()
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()
