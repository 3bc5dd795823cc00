"""How well a detector finds planted trouble, how soon, and how often it cries for nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analytics.charts import Chart
from analytics.intervals import Interval, wilson
from analytics.panel import Bools, Floats, Ints

MONTH = 21  # working days
STEPS = 14  # halvings in the search for a threshold
HORIZONS = (5, 10, 15, 20)  # working days
LATEST = HORIZONS[-1]
AMOC_TO = 0.2  # false alarms per team-month: four times the budget
DRAWS = 1000  # of a bootstrap


class Evidence(Protocol):
    """What can be charted against any limit: `charts.Ratios` or `charts.Scores`."""

    @property
    def days(self) -> Ints: ...

    def chart(self, limits: Floats) -> Chart: ...


@dataclass(frozen=True, slots=True)
class Timeliness:
    """What became of the episodes of one kind."""

    episodes: int
    found: tuple[float, ...]  #: share found within each of HORIZONS
    bounds: tuple[Interval, ...]  #: Wilson, one per horizon
    median: float | None  #: working days to the alarm; None when fewer than half are ever found


@dataclass(frozen=True, slots=True)
class Amoc:
    """Delay against false alarms over all thresholds: the activity monitoring operating characteristic."""

    rates: tuple[float, ...]  #: false alarms per team-month, rising
    delays: tuple[float, ...]  #: mean working days to the alarm; a miss counts as LATEST
    area: float  #: mean delay over rates from 0 to AMOC_TO, as a share of LATEST: 0 is at once and never for nothing


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


def lowest_threshold(evidence: Evidence, budget: float) -> float:
    """Find the lowest threshold at which organisations without trouble keep `budget` false alarms per team-month."""
    reached = evidence.chart(np.array(np.inf)).score
    known = reached[np.isfinite(reached)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0)) + 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        rate = false_alarms(evidence.chart(np.array(middle)).raised, evidence.days)
        low, high = (low, middle) if rate <= budget else (middle, high)
    return high


def delays(raised: Bools, days: Ints, onset: Ints, *, team: int) -> Floats:
    """Working days from the onset to the first alarm about `team`, inf where there is none: (episode,).

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
    first: Floats = np.where(raised[had, team] & (delay >= 0), delay, np.inf).min(axis=-1, initial=np.inf)
    return first


def timeliness(raised: Bools, days: Ints, onset: Ints, *, team: int) -> Timeliness:
    """Measure alarms about `team` from its `onset` on; arguments as for `delays`."""
    first = delays(raised, days, onset, team=team)
    counts = [int((first <= horizon).sum()) for horizon in HORIZONS]
    median = float(np.median(first)) if len(first) else np.inf
    return Timeliness(
        episodes=len(first),
        found=tuple(count / max(len(first), 1) for count in counts),
        bounds=tuple(wilson(count, len(first)) for count in counts),
        median=median if np.isfinite(median) else None,
    )


def amoc(quiet: Evidence, troubled: Evidence, onset: Ints, *, team: int, points: int = 25) -> Amoc:
    """Chart the same detector against many thresholds, on organisations without trouble and with an episode.

    References
    ----------
    Fawcett and Provost 1999.

    """
    scores = np.nan_to_num(quiet.chart(np.array(np.inf)).score, posinf=0.0, neginf=0.0).max(axis=(-1, -2))
    limits = np.unique(np.quantile(scores, np.linspace(0.02, 1.0, points)))[::-1]
    pairs = []
    for limit in limits:
        rate = false_alarms(quiet.chart(np.array(limit)).raised, quiet.days)
        first = delays(troubled.chart(np.array(limit)).raised, troubled.days, onset, team=team)
        pairs.append((rate, float(np.minimum(first, LATEST).mean())))
        if rate > AMOC_TO:
            break
    rates, late = (np.array(side) for side in zip(*sorted([(0.0, float(LATEST)), *pairs]), strict=True))
    grid = np.linspace(0.0, AMOC_TO, 201)
    area = float(np.interp(grid, rates, np.minimum.accumulate(late)).mean() / LATEST)
    return Amoc(tuple(rates.tolist()), tuple(late.tolist()), area)


def bootstrap(
    organisations: int, statistic: Callable[[Ints], float], *, seed: int, draws: int = DRAWS, level: float = 0.95
) -> Interval:
    """Percentile interval of a statistic when whole organisations are drawn anew, with replacement.

    Teams of one organisation share its days, so they are drawn together.

    Parameters
    ----------
    statistic
        Takes the drawn organisations' numbers, (organisations,), and gives a number.

    References
    ----------
    Efron and Tibshirani 1993.

    """
    rng = np.random.default_rng(seed)
    drawn = [statistic(rng.integers(organisations, size=organisations)) for _ in range(draws)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def alarms_by_organisation(raised: Bools, days: Ints) -> Floats:
    """False alarms per team-month of each organisation: their mean is `false_alarms`. (organisation,)."""
    each: Floats = raised[..., days >= 0].reshape(raised.shape[0], -1).sum(axis=-1, dtype=np.float64)
    months: float = raised.shape[-2] * (int(days.max()) + 1) / MONTH
    return each / months
