"""Visible confusion: people say that it is hard, or that they are not sure."""

from dataclasses import dataclass, field
from typing import ClassVar

from analytics.baseline import Baseline
from analytics.charts import Chart, Ratios
from analytics.frames import History
from analytics.fusion import Fusion, Sign
from analytics.panel import Panel
from analytics.signals import Signal, Watched
from analytics.thresholds import Threshold

SIGNS = (
    Sign("low", 0.6, Baseline(prior=0.12), reach=1.3),
    Sign("not_sure", 0.4, Baseline(prior=0.03), reach=0.6),
)


@dataclass(frozen=True)
class VisibleConfusion:
    """CUSUM on low and "not sure" answers.

    Notes
    -----
    Blind to whoever says "fine" and to whoever does not answer: that is what `SilentConfusion` is for. Answers of one
    person in one wave go together, so a second item says less than it seems; the weights allow for that.

    References
    ----------
    Page 1954; Höhle and Paul 2008 (likelihood-ratio charts for counts).

    """

    kind: ClassVar[str] = "visible_confusion"

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
