"""A team falls silent: far fewer answers than this team and this day make likely."""

from dataclasses import dataclass, field
from typing import ClassVar

from analytics.baseline import Baseline
from analytics.charts import Chart, Ratios
from analytics.frames import History
from analytics.fusion import Fusion, Sign
from analytics.panel import Panel
from analytics.signals import Signal, Watched
from analytics.thresholds import Threshold

SIGNS = (Sign("nonresponse", 0.5, Baseline(prior=0.35)),)


@dataclass(frozen=True)
class Nonresponse:
    """CUSUM on pulses left unanswered.

    Notes
    -----
    Says that a team has gone quiet, not why: a busy week, a phone that no longer rings and lost trust look the same. A
    team too small or too quiet for five people to answer any pulse of the last ten working days raises nothing.

    References
    ----------
    Page 1954; AAPOR Standard Definitions (what counts as not answered).

    """

    kind: ClassVar[str] = "nonresponse"

    threshold: Threshold
    fusion: Fusion = field(default=Fusion(SIGNS))

    def ratios(self, panel: Panel) -> Ratios:
        """Count the evidence over arrays of any leading shape."""
        return self.fusion.ratios(panel)

    def chart(self, panel: Panel) -> Chart:
        """Run over arrays of any leading shape."""
        return self.fusion.chart(panel, self.threshold)

    def watch(self, history: History) -> Watched:
        return self.fusion.watch(history, self.kind, self.threshold)

    def detect(self, history: History) -> list[Signal]:
        return list(self.watch(history).signals)
