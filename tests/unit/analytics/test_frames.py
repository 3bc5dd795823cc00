"""From answers to cells."""

import pandas as pd
import pytest

from analytics.frames import (
    ANSWER_COLUMNS,
    CELL_COLUMNS,
    PARTICIPATION_COLUMNS,
    FrameError,
    answer_frame,
    cell_frame,
    cells,
    participation_frame,
)

DAY = "2026-03-02"
NOBODY = pd.DataFrame(columns=list(PARTICIPATION_COLUMNS)).astype(PARTICIPATION_COLUMNS)


def answers(*rows: tuple[str, str, str, bool | None] | tuple[str, str, str]) -> pd.DataFrame:
    """Rows of (response, construct, value, right), all of one team on one day."""
    full = [
        (DAY, "Desk", row[0], f"{row[1]}-{i}", row[1], row[2], row[3] if len(row) == 4 else None)
        for i, row in enumerate(rows)
    ]
    return pd.DataFrame(full, columns=list(ANSWER_COLUMNS))


def counted(frame: pd.DataFrame, stream: str, route: str = "") -> tuple[int, int] | None:
    found = cells(frame, NOBODY)
    row = found.loc[(found["stream"] == stream) & (found["route"] == route), ["x", "n"]]
    return None if row.empty else (int(row["x"].iloc[0]), int(row["n"].iloc[0]))


def test_whoever_was_asked_and_did_not_answer_is_nonresponse() -> None:
    asked = pd.DataFrame([(DAY, "Desk", 11, 7)], columns=list(PARTICIPATION_COLUMNS))
    found = cells(answers(), asked)
    assert found[["stream", "x", "n"]].to_numpy().tolist() == [["nonresponse", 4, 11]]


def test_low_is_one_or_two_on_a_scale() -> None:
    assert counted(answers(("a", "clarity", "2"), ("b", "clarity", "3"), ("c", "why", "1")), "low") == (2, 3)


def test_a_scale_that_runs_the_other_way_is_turned() -> None:
    frame = answers(("a", "workload", "5"), ("b", "workload", "1")).assign(direction=-1)
    assert counted(frame, "low") == (1, 2)


def test_often_and_still_stuck_are_low_and_once_is_not() -> None:
    frame = answers(("a", "stuck", "often"), ("b", "stuck", "still"), ("c", "stuck", "once"), ("d", "stuck", "never"))
    assert counted(frame, "low") == (2, 4)


def test_not_sure_counts_among_scales_and_is_not_low() -> None:
    frame = answers(("a", "clarity", "ns"), ("a", "stuck", "ns"), ("b", "clarity", "4"))
    assert counted(frame, "not_sure") == (2, 3)
    assert counted(frame, "low") == (0, 3)


def test_wrong_counts_checks_and_not_sure_is_not_wrong() -> None:
    frame = answers(("a", "knowledge", "x", False), ("b", "knowledge", "y", True), ("c", "knowledge", "ns", None))
    assert counted(frame, "wrong") == (1, 3)


def test_fine_but_wrong_needs_both_in_one_response() -> None:
    frame = answers(
        ("a", "knowledge", "x", False), ("a", "clarity", "4"),
        ("b", "knowledge", "x", False), ("b", "confidence", "3"),
        ("c", "knowledge", "y", True), ("c", "clarity", "5"),
    )  # fmt: skip
    assert counted(frame, "fine_but_wrong") == (1, 3)


@pytest.mark.parametrize(
    ("values", "flat"),
    [(("4", "4"), (1, 1)), (("5", "5"), (1, 1)), (("4", "5"), (0, 1)), (("3", "3"), (0, 1)), (("5", "ns"), (0, 1)),
     (("5",), None)],
)  # fmt: skip
def test_flat_is_every_scale_at_the_same_favourable_answer(
    values: tuple[str, ...], flat: tuple[int, int] | None
) -> None:
    assert counted(answers(*(("a", "fit", value) for value in values)), "flat") == flat


def test_self_above_peers_asks_for_two_points_between() -> None:
    frame = answers(
        ("a", "confidence", "5"), ("a", "peers", "3"),
        ("b", "confidence", "5"), ("b", "peers", "4"), ("c", "peers", "1"),
    )  # fmt: skip
    assert counted(frame, "self_above_peers") == (1, 2)


