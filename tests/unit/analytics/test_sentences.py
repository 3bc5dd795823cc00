"""The sentence of a signal."""

from datetime import date

import pytest

from analytics.sentences import Finding, confusion_sentence, of, workaround_sentence
from analytics.signals import Evidence

SINCE = date(2026, 3, 5)


def finding(stream: str, observed: int, n: int, *, share: float = 1.0, expected: float = 2.2) -> Finding:
    return Finding(Evidence(stream, observed, n, expected, share), others_observed=2, others_n=27)


def test_it_says_observed_expected_n_and_the_others() -> None:
    assert confusion_sentence((finding("fine_but_wrong", 7, 11),), since=SINCE) == (
        "Since 5 March, 7 of 11 knowledge checks got a wrong first step from people who said they felt sure where "
        "about 2 would be usual (other teams: 2 of 27)."
    )


def test_two_findings_at_most_make_one_sentence() -> None:
    three = tuple(finding(stream, 7, 11, share=0.3) for stream in ("wrong", "nonresponse", "flat"))
    said = confusion_sentence(three, since=SINCE)
    assert "pulses stayed unanswered" in said
    assert "high mark" not in said
    assert said.count(".") == 1


def test_a_group_under_five_is_never_named() -> None:
    assert "4" not in confusion_sentence((finding("wrong", 3, 4),), since=SINCE)


def test_other_teams_under_five_are_left_out() -> None:
    few = Finding(Evidence("wrong", 7, 11, 2.2, 1.0), others_observed=1, others_n=4)
    assert "other teams" not in confusion_sentence((few,), since=SINCE)


def test_what_speaks_against_trouble_is_no_evidence_for_it() -> None:
    said = confusion_sentence((finding("wrong", 7, 11), finding("flat", 1, 11, share=0.0)), since=SINCE)
    assert "high mark" not in said


def test_everybody_is_said_as_most() -> None:
    assert of(8, 8) == "most of 8"


def test_a_way_round_is_named_in_plain_words() -> None:
    said = workaround_sentence(finding("first_report", 5, 31, expected=0.4), "own_spreadsheet", since=SINCE)
    assert said == (
        "Since 5 March, 5 of 31 answers named a spreadsheet of their own as a new way round, where fewer than 1 would "
        "be usual (other teams: 2 of 27)."
    )


@pytest.mark.parametrize(("least", "shown"), [(11, True), (12, False)])
def test_a_go_live_may_ask_for_larger_groups(least: int, *, shown: bool) -> None:
    confusion = confusion_sentence((finding("wrong", 7, 11),), since=SINCE, least=least)
    around = workaround_sentence(finding("first_report", 7, 11), "paper", since=SINCE, least=least)
    assert [("7" in said) for said in (confusion, around)] == [shown, shown]
