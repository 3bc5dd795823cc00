"""What is expected of a team."""

import numpy as np
import pytest

from analytics.baseline import CEILING, FLOOR, Baseline
from analytics.panel import Stream

DAYS = np.arange(30)


def steady(*shares: float, n: float = 20.0) -> Stream:
    """Teams that answer the same every day."""
    x = np.array(shares)[:, None] * n * np.ones((1, len(DAYS)))
    return Stream(x, np.full_like(x, n))


def test_teams_that_are_alike_are_expected_alike() -> None:
    expected = Baseline().expect(steady(0.3, 0.3, 0.3, 0.3), DAYS)
    assert expected[:, -1] == pytest.approx(0.3, abs=0.01)


def test_a_day_on_which_all_are_worse_is_expected_to_be_worse() -> None:
    stream = steady(0.2, 0.2, 0.2, 0.2)
    stream.x[:, 20] = 12
    expected = Baseline().expect(stream, DAYS)
    assert (expected[:, 20] > 1.8 * expected[:, 19]).all()


def test_the_team_itself_has_no_part_in_the_rate_of_its_day() -> None:
    plain, odd = steady(0.2, 0.2, 0.2), steady(0.2, 0.2, 0.2)
    odd.x[0, 20] = 20
    assert Baseline().day_rate(odd, DAYS)[0] == pytest.approx(Baseline().day_rate(plain, DAYS)[0])


def test_a_habit_of_long_standing_is_expected() -> None:
    expected = Baseline().expect(steady(0.5, 0.2, 0.2, 0.2), DAYS)
    assert expected[0, -1] == pytest.approx(0.5, abs=0.06)


def test_trouble_of_the_last_ten_days_is_no_habit_yet() -> None:
    stream = steady(0.2, 0.2, 0.2, 0.2)
    stream.x[0, 20:] = 12
    risk = Baseline().relative_risk(stream, Baseline().day_rate(stream, DAYS), DAYS)
    assert risk[0, 29] == pytest.approx(1, abs=0.05)


def test_a_little_history_is_shrunk_towards_the_others() -> None:
    early = Baseline().expect(steady(0.6, 0.2, 0.2, 0.2, n=5.0), DAYS)[0, 12]
    late = Baseline().expect(steady(0.6, 0.2, 0.2, 0.2, n=5.0), DAYS)[0, 29]
    assert 0.2 < early < late < 0.6


def test_history_until_a_day_leaves_out_what_came_later() -> None:
    stream = steady(0.2, 0.2, 0.2, 0.2)
    stream.x[0, 10:] = 14
    with_trouble = Baseline().expect(stream, DAYS)[0, 29]
    before_trouble = Baseline().expect(stream, DAYS, until=10)[0, 29]
    assert before_trouble == pytest.approx(0.2, abs=0.03)
    assert with_trouble > 1.3 * before_trouble


def test_one_team_alone_is_compared_with_nobody() -> None:
    assert np.isnan(Baseline().expect(steady(0.3), DAYS)).all()


def test_nothing_is_expected_never_or_always() -> None:
    expected = Baseline().expect(steady(0.0, 0.0, 1.0, n=200.0), DAYS)
    assert expected.min() >= FLOOR
    assert expected.max() <= CEILING


def test_many_organisations_at_once_are_counted_as_each_alone() -> None:
    rng = np.random.default_rng(2)
    n = rng.integers(0, 12, (4, 3, 30)).astype(float)
    many = Stream(np.floor(n * rng.random(n.shape)), n)
    together = Baseline().expect(many, DAYS)
    alone = np.stack([Baseline().expect(Stream(many.x[i], many.n[i]), DAYS) for i in range(4)])
    np.testing.assert_allclose(together, alone)
