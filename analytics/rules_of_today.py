"""The rules that people use today, as detectors of the same kind: what the shipped ones are measured against.

Each gives a score per team and wave on a scale of its own, `usual` is the limit it is used with today, and an alarm is
raised when the score reaches the limit. None knows what the other teams or the go-live make likely, but the dashboard.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import ndtri

from analytics.charts import Scores, enough
from analytics.frames import History
from analytics.fusion import day_after, frame
from analytics.panel import Bools, Floats, Panel, Stream, roll
from analytics.sentences import LEAST, rule_sentence
from analytics.signals import Evidence, Signal

EARS_BASELINE = 7  # waves
EARS_LAG = 2
RUN, TREND = 7, 6  # NHS England, Making Data Count: so many on one side of the mean, so many rising
NEAR = 2.0  # sigmas: two of three points beyond
FEWEST = 5  # waves before a chart has limits
SIGMA = 1.128  # mean moving range of two, in standard deviations


class Rule(Protocol):
    """A rule of today: a score, and the limit it is used with."""

    kind: ClassVar[str]
    usual: ClassVar[float]

    @property
    def limit(self) -> float: ...

    def score(self, panel: Panel) -> Floats:
        """Score per team and wave, (..., team, wave); -inf where it cannot say."""
        ...


def scores(rule: Rule, panel: Panel) -> Scores:
    """Give the rule's scores over a panel of any leading shape, with the same minimum of people as everywhere."""
    ready = enough(panel.respondents(), panel.days, least=LEAST)
    return Scores(rule.score(panel), panel.days, ready, cool_down=10)


def found_by(rule: Rule, history: History) -> list[Signal]:
    """Run a rule over one go-live."""
    known = roll(history)
    if known is None:
        return []
    charted = scores(rule, known.panel)
    chart = charted.chart(np.array(rule.limit))
    limits = np.full(charted.values.shape, rule.limit)
    low = _stream(known.panel, "low")
    found = []
    for wave, team in zip(*np.nonzero(chart.raised.T), strict=True):
        seen = Evidence("low", int(low.x[team, wave]), int(low.n[team, wave]), 0.0, 1.0)
        found.append(
            Signal(
                kind=rule.kind,
                team=known.teams[team],
                raised_on=known.dates[wave],
                since=day_after(known, int(wave)),
                score=float(charted.values[team, wave]),
                threshold=rule.limit,
                because=rule_sentence(float(charted.values[team, wave]), rule.limit, on=known.dates[wave]),
                evidence=(seen,),
                frame=frame(known, charted.values[team], limits[team], until=int(wave)),
            )
        )
    return found


@dataclass(frozen=True)
class MeanThreshold:
    """An alarm when a pulse's mean answer falls under a mark. The score is 5 minus the mean."""

    kind: ClassVar[str] = "mean_threshold"
    usual: ClassVar[float] = 2.0  #: a mean under 3 of 5

    limit: float = usual

    def score(self, panel: Panel) -> Floats:
        return _short(panel, panel.days[:, None] == panel.days[None, :])

    def detect(self, history: History) -> list[Signal]:
        return found_by(self, history)


@dataclass(frozen=True)
class WeekOverWeek:
    """An alarm when a week's mean answer is so many marks under that of the week before."""

    kind: ClassVar[str] = "week_over_week"
    usual: ClassVar[float] = 0.5

    limit: float = usual

    def score(self, panel: Panel) -> Floats:
        gap = panel.days[:, None] - panel.days[None, :]
        change = _short(panel, (gap >= 0) & (gap < 5)) - _short(panel, (gap >= 5) & (gap < 10))  # noqa: PLR2004  # weeks
        return np.where(np.isfinite(change), change, -np.inf)

    def detect(self, history: History) -> list[Signal]:
        return found_by(self, history)


@dataclass(frozen=True)
class XmR:
    """An individuals chart of the mean answer with the rules of NHS England, one-sided: only worse counts.

    A point beyond the limits, seven on the worse side of the mean, six that get worse one after the other, two of
    three beyond two sigmas. The score is in sigmas; a run or a trend of just the needed length counts three, as the
    limits do.

    References
    ----------
    NHS England, Making Data Count; Wheeler 1993; Shewhart 1931.

    """

    kind: ClassVar[str] = "xmr"
    usual: ClassVar[float] = 3.0

    limit: float = usual

    def score(self, panel: Panel) -> Floats:
        return xmr_scores(MeanThreshold().score(panel))

    def detect(self, history: History) -> list[Signal]:
        return found_by(self, history)


@dataclass(frozen=True)
class Ears:
    """EARS C1, C2 or C3 on the number of low answers of a pulse.

    The score is the statistic that R's earsC compares with its normal quantile: 3.09 for C1 and C2, 1.96 for C3. Where
    a baseline did not vary at all, its standard deviation is taken as 0.5 (the `minSigma` of earsC).

    References
    ----------
    Hutwagner 2003; Fricker and Rolka 2006; earsC of Salmon, Schumacher and Höhle 2016.

    """

    kind: ClassVar[str] = "ears"
    usual: ClassVar[float] = 3.09

    method: str = "C2"
    limit: float = usual
    min_sigma: float = 0.5

    def score(self, panel: Panel) -> Floats:
        low = _stream(panel, "low")
        asked: Bools = np.any(low.n > 0, axis=-2)  # a wave counts for all teams alike
        score = np.full(low.x.shape, -np.inf)
        for place in np.ndindex(low.x.shape[:-2]):
            waves = np.nonzero(asked[place])[0]
            found = ears_scores(low.x[place][:, waves], method=self.method, min_sigma=self.min_sigma)
            score[place][:, waves] = np.nan_to_num(found, nan=-np.inf)
        return score

    def detect(self, history: History) -> list[Signal]:
        return found_by(self, history)


