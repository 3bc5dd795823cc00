"""The same thing said differently comes together, whatever the order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.grouping import MOST_TOGETHER, group

ASKED = (
    "How do I refill a prescription?",
    "where did refills go",
    "Can't find how to renew a script",
    "Which printer do I choose for the labels?",
    "labels won't print",
    "Is there parking for staff?",
)


def together(texts: list[str]) -> set[frozenset[str]]:
    return {frozenset(texts[place] for place in one.members) for one in group(texts)}


def test_the_same_question_in_other_words_is_one_group() -> None:
    assert together(list(ASKED)) == {frozenset(ASKED[:3]), frozenset(ASKED[3:5]), frozenset(ASKED[5:])}


def test_the_largest_group_comes_first_with_what_it_is_about() -> None:
    first = group(ASKED)[0]
    assert len(first.members) == 3
    assert first.terms[0] == "refill"
    assert first.central in first.members


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from([*ASKED, "", "???", "refills"]), max_size=12))
def test_the_order_of_rows_does_not_matter(dice: random.Random, texts: list[str]) -> None:
    other = dice.sample(texts, len(texts))
    assert sorted((sorted(texts[m] for m in g.members), texts[g.central], g.terms) for g in group(texts)) == sorted(
        (sorted(other[m] for m in g.members), other[g.central], g.terms) for g in group(other)
    )


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), max_size=15))
def test_every_text_is_in_exactly_one_group(texts: list[str]) -> None:
    assert sorted(place for one in group(texts) for place in one.members) == list(range(len(texts)))


def test_what_says_nothing_stays_alone() -> None:
    assert [one.members for one in group(["???", "", "how do I"])] == [(1,), (0,), (2,)]


def test_the_same_text_many_times_is_one_group() -> None:
    assert len(group(["Where are the refills?"] * 5000)) == 1


def test_too_many_that_hang_together_are_held_to_more() -> None:
    texts = [f"label room{number} bed{number % 7}" for number in range(MOST_TOGETHER + 50)]
    assert len(group(texts, closeness=0.01)) > 1


def test_a_stricter_wish_gives_smaller_groups() -> None:
    assert len(group(ASKED, closeness=0.9)) > len(group(ASKED))
