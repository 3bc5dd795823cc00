"""An alert closes only when later waves show that it got better."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.frames import CELL_COLUMNS, History, cell_frame
from analytics.recovery import recovered

GOLIVE = date(2026, 3, 2)
KINDS = ("silent_confusion", "visible_confusion", "nonresponse")


def working_day(number: int) -> date:
    return np.busday_offset(np.datetime64(GOLIVE), number).astype(object)


RAISED = working_day(12)


def history(*, trouble_until: int, last: int, asked_until: int = 99) -> History:
    """Four teams of twelve; from day 8 one of them is in every kind of trouble, until a day."""
    rows = []
    for day in range(-5, last + 1):
        for team in "ABCD":
            bad = team == "A" and 8 <= day <= trouble_until
            away = 8 if bad else 4
            here, when = 12 - away, working_day(day)
            if team == "A" and day > asked_until:
                continue
            rows += [
                (when, team, "nonresponse", "", away, 12),
                (when, team, "wrong", "", here - 1 if bad else 2, here),
                (when, team, "low", "", here if bad else 1, 2 * here),
                (when, team, "report", "paper", here - 1 if bad else 0, here),
                (when, team, "first_report", "paper", 1 if bad else 0, here),
            ]
    return History(cell_frame(pd.DataFrame(rows, columns=list(CELL_COLUMNS))), GOLIVE, working_day(last))


@pytest.mark.parametrize("kind", KINDS)
def test_two_good_weeks_are_a_recovery(kind: str) -> None:
    assert recovered(history(trouble_until=13, last=26), kind, team="A", since=RAISED)


@pytest.mark.parametrize("kind", KINDS)
def test_trouble_that_goes_on_is_none(kind: str) -> None:
    assert not recovered(history(trouble_until=26, last=26), kind, team="A", since=RAISED)


@pytest.mark.parametrize("kind", [*KINDS, "workaround"])
def test_nobody_asked_is_no_recovery(kind: str) -> None:
    seen = history(trouble_until=13, last=26, asked_until=13)
    assert not recovered(seen, kind, team="A", since=RAISED, route="paper")


@pytest.mark.parametrize("kind", [*KINDS, "workaround"])
def test_one_good_day_is_no_recovery(kind: str) -> None:
    assert not recovered(history(trouble_until=12, last=13), kind, team="A", since=RAISED, route="paper")


def test_a_way_round_that_hardly_anybody_takes_any_more_has_eased() -> None:
    assert recovered(history(trouble_until=13, last=26), "workaround", team="A", since=RAISED, route="paper")


def test_a_way_round_that_people_still_take_has_not() -> None:
    assert not recovered(history(trouble_until=26, last=26), "workaround", team="A", since=RAISED, route="paper")


def test_a_way_round_without_reports_from_before_cannot_be_compared() -> None:
    early = history(trouble_until=26, last=26)
    assert not recovered(early, "workaround", team="A", since=date(2026, 1, 1), route="paper")


def test_a_way_round_that_was_never_asked_about_cannot_be_compared() -> None:
    seen = history(trouble_until=13, last=26)
    without = History(seen.cells.loc[~seen.cells["stream"].str.contains("report")], GOLIVE, seen.through)
    assert not recovered(without, "workaround", team="A", since=RAISED, route="paper")


@pytest.mark.parametrize("route", [None, "pigeon"])
def test_an_unknown_way_round_has_not_eased(route: str | None) -> None:
    assert not recovered(history(trouble_until=13, last=26), "workaround", team="A", since=RAISED, route=route)


def test_a_team_that_is_not_there_has_not_recovered() -> None:
    assert not recovered(history(trouble_until=13, last=26), "nonresponse", team="Z", since=RAISED)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="mood is no kind of signal"):
        recovered(history(trouble_until=13, last=26), "mood", team="A", since=RAISED)