@dataclass(frozen=True)
class Dashboard:
    """Each team's mean answer of a week as a z-score among the teams, coloured red beyond a limit."""

    kind: ClassVar[str] = "dashboard"
    usual: ClassVar[float] = 2.0

    limit: float = usual

    def score(self, panel: Panel) -> Floats:
        gap = panel.days[:, None] - panel.days[None, :]
        week = _short(panel, (gap >= 0) & (gap < 5))  # noqa: PLR2004  # a week
        known = np.where(np.isfinite(week), week, np.nan)
        teams = np.isfinite(known).sum(axis=-2, keepdims=True)
        mean = np.nansum(known, axis=-2, keepdims=True) / np.maximum(teams, 1)
        spread = np.sqrt(np.nansum((known - mean) ** 2, axis=-2, keepdims=True) / np.maximum(teams - 1, 1))
        score = np.where(spread > 0, (known - mean) / np.where(spread > 0, spread, 1.0), 0.0)
        return np.where(np.isfinite(known) & (teams > 2), score, -np.inf)  # noqa: PLR2004  # two teams have no spread

    def detect(self, history: History) -> list[Signal]:
        return found_by(self, history)


RULES: tuple[Rule, ...] = (
    MeanThreshold(),
    WeekOverWeek(),
    XmR(),
    Ears("C1"),
    Ears("C2"),
    Ears("C3", limit=1.96),
    Dashboard(),
)


def ears_scores(counts: Floats, *, method: str, min_sigma: float = 0.0, baseline: int = EARS_BASELINE) -> Floats:
    """Give the EARS statistic per point, NaN before there is one.

    C1 and C2 are (count - mean) / standard deviation of the seven points before, C2 leaving out the last two. C3 is
    what earsC compares with its quantile: the excess of C2 over 1, of the two points before, added.

    Parameters
    ----------
    counts
        (..., time).
    min_sigma
        The least standard deviation taken; with 0, a baseline that never varied gives an infinite score or NaN.

    """
    mean, spread = _ears_baseline(counts, method, min_sigma, baseline)
    with np.errstate(divide="ignore", invalid="ignore"):
        score: Floats = (counts - mean) / spread
    if method == "C3":
        over = np.maximum(score - 1, 0)
        score = np.full(counts.shape, np.nan)
        score[..., 2:] = over[..., 1:-1] + over[..., :-2]
    return score


def ears_bounds(
    counts: Floats, *, method: str, alpha: float | None = None, min_sigma: float = 0.0, baseline: int = EARS_BASELINE
) -> Floats:
    """Give what earsC calls the upper bound: a count over it alarms. NaN before there is one; (..., time)."""
    level = alpha if alpha is not None else (0.025 if method == "C3" else 0.001)
    quantile = float(ndtri(1 - level))
    mean, spread = _ears_baseline(counts, method, min_sigma, baseline)
    if method != "C3":
        return mean + quantile * spread
    score = ears_scores(counts, method=method, min_sigma=min_sigma, baseline=baseline)
    return np.maximum(counts + spread * (quantile - score), 0.0)


def xmr_scores(values: Floats) -> Floats:
    """Score each value against the limits of those before it, in sigmas: (..., time); -inf before there are limits.

    Values that are not finite are passed over, as if there had been no such time.
    """
    shape = values.shape[:-1]
    score = np.full(values.shape, -np.inf)
    count, total, moved = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    last, run, trend = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    recent = np.zeros((3, *shape))  # distances of the last three
    for now in range(values.shape[-1]):
        told = np.isfinite(values[..., now])
        value = np.where(told, values[..., now], last)
        mean = total / np.maximum(count, 1)
        sigma = moved / np.maximum(count - 1, 1) / SIGMA
        known = told & (count > 0)
        run = np.where(told, np.where(known & (value > mean), run + 1, 0), run)
        trend = np.where(told, np.where(known & (value > last), trend + 1, 0), trend)
        distance = np.where(known & (sigma > 0), (value - mean) / np.where(sigma > 0, sigma, 1.0), 0.0)
        recent = np.where(told, np.stack([recent[1], recent[2], distance]), recent)
        second = np.sort(recent, axis=0)[-2]
        worst = np.maximum.reduce([distance, 3.0 * run / RUN, 3.0 * trend / TREND, 3.0 * second / NEAR])
        score[..., now] = np.where(told & (count >= FEWEST), worst, -np.inf)
        moved = moved + np.where(known, np.abs(value - last), 0.0)
        total, count, last = total + np.where(told, value, 0.0), count + told, value
    return score


def _ears_baseline(counts: Floats, method: str, min_sigma: float, baseline: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the points before each point, NaN where they are too few: (..., time) both."""
    lag = 0 if method == "C1" else EARS_LAG
    mean, spread = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if counts.shape[-1] > baseline + lag:
        windows = sliding_window_view(counts[..., : counts.shape[-1] - lag - 1], baseline, axis=-1)
        mean[..., baseline + lag :] = windows.mean(axis=-1)
        spread[..., baseline + lag :] = np.maximum(windows.std(axis=-1, ddof=1), min_sigma)
    return mean, spread


def _short(panel: Panel, window: Bools) -> Floats:
    """Marks short of the best, on the average of the waves in the window: (..., team, wave); -inf without answers."""
    short = _stream(panel, "short_of_best")
    weight = window.T.astype(np.float64)
    x, n = short.x @ weight, short.n @ weight
    return np.where(n > 0, 4 * x / np.where(n > 0, n, 1.0), -np.inf)


def _stream(panel: Panel, name: str) -> Stream:
    nothing = np.zeros(panel.shape)
    return panel.streams.get(name, Stream(nothing, nothing))
