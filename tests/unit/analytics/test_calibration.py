"""A calibration in small: the budget is kept, the run is written down, the detectors can read it."""

import json
from pathlib import Path

import pytest

from analytics import calibration
from analytics.evaluation import false_alarms
from analytics.family import BUDGET
from analytics.measurement import charts, fused_alone, measure
from analytics.simulation import simulate
from analytics.thresholds import Threshold, calibrated
from analytics.world import Practice


def test_a_threshold_is_the_lowest_that_keeps_the_budget() -> None:
    practice = Practice((9,) * 5)
    found = calibration._thresholds(practice, 60, 3)
    panel = simulate(practice, 60, seed=3).panel
    kept = {kind: Threshold.flat(value) for kind, value in found.items()}
    rate = false_alarms(charts(panel, kept)["workaround"].raised, panel.days)
    assert 0.5 * BUDGET < rate <= BUDGET


def test_more_evidence_is_asked_for_when_fewer_false_alarms_are_wanted() -> None:
    panel = simulate(Practice((9,) * 5), 60, seed=3).panel
    loose = {kind: Threshold.flat(3.0) for kind in calibrated()}
    strict = {kind: Threshold.flat(9.0) for kind in calibrated()}
    for kind in ("silent_confusion", "nonresponse", "workaround"):
        many = false_alarms(charts(panel, loose)[kind].raised, panel.days)
        few = false_alarms(charts(panel, strict)[kind].raised, panel.days)
        assert few < many


def test_measured_figures_hold_every_kind_of_trouble() -> None:
    figures = measure(Practice((9,) * 4), calibrated(), organisations=40, seed=8)
    assert set(figures.found) == {"silent", "quiet", "open", "nodded", "workaround"}
    assert figures.found["open"].found[-1] > 0.3
    assert figures.found["workaround"].found[-1] > 0.5
    assert figures.adopters >= 2


def test_larger_teams_are_found_sooner_by_the_fused_detector() -> None:
    small, large = (fused_alone(Practice((size,) * 6), organisations=60, seed=3) for size in (6, 24))
    assert large.found[-1] > small.found[-1]


@pytest.mark.slow
def test_a_run_is_written_so_that_detectors_can_read_it(tmp_path: Path) -> None:
    told: list[str] = []
    table = calibration.calibrate(seed=2, organisations=2, to=tmp_path / "thresholds.json", told=told.append)
    run = json.loads((tmp_path / "thresholds.json").read_text("utf-8"))
    assert run["seed"] == 2
    assert run["parameters"] == calibration.fingerprint()
    assert set(run["thresholds"]) == set(calibrated())
    assert all(name in table for name in run["figures"])
    assert len(told) == 18 + len(calibration.PRACTICES)
