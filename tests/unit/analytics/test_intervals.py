"""Wilson's interval, against statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analytics.intervals import Interval, wilson, wilson_bounds

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_bounds_agree_with_statsmodels(count: tuple[int, int], level: float) -> None:
    x, n = count
    low, high = proportion_confint(x, n, alpha=1 - level, method="wilson")
    mine = wilson(x, n, level=level)
    assert (mine.low, mine.high) == (pytest.approx(max(low, 0), abs=1e-12), pytest.approx(min(high, 1), abs=1e-12))


@given(counts)
def test_the_share_lies_between_its_bounds(count: tuple[int, int]) -> None:
    x, n = count
    assert 0 <= wilson(x, n).low <= x / n <= wilson(x, n).high <= 1


def test_nobody_asked_says_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(4, 3)


def test_arrays_keep_their_shape() -> None:
    low, high = wilson_bounds(np.array([[1, 2], [0, 3]]), np.array([[5, 5], [0, 3]]))
    assert low.shape == high.shape == (2, 2)
