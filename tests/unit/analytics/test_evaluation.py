"""Counting alarms that are right, late, and for nothing."""

import numpy as np
import pytest

from analytics.charts import Chart
from analytics.evaluation import MONTH, false_alarms, timeliness, together

DAYS = np.arange(-5, 42)


def raised(*alarms: tuple[int, int, int], organisations: int = 2, teams: int = 2) -> np.ndarray:
    """Alarms as (organisation, team, day)."""
    found = np.zeros((organisations, teams, len(DAYS)), dtype=bool)
    for organisation, team, day in alarms:
        found[organisation, team, day + 5] = True
    return found


def test_alarms_are_counted_per_team_month_from_the_go_live_on() -> None:
    months = 2 * 2 * 42 / MONTH
    assert false_alarms(raised((0, 0, 3), (1, 1, 30), (1, 0, -2)), DAYS) == pytest.approx(2 / months)


def test_an_alarm_counts_from_the_onset_and_in_its_team() -> None:
    found = timeliness(raised((0, 0, 12), (1, 1, 12)), DAYS, np.array([5, 5]), team=0)
    assert found.found == (0.0, 0.5, 0.5, 0.5)


def test_an_alarm_before_the_trouble_finds_nothing() -> None:
    assert timeliness(raised((0, 0, 3)), DAYS, np.array([5, 5]), team=0).found[-1] == 0


def test_organisations_without_trouble_are_no_episodes() -> None:
    found = timeliness(raised((0, 0, 6)), DAYS, np.array([5, -1]), team=0)
    assert (found.episodes, found.found[0], found.median) == (1, 1.0, 1.0)


def test_no_median_when_most_are_never_found() -> None:
    assert timeliness(raised(), DAYS, np.array([5, 5]), team=0).median is None


def test_no_episodes_are_no_figures() -> None:
    found = timeliness(raised(), DAYS, np.array([-1, -1]), team=0)
    assert (found.episodes, found.found, found.median) == (0, (0.0, 0.0, 0.0, 0.0), None)


def test_detectors_of_one_trouble_alarm_together_once() -> None:
    first, second = raised((0, 0, 3)), raised((0, 0, 5), (0, 1, 5))
    spoken = np.zeros_like(first)
    spoken[0, 0, 9:] = True
    nothing = np.zeros(first.shape)
    charts = [
        Chart(nothing, alarms, alarms, silent, nothing.astype(int), nothing.astype(int))
        for alarms, silent in ((first, spoken), (second, np.zeros_like(first)))
    ]
    assert together(charts).tolist() == raised((0, 0, 3), (0, 1, 5)).tolist()
