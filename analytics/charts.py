"""Adding up small evidence: cumulative sums of log-likelihood ratios that alarm once per trouble."""

from dataclasses import dataclass

import numpy as np

from analytics.panel import Bools, Floats, Ints, Stream

NEVER = -1


@dataclass(frozen=True)
class Chart:
    """What a chart showed; the last two axes of all are team and wave."""

    score: Floats  #: the largest of the sums, capped at the threshold once it has alarmed
    raised: Bools  #: the wave that alarmed
    alive: Bools  #: from the alarm on, for as long as evidence goes on
    spoken: Bools  #: an alarm was alive when the wave came, before its own evidence
    begin: Ints  #: index of the first wave after the winning sum's last zero
    effect: Ints  #: which effect size won


@dataclass(frozen=True)
class Ratios:
    """Evidence before any threshold: counted once, charted as often as a calibration likes."""

    values: Floats  #: (effect, ..., team, wave), log-likelihood ratios
    days: Ints  #: (wave,)
    ready: Bools  #: (..., team, wave), enough people stand behind an alarm
    cool_down: int  #: working days

    def chart(self, limits: Floats) -> Chart:
        """Run the charts; `limits` broadcasts to (..., team, wave)."""
        return cumulate(self.values, self.days, threshold=limits, ready=self.ready, cool_down=self.cool_down)


@dataclass(frozen=True)
class Scores:
    """Scores that do not add up: an alarm when one reaches its limit, and none again until it has stayed below."""

    values: Floats  #: (..., team, wave); -inf where nothing can be said
    days: Ints  #: (wave,)
    ready: Bools  #: (..., team, wave), as in Ratios
    cool_down: int  #: working days

    def chart(self, limits: Floats) -> Chart:
        """Run the charts; `limits` broadcasts to (..., team, wave)."""
        *shape, waves = self.values.shape
        reached = self.values >= limits
        held = np.full(shape, np.iinfo(np.int64).min // 2)
        on = np.zeros(shape, dtype=bool)
        raised, spoken = np.zeros(self.values.shape, dtype=bool), np.zeros(self.values.shape, dtype=bool)
        alive = np.zeros(self.values.shape, dtype=bool)
        for wave in range(waves):
            on &= self.days[wave] - held <= self.cool_down
            spoken[..., wave] = on
            now = reached[..., wave] & (on | self.ready[..., wave])
            raised[..., wave] = now & ~on
            on |= now
            held = np.where(now, self.days[wave], held)
            alive[..., wave] = on
        place = np.broadcast_to(np.arange(waves), self.values.shape)
        return Chart(self.values, raised, alive, spoken, place, np.zeros_like(place))


def bernoulli_ratio(stream: Stream, expected: Floats, *, odds: float) -> Floats:
    """Log-likelihood ratio of odds times `odds` against as expected: (..., team, wave), 0 where nothing was asked."""
    known = np.isfinite(expected)
    share = np.where(known, expected, 0.5)
    ratio = stream.x * np.log(odds) - stream.n * np.log1p(share * (odds - 1))
    return np.where(known & (stream.n > 0), ratio, 0.0)


def poisson_ratio(counts: Floats, expected: Floats, *, rate: float) -> Floats:
    """Log-likelihood ratio of `rate` times as many against as many as expected: the shape of `counts`."""
    known = np.isfinite(expected)
    return np.where(known, counts * np.log(rate) - np.where(known, expected, 0.0) * (rate - 1), 0.0)


def cumulate(ratios: Floats, days: Ints, *, threshold: Floats, ready: Bools, cool_down: int) -> Chart:
    """Run one CUSUM per effect size and alarm on the largest.

    Parameters
    ----------
    ratios
        (effect, ..., team, wave).
    days
        (wave,), working days.
    threshold
        Broadcasts to (..., team, wave).
    ready
        (..., team, wave): an alarm may be raised now, because enough people stand behind it.
    cool_down
        Working days. After an alarm the sums stay capped at the threshold; when they have not reached it again for this
        long they start anew from zero. One trouble is one alarm, and evidence that goes on keeps it alive.

    Notes
    -----
    Page 1954; optimality against a sudden change: Lorden 1971, Moustakides 1986. A slow change is found later.

    """
    effects, *shape, waves = ratios.shape
    limits = np.broadcast_to(threshold, (*shape, waves))
    sums = np.zeros((effects, *shape))
    begins = np.zeros((effects, *shape), dtype=np.int64)
    held = np.full(shape, np.iinfo(np.int64).min // 2)  # the day on which the sums last reached the threshold
    on = np.zeros(shape, dtype=bool)
    score, raised = np.zeros((*shape, waves)), np.zeros((*shape, waves), dtype=bool)
    alive, spoken = np.zeros((*shape, waves), dtype=bool), np.zeros((*shape, waves), dtype=bool)
    begin = np.zeros((*shape, waves), dtype=np.int64)
    effect = np.zeros((*shape, waves), dtype=np.int64)
    place = np.indices(shape, sparse=True)
    for wave in range(waves):
        over = on & (days[wave] - held > cool_down)
        on &= ~over
        spoken[..., wave] = on
        sums[:, over] = 0.0
        begins = np.where(sums <= 0, wave, begins)
        sums = np.maximum(sums + ratios[..., wave], 0.0)
        limit = limits[..., wave]
        best = sums.argmax(axis=0)
        largest = (best, *place)
        top = sums[largest]
        reached = (top >= limit) & (on | ready[..., wave])
        raised[..., wave] = reached & ~on
        on |= reached
        gained = ratios[..., wave][largest] > 0  # a wave without answers holds nothing
        held = np.where(reached & gained, days[wave], held)
        sums = np.where(on, np.minimum(sums, limit), sums)
        score[..., wave], alive[..., wave], effect[..., wave] = top, on, best
        begin[..., wave] = begins[largest]
    return Chart(score, raised, alive, spoken, begin, effect)


def enough(respondents: Floats, days: Ints, *, least: int, within: int = 10) -> Bools:
    """Whether `least` different people certainly answered within so many working days: (..., team, wave).

    Answers of different waves cannot be told apart by person, so only the fullest single wave is certain.
    """
    gap = days[:, None] - days[None, :]
    recent = (gap >= 0) & (gap < within)  # (wave, earlier wave)
    seen = np.zeros(respondents.shape, dtype=bool)
    for wave in range(len(days)):
        seen[..., wave] = respondents[..., recent[wave]].max(axis=-1) >= least
    return seen
