"""No group under the minimum is ever read alone, and the way teams are merged never depends on chance."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from surveys.strata import explain, merge

team_sizes = st.dictionaries(st.text("ABC and", min_size=1, max_size=7), st.integers(0, 20), max_size=12)
minimums = st.integers(3, 12)


def named(sizes: dict[str, int], *, minimum: int = 5) -> dict[str, int]:
    return {stratum.name: stratum.size for stratum in merge(sizes, minimum=minimum)}


def test_teams_that_are_large_enough_stay_alone() -> None:
    assert named({"Nursing": 11, "Billing": 5}) == {"Nursing": 11, "Billing": 5}


def test_small_teams_come_together_first() -> None:
    assert named({"Nursing": 11, "Billing": 3, "Referrals": 2}) == {"Nursing": 11, "Billing and Referrals": 5}


def test_small_teams_that_are_too_few_join_the_smallest_other() -> None:
    sizes = {"Nursing": 11, "Billing": 7, "Referrals": 3}
    assert named(sizes) == {"Nursing": 11, "Referrals with Billing": 10}


def test_a_tie_goes_by_name() -> None:
    assert named({"Nursing": 7, "Billing": 7, "Referrals": 3}) == {"Nursing": 7, "Referrals with Billing": 10}


def test_one_group_is_everybody() -> None:
    assert named({"Nursing": 5, "Billing": 2}) == {"Everybody": 7}
    assert named({"Nursing": 4, "Billing": 4}) == {"Everybody": 8}


def test_a_practice_of_one_team_keeps_its_name() -> None:
    assert named({"Practice": 8}) == {"Practice": 8}


def test_too_few_people_altogether_are_one_group_that_says_so() -> None:
    (everybody,) = merge({"Nursing": 2, "Billing": 2}, minimum=5)
    assert (everybody.name, everybody.too_small) == ("Everybody", True)


def test_no_team_is_no_group() -> None:
    assert merge({}, minimum=5) == ()


def test_a_merge_does_not_take_the_name_of_a_team() -> None:
    sizes = {"A": 3, "B": 3, "A and B": 6}
    assert set(named(sizes)) == {"A and B", "A and B together"}


@given(team_sizes, minimums)
def test_every_team_is_in_exactly_one_group(sizes: dict[str, int], minimum: int) -> None:
    strata = merge(sizes, minimum=minimum)
    assert sorted(team for stratum in strata for team in stratum.teams) == sorted(sizes)
    assert all(sizes[team] == size for one in strata for team, size in zip(one.teams, one.sizes, strict=True))


@given(team_sizes, minimums)
def test_no_group_is_under_the_minimum_unless_it_is_everybody(sizes: dict[str, int], minimum: int) -> None:
    strata = merge(sizes, minimum=minimum)
    assert all(stratum.size >= minimum or (stratum.too_small and len(strata) == 1) for stratum in strata)


@given(team_sizes, minimums)
def test_the_names_of_the_groups_are_different(sizes: dict[str, int], minimum: int) -> None:
    names = [stratum.name for stratum in merge(sizes, minimum=minimum)]
    assert len(set(names)) == len(names)


@given(team_sizes, minimums, st.randoms())
def test_the_order_of_the_teams_does_not_matter(sizes: dict[str, int], minimum: int, random: Random) -> None:
    shuffled = list(sizes.items())
    random.shuffle(shuffled)
    assert merge(dict(shuffled), minimum=minimum) == merge(sizes, minimum=minimum)


@given(team_sizes, minimums)
def test_every_small_team_is_told_with_whom_it_is_read(sizes: dict[str, int], minimum: int) -> None:
    strata = merge(sizes, minimum=minimum)
    said = " ".join(explain(strata, minimum=minimum))
    if not any(stratum.too_small for stratum in strata):
        assert all(team in said for team, size in sizes.items() if size < minimum)


def test_a_merge_is_explained_in_one_sentence() -> None:
    strata = merge({"Front desk": 11, "Billing": 7, "Referrals": 3}, minimum=5)
    assert explain(strata, minimum=5) == [
        "Referrals has 3 people, under the minimum of 5, so its answers are read together with Billing."
    ]


def test_several_small_teams_share_a_sentence() -> None:
    strata = merge({"Front desk": 11, "Labs": 1, "Billing": 2, "Referrals": 3}, minimum=5)
    (said,) = explain(strata, minimum=5)
    assert said == (
        "Billing (2 people), Labs (1 person) and Referrals (3 people) are under the minimum of 5 each, "
        "so their answers are read together."
    )


def test_a_team_without_anybody_is_said_as_such() -> None:
    strata = merge({"Front desk": 11, "Labs": 0}, minimum=5)
    assert explain(strata, minimum=5) == [
        "Labs has nobody yet, under the minimum of 5, so its answers are read together with Front desk."
    ]


def test_a_practice_that_is_too_small_is_told_what_would_help() -> None:
    assert explain(merge({"Practice": 4}, minimum=5), minimum=5) == [
        "There are 4 people in all, under the minimum of 5, so results stay hidden until more people are on the roster."
    ]


def test_nothing_merged_is_nothing_to_explain() -> None:
    assert explain(merge({"Nursing": 11, "Billing": 7}, minimum=5), minimum=5) == []
