"""Learns the weights from the sentences: `make train`. The only place that needs scikit-learn, which is not shipped."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analytics.routes import ROUTES
from analytics.text.examples import Example, examples
from analytics.text.features import features
from analytics.text.lexicon import lexicon
from analytics.text.measurement import figures
from analytics.text.model import HEADS, NO_CAUSE, Floats, read_model
from analytics.text.words import words

SHIPPED: Final = Path(__file__).parent / "trained"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn. Found by cross-validation over the speakers that are not held aside."""

    strength: float = 10.0  #: of belief in the examples against small weights (C of a logistic regression)
    speakers: int = 2  #: how many different speakers must use a feature for it to count
    kinds: str = "iwc"  #: which kinds of features count
    folds: int = 8
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Learnt:
    """Weights by column, before they are rounded and written."""

    names: tuple[str, ...]
    weights: Floats  #: (feature, column)
    start: Floats  #: (column,)
    slope: Floats  #: (head,)
    causes: tuple[str, ...]


def seen_in(texts: Sequence[str]) -> list[frozenset[str]]:
    """The features of each text, each once."""
    known = lexicon()
    return [frozenset(feature.name for feature in features(words(text), known)) for text in texts]


def vocabulary(seen: Sequence[frozenset[str]], speakers: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """Features that enough different speakers use, in the order of the alphabet."""
    used: dict[str, set[str]] = defaultdict(set)
    for speaker, names in zip(speakers, seen, strict=True):
        for name in names:
            used[name].add(speaker)
    return tuple(
        sorted(name for name, by in used.items() if len(by) >= settings.speakers and name[0] in settings.kinds)
    )


def matrix(seen: Sequence[frozenset[str]], names: Sequence[str]) -> sparse.csr_matrix:
    """(text, feature); within a text the features of one kind have length 1 together."""
    place = {name: column for column, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, some in enumerate(seen):
        known = sorted(name for name in some if name in place)
        kinds = Counter(name[0] for name in known)
        rows += [row] * len(known)
        columns += [place[name] for name in known]
        values += [kinds[name[0]] ** -0.5 for name in known]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(seen), len(names)))


def truth(some: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """(example, head)."""
    return np.array([[example.label in {head, "both"} for head in HEADS] for example in some])


def learn(some: Sequence[Example], settings: Settings) -> Learnt:
    """Weights for the two heads, the routes and the causes, and how steeply a head's score becomes a probability."""
    seen = seen_in([example.text for example in some])
    speakers = [example.speaker for example in some]
    names = vocabulary(seen, speakers, settings)
    values = matrix(seen, names)
    said = truth(some)
    causes = (*sorted({example.cause for example in some if example.cause}), NO_CAUSE)
    goes_round = np.flatnonzero(said[:, 1]).tolist()
    speaks = np.flatnonzero(said.any(axis=1)).tolist()
    parts = [_fit(values, said[:, head], settings) for head in range(len(HEADS))]
    routes = np.array([ROUTES.index(some[at].route) for at in goes_round])
    parts.append(_fit_many(values[goes_round], routes, len(ROUTES), settings))
    told = np.array([causes.index(some[at].cause or NO_CAUSE) for at in speaks])
    parts.append(_fit_many(values[speaks], told, len(causes), settings))
    weights = np.hstack([weight for weight, _ in parts])
    start = np.concatenate([begin for _, begin in parts])
    slope, shift = calibrate(scores_of_others(some, seen, settings), said)
    start[: len(HEADS)] += shift / slope
    return Learnt(names, weights, start, slope, causes)


def scores_of_others(some: Sequence[Example], seen: Sequence[frozenset[str]], settings: Settings) -> Floats:
    """(example, head) score of each example under weights that were learnt without its speaker."""
    speakers = np.array([example.speaker for example in some])
    order = sorted(set(speakers.tolist()), key=lambda name: hashlib.sha256(f"{settings.seed}:{name}".encode()).digest())
    said, scores = truth(some), np.zeros((len(some), len(HEADS)))
    for fold in range(settings.folds):
        away = np.isin(speakers, order[fold :: settings.folds])
        kept = np.flatnonzero(~away).tolist()
        names = vocabulary([seen[at] for at in kept], speakers[kept].tolist(), settings)
        values = matrix(seen, names)
        for head in range(len(HEADS)):
            weight, begin = _fit(values[kept], said[kept, head], settings)
            scores[away, head] = (values[np.flatnonzero(away)] @ weight + begin).ravel()
    return scores


def calibrate(scores: Floats, said: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Slope and shift per head that make scores into probabilities (Platt 1999)."""
    fitted = [LogisticRegression(C=1e6).fit(scores[:, [head]], said[:, head]) for head in range(len(HEADS))]
    slope = np.array([float(model.coef_[0, 0]) for model in fitted])
    return slope, np.array([float(model.intercept_[0]) for model in fitted])


def write(learnt: Learnt, folder: Path, *, settings: Settings, measured: Mapping[str, Any]) -> None:
    """Write weights and what is known about them. Half the usual precision: it changes no label."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "weights.npz",
        names=np.frombuffer("\n".join(learnt.names).encode("utf-8"), dtype=np.uint8),
        weights=learnt.weights.astype(np.float16),
        start=learnt.start.round(6),
        slope=learnt.slope.round(6),
    )
    about = {
        "version": VERSION,
        "learnt_from": fingerprint(),
        "settings": {name: getattr(settings, name) for name in settings.__slots__},
        "routes": list(ROUTES),
        "causes": list(learnt.causes),
        "figures": dict(measured),
    }
    (folder / "model.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")


def fingerprint() -> str:
    """Of everything that the weights follow from: when it changes, `make train` is due."""
    here = Path(__file__).parent
    parts = [here / "sentences" / "en.tsv", here / "lexicon" / "en.toml"]
    parts += [here / name for name in ("words.py", "lexicon.py", "meaning.py", "features.py", "training.py")]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def train(
    *,
    to: Path = SHIPPED,
    settings: Settings | None = None,
    told: Callable[[str], None] = print,
    known: Sequence[Example] | None = None,
) -> None:
    """Learn from the speakers that are not held aside, measure on those that are, and write both."""
    chosen = settings or Settings()
    some = examples() if known is None else known
    learnt = learn([example for example in some if not example.held_aside], chosen)
    write(learnt, to, settings=chosen, measured={})
    model = read_model(to)
    aside = [example for example in some if example.held_aside]
    found = figures(aside, [model.read(example.text) for example in aside], seed=chosen.seed)
    write(learnt, to, settings=chosen, measured=found)
    told(json.dumps(found, indent=2))


def _fit(values: sparse.csr_matrix, said: npt.NDArray[np.bool_], settings: Settings) -> tuple[Floats, Floats]:
    model = LogisticRegression(C=settings.strength, max_iter=2000).fit(values, said)
    return model.coef_.T, model.intercept_


def _fit_many(
    values: sparse.csr_matrix, said: npt.NDArray[np.int64], kinds: int, settings: Settings
) -> tuple[Floats, Floats]:
    """Weights for one of several; a kind of which there is no example is never chosen."""
    model = LogisticRegression(C=settings.strength, max_iter=2000).fit(values, said)
    weights, start = np.zeros((values.shape[1], kinds)), np.full(kinds, -30.0)
    weights[:, model.classes_], start[model.classes_] = model.coef_.T, model.intercept_
    return weights, start


if __name__ == "__main__":
    train()
