"""What subtraction would give away is hidden."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import Minimum, band, coarse_mean, comments_shown, suppress

FIVE = Minimum()


def table(*sizes: int) -> pd.DataFrame:
    return pd.DataFrame({"team": [f"team {i}" for i in range(len(sizes))], "n": sizes})


@given(st.lists(st.integers(0, 14), max_size=8), st.integers(3, 8))
def test_what_is_hidden_cannot_be_had_by_subtraction(sizes: list[int], group: int) -> None:
    found = suppress(table(*sizes), Minimum(group=group)).table
    hidden = found.loc[~found["shown"] & (found["n"] > 0), "n"]
    nothing_shown = not found["shown"].any()
    assert hidden.empty or nothing_shown or (len(hidden) >= 2 and hidden.sum() >= group)


@given(st.lists(st.integers(0, 14), max_size=8))
def test_nothing_under_the_minimum_is_shown(sizes: list[int]) -> None:
    found = suppress(table(*sizes), FIVE)
    assert (found.table.loc[found.table["shown"], "n"] >= 5).all()
    assert found.total == (sum(sizes) >= 5)


def test_where_all_are_large_enough_all_are_shown() -> None:
    assert suppress(table(5, 11, 7), FIVE).table["shown"].all()


def test_one_small_team_takes_the_next_smallest_with_it() -> None:
    assert suppress(table(11, 4, 7), FIVE).table["shown"].tolist() == [True, False, False]


def test_two_small_teams_that_make_a_group_are_enough() -> None:
    assert suppress(table(11, 4, 3, 7), FIVE).table["shown"].tolist() == [True, False, False, True]


def test_an_empty_team_hides_nobody() -> None:
    assert suppress(table(11, 0, 7), FIVE).table["shown"].tolist() == [True, False, True]


def test_the_minimum_has_a_floor() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        Minimum(group=2)


def test_comments_need_more_people_than_scores() -> None:
    assert not comments_shown(9, FIVE)
    assert comments_shown(10, FIVE)


@pytest.mark.parametrize(
    ("x", "n", "said"),
    [(0, 5, "few"), (3, 12, "some"), (3, 6, "half"), (7, 10, "many"), (9, 10, "most"), (6, 6, "most"), (4, 4, None)],
)
def test_shares_are_said_in_bands_and_never_all(x: int, n: int, said: str | None) -> None:
    assert band(x, n, FIVE) == said


@pytest.mark.parametrize(("total", "n", "said"), [(20, 6, 3.5), (40, 12, 3.25), (15, 4, None), (23, 11, 2.0)])
def test_means_are_coarse(total: float, n: int, said: float | None) -> None:
    assert coarse_mean(total, n, FIVE) == said
