"""What one wave publishes: never more of a measure than of the answers, never a number of a small team's."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Minimum, bands
from analytics.ledger import Ledger
from analytics.publication import ALL, AlreadyPublished
from analytics.wave_figures import HIDDEN, WaveCounts, WaveFigure, share_interval, wave_figures

FIVE = Minimum()
Figures = dict[tuple[str, str], WaveFigure]


def answers(*said: tuple[str, int, str, str]) -> pd.DataFrame:
    """Team, so many responses, construct, value."""
    rows = [
        ("2027-03-01", team, f"{team}-{construct}-{value}-{number}", "item", construct, value, None, 1)
        for team, n, construct, value in said
        for number in range(n)
    ]
    columns = ["date", "team", "response", "item", "construct", "value", "right", "direction"]
    return pd.DataFrame(rows, columns=columns)


def counts(frame: pd.DataFrame, groups: dict[str, tuple[int, int]], *, asks: set[str]) -> WaveCounts:
    """`groups` holds who was asked and who answered."""
    rows = [(team, asked, asked, answered) for team, (asked, answered) in groups.items()]
    return WaveCounts(
        answers=frame,
        groups=pd.DataFrame(rows, columns=["team", "asked", "members", "answered"]),
        asks=dict.fromkeys(groups, asks),
        pillars={"clarity": "communication"},
        moves={},
    )


def published(found: WaveCounts, *, ledger: Ledger | None = None) -> Figures:
    figures = wave_figures(found, wave="1", minimum=FIVE, ledger=ledger or Ledger())
    return {(figure.measure, figure.group): figure for figure in figures}


def test_a_large_team_is_told_its_number_and_a_small_one_only_that_it_is_enough() -> None:
    found = published(counts(answers(), {"Large": (30, 15), "Small": (10, 5)}, asks=set()))
    assert (found["", "Large"].shown.said, found["", "Large"].shown.low) == ("exact", 15)
    assert (found["", "Small"].shown.low, found["", "Small"].shown.high) == (5, 10)


def test_a_measure_says_a_band_and_no_number() -> None:
    said = answers(("Desk", 12, "clarity", "5"), ("Desk", 3, "clarity", "2"))
    shown = published(counts(said, {"Desk": (30, 15)}, asks={"communication"}))["communication", "Desk"].shown
    assert (shown.said, shown.band, shown.low, shown.high) == ("band", "most", None, None)
    assert shown.least is not None
    assert shown.largest is not None
    assert shown.least < 12 / 15 < shown.largest


def test_what_is_hidden_carries_nothing() -> None:
    said = answers(("Desk", 4, "clarity", "5"), ("Nurses", 12, "clarity", "5"), ("Billing", 14, "clarity", "1"))
    groups = {"Desk": (9, 4), "Nurses": (22, 12), "Billing": (24, 14)}
    shown = published(counts(said, groups, asks={"communication"}))["communication", "Desk"].shown
    assert (shown.said, shown.band, shown.least, shown.largest) == (HIDDEN, None, None, None)


def test_a_measure_says_nothing_where_the_number_of_answers_is_hidden() -> None:
    """Two teams that cannot both be told take each other's measures with them."""
    said = answers(("Desk", 6, "clarity", "5"))
    found = published(counts(said, {"Desk": (6, 6), "Nurses": (7, 0)}, asks={"communication"}))
    for group in (ALL, "Desk", "Nurses"):
        if found["", group].shown.said == HIDDEN:
            assert found["communication", group].shown.said == HIDDEN


def test_a_team_of_whom_nobody_answered_is_there_and_one_that_was_not_asked_is_not() -> None:
    said = answers(("Desk", 12, "clarity", "5"))
    found = counts(said, {"Desk": (24, 12), "Nurses": (20, 0), "Billing": (20, 10)}, asks={"communication"})
    asked = {**found.asks, "Billing": set()}
    told = published(WaveCounts(found.answers, found.groups, asked, found.pillars, {}))
    assert ("communication", "Nurses") in told
    assert ("communication", "Billing") not in told


def test_routes_are_told_of_everybody_together() -> None:
    said = answers(("Desk", 6, "route", "paper"), ("Nurses", 12, "route", "none"))
    found = published(counts(said, {"Desk": (12, 6), "Nurses": (24, 12)}, asks={"in_system"}))
    assert {group for measure, group in found if measure == "route:paper"} == {ALL}
    assert found["route:paper", ALL].shown.band == "some"


def test_a_route_that_was_told_of_is_told_of_again_when_nobody_takes_it() -> None:
    groups = {"Desk": (24, 18)}
    first = wave_figures(
        counts(answers(("Desk", 18, "route", "paper")), groups, asks={"in_system"}), wave="1", minimum=FIVE,
        ledger=Ledger(),
    )  # fmt: skip
    steps = {(f.measure,) if f.measure.startswith("route") else (f.measure, f.group): (f.step,) for f in first}
    ledger = Ledger(waves=frozenset(), steps=steps)
    again = published(counts(answers(("Desk", 18, "route", "none")), groups, asks={"in_system"}), ledger=ledger)
    assert again["route:paper", ALL].shown.band == "few"


def test_no_wave_is_published_twice() -> None:
    with pytest.raises(AlreadyPublished):
        published(counts(answers(), {"Desk": (20, 10)}, asks=set()), ledger=Ledger(waves=frozenset({("1", "")})))


@settings(max_examples=150)
@given(data=st.data(), roster=st.integers(5, 60))
def test_an_interval_holds_the_truth_and_both_ends_of_its_band(data: st.DataObject, roster: int) -> None:
    n = data.draw(st.integers(5, roster))
    x = data.draw(st.integers(0, n))
    words = bands(roster)
    word = words[min(len(words) * x // n, len(words) - 1)]
    least, largest = share_interval(word, low=n, high=n, roster=roster, minimum=5)
    assert 0 <= least <= x / n <= largest <= 1


def test_an_interval_does_not_tell_how_many_answered() -> None:
    assert share_interval("half", low=15, high=19, roster=40, minimum=5) == share_interval(
        "half", low=17, high=19, roster=40, minimum=5
    )
