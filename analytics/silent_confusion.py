"""Silent confusion: understanding falls while people say they are fine, or go quiet."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from analytics.baseline import Baseline
from analytics.charts import Chart
from analytics.frames import History
from analytics.fusion import Fusion, Sign
from analytics.panel import Panel
from analytics.signals import Signal
from analytics.thresholds import Threshold

SIGNS = (
    Sign("nonresponse", 0.5, Baseline(prior=0.35)),
    Sign("wrong", 0.8, Baseline(prior=0.25, day_strength=5.0)),
    Sign("fine_but_wrong", 0.5, Baseline(prior=0.12, day_strength=5.0)),
    Sign("flat", 0.7, Baseline(prior=0.2)),
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

    def chart(self, panel: Panel) -> Chart:
        """Run over arrays of any leading shape."""
        return self.fusion.chart(panel, self.threshold)

    def spoken(self, history: History) -> frozenset[tuple[str, date]]:
        """Teams with a signal still alive when a wave came, with that wave's date."""
        return self.fusion.spoken(history, self.threshold)

    def detect(self, history: History) -> list[Signal]:
        return self.fusion.signals(history, self.kind, self.threshold)
