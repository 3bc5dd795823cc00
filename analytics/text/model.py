"""Reads a short text: confusion, a way round the system, which one and why, and the words that decided."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analytics.text.features import Feature, features
from analytics.text.lexicon import Lexicon, lexicon
from analytics.text.passages import passages
from analytics.text.words import Word, words

LABELS: Final = ("neither", "confusion", "workaround", "both")
HEADS: Final = ("confusion", "workaround")
NO_CAUSE: Final = "none"
MOST_WORDS: Final = 5  #: phrases that are named as having decided
LEAST_SHARE: Final = 0.3  #: of the strongest word's pull, for another word to be named
SURE: Final = 12.0  #: logit beyond which nobody can tell the difference

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says, and how sure that is."""

    label: str  #: one of LABELS
    probabilities: Mapping[str, float]  #: of every label; they sum to 1
    route: str | None  #: as in `analytics.routes.ROUTES`, for a workaround
    cause: str | None  #: as in the item bank's scale "causes"; None where the text gives none
    words: tuple[str, ...]  #: as they stand in the text, the strongest first


@dataclass(frozen=True, slots=True)
class _Passage:
    """One passage under the weights."""

    said: Sequence[Word]
    seen: Sequence[Feature]
    rows: npt.NDArray[np.int64]  #: (feature,)
    values: Floats  #: (feature,)
    totals: Floats  #: (column,)


@dataclass(frozen=True, eq=False)
class Model:
    """Weights of a linear model over ideas, words and pieces of words, as `training` found them.

    Columns: one for each of HEADS, then the routes, then the causes.
    """

    about: Mapping[str, Any]  #: version, seed, figures
    lexicon: Lexicon
    routes: tuple[str, ...]
    causes: tuple[str, ...]  #: NO_CAUSE among them
    rows: Mapping[str, int]  #: feature -> row
    weights: npt.NDArray[np.float32]  #: (feature, column)
    start: Floats  #: (column,) what counts whatever the text
    slope: Floats  #: (head,) calibration: how steeply a score becomes a probability

    def read(self, text: str, *, leaning: Mapping[str, float] | None = None) -> Reading:
        """Read one text of any length. Never raises, and the same text gives the same reading.

        Parameters
        ----------
        leaning
            Added to the log odds of "confusion", or of "workaround" when the way round is this one; see `dismissals`.

        """
        said = words(text)
        parts = [self._weigh(said[part]) for part in passages(said)]
        if not parts:
            return Reading("neither", joint(0.0, 0.0), None, None, ())
        odds = np.array([self._log_odds(part, leaning or {}) for part in parts])
        confusion, workaround = (parts[at] for at in odds.argmax(axis=0))
        chances = 1 / (1 + np.exp(-np.clip(odds.max(axis=0), -SURE, SURE)))
        probabilities = joint(float(chances[0]), float(chances[1]))
        label = max(LABELS, key=lambda name: probabilities[name])
        return Reading(
            label=label,
            probabilities=probabilities,
            route=self._route(workaround) if label in {"workaround", "both"} else None,
            cause=self._cause(confusion if label == "confusion" else workaround) if label != "neither" else None,
            words=self._decided(text, label, confusion=confusion, workaround=workaround),
        )

    def scores(self, text: str) -> Floats:
        """(column,) the bare totals of the passage that speaks most for "workaround"; zeros for an empty text."""
        said = words(text)
        parts = [self._weigh(said[part]).totals for part in passages(said)]
        return max(parts, key=lambda totals: float(totals[1])) if parts else np.zeros_like(self.start)

    def _weigh(self, said: Sequence[Word]) -> _Passage:
        seen = [feature for feature in features(said, self.lexicon) if feature.name in self.rows]
        copies = Counter(feature.name for feature in seen)
        kinds = Counter(name[0] for name in copies)
        values = np.array([1 / (copies[name] * kinds[name[0]] ** 0.5) for name, _, _ in seen])
        rows = np.array([self.rows[feature.name] for feature in seen], dtype=np.int64)
        return _Passage(said, seen, rows, values, self.start + values @ self.weights[rows])

    def _log_odds(self, part: _Passage, leaning: Mapping[str, float]) -> tuple[float, float]:
        confusion, workaround = part.totals[:2] * self.slope
        leans = leaning.get("confusion", 0.0), leaning.get(self._route(part), 0.0)
        return float(confusion) + leans[0], float(workaround) + leans[1]

    def _route(self, part: _Passage) -> str:
        return self.routes[int(part.totals[2 : 2 + len(self.routes)].argmax())]

    def _cause(self, part: _Passage) -> str | None:
        cause = self.causes[int(part.totals[2 + len(self.routes) :].argmax())]
        return None if cause == NO_CAUSE else cause

    def _decided(self, text: str, label: str, *, confusion: _Passage, workaround: _Passage) -> tuple[str, ...]:
        """The phrases that pulled most towards the label; for "neither", those that spoke most against the others."""
        if label == "both":
            found = {**self._pulls(confusion, (1.0, 0.0)), **self._pulls(workaround, (0.0, 1.0))}
        elif label == "neither":
            found = self._pulls(workaround, (-1.0, -1.0))
        else:
            part = confusion if label == "confusion" else workaround
            found = self._pulls(part, (1.0, 0.0) if label == "confusion" else (0.0, 1.0))
        strongest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]
        least = LEAST_SHARE * strongest[0][1] if strongest else 0.0
        return tuple(text[first:last] for (first, last), pull in strongest if pull >= least)

    def _pulls(self, part: _Passage, direction: tuple[float, float]) -> dict[tuple[int, int], float]:
        """Where in the text words stand that pull in a direction, and how much; neighbours that both pull are one."""
        pulls = np.zeros(len(part.said))
        each = part.values * (self.weights[part.rows, :2] @ np.array(direction))
        for (_, first, last), pull in zip(part.seen, each, strict=True):
            if last >= first:
                pulls[first : last + 1] += pull / (last + 1 - first)
        least = LEAST_SHARE * max(float(pulls.max()), 0.0)
        phrases: dict[tuple[int, int], float] = {}
        first, total = -1, 0.0
        for at, pull in enumerate([*pulls, -1.0]):
            if pull > least:
                first, total = (at, float(pull)) if first < 0 else (first, total + float(pull))
            elif first >= 0:
                phrases[part.said[first].start, part.said[at - 1].end] = total
                first = -1
        return phrases


