"""Whether a trouble is over: an alert closes only when later waves show it, never because nobody looked."""

from datetime import date
from math import log

import numpy as np

from analytics.charts import bernoulli_ratio
from analytics.frames import History
from analytics.fusion import Fusion
from analytics.nonresponse import Nonresponse
from analytics.panel import Bools, Panel, Roll, roll
from analytics.silent_confusion import SilentConfusion
from analytics.thresholds import Threshold
from analytics.visible_confusion import VisibleConfusion
from analytics.workarounds import Workarounds

WINDOW = 10  #: working days up to now that must look as usual
LEAST_WAVES = 2  #: one good day is no recovery
LEAST_ANSWERS = 10
ODDS = 2.5  #: trouble of this size is weighed against "as usual"
#: "as usual" must be so many times as likely as trouble; on simulated go-lives this closes nine alerts of ten within 20
#: working days when nothing is wrong, and one to two of ten too early while trouble goes on
LIKELIER = 6.0
DECLINE = 0.5  #: a way round has eased when at most half as many report it

ZERO = Threshold.flat(0)


def recovered(history: History, kind: str, *, team: str, since: date, route: str | None = None) -> bool:
    """Whether the waves after `since` show `team` as it usually was before; False while they are too few to say.

    Confusion and non-response: over the last ten working days, "as usual" is LIKELIER times as likely as trouble. Usual
    is what the others' day and the team's habit before `since` make likely, so trouble does not become its own measure.
    A way round: hardly anybody reports it as new, and at most half as many report it at all as when it was raised.

    Parameters
    ----------
    since
        The day on which the signal was raised; waves after it count.
    route
        For workarounds, else None.

    """
    known = roll(history)
    if known is None or team not in known.teams:
        return False
    now = int(np.busday_count(history.golive, history.through))
    later: Bools = np.array([day > since for day in known.dates]) & (now - known.panel.days < WINDOW)
    row = known.teams.index(team)
    if kind == Workarounds.kind:
        return route in known.routes and _declined(known, row, known.routes.index(route), later, since)
    raised = int(np.busday_count(history.golive, since))
    return _as_usual(_fusion(kind), known.panel, row, later, raised)


def _fusion(kind: str) -> Fusion:
    for detector in (SilentConfusion(ZERO), VisibleConfusion(ZERO), Nonresponse(ZERO)):
        if detector.kind == kind:
            return detector.fusion
    raise ValueError(f"{kind} is no kind of signal")


def _as_usual(fusion: Fusion, panel: Panel, team: int, later: Bools, raised: int) -> bool:
    answered = panel.respondents()[team, later]
    if (answered > 0).sum() < LEAST_WAVES or answered.sum() < LEAST_ANSWERS:
        return False
    expected = fusion.expected(panel, until=raised)
    evidence = sum(
        sign.weight
        * float(
            bernoulli_ratio(panel.streams[sign.stream], expected[sign.stream], odds=ODDS**sign.reach)[team, later].sum()
        )
        for sign in fusion.signs
        if sign.stream in expected
    )
    return evidence <= -log(LIKELIER)


def _declined(known: Roll, team: int, route: int, later: Bools, since: date) -> bool:
    if "report" not in known.panel.streams or "first_report" not in known.panel.streams:
        return False
    report, first = known.panel.streams["report"], known.panel.streams["first_report"]
    then = np.array([day <= since for day in known.dates])
    at_raise = int(known.panel.days[then].max()) if then.any() else 0
    before = then & (at_raise - known.panel.days < WINDOW)
    n_before, n_now = report.n[route, team, before].sum(), report.n[route, team, later].sum()
    if n_before == 0 or n_now < LEAST_ANSWERS or (report.n[route, team, later] > 0).sum() < LEAST_WAVES:
        return False
    share_before = report.x[route, team, before].sum() / n_before
    share_now = report.x[route, team, later].sum() / n_now
    return bool(share_now <= DECLINE * share_before and first.x[route, team, later].sum() <= 1)
