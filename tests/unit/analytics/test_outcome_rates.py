"""RR2, with the worked counts of the AAPOR definitions."""

from analytics.outcome_rates import Outcome, response_rate


def test_partial_answers_count_as_answers() -> None:
    assert response_rate(Outcome(complete=6, partial=2, refused=1, expired=1)) == 0.8


def test_whoever_could_not_be_reached_is_left_out() -> None:
    assert response_rate(Outcome(complete=6, expired=2, unreachable=4)) == 0.75


def test_there_is_no_rate_of_nobody() -> None:
    assert response_rate(Outcome(complete=0, unreachable=3)) is None


def test_everybody_is_invited_whatever_became_of_it() -> None:
    assert Outcome(complete=1, partial=2, refused=3, expired=4, unreachable=5).invited == 15
