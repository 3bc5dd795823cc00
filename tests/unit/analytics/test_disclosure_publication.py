"""One table as it may be shown."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Minimum
from analytics.ledger import Ledger, Step, tells_of_few
from analytics.publication import ALL, AlreadyPublished, most_from, publishable

FIVE = Minimum()


def table(rosters: Sequence[int], n: Sequence[int], **columns: Sequence[int]) -> pd.DataFrame:
    names = [f"team {i}" for i in range(len(rosters))]
    return pd.DataFrame({"team": names, "roster": rosters, "n": n, **columns})


def told(frame: pd.DataFrame) -> dict[str, str]:
    shown = publishable(frame, by=["team"], minimum=FIVE, wave="1").table
    return dict(zip(shown["team"], shown["said"], strict=True))


def test_numbers_are_exact_where_as_many_as_a_group_did_not_answer() -> None:
    assert told(table([20, 22], [11, 12])) == {ALL: "exact", "team 0": "exact", "team 1": "exact"}


def test_nearly_everybody_is_said_as_most() -> None:
    shown = publishable(table([20, 20], [19, 20]), by=["team"], minimum=FIVE, wave="1").table
    assert shown["said"].tolist() == ["most", "most", "most"]
    assert shown["low"].tolist() == [32, 16, 16]
    assert shown["high"].tolist() == [40, 20, 20]


def test_a_team_under_the_minimum_is_hidden_and_the_others_are_not() -> None:
    said = told(table([11, 11, 8, 7, 5], [8, 7, 6, 6, 3]))
    assert said.pop("team 4") == "hidden"
    assert "hidden" not in said.values()


def test_what_would_leave_a_hidden_team_by_subtraction_is_said_coarsely() -> None:
    shown = publishable(table([12, 12, 12], [6, 6, 2]), by=["team"], minimum=FIVE, wave="1").table
    assert shown["said"].tolist() == ["exact", "some", "some", "hidden"]
    assert shown["low"].tolist()[:3] == [14, 5, 5]


def test_where_all_teams_are_hidden_no_margin_is_a_number() -> None:
    assert told(table([9, 9, 9], [4, 4, 4])) == {
        ALL: "some",
        "team 0": "hidden",
        "team 1": "hidden",
        "team 2": "hidden",
    }


def test_where_too_few_answered_at_all_nothing_is_shown() -> None:
    assert set(told(table([9, 9], [1, 2])).values()) == {"hidden"}


def test_two_hidden_teams_take_the_total_with_them_that_would_prove_somebody_in_each() -> None:
    assert set(told(table([6, 7], [4, 4])).values()) == {"hidden"}


def test_a_team_alone_is_said_as_the_total_is() -> None:
    assert told(table([20], [12])) == {ALL: "exact", "team 0": "exact"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(5, 15), st.integers(0, 15)), min_size=1, max_size=5), st.integers(3, 6))
def test_what_is_said_is_true_and_never_of_fewer_than_the_minimum(rows: list[tuple[int, int]], group: int) -> None:
    rosters, n = [r for r, _ in rows], [min(a, r) for r, a in rows]
    shown = publishable(table(rosters, n), by=["team"], minimum=Minimum(group=group), wave="1").table
    truth = [sum(n), *n]
    for answered, said, low, high in zip(truth, shown["said"], shown["low"], shown["high"], strict=True):
        if said == "hidden":
            assert pd.isna(low)
        else:
            assert group <= low <= answered <= high


def test_a_share_is_a_word_and_hidden_teams_have_none() -> None:
    shown = publishable(table([14, 14, 9], [8, 8, 2], x=[8, 1, 1]), by=["team"], minimum=FIVE, wave="1").table
    words = dict(zip(shown["team"], shown["band"], strict=True))
    assert words["team 0"] == "most"
    assert words["team 1"] == "few"
    assert pd.isna(words["team 2"])


def test_teams_roles_and_totals_are_told_together() -> None:
    rows = [("desk", "clerk", 12, 6), ("desk", "nurse", 3, 1), ("ward", "clerk", 4, 3), ("ward", "nurse", 14, 7)]
    frame = pd.DataFrame(rows, columns=["team", "role", "roster", "n"])
    shown = publishable(frame, by=["team", "role"], minimum=FIVE, wave="1").table
    said = {(row.team, row.role): row.said for row in shown.itertuples()}
    assert len(said) == 9
    assert said["desk", "nurse"] == "hidden"
    assert said["ward", "clerk"] == "hidden"
    assert said[ALL, ALL] != "hidden"


def test_where_overlaps_cannot_be_made_safe_by_coarser_numbers_groups_are_hidden() -> None:
    rows = [("desk", "clerk", 3, 2), ("desk", "nurse", 3, 3), ("ward", "clerk", 9, 6), ("ward", "nurse", 9, 6)]
    frame = pd.DataFrame(rows, columns=["team", "role", "roster", "n"])
    shown = publishable(frame, by=["team", "role"], minimum=FIVE, wave="1").table
    said = {(row.team, row.role): row.said for row in shown.itertuples()}
    assert said["desk", ALL] == "hidden"  # five of six: of three clerks, two at the least


def test_a_wave_is_published_once() -> None:
    once = publishable(table([20], [12]), by=["team"], minimum=FIVE, wave="1")
    with pytest.raises(AlreadyPublished, match="the number of answers of 1"):
        publishable(table([20], [12]), by=["team"], minimum=FIVE, wave="1", published_before=once.ledger)


def shares(*waves: tuple[int, int, int, int, int]) -> list[object]:
    """The words said of one team over waves of roster, n, x, joined, left."""
    ledger = Ledger()
    words = []
    for number, (roster, n, x, joined, left) in enumerate(waves):
        published = publishable(
            table([roster], [n], x=[x], joined=[joined], left=[left]),
            by=["team"],
            minimum=FIVE,
            wave=str(number),
            measure="low",
            published_before=ledger,
        )
        ledger = published.ledger
        words.append(published.table["band"].tolist()[-1])
    return words


def test_shares_are_said_wave_by_wave_where_nobody_comes_or_goes() -> None:
    assert shares((8, 8, 3, 0, 0), (8, 8, 2, 0, 0)) == ["half", "few"]


def test_a_share_is_held_back_that_would_tell_what_one_who_left_said() -> None:
    first, second = shares((6, 6, 2, 0, 0), (5, 5, 1, 0, 1))
    assert first == "half"
    assert pd.isna(second)


def step(low: int, high: int | None, *, joined: int = 0, left: int = 0, roster: int = 6) -> Step:
    return Step(roster, joined, left, low, high)


def test_who_left_is_told_where_two_readings_leave_nothing_else() -> None:
    assert tells_of_few([step(2, 3), step(0, 1, left=1, roster=5)], minimum=5)


def test_a_group_that_left_together_may_be_told_of() -> None:
    assert not tells_of_few([step(6, 8, roster=12), step(0, 2, left=6)], minimum=5)


def test_a_wave_that_says_nothing_tells_nothing() -> None:
    assert not tells_of_few([step(2, 3), step(0, None, left=1, roster=5)], minimum=5)


def test_readings_that_contradict_a_mind_that_never_changes_tell_nothing() -> None:
    assert not tells_of_few([step(5, 6), step(0, 1, joined=1, left=1)], minimum=5)


def test_what_was_held_back_hides_nothing_of_the_readings_around_it() -> None:
    assert tells_of_few([step(2, 3), step(0, None, left=1, roster=5), step(0, 1, roster=5)], minimum=5)


@pytest.mark.parametrize(("roster", "low"), [(42, 34), (20, 16), (8, 5), (5, 5)])
def test_most_leaves_room(roster: int, low: int) -> None:
    assert most_from(roster, 5) == low


def test_whoever_was_not_asked_may_think_either_way() -> None:
    """Else whoever was on leave could be worked out from the pulse before and the one after."""
    here = table([8], [8], x=[1])
    away = table([8], [8], x=[1], away=[4])
    steps = [
        publishable(frame, by=["team"], minimum=FIVE, wave="1", measure="m").ledger.steps["m", "team 0"][0]
        for frame in (here, away)
    ]
    assert [(step.roster, step.high) for step in steps] == [(8, 4), (12, 8)]
