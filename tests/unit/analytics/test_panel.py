"""Cells as arrays."""

from datetime import date

import numpy as np
import pandas as pd

from analytics.frames import CELL_COLUMNS, History, cell_frame
from analytics.panel import Panel, Roll, Stream, roll
from analytics.routes import ROUTES

GOLIVE = date(2026, 3, 2)


def rolled(*rows: tuple[str, str, str, str, int, int], through: date = date(2026, 5, 1)) -> Roll | None:
    return roll(History(cell_frame(pd.DataFrame(list(rows), columns=list(CELL_COLUMNS))), GOLIVE, through))


def test_days_are_working_days_from_the_go_live() -> None:
    found = rolled(
        ("2026-02-27", "A", "wrong", "", 0, 1),
        ("2026-03-02", "A", "wrong", "", 0, 1),
        ("2026-03-09", "A", "wrong", "", 0, 1),
    )
    assert found is not None
    assert found.panel.days.tolist() == [-1, 0, 5]


def test_cells_said_twice_are_added_up() -> None:
    found = rolled(("2026-03-02", "A", "wrong", "", 1, 4), ("2026-03-02", "A", "wrong", "", 2, 3))
    assert found is not None
    assert (found.panel.streams["wrong"].x[0, 0], found.panel.streams["wrong"].n[0, 0]) == (3, 7)


def test_what_is_missing_has_no_n() -> None:
    found = rolled(("2026-03-02", "A", "wrong", "", 1, 4), ("2026-03-03", "B", "wrong", "", 1, 4))
    assert found is not None
    assert found.panel.streams["wrong"].n.tolist() == [[4, 0], [0, 4]]


def test_nothing_after_the_day_is_seen() -> None:
    found = rolled(
        ("2026-03-02", "A", "wrong", "", 1, 4), ("2026-03-03", "A", "wrong", "", 4, 4), through=date(2026, 3, 2)
    )
    assert found is not None
    assert found.dates == (date(2026, 3, 2),)


def test_no_cells_make_no_roll() -> None:
    assert rolled(("2026-03-02", "A", "wrong", "", 0, 0)) is None


def test_whoever_was_asked_about_one_route_was_asked_about_all() -> None:
    found = rolled(("2026-03-02", "A", "report", "paper", 1, 7), ("2026-03-02", "A", "report", "none", 0, 7))
    assert found is not None
    assert found.panel.streams["report"].n[:, 0, 0].tolist() == [7] * len(ROUTES)
    assert found.panel.streams["report"].x.sum() == 1


def test_a_route_that_is_not_on_the_list_gets_a_place_behind_it() -> None:
    found = rolled(("2026-03-02", "A", "report", "pigeon", 2, 7))
    assert found is not None
    assert found.routes == (*ROUTES, "pigeon")
    assert found.panel.streams["report"].x[:, 0, 0].tolist() == [0] * len(ROUTES) + [2]


def test_a_team_is_as_large_as_it_was_ever_seen() -> None:
    asked = Stream(np.array([[2.0, 0.0, 1.0]]), np.array([[9.0, 0.0, 4.0]]))
    panel = Panel(np.arange(3), {"nonresponse": asked})
    assert panel.sizes().tolist() == [[9, 9, 9]]
    assert panel.respondents().tolist() == [[7, 0, 3]]


def test_without_participation_the_answers_tell_how_many_there_are() -> None:
    checks = Stream(np.array([[1.0, 2.0]]), np.array([[3.0, 6.0]]))
    assert Panel(np.arange(2), {"wrong": checks}).sizes().tolist() == [[3, 6]]


def test_a_panel_of_nothing_has_no_teams() -> None:
    assert Panel(np.arange(2), {}).respondents().shape == (0, 2)
