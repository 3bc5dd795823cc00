"""Who counts as ready: by pillar, by knowledge check, by staying in the system."""

import pandas as pd

from analytics.readiness import readiness, routes_taken

PILLARS = {"clarity": "communication", "stuck": "workflow", "mapped": "workflow", "cause": "workflow"}


def told(*rows: tuple[str, str, str, str, bool | None, int]) -> pd.DataFrame:
    """Team, response, construct, value, right, direction of answers of one day."""
    listed = [
        ("2027-03-01", team, response, f"item-{number}", construct, value, right, direction)
        for number, (team, response, construct, value, right, direction) in enumerate(rows)
    ]
    columns = ["date", "team", "response", "item", "construct", "value", "right", "direction"]
    return pd.DataFrame(listed, columns=columns)


def counted(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    rows = readiness(frame, pillars=PILLARS)
    return {(row.team, row.measure): (row.n, row.x) for row in rows.itertuples()}


def test_the_good_end_counts_whichever_way_a_question_runs() -> None:
    frame = told(
        ("Desk", "a", "clarity", "4", None, 1),
        ("Desk", "b", "clarity", "2", None, -1),
        ("Desk", "c", "clarity", "3", None, 1),
        ("Desk", "a", "stuck", "never", None, -1),
        ("Desk", "b", "mapped", "no", None, 1),
    )
    assert counted(frame) == {("Desk", "communication"): (3, 2), ("Desk", "workflow"): (2, 1)}


def test_not_sure_is_an_answer_and_not_a_good_one() -> None:
    assert counted(told(("Desk", "a", "clarity", "ns", None, 1))) == {("Desk", "communication"): (1, 0)}


def test_more_than_half_of_a_persons_answers_decide() -> None:
    frame = told(("Desk", "a", "mapped", "yes", None, 1), ("Desk", "a", "stuck", "often", None, -1))
    assert counted(frame) == {("Desk", "workflow"): (1, 0)}


def test_every_check_of_a_person_must_be_right() -> None:
    frame = told(
        ("Desk", "a", "knowledge", "b", True, 1),
        ("Desk", "a", "knowledge", "c", False, 1),
        ("Desk", "b", "knowledge", "b", True, 1),
        ("Desk", "c", "knowledge", "ns", None, 1),
    )
    assert counted(frame) == {("Desk", "knowledge"): (3, 1)}


def test_whoever_names_a_way_round_did_not_stay_in_the_system() -> None:
    frame = told(
        ("Desk", "a", "route", "none", None, 1),
        ("Desk", "b", "route", "paper", None, 1),
        ("Desk", "c", "route", "ns", None, 1),
    )
    assert counted(frame) == {("Desk", "in_system"): (2, 1)}


def test_a_cause_has_no_good_end() -> None:
    assert counted(told(("Desk", "a", "cause", "too_slow", None, 1))) == {}


def test_nothing_asked_is_nothing_counted() -> None:
    assert len(readiness(told(), pillars=PILLARS)) == 0


def test_every_team_has_a_row_for_every_route_that_anybody_took_or_that_is_known() -> None:
    frame = told(
        ("Desk", "a", "route", "paper", None, 1),
        ("Desk", "a", "route", "old_system", None, 1),
        ("Nurses", "b", "route", "none", None, 1),
    )
    taken = routes_taken(frame, known={"other"})
    assert {(row.team, row.measure): (row.n, row.x) for row in taken.itertuples()} == {
        ("Desk", "route:old_system"): (1, 1), ("Desk", "route:other"): (1, 0), ("Desk", "route:paper"): (1, 1),
        ("Nurses", "route:old_system"): (1, 0), ("Nurses", "route:other"): (1, 0), ("Nurses", "route:paper"): (1, 0),
    }  # fmt: skip
