"""What a detector says: one unverified sign of trouble, with its evidence."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from analytics.frames import History


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stream's share in a signal."""

    stream: str  #: as in `frames.STREAMS`
    observed: int  #: how many, since the trouble began
    n: int  #: out of how many
    expected: float  #: how many the team's own past and the other teams make likely
    share: float  #: of the score, 0..1


@dataclass(frozen=True, slots=True)
class Signal:
    """An unverified sign; triage decides whether it becomes an alert."""

    kind: str  #: silent_confusion, visible_confusion, workaround, nonresponse
    team: str
    raised_on: date  #: the day whose wave brought the score over the threshold
    since: date  #: where the evidence begins (the score's last zero)
    score: float
    threshold: float
    because: str  #: one plain sentence with observed, expected and n
    evidence: tuple[Evidence, ...]
    route: str | None = None  #: for workarounds


class Detector(Protocol):
    """One kind of trouble. A detector is its parameters; every detector passes `tests/contract/test_detectors.py`."""

    kind: ClassVar[str]

    def detect(self, history: History) -> list[Signal]:
        """Signals in the order in which they were raised, using for each day only what was known by then."""
        ...
