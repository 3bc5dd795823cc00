"""First reports against what is expected of them."""

import numpy as np
import pytest

from analytics.panel import Panel, Stream
from analytics.routes import ROUTES
from analytics.thresholds import Threshold
from analytics.workarounds import FirstReports, Workarounds

DAYS = np.arange(30)
SHAPE = (len(ROUTES), 4, len(DAYS))
PAPER = ROUTES.index("paper")
CHARTED = Workarounds(Threshold.flat(4.0))


def panel(x: np.ndarray) -> Panel:
    first = Stream(x, np.full(SHAPE, 10.0))
    return Panel(DAYS, {"first_report": first, "report": first})


def expected(x: np.ndarray) -> np.ndarray:
    return FirstReports().expect(panel(x).streams["first_report"], panel(x))


def test_a_burst_in_all_teams_is_expected_of_each() -> None:
    x = np.zeros(SHAPE)
    x[:, :, 5] = 1
    assert (expected(x)[:, :, 5] > 3 * expected(x)[:, :, 4]).all()


def test_what_a_team_has_long_reported_is_expected_of_it() -> None:
    x = np.zeros(SHAPE)
    x[PAPER, 0, :15] = 1
    found = expected(x)[PAPER, :, -1]
    assert found[0] > 3 * found[1]


def test_something_is_always_to_be_expected() -> None:
    assert expected(np.zeros(SHAPE)).min() >= FirstReports().floor * 10


def test_one_person_alone_raises_nothing() -> None:
    x = np.zeros(SHAPE)
    x[PAPER, 0, 20] = 1
    assert not CHARTED.chart(panel(x)).raised.any()


def test_several_in_a_few_days_do() -> None:
    x = np.zeros(SHAPE)
    x[PAPER, 0, 20:23] = 1
    route, team, wave = np.nonzero(CHARTED.chart(panel(x)).raised)
    assert (route.tolist(), team.tolist()) == ([PAPER], [0])
    assert 20 < wave[0] < 23


def test_the_same_way_round_rising_elsewhere_counts_half_a_report_more() -> None:
    alone, spreading = np.zeros(SHAPE), np.zeros(SHAPE)
    alone[PAPER, 0, 20:23] = 1
    spreading[PAPER, 0, 20:23] = 1
    spreading[PAPER, 1, 18:20] = 2
    usual, more = CHARTED.ratios(panel(alone)).values, CHARTED.ratios(panel(spreading)).values
    extra = more[0, PAPER, 0, 20] - usual[0, PAPER, 0, 20]
    assert extra == pytest.approx(0.5 * np.log(4), abs=0.4)


def test_without_routes_nothing_is_charted() -> None:
    asked = Stream(np.ones((4, 30)), np.full((4, 30), 10.0))
    assert not CHARTED.chart(Panel(DAYS, {"nonresponse": asked})).raised.any()
