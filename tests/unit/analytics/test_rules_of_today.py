"""The rules of today are what their authors say, so that what is measured against them is measured fairly."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.frames import CELL_COLUMNS, History, cell_frame
from analytics.panel import Panel, Stream
from analytics.rules_of_today import (
    RULES,
    Dashboard,
    Ears,
    MeanThreshold,
    Rule,
    WeekOverWeek,
    ears_bounds,
    ears_scores,
    scores,
    xmr_scores,
)
from analytics.signals import Detector

GOLIVE = date(2026, 3, 2)
SERIES = np.array([2, 3, 1, 0, 4, 2, 3, 1, 2, 9, 12, 3, 1, 14, 0, 2], dtype=np.float64)
# What earsC of R gives with its defaults (baseline 7, minSigma 0, alpha 0.001 and for C3 0.025), worked out from its
# source with nothing but means and standard deviations. Its C3 adds the excess of the two points before, not its own.
BOUNDS = {
    "C1": [6.3, 6.37, 6.014, 12.097, 17.545, 17.543, 17.763, 23.113, 23.468],
    "C2": [6.3, 6.37, 6.014, 12.097, 17.545, 17.543, 17.763],
    "C3": [0, 0, 22.138, 3.037, 5.122],
}  # C1 has bounds from the 8th point on, C2 from the 10th, C3 from the 12th
ALARMS = {"C1": [9], "C2": [9, 10], "C3": [11, 12]}  # counts over their bound


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_ears_bounds_are_those_of_the_reference(method: str) -> None:
    first = {"C1": 7, "C2": 9, "C3": 11}[method]
    found = ears_bounds(SERIES, method=method)
    assert np.isnan(found[:first]).all()
    assert found[first:] == pytest.approx(BOUNDS[method], abs=0.001)


@pytest.mark.parametrize(("method", "quantile"), [("C1", 3.0902), ("C2", 3.0902), ("C3", 1.95996)])
def test_a_score_over_its_quantile_is_a_count_over_its_bound(method: str, quantile: float) -> None:
    found = np.nonzero(ears_scores(SERIES, method=method) > quantile)[0]
    assert found.tolist() == ALARMS[method] == np.nonzero(ears_bounds(SERIES, method=method) < SERIES)[0].tolist()


def test_ears_asks_for_its_whole_baseline() -> None:
    assert np.isnan(ears_scores(SERIES[:7], method="C1")).all()


def test_a_baseline_that_never_varied_is_given_some_variation() -> None:
    assert ears_scores(np.array([1.0] * 7 + [3.0]), method="C1", min_sigma=0.5)[-1] == 4.0


def points(*values: float) -> list[float]:
    return xmr_scores(np.array(values)).tolist()


def test_a_point_beyond_the_limits_scores_its_sigmas() -> None:
    assert points(1, 2, 1, 2, 1, 2, 6)[-1] == pytest.approx((6 - 1.5) / (1 / 1.128))


def test_seven_on_the_worse_side_of_the_mean_count_three_sigmas() -> None:
    run = points(1, 2, 1, 2, 1, 2, *[1.9, 1.8] * 3, 1.9)
    assert run[-1] == pytest.approx(3.0, abs=0.45)
    assert run[-2] < run[-1]


def test_six_that_get_worse_count_three_sigmas() -> None:
    assert points(1, 9, 1, 9, 1, 9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6)[-1] == 3.0


def test_two_of_three_beyond_two_sigmas_count_three() -> None:
    assert points(*[1, 2] * 5, 3.4, 3.4)[-1] == pytest.approx(3.0, abs=0.4)


def test_better_is_no_alarm() -> None:
    assert max(points(4, 5, 4, 5, 4, 3, 2, 1)[5:]) < 1


def test_without_answers_a_chart_waits() -> None:
    full, gaps = points(1, 2, 1, 2, 1, 9), points(1, 2, -np.inf, 1, 2, 1, 9)
    assert gaps[-1] == full[-1]
    assert gaps[2] == -np.inf


def panel(marks: list[list[float]], *, low: list[list[float]] | None = None) -> Panel:
    """Ten people a team, every working day, with the mean mark given."""
    mean = np.array(marks)
    many = np.full(mean.shape, 10.0)
    counts = np.zeros(mean.shape) if low is None else np.array(low)
    return Panel(
        np.arange(mean.shape[-1]),
        {
            "nonresponse": Stream(np.zeros(mean.shape), many),
            "short_of_best": Stream((5 - mean) * 10, 4 * many),
            "low": Stream(counts, many),
        },
    )


def test_the_mean_is_read_off_the_pulse() -> None:
    assert MeanThreshold().score(panel([[4.5, 2.5]])).tolist() == [[0.5, 2.5]]


def test_a_week_is_compared_with_the_week_before() -> None:
    found = WeekOverWeek().score(panel([[4.0] * 5 + [3.0] * 5]))
    assert found[0, -1] == pytest.approx(1.0)
    assert (found[0, :5] == -np.inf).all()


def test_a_dashboard_compares_teams() -> None:
    found = Dashboard().score(panel([[4.0] * 5, [4.2] * 5, [3.8] * 5, [2.0] * 5]))
    assert found[3, -1] > 1.4
    assert (Dashboard().score(panel([[4.0] * 5, [2.0] * 5])) == -np.inf).all()


def test_ears_counts_low_answers_team_by_team() -> None:
    low = [[1.0, 0.0] * 6 + [6.0], [0.0, 1.0] * 6 + [1.0]]
    found = Ears("C2").score(panel([[4.0] * 13] * 2, low=low))
    assert found[0, -1] > 3.09 > found[1, -1]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind} {getattr(rule, 'method', '')}".strip())
def test_every_rule_is_a_detector_that_tells_of_a_team_in_plain_trouble(rule: Rule) -> None:
    detector: Detector = rule  # type: ignore[assignment]  # a rule is both
    bad, good = [2.0] * 6, [4.0, 4.2] * 10
    marks = [good + bad, good + [4.0] * 6, *[good + [4.1] * 6] * 6]
    low = [[0.0, 1.0] * 10 + [7.0] * 6, *[[0.0, 1.0] * 13] * 7]
    trouble = panel(marks, low=low)
    names, dates = "ABCDEFGH", np.busday_offset(np.datetime64(GOLIVE), trouble.days)
    rows = [
        (dates[wave], names[team], name, "", round(stream.x[team, wave]), int(stream.n[team, wave]))
        for name, stream in trouble.streams.items()
        for team in range(8)
        for wave in range(len(dates))
    ]
    cells = cell_frame(pd.DataFrame(rows, columns=list(CELL_COLUMNS)))
    (signal,) = detector.detect(History(cells, GOLIVE, dates[-1].astype(object)))
    assert signal.team == "A"
    assert signal.raised_on >= dates[20].astype(object)
    assert signal.score >= signal.threshold
    assert signal.frame[-1].score == signal.score
    assert detector.detect(History(cells.iloc[:0], GOLIVE, GOLIVE)) == []


def test_too_few_people_raise_no_alarm_by_any_rule() -> None:
    few = Panel(np.arange(2), {"nonresponse": Stream(np.zeros((1, 2)), np.full((1, 2), 4.0))})
    assert not scores(MeanThreshold(limit=-np.inf), few).chart(np.array(-np.inf)).raised.any()
