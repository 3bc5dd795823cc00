"""What to expect of a team: the others' day, their recent past, and the team's own habit."""

from dataclasses import dataclass

import numpy as np

from analytics.panel import Floats, Ints, Stream

FLOOR = 0.005  # no share is ever expected to be nothing, or one answer would prove trouble
CEILING = 0.95


@dataclass(frozen=True)
class Baseline:
    """The expected share of a stream for every team and wave.

    The others' rate of the day, without the team itself, takes holidays, outages and the dip of the go-live away. It is
    shrunk to their own recent past, because a few answers are a poor measure. On top comes the team's relative risk
    from history older than `lag`, shrunk towards 1 by empirical Bayes.

    Notes
    -----
    With two or three teams the others are few, and trouble in one of them hides trouble in the next. Trouble that lasts
    longer than `lag` becomes part of what is expected. Where no other team was asked there is nothing to compare with:
    the expected share is NaN.

    References
    ----------
    Efron and Morris 1975 (shrinkage); Marshall 1991 (moments of the empirical Bayes relative risk); Clayton and Kaldor
    1987.

    """

    prior: float = 0.2  #: the share before anybody answered
    prior_strength: float = 5.0  #: in answers
    recent: float = 5.0  #: working days after which the past counts only 1/e
    day_strength: float = 15.0  #: answers that the recent past is worth against the day's own
    lag: int = 10  #: working days of the team's own past left out of its habit
    spread: float = 0.1  #: variance of the relative risk between teams before any is known
    spread_strength: float = 100.0  #: squared expected counts that `spread` is worth

    def day_rate(self, stream: Stream, days: Ints) -> Floats:
        """Give the others' share per wave, (..., team, wave); NaN where no other team has answered yet."""
        x = stream.x.sum(axis=-2, keepdims=True) - stream.x
        n = stream.n.sum(axis=-2, keepdims=True) - stream.n
        gap = days[:, None] - days[None, :]  # (wave, earlier wave)
        weight = np.where(np.tri(len(days), k=-1, dtype=bool), np.exp(-np.maximum(gap, 0) / self.recent), 0.0)
        past = (x @ weight.T + self.prior_strength * self.prior) / (n @ weight.T + self.prior_strength)
        rate: Floats = (x + self.day_strength * past) / (n + self.day_strength)
        known = np.cumsum(n, axis=-1) > 0
        return np.where(known, rate, np.nan)

    def relative_risk(self, stream: Stream, rate: Floats, days: Ints, *, until: int | None = None) -> Floats:
        """Give the team's habit against the day's rate: (..., team, wave), 1 where nothing is known.

        With `until`, only history before that working day counts: what was usual before trouble began.
        """
        old = (days[:, None] - days[None, :]) > self.lag
        if until is not None:
            old = np.broadcast_to((days < until)[None, :], old.shape)
        heard = np.isfinite(rate)
        observed = np.where(heard, stream.x, 0.0) @ old.T.astype(np.float64)
        expected = np.where(heard, stream.n * np.where(heard, rate, 0.0), 0.0) @ old.T.astype(np.float64)
        excess = ((observed - expected) ** 2 - expected).sum(axis=-2, keepdims=True)
        size = (expected**2).sum(axis=-2, keepdims=True)
        variance = (excess + self.spread_strength * self.spread) / (size + self.spread_strength)
        strength = 1 / np.clip(variance, 0.01, 0.5)
        risk: Floats = (observed + strength) / (expected + strength)
        return risk

    def expect(self, stream: Stream, days: Ints, *, until: int | None = None) -> Floats:
        """Give the expected share, (..., team, wave), FLOOR to CEILING; NaN where there is nothing to compare."""
        rate = self.day_rate(stream, days)
        return np.clip(rate * self.relative_risk(stream, rate, days, until=until), FLOOR, CEILING)
