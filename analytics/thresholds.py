"""How much evidence is enough, by the size of a team and the number of teams: found by a calibration run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from analytics.panel import Floats

SMALL, LARGE = 8, 17  # a small team has up to 8 people, a large one 17 or more
FEW = 5  # up to so many teams are few

Classes = tuple[float, float, float]  # small, medium, large teams


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold for every class of team size and of number of teams."""

    few: Classes
    many: Classes

    def of(self, sizes: Floats, teams: Floats) -> Floats:
        """Threshold per team and wave: both arguments broadcast to (..., team, wave)."""
        column = (sizes > SMALL).astype(np.int64) + (sizes >= LARGE)
        return np.where(teams <= FEW, np.array(self.few)[column], np.array(self.many)[column])

    def scaled(self, factor: float) -> "Threshold":
        """Give the same threshold, all classes times `factor`."""
        few, many = np.array(self.few) * factor, np.array(self.many) * factor
        return Threshold((few[0], few[1], few[2]), (many[0], many[1], many[2]))

    @classmethod
    def flat(cls, value: float) -> "Threshold":
        """One threshold whatever the size."""
        return cls((value,) * 3, (value,) * 3)


def calibrated() -> Mapping[str, Threshold]:
    """Read the thresholds of the last calibration run, by kind of detector."""
    stored = json.loads(resources.files("analytics").joinpath("thresholds.json").read_text(encoding="utf-8"))
    return {
        kind: Threshold(tuple(classes["few"]), tuple(classes["many"])) for kind, classes in stored["thresholds"].items()
    }
