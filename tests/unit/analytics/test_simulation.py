"""Simulated go-lives do what their parameters say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.panel import Stream, roll
from analytics.simulation import ROUTE, TOPIC, Simulated, as_history, simulate
from analytics.world import (
    BURST,
    LAGGING,
    NODDED,
    OPEN,
    QUIET,
    SILENT,
    WORKAROUND,
    Episode,
    Practice,
    World,
    as_planned,
    steady,
)

PRACTICE = Practice((8, 8, 8))
ONE_DAY = (5, 5)


def share(stream: Stream, when: np.ndarray, *, team: int | slice = slice(None)) -> float:
    """x of n over the organisations, for some waves."""
    return float(stream.x[..., team, :][..., when].sum() / stream.n[..., team, :][..., when].sum())


def played(episode: Episode | None = None, *, world: World | None = None, n: int = 150) -> Simulated:
    practice = replace(PRACTICE, world=world or World())
    return simulate(practice, n, seed=4, episode=replace(episode, onset=ONE_DAY) if episode else None)


@pytest.fixture(scope="module")
def calm() -> Simulated:
    return played()


def after(simulated: Simulated) -> np.ndarray:
    return simulated.panel.days >= 10


def test_the_same_seed_plays_the_same_go_live(calm: Simulated) -> None:
    again = played()
    for name, stream in calm.panel.streams.items():
        np.testing.assert_array_equal(stream.x, again.panel.streams[name].x)


def test_counts_never_exceed_what_they_are_counted_from(calm: Simulated) -> None:
    for stream in calm.panel.streams.values():
        assert (stream.x >= 0).all()
        assert (stream.x <= stream.n).all()


def test_nobody_is_invited_who_is_not_there(calm: Simulated) -> None:
    assert calm.panel.streams["nonresponse"].n.max() == 8


def test_checks_come_on_their_days_only(calm: Simulated) -> None:
    asked = calm.panel.streams["wrong"].n.sum(axis=(0, 1)) > 0
    assert {int(day) for day in calm.panel.days[asked]} == set(as_planned().checks)


def test_routes_are_asked_from_the_go_live_on(calm: Simulated) -> None:
    asked = calm.panel.streams["report"].n.sum(axis=(0, 1, 2)) > 0
    assert (asked == (calm.panel.days >= 0)).all()


def test_the_go_live_is_a_shock_and_people_learn(calm: Simulated) -> None:
    days, low = calm.panel.days, calm.panel.streams["low"]
    assert share(low, days == 0) > 2 * share(low, days < 0)
    assert share(low, days > 40) < share(low, days == 0) / 2


@pytest.mark.parametrize("episode", [SILENT, QUIET, OPEN])
def test_trouble_makes_the_team_choose_wrong_and_no_other(episode: Episode) -> None:
    found = played(episode)
    wrong = found.panel.streams["wrong"]
    assert share(wrong, after(found), team=0) > share(wrong, after(found), team=1) + 0.08


def test_silence_is_not_answering_and_openness_is(calm: Simulated) -> None:
    usual = share(calm.panel.streams["nonresponse"], after(calm), team=0)
    quiet, spoken = played(QUIET), played(OPEN)
    assert share(quiet.panel.streams["nonresponse"], after(quiet), team=0) > usual + 0.1
    assert share(spoken.panel.streams["nonresponse"], after(spoken), team=0) == pytest.approx(usual, abs=0.03)


def test_masked_trouble_shows_less_than_open_trouble() -> None:
    masked, spoken = played(SILENT), played(OPEN)
    low = "low"
    assert share(masked.panel.streams[low], after(masked), team=0) < share(
        spoken.panel.streams[low], after(spoken), team=0
    )


def test_a_way_round_spreads_in_its_team_and_leaks_a_little() -> None:
    found = played(WORKAROUND)
    assert found.adopters[:, 0, -1].mean() > 4
    assert 0 < found.adopters[:, 1, -1].mean() < found.adopters[:, 0, -1].mean()


def test_a_way_round_begins_with_the_first_who_takes_it_up() -> None:
    found = played(WORKAROUND)
    begun = found.onset >= 0
    assert (found.onset[begun] >= ONE_DAY[0]).all()
    before = found.panel.days[None, :] < found.onset[:, None]
    assert (found.adopters[:, 0][before] == 0).all()


def test_the_planted_way_round_is_reported_as_new() -> None:
    first = played(WORKAROUND).panel.streams["first_report"].x[:, ROUTE, 0].sum()
    usual = played().panel.streams["first_report"].x[:, ROUTE, 0].sum()
    assert first > 2 * usual


def test_a_world_where_everybody_is_away_gets_no_answers() -> None:
    found = played(world=World(leave_starts=1.0, leave_ends=0.0, leave_known=0.0), n=3)
    asked = found.panel.streams["nonresponse"]
    assert (asked.x == asked.n).all()


def test_a_world_has_one_popularity_per_route() -> None:
    with pytest.raises(ValueError, match="one share per route"):
        World(popularity=(0.5, 0.5))


def test_three_pulses_a_week_carry_one_or_three_checks() -> None:
    assert len(steady(checks_a_week=3).checks) == 3 * len(steady(checks_a_week=1).checks)


def test_a_simulated_organisation_reads_like_a_real_one(calm: Simulated) -> None:
    found = roll(as_history(calm, 7, golive=date(2026, 3, 2)))
    assert found is not None
    assert found.panel.days.tolist() == calm.panel.days.tolist()
    for name, stream in calm.panel.streams.items():
        np.testing.assert_array_equal(found.panel.streams[name].x, stream.x[7])


def test_about_one_person_in_a_hundred_asks_on_a_settled_day_and_more_after_the_go_live(calm: Simulated) -> None:
    first = int(calm.panel.days[0])
    asked = calm.questions.sum(axis=(1, 2)).mean(axis=0) / sum(PRACTICE.sizes)
    assert asked[: -first - 1].mean() == pytest.approx(0.01, abs=0.004)
    assert asked[-first : -first + 5].mean() > 2 * asked[: -first - 1].mean()


def test_who_is_open_about_trouble_asks_and_who_is_silent_does_not(calm: Simulated) -> None:
    late = slice(30, 50)
    spoken, silent = played(OPEN).questions, played(SILENT).questions
    assert spoken[:, :, 0, late].sum() > 1.5 * spoken[:, :, 1, late].sum()
    assert silent[:, :, 0, late].sum() < 1.3 * silent[:, :, 1, late].sum()


def test_a_burst_is_about_one_topic_and_goes_by(calm: Simulated) -> None:
    asked = played(BURST).questions
    begins = ONE_DAY[0] - int(calm.panel.days[0])
    during, after_it = asked[..., begins : begins + 10], asked[..., begins + 10 :]
    assert during[:, TOPIC].mean() > 4 * during[:, TOPIC + 1].mean()
    assert after_it[:, TOPIC].mean() < 2 * after_it[:, TOPIC + 1].mean()


def test_whoever_only_nodded_is_lost_from_the_first_day_on() -> None:
    found = simulate(PRACTICE, 150, seed=4, episode=NODDED)
    wrong, first_week = found.panel.streams["wrong"], (found.panel.days >= 0) & (found.panel.days < 5)
    assert share(wrong, first_week, team=0) > share(wrong, first_week, team=1) + 0.08
    assert share(wrong, found.panel.days > 30, team=0) > share(wrong, found.panel.days > 30, team=1) + 0.08


def test_whoever_lags_begins_like_the_others_and_does_not_learn() -> None:
    found = simulate(PRACTICE, 150, seed=4, episode=LAGGING)
    wrong = found.panel.streams["wrong"]
    assert abs(share(wrong, found.panel.days == 0, team=0) - share(wrong, found.panel.days == 0, team=1)) < 0.08
    assert share(wrong, found.panel.days > 30, team=0) > share(wrong, found.panel.days > 30, team=1) + 0.08
