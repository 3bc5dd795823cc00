"""What every detector of the family keeps, whatever it watches."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.family import detect_all, shipped_detectors, withheld
from analytics.frames import CELL_COLUMNS, STREAMS, History, cell_frame
from analytics.routes import ROUTES
from analytics.signals import Detector, Signal
from analytics.simulation import as_history, simulate
from analytics.world import Practice

GOLIVE = date(2026, 3, 2)
TEAMS = ("Billing", "Clinicians", "Front desk", "Nursing", "Records")
DETECTORS = {detector.kind: detector for detector in shipped_detectors()}
Rows = list[tuple[date, str, str, str, int, int]]


def working_day(number: int) -> date:
    return np.busday_offset(np.datetime64(GOLIVE), number).astype(object)


def wave(day: int, team: str, *, trouble: str = "") -> Rows:
    """One pulse of a team of ten in which seven answer, as on any other day or in trouble."""
    silent = trouble == "silent_confusion"
    away = {"silent_confusion": 5, "nonresponse": 9}.get(trouble, 3)
    here, when = 10 - away, working_day(day)
    rows: Rows = [
        (when, team, "nonresponse", "", away, 10),
        (when, team, "flat", "", min(4 if silent else 2, here), here),
        (when, team, "low", "", 8 if trouble == "visible_confusion" else min(1, here), 2 * here),
        (when, team, "not_sure", "", 3 if trouble == "visible_confusion" else 0, 2 * here),
    ]
    if day % 2 == 0:
        rows += [
            (when, team, "wrong", "", min(4 if silent else 2, here), here),
            (when, team, "fine_but_wrong", "", min(3 if silent else 1, here), here),
        ]
    for route in ROUTES:
        x = 2 if trouble == "workaround" and route == "paper" else 0
        rows += [(when, team, stream, route, x, here) for stream in ("report", "first_report")]
    return rows


def history(*, trouble: str = "", teams: tuple[str, ...] = TEAMS, last: int = 20, begins: int = 9) -> History:
    rows = [
        row
        for day in range(-8, last + 1)
        for team in teams
        for row in wave(day, team, trouble=trouble if team == "Front desk" and begins <= day < begins + 6 else "")
    ]
    return of(rows, through=working_day(last))


def of(rows: Rows, *, through: date) -> History:
    return History(cell_frame(pd.DataFrame(rows, columns=list(CELL_COLUMNS))), GOLIVE, through)


def seen(signals: list[Signal], name: Callable[[str], str] = lambda team: team) -> set[tuple[object, ...]]:
    return {(s.kind, name(s.team), s.raised_on, s.since, s.route, round(s.score, 6)) for s in signals}


@pytest.fixture(params=list(DETECTORS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def detector(kind: str) -> Detector:
    return DETECTORS[kind]


def test_planted_trouble_is_found_in_the_team_that_has_it(kind: str, detector: Detector) -> None:
    (signal,) = detector.detect(history(trouble=kind))
    assert (signal.team, signal.kind) == ("Front desk", kind)
    assert working_day(9) <= signal.raised_on <= working_day(14)


def test_the_evidence_begins_when_the_trouble_does(kind: str, detector: Detector) -> None:
    (signal,) = detector.detect(history(trouble=kind))
    assert working_day(8) < signal.since <= working_day(9)


def test_a_signal_says_its_numbers_and_those_of_the_other_teams(kind: str, detector: Detector) -> None:
    (signal,) = detector.detect(history(trouble=kind))
    assert signal.because.startswith("Since ")
    assert "would be usual (other teams: " in signal.because


def test_a_signal_stands_on_a_score_over_its_threshold(kind: str, detector: Detector) -> None:
    (signal,) = detector.detect(history(trouble=kind))
    assert signal.score >= signal.threshold
    assert sum(evidence.share for evidence in signal.evidence) == pytest.approx(1)
    assert all(evidence.n >= 5 for evidence in signal.evidence)


def test_quiet_data_stay_quiet(detector: Detector) -> None:
    assert detector.detect(history()) == []


def test_row_order_and_team_names_do_not_matter(kind: str, detector: Detector) -> None:
    plain = history(trouble=kind)
    renamed = {team: f"{9 - i} {team[::-1]}" for i, team in enumerate(TEAMS)}
    shuffled = plain.cells.sample(frac=1, random_state=3).assign(team=lambda frame: frame["team"].map(renamed))
    back = {new: old for old, new in renamed.items()}
    again = detector.detect(History(cell_frame(shuffled), plain.golive, plain.through))
    assert seen(again, back.__getitem__) == seen(detector.detect(plain))


def test_one_trouble_is_one_signal_however_long_it_lasts(kind: str, detector: Detector) -> None:
    rows = [
        row
        for day in range(-8, 20)
        for team in TEAMS
        for row in wave(day, team, trouble=kind if team == "Front desk" and day >= 9 else "")
    ]
    assert len(detector.detect(of(rows, through=working_day(19)))) == 1


def test_a_quiet_team_more_leaves_the_finding_where_it_was(kind: str, detector: Detector) -> None:
    (before,) = detector.detect(history(trouble=kind))
    (after,) = detector.detect(history(trouble=kind, teams=(*TEAMS, "Reception")))
    assert (after.team, after.route) == (before.team, before.route)
    assert abs(after.raised_on - before.raised_on) <= timedelta(days=3)


def test_a_team_that_was_never_asked_changes_nothing_at_all(kind: str, detector: Detector) -> None:
    plain = history(trouble=kind)
    silent = plain.cells.loc[plain.cells["team"] == "Billing"].assign(team="Nobody", x=0, n=0)
    more = History(cell_frame(pd.concat([plain.cells, silent])), plain.golive, plain.through)
    assert detector.detect(more) == detector.detect(plain)


@pytest.mark.parametrize("last", [-3, 0, 8, 10, 11, 12, 13, 16])
def test_nothing_uses_the_future(kind: str, detector: Detector, last: int) -> None:
    whole = history(trouble=kind)
    until = working_day(last)
    shorter = History(whole.cells.loc[whole.cells["date"].dt.date <= until], GOLIVE, until)
    known = [signal for signal in detector.detect(whole) if signal.raised_on <= until]
    assert detector.detect(shorter) == known
    assert detector.detect(History(whole.cells, GOLIVE, until)) == known


def test_an_empty_history_says_nothing(detector: Detector) -> None:
    assert detector.detect(of([], through=GOLIVE)) == []


def test_one_team_alone_has_nobody_to_be_compared_with(kind: str, detector: Detector) -> None:
    assert detector.detect(history(trouble=kind, teams=("Front desk",))) == []


def test_cells_of_nobody_say_nothing(kind: str, detector: Detector) -> None:
    plain = history(trouble=kind)
    assert detector.detect(History(plain.cells.assign(x=0, n=0), GOLIVE, plain.through)) == []


def test_fewer_than_five_people_raise_nothing(kind: str, detector: Detector) -> None:
    plain = history(trouble=kind)
    few = plain.cells.assign(
        n=plain.cells["n"].where(plain.cells["team"] != "Front desk", plain.cells["n"].clip(upper=4)),
        x=plain.cells["x"].where(plain.cells["team"] != "Front desk", plain.cells["x"].clip(upper=4)),
    )
    assert detector.detect(History(cell_frame(few), GOLIVE, plain.through)) == []


def test_teams_that_come_and_go_and_days_that_are_missing_do_no_harm(detector: Detector) -> None:
    plain = history().cells
    day = plain["date"].dt.date
    gone = (plain["team"] == "Billing") & (day > working_day(3))
    come = (plain["team"] == "Records") & (day < working_day(5))
    missing = day.isin([working_day(6), working_day(7), working_day(-2)])
    assert detector.detect(History(plain.loc[~gone & ~come & ~missing], GOLIVE, working_day(20))) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(-15, 25),
            st.sampled_from("ABC"),
            st.sampled_from(STREAMS),
            st.sampled_from(ROUTES),
            st.integers(0, 12),
            st.integers(0, 12),
        ),
        max_size=60,
    ),
    until=st.integers(-15, 25),
)
def test_any_cells_at_all_are_read_and_never_with_hindsight(
    detector: Detector, rows: list[tuple[int, str, str, str, int, int]], until: int
) -> None:
    told: Rows = [
        (working_day(day), team, stream, route if "report" in stream else "", min(x, n), n)
        for day, team, stream, route, x, n in rows
    ]
    whole = detector.detect(of(told, through=working_day(25)))
    shorter = detector.detect(of(told, through=working_day(until)))
    assert seen(shorter) == seen([signal for signal in whole if signal.raised_on <= working_day(until)])


def test_a_go_live_may_ask_for_more_people_behind_a_signal() -> None:
    plain = history(trouble="silent_confusion")
    assert detect_all(plain, least=8) == []
    assert [signal.team for signal in detect_all(plain, least=7)] == ["Front desk"]


def test_what_too_few_people_stand_behind_is_withheld_and_not_lost() -> None:
    plain = history(trouble="silent_confusion")
    assert [(signal.kind, signal.team) for signal in withheld(plain, least=8)] == [("silent_confusion", "Front desk")]
    assert withheld(plain) == []


def test_a_signal_brings_a_picture_of_its_score(kind: str, detector: Detector) -> None:
    (signal,) = detector.detect(history(trouble=kind))
    last = signal.frame[-1]
    assert (last.on, last.score, last.threshold) == (signal.raised_on, signal.score, signal.threshold)
    assert all(point.score < point.threshold for point in signal.frame[:-1])


def test_the_family_speaks_once_of_one_team() -> None:
    """Silence shows in the fused score and in non-response alike; a lead wants to hear of it once."""
    alone = sum(len(detector.detect(history(trouble="silent_confusion"))) for detector in DETECTORS.values())
    together = detect_all(history(trouble="silent_confusion"))
    assert alone >= len(together) == 1


def test_the_family_tells_what_it_found_in_the_order_of_the_days() -> None:
    rows = history(trouble="workaround", begins=3).cells
    more = history(trouble="visible_confusion", begins=11).cells
    both = pd.concat([rows.loc[rows["stream"].isin(["report", "first_report"])],
                      more.loc[~more["stream"].isin(["report", "first_report"])]])  # fmt: skip
    found = detect_all(History(both, GOLIVE, working_day(20)))
    assert [signal.kind for signal in found] == ["workaround", "visible_confusion"]


def test_a_simulated_go_live_without_trouble_is_nearly_always_quiet() -> None:
    played = simulate(Practice((11, 11, 7, 8, 5)), 12, seed=5)
    found = [signal for i in range(12) for signal in detect_all(as_history(played, i, golive=GOLIVE))]
    assert len(found) <= 12 * 5 * 3 * 0.10 * 2  # twice the budget of both families over three months
