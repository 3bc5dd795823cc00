"""Thresholds at the budget: the family is run over simulated go-lives without trouble until it is quiet enough."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from analytics.evaluation import false_alarms, lowest_threshold, together
from analytics.family import BUDGET, CONFUSION
from analytics.measurement import Figures, as_markdown, measure
from analytics.nonresponse import Nonresponse
from analytics.panel import Panel, Stream
from analytics.silent_confusion import SilentConfusion
from analytics.simulation import simulate
from analytics.thresholds import SIZES, TEAMS, Threshold
from analytics.visible_confusion import VisibleConfusion
from analytics.workarounds import Workarounds
from analytics.world import Practice, World, steady

VERSION = 1
SHIPPED = Path(__file__).with_name("thresholds.json")
#: of the confusion budget; what the three say at the same time about one team counts once, so there is room for more
SHARES = {SilentConfusion.kind: 0.65, VisibleConfusion.kind: 0.25, Nonresponse.kind: 0.1}

#: what is measured afterwards, on organisations that the calibration has not seen
PRACTICES = {
    "family practice, 42 people in 5 teams": Practice((11, 11, 7, 8, 5)),
    "3 teams of 7": Practice((7,) * 3),
    "3 teams of 12": Practice((12,) * 3),
    "8 teams of 6": Practice((6,) * 8),
    "8 teams of 12": Practice((12,) * 8),
    "8 teams of 30": Practice((30,) * 8),
    **{
        f"8 teams of {size}, three pulses and {checks} a week": Practice((size,) * 8, steady(checks_a_week=number))
        for checks, number in (("one check", 1), ("three checks", 3))
        for size in (6, 12, 30)
    },
}


def calibrate(
    *,
    seed: int = 1,
    organisations: int = 1000,
    to: Path = SHIPPED,
    told: Callable[[str], None] = lambda _: None,
) -> str:
    """Find thresholds for every number of teams and team size in `thresholds`, measure them, and write both to `to`.

    Parameters
    ----------
    seed
        Organisations for thresholds are drawn from it, those for the figures from `seed + 1000`.
    organisations
        Simulated with eight teams, more where teams are fewer, and again per practice and episode measured.
    to
        The data file that detectors read.
    told
        Called with a line as each part is done.

    Returns
    -------
    The measured figures as Markdown tables.

    """
    found: dict[str, list[list[float]]] = {kind: [[] for _ in TEAMS] for kind in (*CONFUSION, Workarounds.kind)}
    for row, number in enumerate(TEAMS):
        for size in SIZES:
            played = organisations * TEAMS[-1] // number  # the same number of teams for each
            for kind, threshold in _thresholds(Practice((size,) * number), played, seed).items():
                found[kind][row].append(round(threshold, 3))
            told(f"{number} teams of {size}: thresholds found")
    thresholds = {kind: Threshold(tuple(map(tuple, rows))) for kind, rows in found.items()}
    figures = {}
    for name, practice in PRACTICES.items():
        figures[name] = measure(practice, thresholds, organisations=organisations, seed=seed + 1000)
        told(f"{name}: measured")
    run = {
        "version": VERSION,
        "seed": seed,
        "organisations": organisations,
        "budget": BUDGET,
        "shares": SHARES,
        "parameters": fingerprint(),
        "teams": TEAMS,
        "sizes": SIZES,
        "thresholds": found,
        "figures": {name: _plain(figure) for name, figure in figures.items()},
    }
    to.write_text(written(run), encoding="utf-8")
    return as_markdown(figures)


def written(run: Mapping[str, object]) -> str:
    """Give the run as JSON with a line per entry, so that two runs can be compared line by line."""
    entries = []
    for key, value in run.items():
        said = json.dumps(value)
        if isinstance(value, Mapping):
            said = "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "\n }"
        entries.append(f" {json.dumps(key)}: {said}")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def fingerprint() -> str:
    """Give what thresholds depend on in a few letters: detectors and world. Another value asks for another run."""
    threshold = Threshold.flat(0)
    family = (SilentConfusion, VisibleConfusion, Nonresponse, Workarounds)
    said = repr(([detector(threshold) for detector in family], World(), Practice(()).rhythm.waves, SIZES, TEAMS))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _thresholds(practice: Practice, organisations: int, seed: int) -> dict[str, float]:
    """Find the thresholds of one number of teams of one size."""
    panel = simulate(practice, organisations, seed=seed).panel
    zero = Threshold.flat(0)
    family = (SilentConfusion(zero), VisibleConfusion(zero), Nonresponse(zero), Workarounds(zero))
    # As if enough people always answered: a threshold that leans on a team's silence fails where everybody answers.
    full = Panel(panel.days, {**panel.streams, "nonresponse": _everybody(panel)})
    ready = {detector.kind: detector.ratios(full).ready for detector in family}
    evidence = {detector.kind: replace(detector.ratios(panel), ready=ready[detector.kind]) for detector in family}

    def confusion(factor: float) -> dict[str, float]:
        return {kind: lowest_threshold(evidence[kind], BUDGET * share * factor) for kind, share in SHARES.items()}

    def rate(thresholds: Mapping[str, float]) -> float:
        shown = [evidence[kind].chart(np.array(height)) for kind, height in thresholds.items()]
        return false_alarms(together(shown), panel.days)

    low, high = 1.0, 2.0
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (middle, high) if rate(confusion(middle)) <= BUDGET else (low, middle)
    return confusion(low) | {Workarounds.kind: lowest_threshold(evidence[Workarounds.kind], BUDGET)}


def _everybody(panel: Panel) -> Stream:
    invited = panel.streams["nonresponse"].n
    return Stream(np.zeros_like(invited), invited)


def _plain(figure: Figures) -> dict[str, object]:
    return {
        "false_alarms": {kind: round(rate, 4) for kind, rate in figure.false_alarms.items()},
        "found": {
            kind: {"episodes": one.episodes, "within": [round(share, 4) for share in one.found], "median": one.median}
            for kind, one in figure.found.items()
        },
        "adopters": figure.adopters,
    }
