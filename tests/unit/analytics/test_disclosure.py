"""How coarsely what may be shown is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import Minimum, band, bands, coarse_mean, comments_shown, may_be_said_again

FIVE = Minimum()


def test_the_minimum_has_a_floor() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        Minimum(group=2)


def test_comments_need_more_people_than_scores() -> None:
    assert not comments_shown(9, FIVE)
    assert comments_shown(10, FIVE)


@pytest.mark.parametrize(
    ("x", "n", "said"),
    [(0, 5, "few"), (3, 12, "some"), (3, 6, "half"), (8, 12, "many"), (9, 10, "most"), (6, 6, "most"), (4, 4, None)],
)
def test_shares_are_said_in_bands_and_never_all(x: int, n: int, said: str | None) -> None:
    assert band(x, n, roster=n, minimum=FIVE) == said


@given(st.integers(5, 60))
def test_no_word_says_that_nobody_or_everybody_did(n: int) -> None:
    said = [band(x, n, roster=n, minimum=FIVE) for x in range(n + 1)]
    assert min(said.count(word) for word in bands(n)) >= 2


@pytest.mark.parametrize(("total", "n", "said"), [(20, 6, 3.5), (40, 12, 3.25), (15, 4, None), (23, 11, 2.0)])
def test_means_are_coarse(total: float, n: int, said: float | None) -> None:
    assert coarse_mean(total, n, FIVE) == said


@pytest.mark.parametrize(("before", "now", "may"), [(11, 11, True), (11, 12, False), (11, 16, True), (11, 7, False)])
def test_a_sum_is_told_anew_when_a_group_was_added(before: int, now: int, *, may: bool) -> None:
    assert may_be_said_again(before, now, minimum=FIVE) is may
