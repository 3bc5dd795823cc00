"""Workarounds that are starting: people who report a way round the system for the first time."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from analytics.baseline import Baseline
from analytics.charts import Chart, Ratios, enough, poisson_ratio
from analytics.frames import History
from analytics.fusion import day_after, frame, limit
from analytics.panel import Bools, Floats, Panel, Stream, roll
from analytics.routes import ROUTES
from analytics.sentences import Finding, workaround_sentence
from analytics.signals import Evidence, Signal
from analytics.thresholds import Threshold


@dataclass(frozen=True)
class FirstReports:
    """How many first reports to expect of a team on a wave, for each route.

    The others' rate of the day over all routes carries the burst that comes with every go-live. The route's share among
    the others' reports, the team's habit of reporting, and the team's habit with this route follow, each shrunk towards
    what is usual (Gamma-Poisson empirical Bayes, Clayton and Kaldor 1987).
    """

    day: Baseline = field(default=Baseline(prior=0.06, day_strength=20.0))  #: all routes together
    route_strength: float = 15.0  #: reports of the others that equal shares are worth
    team_strength: float = 4.0  #: expected reports that "this team is like the others" is worth
    habit_strength: float = 2.0  #: the same for a team and one route
    lag: int = 10  #: working days of the team's own past left out
    floor: float = 0.003  #: first reports per answer and route that are always to be expected

    def expect(self, stream: Stream, panel: Panel) -> Floats:
        """Expected first reports: (..., route, team, wave); NaN where there is nothing to compare with."""
        total = Stream(stream.x.sum(axis=-3), stream.n[..., 0, :, :])
        rate = self.day.day_rate(total, panel.days)
        elsewhere = np.cumsum(stream.x.sum(axis=-2, keepdims=True) - stream.x, axis=-1)
        equal = 1 / len(ROUTES)  # also where other routes are named: those not heard of yet must change nothing
        share = (elsewhere + self.route_strength * equal) / (
            elsewhere.sum(axis=-3, keepdims=True) + self.route_strength
        )
        usual = np.maximum(rate[..., None, :, :] * share, self.floor) * stream.n
        old = ((panel.days[:, None] - panel.days[None, :]) > self.lag).astype(np.float64)
        known = np.nan_to_num(usual)
        observed = np.where(np.isfinite(usual), stream.x, 0.0)
        team = (observed.sum(axis=-3, keepdims=True) @ old.T + self.team_strength) / (
            known.sum(axis=-3, keepdims=True) @ old.T + self.team_strength
        )
        habit = (observed @ old.T + self.habit_strength) / ((known * team) @ old.T + self.habit_strength)
        expected: Floats = np.maximum(usual * team * habit, self.floor * stream.n)
        return expected


@dataclass(frozen=True)
class Workarounds:
    """Poisson CUSUM on first reports per team and route.

    Notes
    -----
    Finds what spreads, not what one person has always done. A way round that a whole organisation takes on one day
    looks like the burst of a go-live. People who forget that they reported a route before make it look new.

    References
    ----------
    Koppel 2008; Flanagan 2013; Debono 2013; Blijleven 2022 (what workarounds are); Lucas 1985 (Poisson CUSUM).

    """

    kind: ClassVar[str] = "workaround"

    threshold: Threshold
    expectation: FirstReports = field(default=FirstReports())
    rates: tuple[float, ...] = (4.0, 10.0)  #: effect sizes: how many times as many as expected
    contagion: float = 0.5  #: counted on top of a report when the same route is rising in other teams
    rising: float = 3.0  #: rising: so many times as many as expected there within `recent`, and at least two
    recent: int = 5  #: working days
    cool_down: int = 10  #: working days, see `charts.cumulate`
    least: int = 5  #: different people who answered
    least_reports: int = 2  #: first reports within ten working days: one person's habit is nobody's business

    def ratios(self, panel: Panel) -> Ratios:
        """Count the evidence per route over a panel of any leading shape: (effect, ..., route, team, wave)."""
        stream = panel.streams.get("first_report")
        if stream is None:
            *lead, teams, waves = panel.shape
            nothing = np.zeros((*lead, len(ROUTES), teams, waves))
            stream = Stream(nothing, nothing)
        return self._ratios(panel, stream, self.expectation.expect(stream, panel))

    def chart(self, panel: Panel) -> Chart:
        """Run over arrays of any leading shape; the chart's shape is (..., route, team, wave)."""
        return self.ratios(panel).chart(limit(panel, self.threshold)[..., None, :, :])

    def detect(self, history: History) -> list[Signal]:
        known = roll(history)
        if known is None or "first_report" not in known.panel.streams:
            return []
        stream = known.panel.streams["first_report"]
        expected = self.expectation.expect(stream, known.panel)
        limits = limit(known.panel, self.threshold)
        chart = self._ratios(known.panel, stream, expected).chart(limits[None])
        found = []
        for wave, team, route in zip(*np.nonzero(chart.raised.T), strict=True):
            first = int(chart.begin[route, team, wave])
            finding = _finding(stream, expected, route=int(route), team=int(team), span=slice(first, int(wave) + 1))
            since = day_after(known, first)
            found.append(
                Signal(
                    kind=self.kind,
                    team=known.teams[team],
                    raised_on=known.dates[wave],
                    since=since,
                    score=float(chart.score[route, team, wave]),
                    threshold=float(limits[team, wave]),
                    because=workaround_sentence(finding, known.routes[route], since=since, least=self.least),
                    evidence=(finding.evidence,),
                    route=known.routes[route],
                    frame=frame(known, chart.score[route, team], limits[team], until=int(wave)),
                )
            )
        return found

    def _ratios(self, panel: Panel, stream: Stream, expected: Floats) -> Ratios:
        counts = stream.x + self.contagion * ((stream.x > 0) & self._rises_elsewhere(panel, stream, expected))
        ratios = np.stack([poisson_ratio(counts, expected, rate=rate) for rate in self.rates])
        gap = panel.days[:, None] - panel.days[None, :]
        lately = stream.x @ ((gap >= 0) & (gap < 10)).T.astype(np.float64)  # noqa: PLR2004  # two working weeks
        people = enough(panel.respondents(), panel.days, least=self.least)[..., None, :, :]
        return Ratios(ratios, panel.days, people & (lately >= self.least_reports), self.cool_down)

    def _rises_elsewhere(self, panel: Panel, stream: Stream, expected: Floats) -> Bools:
        gap = panel.days[:, None] - panel.days[None, :]
        window = ((gap >= 0) & (gap < self.recent)).T.astype(np.float64)
        usual = np.nan_to_num(expected)
        seen = (stream.x.sum(axis=-2, keepdims=True) - stream.x) @ window
        likely = (usual.sum(axis=-2, keepdims=True) - usual) @ window
        rises: Bools = (seen >= 2) & (seen > self.rising * likely)  # noqa: PLR2004  # one report elsewhere is chance
        return rises


def _finding(stream: Stream, expected: Floats, *, route: int, team: int, span: slice) -> Finding:
    x, n = stream.x[route, :, span], stream.n[route, :, span]
    mine = Evidence(
        stream="first_report",
        observed=int(x[team].sum()),
        n=int(n[team].sum()),
        expected=float(np.nan_to_num(expected[route, team, span]).sum()),
        share=1.0,
    )
    return Finding(mine, int(x.sum()) - mine.observed, int(n.sum()) - mine.n)
