"""Silent confusion: understanding falls while people say they are fine, or go quiet."""

from dataclasses import dataclass, field
from typing import ClassVar

from analytics.baseline import Baseline
from analytics.charts import Chart, Ratios
from analytics.frames import History
from analytics.fusion import Fusion, Sign
from analytics.panel import Panel
from analytics.signals import Signal, Watched
from analytics.thresholds import Threshold

# Weights and reaches were tuned on simulated go-lives other than those of the figures. Checks move most, but their
# difficulty varies. When people mask, few low answers are left, and those few still tell.
SIGNS = (
    Sign("nonresponse", 0.5, Baseline(prior=0.35), reach=0.7),
    Sign("wrong", 0.4, Baseline(prior=0.25, day_strength=5.0), reach=1.5),
    Sign("fine_but_wrong", 0.4, Baseline(prior=0.12, day_strength=5.0), reach=0.6),
    Sign("flat", 0.3, Baseline(prior=0.3), reach=0.3),
    Sign("low", 0.4, Baseline(prior=0.12), reach=0.8),
)


@dataclass(frozen=True)
class SilentConfusion:
    """Fused CUSUM over signs that people cannot all mask.

    Notes
    -----
    Weak where everybody answers and the checks do not ask about the trouble; with one check a week it needs weeks. Two
    or three teams give it few others to compare with, and one team alone gives it nothing. Trouble that comes to every
    team on the same day looks like the go-live itself.

    References
    ----------
    Page 1954; Lorden 1971; Moustakides 1986 (CUSUM); Morrison and Milliken 2000; Edmondson 1999 (on silence).

    """

    kind: ClassVar[str] = "silent_confusion"

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
