"""The budget in other worlds."""

from dataclasses import replace

from analytics.departures import DEPARTURES, PRACTICES, depart, departures_table
from analytics.family import BUDGET
from analytics.thresholds import calibrated


def test_confusion_keeps_near_its_budget_when_nearly_everybody_answers() -> None:
    """Small teams are where a threshold could lean on people not answering."""
    practice = replace(PRACTICES["5 teams of 5"], world=DEPARTURES["answers high (9 of 10)"])
    confusion, _ = depart(practice, calibrated(), organisations=150, seed=9)
    assert confusion < 1.6 * BUDGET


def test_every_departure_has_its_line() -> None:
    table = departures_table(calibrated(), organisations=1)
    assert len(table.splitlines()) == len(DEPARTURES) + 2
    assert all(f"| {name} |" in table for name in DEPARTURES)
