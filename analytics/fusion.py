"""Several weak signs as one score: the streams' log-likelihood ratios added, one chart per effect size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.baseline import Baseline
from analytics.charts import Chart, Ratios, bernoulli_ratio, enough
from analytics.frames import History
from analytics.panel import Floats, Panel, Roll, roll
from analytics.sentences import Finding, confusion_sentence
from analytics.signals import Evidence, Point, Signal, Watched
from analytics.thresholds import Threshold

DRAWN = 20  # waves in a signal's picture


@dataclass(frozen=True)
class Sign:
    """One stream's part in a score."""

    stream: str  #: as in `frames.STREAMS`
    weight: float  #: below 1 where neighbouring answers are alike and one says less than it seems
    baseline: Baseline
    reach: float = 1.0  #: the stream's odds ratio is the chart's to this power: trouble moves some streams less


@dataclass(frozen=True)
class Fusion:
    """The parameters of a fused score.

    `weight` divides the evidence of a stream by about its overdispersion (quasi-likelihood, Wedderburn 1974): absences
    come in weeks and checks differ in difficulty, so their counts vary more than a coin would.
    """

    signs: tuple[Sign, ...]
    odds: tuple[float, ...] = (1.5, 2.5, 4.0)  #: effect sizes watched for, as odds ratios
    cool_down: int = 10  #: working days, see `charts.cumulate`
    least: int = 5  #: different people behind a signal

    def expected(self, panel: Panel, *, until: int | None = None) -> Mapping[str, Floats]:
        """Expected share per sign that was asked: (..., team, wave)."""
        return {
            sign.stream: sign.baseline.expect(panel.streams[sign.stream], panel.days, until=until)
            for sign in self.signs
            if sign.stream in panel.streams
        }

    def parts(self, panel: Panel, expected: Mapping[str, Floats]) -> Mapping[str, Floats]:
        """Weighted ratios per sign: (effect, ..., team, wave)."""
        return {
            sign.stream: sign.weight
            * np.stack(
                [
                    bernoulli_ratio(panel.streams[sign.stream], expected[sign.stream], odds=odds**sign.reach)
                    for odds in self.odds
                ]
            )
            for sign in self.signs
            if sign.stream in panel.streams
        }

    def ratios(self, panel: Panel, parts: Mapping[str, Floats] | None = None) -> Ratios:
        """Add the signs up over a panel of any leading shape."""
        known = self.parts(panel, self.expected(panel)) if parts is None else parts
        nothing = np.zeros((len(self.odds), *panel.shape))
        ready = enough(panel.respondents(), panel.days, least=self.least)
        return Ratios(sum(known.values(), nothing), panel.days, ready, self.cool_down)

    def chart(self, panel: Panel, threshold: Threshold) -> Chart:
        """Run the score over a panel of any leading shape."""
        return self.ratios(panel).chart(limit(panel, threshold))

    def watch(self, history: History, kind: str, threshold: Threshold) -> Watched:
        """Run the score over one go-live and say what it found, in the order in which it was raised."""
        known = roll(history)
        if known is None:
            return Watched((), frozenset())
        expected = self.expected(known.panel)
        parts = self.parts(known.panel, expected)
        limits = limit(known.panel, threshold)
        chart = self.ratios(known.panel, parts).chart(limits)
        found = []
        for wave, team in zip(*np.nonzero(chart.raised.T), strict=True):
            first, effect = int(chart.begin[team, wave]), int(chart.effect[team, wave])
            findings = _findings(known, expected, parts, _Place(int(team), first, int(wave), effect))
            since = day_after(known, first)
            found.append(
                Signal(
                    kind=kind,
                    team=known.teams[team],
                    raised_on=known.dates[wave],
                    since=since,
                    score=float(chart.score[team, wave]),
                    threshold=float(limits[team, wave]),
                    because=confusion_sentence(findings, since=since, least=self.least),
                    evidence=tuple(finding.evidence for finding in findings),
                    frame=frame(known, chart.score[team], limits[team], until=int(wave)),
                )
            )
        spoken = zip(*np.nonzero(chart.spoken), strict=True)
        return Watched(tuple(found), frozenset((known.teams[team], known.dates[wave]) for team, wave in spoken))


def limit(panel: Panel, threshold: Threshold) -> Floats:
    """Give the threshold of every team on every wave: (..., team, wave)."""
    sizes = panel.sizes()
    return threshold.of(sizes, (sizes > 0).sum(axis=-2, keepdims=True).astype(np.float64))


def frame(known: Roll, scores: Floats, limits: Floats, *, until: int) -> tuple[Point, ...]:
    """Give the small picture of a signal: a team's score and its threshold on each wave of the last weeks."""
    waves = range(max(until - DRAWN + 1, 0), until + 1)
    return tuple(Point(known.dates[wave], float(scores[wave]), float(limits[wave])) for wave in waves)


def day_after(known: Roll, first: int) -> date:
    """Give the day after the wave before `first`: where evidence that begins with `first` begins."""
    return known.dates[first - 1] + timedelta(days=1) if first else known.dates[0]


@dataclass(frozen=True, slots=True)
class _Place:
    team: int
    first: int  # wave
    last: int  # wave
    effect: int


def _findings(
    known: Roll, expected: Mapping[str, Floats], parts: Mapping[str, Floats], place: _Place
) -> tuple[Finding, ...]:
    """Give the evidence per stream between two waves, strongest first."""
    span = slice(place.first, place.last + 1)
    scores = {name: float(part[place.effect, place.team, span].sum()) for name, part in parts.items()}
    whole = sum(max(score, 0.0) for score in scores.values()) or 1.0
    findings = []
    for name in sorted(scores, key=lambda name: -scores[name]):
        stream = known.panel.streams[name]
        x, n = stream.x[..., span], stream.n[..., span]
        usual = np.nan_to_num(expected[name][place.team, span]) * n[place.team]
        mine = Evidence(
            stream=name,
            observed=int(x[place.team].sum()),
            n=int(n[place.team].sum()),
            expected=float(usual.sum()),
            share=max(scores[name], 0.0) / whole,
        )
        findings.append(
            Finding(mine, int(x.sum()) - mine.observed, int(n.sum()) - mine.n),
        )
    return tuple(findings)
