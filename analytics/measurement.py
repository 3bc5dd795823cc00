"""What the family finds in simulated practices, and how often it speaks for nothing: the figures beside the targets."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.charts import Chart
from analytics.evaluation import HORIZONS, Timeliness, false_alarms, lowest_threshold, timeliness, together
from analytics.family import BUDGET, CONFUSION
from analytics.nonresponse import Nonresponse
from analytics.panel import Panel
from analytics.silent_confusion import SilentConfusion
from analytics.simulation import ROUTE, simulate
from analytics.thresholds import Threshold
from analytics.visible_confusion import VisibleConfusion
from analytics.workarounds import Workarounds
from analytics.world import NODDED, OPEN, QUIET, SILENT, WORKAROUND, Practice

EPISODES = (SILENT, QUIET, OPEN, NODDED, WORKAROUND)


@dataclass(frozen=True)
class Figures:
    """Measured on one practice; rates per team-month, shares of episodes."""

    false_alarms: Mapping[str, float]  #: by kind, and "confusion" for the three together
    found: Mapping[str, Timeliness]  #: by kind of episode, whichever form of confusion spoke first
    adopters: float  #: median of people in whom a way round is in use when the alarm about it comes


def charts(panel: Panel, thresholds: Mapping[str, Threshold]) -> dict[str, Chart]:
    """Run every detector over a panel; the shape is (organisation, team, wave), with routes before teams."""
    family = (SilentConfusion, VisibleConfusion, Nonresponse, Workarounds)
    return {detector.kind: detector(thresholds[detector.kind]).chart(panel) for detector in family}


def measure(practice: Practice, thresholds: Mapping[str, Threshold], *, organisations: int, seed: int) -> Figures:
    """Play the practice without trouble and with each kind of episode in its first team."""
    quiet = simulate(practice, organisations, seed=seed)
    shown = charts(quiet.panel, thresholds)
    rates = {kind: false_alarms(chart.raised, quiet.panel.days) for kind, chart in shown.items()}
    rates["confusion"] = false_alarms(together([shown[kind] for kind in CONFUSION]), quiet.panel.days)
    found, adopters = {}, float("nan")
    for step, episode in enumerate(EPISODES, start=1):
        played = simulate(practice, organisations, seed=seed + step, episode=episode)
        days = played.panel.days
        shown = charts(played.panel, thresholds)
        if episode is WORKAROUND:
            raised = shown[Workarounds.kind].raised[:, ROUTE]
            due = raised[:, 0] & (days[None, :] >= played.onset[:, None]) & (played.onset[:, None] >= 0)
            hit = due.any(axis=-1)
            adopters = float(np.median(played.adopters[hit, 0, due[hit].argmax(axis=-1)])) if hit.any() else adopters
        else:
            raised = together([shown[kind] for kind in CONFUSION])
        found[episode.kind] = timeliness(raised, days, played.onset, team=0)
    return Figures(rates, found, adopters)


def fused_alone(practice: Practice, *, organisations: int, seed: int) -> Timeliness:
    """Measure the fused detector on a budget of its own, against silent confusion."""
    quiet = simulate(practice, organisations, seed=seed)
    evidence = SilentConfusion(Threshold.flat(0)).ratios(quiet.panel)
    threshold = lowest_threshold(evidence, BUDGET)
    played = simulate(practice, organisations, seed=seed + 1, episode=SILENT)
    shown = SilentConfusion(Threshold.flat(threshold)).chart(played.panel)
    return timeliness(shown.raised, played.panel.days, played.onset, team=0)


def as_markdown(figures: Mapping[str, Figures]) -> str:
    """Two tables, one row per practice: false alarms per team-month, and the share found within 5/10/15/20 days."""
    kinds = (*CONFUSION, "confusion", Workarounds.kind)
    alarms = [
        f"| practice | {' | '.join(kind.replace('_', ' ') for kind in kinds)} |",
        f"|---|{'---|' * len(kinds)}",
        *(
            f"| {name} | {' | '.join(f'{row.false_alarms[kind]:.3f}' for kind in kinds)} |"
            for name, row in figures.items()
        ),
    ]
    shares = [
        f"| practice | {' | '.join(episode.kind for episode in EPISODES)} | adopters at alarm |",
        f"|---|{'---|' * (len(EPISODES) + 1)}",
        *(
            f"| {name} | {' | '.join(_shares(row.found[episode.kind]) for episode in EPISODES)} | {row.adopters:.0f} |"
            for name, row in figures.items()
        ),
    ]
    return "\n".join([*alarms, "", f"Found within {'/'.join(map(str, HORIZONS))} working days:", "", *shares])


def _shares(found: Timeliness) -> str:
    return " / ".join(f"{share:.2f}" for share in found.found)