def test_a_route_is_reported_once_per_response_and_new_only_where_it_was_said() -> None:
    frame = answers(
        ("a", "route", "paper"), ("a", "route", "old_system"), ("a", "route_new", "yes"),
        ("b", "route", "paper"), ("b", "route_new", "no"), ("c", "route", "none"),
    )  # fmt: skip
    assert counted(frame, "report", "paper") == (2, 3)
    assert counted(frame, "first_report", "paper") == (1, 3)
    assert counted(frame, "first_report", "old_system") == (1, 3)
    assert counted(frame, "report", "none") == (0, 3)


def test_nobody_going_round_is_told_as_one_cell_of_everybody_asked() -> None:
    found = cells(answers(("a", "route", "none"), ("b", "route", "ns")), NOBODY)
    reports = found.loc[found["stream"] == "report"]
    assert reports[["route", "x", "n"]].to_numpy().tolist() == [["none", 0, 2]]


def test_what_is_new_may_be_named() -> None:
    frame = answers(
        ("a", "route", "paper"), ("a", "route", "old_system"), ("a", "route_new", "paper"), ("b", "route_new", "paper")
    )
    assert counted(frame, "report", "paper") == (2, 2)
    assert counted(frame, "first_report", "paper") == (2, 2)
    assert counted(frame, "first_report", "old_system") == (0, 2)


def test_routes_may_bear_any_name_where_the_list_is_open() -> None:
    found = cells(answers(("a", "route", "pigeon"), ("b", "route", "none")), NOBODY, routes=None)
    assert set(found.loc[found["stream"] == "report", "route"]) == {"pigeon", "none"}


def test_a_route_outside_the_list_counts_as_other() -> None:
    assert counted(answers(("a", "route", "pigeon")), "report", "other") == (1, 1)


def test_a_row_said_twice_counts_once() -> None:
    once = answers(("a", "clarity", "1"))
    assert counted(pd.concat([once, once]), "low") == (1, 1)


def test_values_that_no_scale_knows_are_left_out() -> None:
    assert cells(answers(("a", "clarity", "7"), ("b", "clarity", ""), ("c", "comment", "help")), NOBODY).empty


def test_cells_keep_their_columns_and_types_even_when_empty() -> None:
    found = cells(answers(), NOBODY)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == CELL_COLUMNS


def test_cells_do_not_touch_what_they_are_given() -> None:
    frame = answers(("a", "clarity", "1"))
    before = frame.copy()
    cells(frame, NOBODY)
    pd.testing.assert_frame_equal(frame, before)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FrameError, match="missing columns: right"):
        answer_frame(answers(("a", "clarity", "1")).drop(columns="right"))


def test_a_column_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(FrameError):
        participation_frame(pd.DataFrame([(DAY, "Desk", "many", 1)], columns=list(PARTICIPATION_COLUMNS)))


def test_a_direction_is_one_way_or_the_other() -> None:
    with pytest.raises(FrameError, match="direction"):
        answer_frame(answers(("a", "clarity", "1")).assign(direction=0))


def test_nobody_answers_more_often_than_invited() -> None:
    with pytest.raises(FrameError, match="answered"):
        participation_frame(pd.DataFrame([(DAY, "Desk", 3, 4)], columns=list(PARTICIPATION_COLUMNS)))


@pytest.mark.parametrize(("stream", "x", "message"), [("wrong", 5, "x lies"), ("mood", 1, "unknown stream: mood")])
def test_cells_are_counts_of_known_streams(stream: str, x: int, message: str) -> None:
    with pytest.raises(FrameError, match=message):
        cell_frame(pd.DataFrame([(DAY, "Desk", stream, "", x, 4)], columns=list(CELL_COLUMNS)))


def test_marks_short_of_the_best_are_points_of_four_an_item_whichever_way_the_scale_runs() -> None:
    frame = answers(("a", "clarity", "5"), ("a", "fit", "3"), ("b", "clarity", "ns"), ("c", "clarity", "1"))
    assert counted(frame, "short_of_best") == (0 + 2 + 4, 12)
    hard = answers(("a", "effort", "5"), ("b", "effort", "1")).assign(direction=-1)
    assert counted(hard, "short_of_best") == (4, 8)
