"""How much evidence is enough, by the size of a team and the number of teams: found by a calibration run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from analytics.panel import Floats

SIZES = (5, 6, 7, 10, 16, 30)  # people in a team
TEAMS = (3, 5, 8)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold known at SIZES and TEAMS; in between it goes evenly with their logarithms, beyond them it stays."""

    rows: tuple[tuple[float, ...], ...]  #: one row per number of TEAMS, one value per size of SIZES

    def of(self, sizes: Floats, teams: Floats) -> Floats:
        """Threshold per team and wave: both arguments broadcast to (..., team, wave)."""
        people = _place(sizes, SIZES)
        number = _place(teams, TEAMS)
        known = np.array(self.rows)
        row, column = number.astype(np.int64), people.astype(np.int64)
        down, right = np.minimum(row + 1, len(TEAMS) - 1), np.minimum(column + 1, len(SIZES) - 1)
        upper = known[row, column] + (known[row, right] - known[row, column]) * (people - column)
        lower = known[down, column] + (known[down, right] - known[down, column]) * (people - column)
        between: Floats = upper + (lower - upper) * (number - row)
        return between

    @classmethod
    def flat(cls, value: float) -> "Threshold":
        """One threshold whatever the size."""
        return cls(((value,) * len(SIZES),) * len(TEAMS))


def calibrated() -> Mapping[str, Threshold]:
    """Read the thresholds of the last calibration run, by kind of detector."""
    stored = json.loads(resources.files("analytics").joinpath("thresholds.json").read_text(encoding="utf-8"))
    return {kind: Threshold(tuple(map(tuple, rows))) for kind, rows in stored["thresholds"].items()}


def _place(values: Floats, anchors: tuple[int, ...]) -> Floats:
    """Give each value its place among the anchors: 0 at the first, 0.5 halfway (in logarithms) to the second."""
    logs = np.log(np.array(anchors, dtype=np.float64))
    return np.interp(np.log(np.maximum(values, 1.0)), logs, np.arange(len(anchors)))
