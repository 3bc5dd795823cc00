"""Adding evidence up, alarming once, and starting anew."""

import numpy as np
import pytest
from scipy.stats import binom, poisson

from analytics.charts import Chart, bernoulli_ratio, cumulate, enough, poisson_ratio
from analytics.panel import Stream


def run(*ratios: float, days: list[int] | None = None, ready: list[bool] | None = None) -> Chart:
    """One team, one effect size, threshold 3."""
    values = np.array(ratios)[None, None]
    when = np.array(days if days is not None else range(len(ratios)))
    able = np.array(ready if ready is not None else [True] * len(ratios))[None]
    return cumulate(values, when, threshold=np.array(3.0), ready=able, cool_down=10)


def raised(chart: Chart) -> list[int]:
    return np.nonzero(chart.raised[0])[0].tolist()


@pytest.mark.parametrize("odds", [1.5, 4.0])
def test_the_ratio_of_counts_is_that_of_their_likelihoods(odds: float) -> None:
    share = 0.3
    worse = odds * share / (1 - share + odds * share)
    mine = bernoulli_ratio(Stream(np.array([4.0]), np.array([9.0])), np.array([share]), odds=odds)
    assert mine[0] == pytest.approx(binom.logpmf(4, 9, worse) - binom.logpmf(4, 9, share))


def test_the_ratio_of_rates_is_that_of_their_likelihoods() -> None:
    mine = poisson_ratio(np.array([3.0]), np.array([0.7]), rate=4.0)
    assert mine[0] == pytest.approx(poisson.logpmf(3, 2.8) - poisson.logpmf(3, 0.7))


def test_what_cannot_be_compared_says_nothing() -> None:
    unknown = np.array([np.nan])
    assert bernoulli_ratio(Stream(np.array([4.0]), np.array([9.0])), unknown, odds=2.0)[0] == 0
    assert poisson_ratio(np.array([3.0]), unknown, rate=4.0)[0] == 0


def test_a_sum_over_the_threshold_alarms_once() -> None:
    assert raised(run(1, 1, 1, 1, 1)) == [2]


def test_good_news_takes_the_sum_back_to_zero_and_no_further() -> None:
    assert run(1, -5, 1).score[0].tolist() == [1, 0, 1]


def test_evidence_begins_after_the_last_zero() -> None:
    chart = run(1, -5, 1, 1, 1)
    assert chart.begin[0, 4] == 2


def test_evidence_that_goes_on_keeps_an_alarm_alive() -> None:
    assert raised(run(3, *[0.5] * 40)) == [0]


def test_after_the_cool_down_new_trouble_alarms_anew() -> None:
    chart = run(3, *[-0.1] * 12, 2, 2)
    assert raised(chart) == [0, 14]


def test_trouble_that_comes_back_within_the_cool_down_is_the_same() -> None:
    assert raised(run(3, -1, -1, -1, 2, 2)) == [0]


def test_the_cool_down_counts_days_and_not_waves() -> None:
    assert raised(run(3, 0, 3, days=[0, 5, 12])) == [0, 2]


def test_waves_without_answers_keep_no_alarm_alive() -> None:
    assert raised(run(3, *[0] * 12, 3)) == [0, 13]


def test_an_alarm_waits_until_enough_people_stand_behind_it() -> None:
    assert raised(run(2, 2, 2, 2, ready=[False, False, False, True])) == [3]


def test_an_alarm_is_spoken_of_from_the_next_wave_on() -> None:
    chart = run(3, 0, 0)
    assert chart.alive[0].tolist() == [True, True, True]
    assert chart.spoken[0].tolist() == [False, True, True]


def test_the_effect_that_fits_best_wins() -> None:
    values = np.stack([np.full((1, 4), 0.5), np.full((1, 4), 1.0)])
    chart = cumulate(values, np.arange(4), threshold=np.array(3.0), ready=np.ones((1, 4), dtype=bool), cool_down=10)
    assert chart.effect[0].tolist() == [1, 1, 1, 1]


def test_only_the_fullest_single_wave_counts_as_different_people() -> None:
    answered = np.array([[3.0, 3.0, 5.0, 2.0]])
    days = np.array([0, 1, 2, 12])
    assert enough(answered, days, least=5)[0].tolist() == [False, False, True, False]
