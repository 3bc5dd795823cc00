"""Worlds other than the one that thresholds were found in, to see whether the budget holds there."""

from collections.abc import Mapping
from dataclasses import replace

from analytics.evaluation import false_alarms, together
from analytics.family import CONFUSION
from analytics.measurement import charts
from analytics.simulation import simulate
from analytics.thresholds import Threshold
from analytics.workarounds import Workarounds
from analytics.world import Practice, World

DEPARTURES = {
    "as calibrated": World(),
    "answers high (9 of 10)": World(answering=2.6, answering_spread=0.4, shift_workers=0.2),
    "answers low (1 of 2)": World(answering=0.4),
    "nobody works shifts": World(shift_workers=0.0),
    "everybody works shifts": World(shift_workers=1.0),
    "shock doubled": World(shock=2.6),
    "no shock": World(shock=0.0),
    "learning twice as slow": World(learning=20.0),
    "teams differ twice as much": World(team_spread=0.6, answering_team_spread=0.5),
    "checks differ twice as much by team": World(team_check_spread=0.8),
    "checks differ twice as much": World(difficulty_spread=1.2),
    "bad moods and busy spells double": World(mood_starts=0.04, busy_starts=0.06),
    "fatigue tripled": World(fatigue=-0.036),
    "outages five times as many": World(outage=0.05),
    "burst of ways round tripled": World(burst=0.09),
    "habits tripled": World(habit=0.24),
    "people forget that they reported": World(said_new_again=0.25),
    "background of ways round tripled": World(background=0.006),
}
PRACTICES = {
    "family practice": Practice((11, 11, 7, 8, 5)),
    "5 teams of 5": Practice((5,) * 5),
    "8 teams of 6": Practice((6,) * 8),
    "8 teams of 12": Practice((12,) * 8),
}


def depart(
    practice: Practice, thresholds: Mapping[str, Threshold], *, organisations: int, seed: int
) -> tuple[float, float]:
    """False alarms per team-month: of confusion in all its forms, and of workarounds."""
    panel = simulate(practice, organisations, seed=seed).panel
    shown = charts(panel, thresholds)
    confusion = together([shown[kind] for kind in CONFUSION])
    return false_alarms(confusion, panel.days), false_alarms(shown[Workarounds.kind].raised, panel.days)


def departures_table(thresholds: Mapping[str, Threshold], *, organisations: int = 400, seed: int = 4242) -> str:
    """Markdown: one row per departure, one column per practice, confusion / workarounds."""
    lines = [f"| departure | {' | '.join(PRACTICES)} |", f"|---|{'---|' * len(PRACTICES)}"]
    for name, world in DEPARTURES.items():
        rates = [
            depart(replace(practice, world=world), thresholds, organisations=organisations, seed=seed)
            for practice in PRACTICES.values()
        ]
        lines.append(f"| {name} | {' | '.join(f'{confusion:.3f} / {around:.3f}' for confusion, around in rates)} |")
    return "\n".join(lines)
