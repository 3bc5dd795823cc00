"""Thresholds between the sizes that were calibrated, and the file they come from."""

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.calibration import fingerprint
from analytics.family import BUDGET
from analytics.thresholds import SIZES, TEAMS, Threshold, calibrated

RISING = Threshold(tuple(tuple(10.0 * row + column for column in range(len(SIZES))) for row in range(len(TEAMS))))


def at(threshold: Threshold, size: float, teams: float) -> float:
    return float(threshold.of(np.array([[size]]), np.array([[teams]]))[0, 0])


def test_a_calibrated_size_has_its_own_threshold() -> None:
    for row, teams in enumerate(TEAMS):
        for column, size in enumerate(SIZES):
            assert at(RISING, size, teams) == pytest.approx(10 * row + column)


@given(st.floats(0, 500), st.floats(0, 100))
def test_every_other_size_lies_between_its_neighbours(size: float, teams: float) -> None:
    assert 0 <= at(RISING, size, teams) <= 10 * (len(TEAMS) - 1) + len(SIZES) - 1


def test_halfway_in_the_logarithm_is_halfway() -> None:
    assert at(RISING, (SIZES[0] * SIZES[1]) ** 0.5, TEAMS[0]) == pytest.approx(0.5)


def test_a_flat_threshold_is_the_same_everywhere() -> None:
    assert at(Threshold.flat(4.0), 9, 4) == 4


def stored() -> dict[str, object]:
    read: dict[str, object] = json.loads(resources.files("analytics").joinpath("thresholds.json").read_text("utf-8"))
    return read


def test_the_shipped_thresholds_belong_to_the_shipped_detectors() -> None:
    """Whoever changes a detector or the world runs the calibration again."""
    assert stored()["parameters"] == fingerprint()


def test_the_shipped_run_kept_its_budget_in_the_practices_it_measured() -> None:
    figures = stored()["figures"]
    assert isinstance(figures, dict)
    for name, figure in figures.items():
        for family in ("confusion", "workaround"):
            assert figure["false_alarms"][family] <= 1.6 * BUDGET, name


def test_every_kind_has_a_threshold() -> None:
    assert set(calibrated()) == {"silent_confusion", "visible_confusion", "nonresponse", "workaround"}
