"""The detectors as shipped: on calibrated thresholds, and those that watch the same thing on one budget."""

from collections.abc import Mapping, Sequence
from datetime import date

from analytics.frames import History
from analytics.nonresponse import Nonresponse
from analytics.recovery import recovered
from analytics.signals import Detector, Signal
from analytics.silent_confusion import SilentConfusion
from analytics.thresholds import Threshold, calibrated
from analytics.visible_confusion import VisibleConfusion
from analytics.workarounds import Workarounds

__all__ = ["BUDGET", "CONFUSION", "detect_all", "recovered", "shipped_detectors"]

BUDGET = 0.05  # false alarms per team-month, for confusion in all its forms and again for workarounds
CONFUSION = (SilentConfusion.kind, VisibleConfusion.kind, Nonresponse.kind)  # on one day the first of these speaks


def shipped_detectors(thresholds: Mapping[str, Threshold] | None = None) -> tuple[Detector, ...]:
    """Give every detector its threshold by kind, from the last calibration run unless told otherwise."""
    known = calibrated() if thresholds is None else thresholds
    return (
        SilentConfusion(known[SilentConfusion.kind]),
        VisibleConfusion(known[VisibleConfusion.kind]),
        Nonresponse(known[Nonresponse.kind]),
        Workarounds(known[Workarounds.kind]),
    )


def detect_all(history: History, detectors: Sequence[Detector] | None = None) -> list[Signal]:
    """Give what the family finds, in the order in which it was raised; one trouble of a team is one signal.

    Silent, visible and non-response watch the same thing. While one has spoken of a team and its evidence goes on, the
    others keep still about that team; on one day the first in CONFUSION speaks.
    """
    family = shipped_detectors() if detectors is None else detectors
    spoken: set[tuple[str, date]] = set()
    for detector in family:
        if isinstance(detector, SilentConfusion | VisibleConfusion | Nonresponse):
            spoken |= detector.spoken(history)
    kept = []
    for signal in sorted((signal for detector in family for signal in detector.detect(history)), key=_order):
        if signal.kind in CONFUSION:
            if (signal.team, signal.raised_on) in spoken:
                continue
            spoken.add((signal.team, signal.raised_on))
        kept.append(signal)
    return kept


def _order(signal: Signal) -> tuple[date, int, str, str]:
    rank = CONFUSION.index(signal.kind) if signal.kind in CONFUSION else len(CONFUSION)
    return signal.raised_on, rank, signal.team, signal.route or ""
