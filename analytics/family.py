"""The detectors as shipped: on calibrated thresholds, and those that watch the same thing on one budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from analytics.frames import History
from analytics.fusion import Fusion
from analytics.nonresponse import Nonresponse
from analytics.recovery import recovered
from analytics.sentences import LEAST
from analytics.signals import Detector, Signal
from analytics.silent_confusion import SilentConfusion
from analytics.thresholds import Threshold, calibrated
from analytics.visible_confusion import VisibleConfusion
from analytics.workarounds import Workarounds

__all__ = ["BUDGET", "CONFUSION", "detect_all", "recovered", "shipped_detectors", "withheld"]

BUDGET = 0.05  # false alarms per team-month, for confusion in all its forms and again for workarounds
CONFUSION = (SilentConfusion.kind, VisibleConfusion.kind, Nonresponse.kind)  # on one day the first of these speaks
NOBODY = 0  # people


def shipped_detectors(
    thresholds: Mapping[str, Threshold] | None = None, *, least: int = LEAST
) -> tuple[SilentConfusion, VisibleConfusion, Nonresponse, Workarounds]:
    """Give every detector its threshold by kind, from the last calibration run unless told otherwise.

    Parameters
    ----------
    least
        Different people behind every signal and every number in it.

    """
    known = calibrated() if thresholds is None else thresholds
    silent, visible, quiet = SilentConfusion, VisibleConfusion, Nonresponse
    return (
        silent(known[silent.kind], _standing_on(silent(known[silent.kind]).fusion, least)),
        visible(known[visible.kind], _standing_on(visible(known[visible.kind]).fusion, least)),
        quiet(known[quiet.kind], _standing_on(quiet(known[quiet.kind]).fusion, least)),
        Workarounds(known[Workarounds.kind], least=least),
    )


def detect_all(history: History, detectors: Sequence[Detector] | None = None, *, least: int = LEAST) -> list[Signal]:
    """Give what the family finds, in the order in which it was raised; one trouble of a team is one signal.

    Silent, visible and non-response watch the same thing. While one has spoken of a team and its evidence goes on, the
    others keep still about that team; on one day the first in CONFUSION speaks.

    Parameters
    ----------
    detectors
        Those of `shipped_detectors`, unless told otherwise.
    least
        Different people behind every signal and every number in it.

    """
    spoken: set[tuple[str, date]] = set()
    told: list[Signal] = []
    for detector in shipped_detectors(least=least) if detectors is None else detectors:
        if isinstance(detector, SilentConfusion | VisibleConfusion | Nonresponse):
            watched = detector.watch(history)
            spoken |= watched.spoken
            told += watched.signals
        else:
            told += detector.detect(history)
    kept = []
    for signal in sorted(told, key=_order):
        if signal.kind in CONFUSION:
            if (signal.team, signal.raised_on) in spoken:
                continue
            spoken.add((signal.team, signal.raised_on))
        kept.append(signal)
    return kept


def withheld(history: History, *, least: int = LEAST) -> list[Signal]:
    """Give the signals that were not raised on their day because too few different people stand behind them.

    They are for whoever tests the rule, not for a lead: their sentences hold no number.
    """
    told = {_same(signal) for signal in detect_all(history, least=least)}
    return [signal for signal in detect_all(history, least=NOBODY) if _same(signal) not in told]


def _standing_on(fusion: Fusion, least: int) -> Fusion:
    return replace(fusion, least=least)


def _same(signal: Signal) -> tuple[str, str, str | None, date]:
    return signal.kind, signal.team, signal.route, signal.raised_on


def _order(signal: Signal) -> tuple[date, int, str, str]:
    rank = CONFUSION.index(signal.kind) if signal.kind in CONFUSION else len(CONFUSION)
    return signal.raised_on, rank, signal.team, signal.route or ""