def joint(confusion: float, workaround: float) -> dict[str, float]:
    """Probability of each of LABELS from those of the two heads, which are taken as saying their own thing each."""
    return {
        "neither": (1 - confusion) * (1 - workaround),
        "confusion": confusion * (1 - workaround),
        "workaround": (1 - confusion) * workaround,
        "both": confusion * workaround,
    }


def read_model(folder: Traversable, *, language: str = "en") -> Model:
    """Read `model.json` and `weights.npz`. Nothing in them is code."""
    about = json.loads((folder / "model.json").read_text("utf-8"))
    with (folder / "weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        names = arrays["names"].tobytes().decode("utf-8").split("\n")
        weights = arrays["weights"].astype(np.float32)
        start, slope = arrays["start"], arrays["slope"]
    return Model(
        about=about,
        lexicon=lexicon(language),
        routes=tuple(about["routes"]),
        causes=tuple(about["causes"]),
        rows={name: row for row, name in enumerate(names)},
        weights=weights,
        start=start,
        slope=slope,
    )


@lru_cache(maxsize=4)
def shipped(language: str = "en") -> Model:
    """The model of the last training run. Raises FileNotFoundError for a language without a lexicon."""
    return read_model(files("analytics.text") / "trained", language=language)


def classify(text: str, *, leaning: Mapping[str, float] | None = None) -> Reading:
    """Read one text with the model as shipped."""
    return shipped().read(text, leaning=leaning)
