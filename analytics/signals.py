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
class Point:
    """One wave in the picture of a signal. A score, not a count: it tells of nobody, however small the team."""

    on: date
    score: float
    threshold: float


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
    frame: tuple[Point, ...] = ()  #: to draw: the score on its way to the threshold


@dataclass(frozen=True, slots=True)
class Watched:
    """What a detector of one family tells the others of the same family."""

    signals: tuple[Signal, ...]
    spoken: frozenset[tuple[str, date]]  #: teams with a signal still alive when a wave came, with that wave's date


class Detector(Protocol):
    """One kind of trouble. A detector is its parameters; every detector passes `tests/contract/test_detectors.py`."""

    kind: ClassVar[str]

    def detect(self, history: History) -> list[Signal]:
        """Signals in the order in which they were raised, using for each day only what was known by then."""
        ...
