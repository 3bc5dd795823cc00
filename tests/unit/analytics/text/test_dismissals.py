"""A lead's "not this" makes the next reading more careful about that matter, and about no other."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.dismissals import COUNTS, LOWEST, Verdict, leanings, times_as_clear
from analytics.text.model import classify

VERDICTS = st.lists(
    st.builds(
        Verdict, st.sampled_from(["paper", "old_system", "confusion"]), st.booleans(), st.sampled_from([*COUNTS, ""])
    ),
    max_size=30,
)


def test_nobody_has_said_anything() -> None:
    assert leanings([]) == {}


def test_not_this_asks_for_clearer_words_about_that_matter_alone() -> None:
    found = leanings([Verdict("paper", agreed=False, reason="nothing"), Verdict("old_system", agreed=True)])
    assert list(found) == ["paper"]
    assert times_as_clear(found["paper"]) > 1


def test_something_else_that_explains_it_teaches_nothing_about_words() -> None:
    assert leanings([Verdict("paper", agreed=False, reason="explained")]) == {}


def test_agreement_outweighs_a_single_not_this() -> None:
    many = [Verdict("paper", agreed=True)] * 8
    assert leanings([*many, Verdict("paper", agreed=False, reason="nothing")]) == {}


@given(VERDICTS)
def test_it_never_makes_the_model_credulous_and_shuts_nothing_out(verdicts: list[Verdict]) -> None:
    assert all(LOWEST <= leaning < 0 for leaning in leanings(verdicts).values())


@given(VERDICTS, st.randoms(use_true_random=False))
def test_the_order_of_verdicts_does_not_matter(verdicts: list[Verdict], dice: random.Random) -> None:
    assert leanings(verdicts) == leanings(dice.sample(verdicts, len(verdicts)))


@given(VERDICTS, st.sampled_from(["paper", "old_system"]))
def test_one_more_not_this_never_makes_it_less_careful(verdicts: list[Verdict], matter: str) -> None:
    more = leanings([*verdicts, Verdict(matter, agreed=False, reason="nothing")])
    assert more.get(matter, 0) <= leanings(verdicts).get(matter, 0)


def test_a_reading_that_was_close_falls_and_one_about_another_way_round_does_not() -> None:
    leaning = leanings([Verdict("paper", agreed=False, reason="nothing")] * 6)
    paper, login = "There is a clipboard at the desk.", "Three of us share one login."
    said, heard = classify(paper), classify(paper, leaning=leaning)
    assert heard.probabilities["workaround"] < said.probabilities["workaround"]
    assert classify(login, leaning=leaning) == classify(login)


def test_confusion_may_be_leaned_on_as_well() -> None:
    text = "Not sure where the labels are."
    leaning = leanings([Verdict("confusion", agreed=False)])
    assert classify(text, leaning=leaning).probabilities["confusion"] == pytest.approx(
        classify(text).probabilities["confusion"], abs=0.5
    )
    assert classify(text, leaning=leaning) != classify(text)
