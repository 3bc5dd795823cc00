"""Go-lives recorded elsewhere, read day by day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtest import Backtest, backtest, history, with_direction, with_everybody_asked
from analytics.frames import ANSWER_COLUMNS, PARTICIPATION_COLUMNS
from analytics.own_data import QUESTION_COLUMNS, OwnData

GOLIVE = date(2026, 3, 2)
TEAMS = ("Billing", "Desk", "Nurses", "Ward")
Row = tuple[object, ...]


def on(day: int) -> str:
    return str(np.busday_offset(np.datetime64(GOLIVE), day))


def recorded(
    *,
    seed: int = 1,
    last: int = 24,
    size: int = 9,
    confused: str = "",
    around: str = "",
    effort: str = "",
    none: bool = True,
) -> OwnData:
    """Three pulses a week; from day 8 on one team may be confused, and another take to a whiteboard."""
    dice = np.random.default_rng(seed)
    asked: list[Row] = []
    told: list[Row] = []
    for day in [5 * week + place for week in range(-2, last // 5 + 1) for place in (0, 2, 4)]:
        for team in TEAMS:
            lost, astray = team == confused and day >= 8, team == around and day >= 8
            came = dice.binomial(size, 0.6 if lost else 0.85)
            asked.append((on(day), team, size, came))
            for _ in range(came):
                said = (on(day), team, f"r{dice.integers(1 << 60)}")
                felt = int(np.clip(round(dice.normal(4, 0.8)), 1, 5))
                told += [(*said, "clear", "clarity", str(felt), None)]
                if effort:
                    told += [(*said, "effort", "effort", str(felt if effort == "easy" else 6 - felt), None)]
                if day % 5 == 2:
                    right = bool(dice.random() < (0.2 if lost else 0.8))
                    told += [(*said, "check", "knowledge", "b" if right else "a", right)]
                if astray and dice.random() < 0.4:
                    told += [
                        (*said, "way", "route", "whiteboard", None),
                        (*said, "new", "route_new", "whiteboard", None),
                    ]
                elif day >= 0 and none:
                    told += [(*said, "way", "route", "none", None)]
    return OwnData("Larkspur", GOLIVE, dict.fromkeys(TEAMS, size), frame(asked, PARTICIPATION_COLUMNS),
                   frame(told, ANSWER_COLUMNS), frame([], QUESTION_COLUMNS))  # fmt: skip


def frame(rows: list[Row], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def found(told: Backtest) -> list[tuple[str, str, str | None]]:
    return [(signal.kind, signal.team, signal.route) for signal in told.alerts]


@pytest.fixture(scope="module")
def troubled() -> OwnData:
    return recorded(confused="Desk", around="Ward")


@pytest.fixture(scope="module")
def told(troubled: OwnData) -> Backtest:
    return backtest(troubled)


def test_it_says_what_and_where_and_when(told: Backtest) -> None:
    assert sorted(found(told)) == [("silent_confusion", "Desk", None), ("workaround", "Ward", "whiteboard")]
    assert all(on(8) <= str(signal.raised_on) <= on(18) for signal in told.alerts)


def test_where_nothing_is_wrong_it_says_nothing() -> None:
    assert backtest(recorded()).alerts == ()


@pytest.mark.parametrize("day", [-5, 3, 9, 12, 14, 17])
def test_up_to_a_day_it_says_what_it_says_later_of_those_days(troubled: OwnData, told: Backtest, day: int) -> None:
    until = date.fromisoformat(on(day))
    first = tuple(signal for signal in told.alerts if signal.raised_on <= until)
    assert backtest(troubled, until=until).alerts == first
    assert backtest(_cut(troubled, until)).alerts == first


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10**6), day=st.integers(-8, 18), size=st.integers(3, 7), effort=st.sampled_from(["", "easy"])
)
def test_no_data_at_all_are_read_with_hindsight(seed: int, day: int, size: int, effort: str) -> None:
    """Small teams in trouble: what is raised and what is withheld, both only from what was known."""
    own = recorded(seed=seed, size=size, last=18, confused="Desk", around="Desk", effort=effort, none=seed % 2 == 0)
    until = date.fromisoformat(on(day))
    whole, shorter = backtest(own), backtest(_cut(own, until))
    assert shorter.alerts == tuple(signal for signal in whole.alerts if signal.raised_on <= until)
    assert shorter.suppressed == tuple(one for one in whole.suppressed if one.raised_on <= until)


def test_neither_the_order_of_rows_nor_the_names_of_teams_matter(troubled: OwnData, told: Backtest) -> None:
    renamed = {team: f"{9 - place} {team[::-1]}" for place, team in enumerate(TEAMS)}
    again = backtest(
        OwnData(
            "Larkspur",
            GOLIVE,
            {renamed[team]: size for team, size in troubled.sizes.items()},
            troubled.participation.sample(frac=1, random_state=2).replace({"team": renamed}),
            troubled.answers.sample(frac=1, random_state=3).replace({"team": renamed}),
            troubled.questions,
        )
    )
    back = {new: old for old, new in renamed.items()}
    assert [replace(signal, team=back[signal.team]) for signal in again.alerts] == list(told.alerts)


def test_who_took_no_way_round_need_not_say_so() -> None:
    assert ("workaround", "Ward", "whiteboard") in found(backtest(recorded(around="Ward", none=False)))


def test_days_on_which_somebody_says_none_are_left_as_they_are() -> None:
    answers = recorded(last=4).answers
    assert len(with_everybody_asked(answers)) == len(answers)


@pytest.mark.parametrize(("effort", "direction"), [("easy", 1), ("hard", -1)])
def test_which_way_effort_runs_is_learnt_from_the_same_peoples_clarity(effort: str, direction: int) -> None:
    answers = with_direction(recorded(effort=effort).answers)
    efforts = answers.loc[answers["construct"] == "effort"]
    assert set(efforts["direction"]) == {direction}
    assert efforts["date"].min() > answers["date"].min() or len(efforts) > 20


def test_effort_that_tells_nothing_about_its_direction_is_left_out() -> None:
    answers = recorded(effort="easy").answers
    alone = answers.loc[answers["construct"] != "clarity"]
    assert "effort" not in set(with_direction(alone)["construct"])


def test_a_team_too_small_is_read_with_another_and_what_it_alone_would_have_shown_is_withheld() -> None:
    own = recorded(size=4, confused="Desk", last=34)
    together = {
        "Desk": "Billing and Desk",
        "Billing": "Billing and Desk",
        "Nurses": "Nurses and Ward",
        "Ward": "Nurses and Ward",
    }
    told = backtest(own, read_as=together)
    assert {signal.team for signal in told.alerts} <= set(together.values())
    assert [one.team for one in told.suppressed if one.kind == "silent_confusion"] == ["Desk"]
    assert "Billing and Desk" in told.suppressed[0].why


def test_with_nothing_at_all_it_says_nothing() -> None:
    own = OwnData(
        "L", GOLIVE, {}, frame([], PARTICIPATION_COLUMNS), frame([], ANSWER_COLUMNS), frame([], QUESTION_COLUMNS)
    )
    assert backtest(own) == Backtest((), ())
    assert history(own, groups={}).through == GOLIVE


def _cut(own: OwnData, until: date) -> OwnData:
    parts = {name: getattr(own, name) for name in ("participation", "answers", "questions")}
    return replace(own, **{name: part.loc[part["date"] <= pd.Timestamp(until)] for name, part in parts.items()})
