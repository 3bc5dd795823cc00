"""Counting alarms that are right, late, and for nothing."""

import numpy as np
import pytest

from analytics.charts import Chart, Ratios, Scores
from analytics.evaluation import (
    MONTH,
    alarms_by_organisation,
    amoc,
    bootstrap,
    false_alarms,
    lowest_threshold,
    timeliness,
    together,
)

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


def ratios(rng: np.random.Generator, *, shift: float = 0.0) -> Ratios:
    """Evidence of 40 organisations of two teams that drifts up in the first team from day 5 on."""
    values = rng.normal(-0.5, 1.0, (1, 40, 2, len(DAYS)))
    values[:, :, 0, 10:] += shift
    return Ratios(values, DAYS, np.ones((40, 2, len(DAYS)), dtype=bool), cool_down=10)


@pytest.fixture(scope="module")
def quiet() -> Ratios:
    return ratios(np.random.default_rng(1))


@pytest.mark.parametrize("budget", [0.05, 0.2])
def test_a_threshold_is_the_lowest_that_keeps_the_budget(quiet: Ratios, budget: float) -> None:
    found = lowest_threshold(quiet, budget)
    assert false_alarms(quiet.chart(np.array(found)).raised, DAYS) <= budget
    assert false_alarms(quiet.chart(np.array(found * 0.98)).raised, DAYS) > budget * 0.8


def test_scores_that_do_not_add_up_have_thresholds_too(quiet: Ratios) -> None:
    plain = Scores(quiet.values[0], DAYS, quiet.ready, cool_down=10)
    found = lowest_threshold(plain, 0.05)
    assert false_alarms(plain.chart(np.array(found)).raised, DAYS) <= 0.05


def test_fewer_false_alarms_cost_delay_and_a_blind_detector_costs_all(quiet: Ratios) -> None:
    onset = np.full(40, 5)
    sharp = amoc(quiet, ratios(np.random.default_rng(2), shift=2.0), onset, team=0)
    blind = amoc(quiet, quiet, onset, team=0)
    assert list(sharp.rates) == sorted(sharp.rates)
    assert sharp.area < 0.4
    assert 0.7 < blind.area <= 1.0


def test_alarms_of_each_organisation_average_to_the_rate(quiet: Ratios) -> None:
    raised = quiet.chart(np.array(4.0)).raised
    assert alarms_by_organisation(raised, DAYS).mean() == pytest.approx(false_alarms(raised, DAYS))


def test_a_bootstrap_interval_holds_the_value_and_narrows_with_more_organisations() -> None:
    def width(n: int) -> float:
        values = np.random.default_rng(3).normal(2.0, 1.0, n)
        found = bootstrap(n, lambda drawn: float(values[drawn].mean()), seed=4, draws=200)
        assert found.low < values.mean() < found.high
        return found.high - found.low

    assert width(400) < 0.7 * width(50)
