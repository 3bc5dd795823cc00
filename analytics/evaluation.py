"""How well a detector finds planted trouble, how soon, and how often it cries for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.charts import Chart, Ratios
from analytics.intervals import Interval, wilson
from analytics.panel import Bools, Ints

MONTH = 21  # working days
LOWEST, HIGHEST, STEPS = 0.5, 30.0, 14  # thresholds are searched for in between, to the second decimal
HORIZONS = (5, 10, 15, 20)  # working days


@dataclass(frozen=True, slots=True)
class Timeliness:
    """What became of the episodes of one kind."""

    episodes: int
    found: tuple[float, ...]  #: share found within each of HORIZONS
    bounds: tuple[Interval, ...]  #: Wilson, one per horizon
    median: float | None  #: working days to the alarm; None when fewer than half are ever found


def together(charts: Sequence[Chart]) -> Bools:
    """Alarms of detectors that watch the same thing, as one: nobody speaks of a team that another speaks of already.

    Returns
    -------
    (..., team, wave), as `family.detect_all` does it for one go-live.

    """
    raised: Bools = np.any([chart.raised for chart in charts], axis=0)
    spoken: Bools = np.any([chart.spoken for chart in charts], axis=0)
    return raised & ~spoken


def false_alarms(raised: Bools, days: Ints) -> float:
    """Alarms per team-month in organisations without trouble, from the go-live on.

    The weeks before are left out: pulses are few there, and alarms too, so they would flatter.

    Parameters
    ----------
    raised
        (organisation, ..., team, wave); alarms along axes in between, such as routes, are added up.
    days
        (wave,), working days from the go-live.

    """
    after = days >= 0
    months = raised.shape[0] * raised.shape[-2] * (int(days.max()) + 1) / MONTH
    return float(raised[..., after].sum() / months)


def lowest_threshold(evidence: Ratios, budget: float) -> float:
    """Find the lowest threshold at which organisations without trouble keep `budget` false alarms per team-month."""
    low, high = LOWEST, HIGHEST
    for _ in range(STEPS):
        middle = (low + high) / 2
        rate = false_alarms(evidence.chart(np.array(middle)).raised, evidence.days)
        low, high = (low, middle) if rate <= budget else (middle, high)
    return round(high, 3)


def timeliness(raised: Bools, days: Ints, onset: Ints, *, team: int) -> Timeliness:
    """Measure alarms about `team` from its `onset` on.

    Parameters
    ----------
    raised
        (organisation, team, wave).
    onset
        (organisation,), working days; an alarm before it finds nothing. Organisations with an onset below 0 have no
        episode and do not count. A way round begins when the first person takes it up.

    """
    had = onset >= 0
    delay = days[None, :] - onset[had, None]
    first = np.where(raised[had, team] & (delay >= 0), delay, np.inf).min(axis=-1)
    episodes = max(int(had.sum()), 1)
    counts = [int((first <= horizon).sum()) for horizon in HORIZONS]
    median = float(np.median(first)) if had.any() else np.inf
    return Timeliness(
        episodes=int(had.sum()),
        found=tuple(count / episodes for count in counts),
        bounds=tuple(wilson(count, int(had.sum())) for count in counts),
        median=median if np.isfinite(median) else None,
    )
