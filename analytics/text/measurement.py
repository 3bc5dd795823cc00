"""How well the model reads sentences that it has not learnt from, with intervals."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analytics.text.examples import Example
from analytics.text.model import HEADS, LABELS, Reading

DRAWS: Final = 1000
BINS: Final = 10

Bools = npt.NDArray[np.bool_]
Draws = npt.NDArray[np.float64]


def figures(some: Sequence[Example], readings: Sequence[Reading], *, seed: int) -> dict[str, Any]:
    """Precision, recall, F1 and calibration per head, accuracy of label, route and cause; with 95 % intervals."""
    draws = _draws([example.speaker for example in some], seed=seed)
    found: dict[str, Any] = {"sentences": len(some), "speakers": len({example.speaker for example in some})}
    for head in HEADS:
        said = np.array([example.label in {head, "both"} for example in some], dtype=np.bool_)
        heard = np.array([reading.label in {head, "both"} for reading in readings], dtype=np.bool_)
        chance = np.array([reading.probabilities[head] + reading.probabilities["both"] for reading in readings])
        found[head] = {
            "precision": _share(draws, said & heard, heard),
            "recall": _share(draws, said & heard, said),
            "f1": _f1(draws, said, heard),
            "calibration_error": round(calibration_error(said, chance), 3),
        }
    pairs = list(zip(some, readings, strict=True))
    same = np.array([example.label == reading.label for example, reading in pairs], dtype=np.bool_)
    found["label"] = _share(draws, same, np.ones_like(same))
    for name in ("route", "cause"):
        told = np.array([bool(getattr(e, name)) and getattr(r, name) is not None for e, r in pairs], dtype=np.bool_)
        right = np.array([getattr(e, name) == getattr(r, name) for e, r in pairs], dtype=np.bool_)
        found[name] = _share(draws, right & told, told)
    found["read_as"] = {
        said: {heard: sum(e.label == said and r.label == heard for e, r in pairs) for heard in LABELS}
        for said in LABELS
    }
    return found


def _draws(speakers: Sequence[str], *, seed: int) -> Draws:
    """(draw, sentence) how often each counts: once in the first row, then with speakers drawn anew.

    Speakers and not sentences, because what one speaker says goes together.
    """
    names, by = np.unique(np.array(speakers, dtype=str), return_inverse=True)
    dice = np.random.default_rng(seed)
    drawn = [np.bincount(dice.integers(0, len(names), len(names)), minlength=len(names))[by] for _ in range(DRAWS)]
    return np.vstack([np.ones(len(speakers), dtype=np.int64), *drawn]).astype(np.float64)


def calibration_error(said: Bools, chance: npt.NDArray[np.float64]) -> float:
    """Mean distance between how sure and how often right, over equal steps of sureness (Naeini 2015)."""
    if not len(said):
        return 0.0
    step = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    gaps = [abs(chance[step == b].sum() - said[step == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(said))


def _share(draws: Draws, part: Bools, whole: Bools) -> list[float | None]:
    return _told(draws @ part, draws @ whole)


def _f1(draws: Draws, said: Bools, heard: Bools) -> list[float | None]:
    return _told(2 * (draws @ (said & heard)), draws @ said + draws @ heard)


def _told(parts: Draws, wholes: Draws) -> list[float | None]:
    """The share, and the 2.5th and 97.5th percentile over the draws; None where there is nothing to share."""
    with np.errstate(invalid="ignore"):
        shares = parts / wholes
    if not np.isfinite(shares[0]):
        return [None, None, None]
    return [round(float(value), 3) for value in (shares[0], *np.nanpercentile(shares[1:], [2.5, 97.5]))]
