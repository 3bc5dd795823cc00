"""The same thing said differently, together: questions and remarks in groups that a lead may take or leave."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from analytics.text.lexicon import Lexicon, lexicon
from analytics.text.words import BREAKS, words

CLOSENESS: Final = 0.3  #: cosine from which texts belong together on average; found on sentences of the tests
TIGHTER: Final = 0.1  #: how much closer texts must be where too many hang together
MOST_TOGETHER: Final = 1200  #: different texts that are compared each with each
ROWS_AT_ONCE: Final = 512
TERMS: Final = 3

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """Texts about one matter."""

    members: tuple[int, ...]  #: places in the sequence that was given, rising
    central: int  #: the one that is closest to all others
    terms: tuple[str, ...]  #: what they have in common, the strongest first


def group(texts: Sequence[str], *, closeness: float = CLOSENESS, language: str = "en") -> list[Group]:
    """Put texts about the same matter together, the largest group first; every text is in exactly one.

    TF-IDF over what a text is about (`gist`), average linkage, cut at `closeness`. Groups do not depend on the order in
    which the texts are given. Texts about nothing that can be told stay alone.
    """
    known = lexicon(language)
    bags = [tuple(sorted(Counter(gist(text, known)).items())) for text in texts]
    alike: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        alike[bag].append(place)
    alone = alike.pop((), [])
    kinds = sorted(alike)
    found = [Group((place,), place, ()) for place in alone]
    if kinds:
        vectors, names = _vectors(kinds, [len(alike[kind]) for kind in kinds])
        found += [
            _told(some, vectors, names, [alike[kinds[at]] for at in some.tolist()], texts)
            for some in _gathered(vectors, np.arange(len(kinds)), closeness)
        ]
    return sorted(found, key=lambda one: (-len(one.members), texts[one.central], one.members))


def gist(text: str, known: Lexicon) -> list[str]:
    """What a text is about: words by their stems, other words for the same as one, without those that only ask."""
    said = words(text)
    about: list[str | None] = [known.spelling.right(word.norm) for word in said]
    for mention in known.mentions(said):
        if mention.family == "confusion":
            about[mention.first : mention.last + 1] = [None] * (mention.last + 1 - mention.first)
    for first, last, theme in known.themes(said):
        about[first : last + 1] = [theme, *[None] * (last - first)]
    return [
        word if word in known.theme_names else stem(word)
        for word in about
        if word and word not in known.empty and word not in BREAKS and word[0].isalnum()
    ]


def stem(word: str) -> str:
    """The word without its commonest English endings. Rough, and the same for all texts, which is what counts."""
    for ending, least in (("ing", 4), ("ies", 3), ("ied", 3), ("ed", 4), ("es", 4), ("s", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


def _vectors(
    kinds: Sequence[tuple[tuple[str, int], ...]], copies: Sequence[int]
) -> tuple[sparse.csr_matrix, Sequence[str]]:
    """(kind of text, term) of length 1 each; rare terms weigh more."""
    texts_with = Counter[str]()
    for kind, times in zip(kinds, copies, strict=True):
        for term, _ in kind:
            texts_with[term] += times
    names = sorted(texts_with)
    place = {name: column for column, name in enumerate(names)}
    total = sum(copies)
    rows, columns, values = [], [], []
    for row, kind in enumerate(kinds):
        weights = [(1 + math.log(times)) * math.log(1 + total / texts_with[term]) for term, times in kind]
        length = math.sqrt(sum(weight**2 for weight in weights))
        rows += [row] * len(kind)
        columns += [place[term] for term, _ in kind]
        values += [weight / length for weight in weights]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(kinds), len(names))), names


def _gathered(vectors: sparse.csr_matrix, some: Ints, closeness: float) -> Iterator[Ints]:
    """Groups among `some`. What average linkage joins holds a pair that is close enough: pieces are cut apart first."""
    for piece in _pieces(vectors[some], closeness):
        inside = some[piece]
        if len(inside) == 1 or closeness >= 1:
            yield inside
        elif len(inside) > MOST_TOGETHER:
            yield from _gathered(vectors, inside, closeness + TIGHTER)
        else:
            near = (vectors[inside] @ vectors[inside].T).toarray()
            distance = np.clip(1 - near, 0, None)
            np.fill_diagonal(distance, 0)
            labels = fcluster(linkage(squareform(distance, checks=False), "average"), 1 - closeness, "distance")
            for label in np.unique(labels):
                yield inside[labels == label]


def _pieces(vectors: sparse.csr_matrix, closeness: float) -> Iterator[Ints]:
    """Rows that hang together by pairs of at least this closeness."""
    count = vectors.shape[0]
    turned = vectors.T.tocsc()
    rows, columns = [], []
    for first in range(0, count, ROWS_AT_ONCE):
        near = (vectors[first : first + ROWS_AT_ONCE] @ turned).tocoo()
        close = near.data >= closeness
        rows.append(near.row[close] + first)
        columns.append(near.col[close])
    pairs = (np.concatenate(rows), np.concatenate(columns))
    graph = sparse.coo_matrix((np.ones(len(pairs[0]), dtype=np.int8), pairs), shape=(count, count))
    pieces, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(labels, minlength=pieces))[:-1])


def _told(
    some: Ints, vectors: sparse.csr_matrix, names: Sequence[str], places: Sequence[Sequence[int]], texts: Sequence[str]
) -> Group:
    rows = [slice(vectors.indptr[at], vectors.indptr[at + 1]) for at in some]
    middle: dict[int, float] = defaultdict(float)
    for row, kind in zip(rows, places, strict=True):
        for column, value in zip(vectors.indices[row].tolist(), vectors.data[row].tolist(), strict=True):
            middle[column] += value * len(kind)
    closest = [
        round(sum(v * middle[c] for c, v in zip(vectors.indices[r].tolist(), vectors.data[r].tolist(), strict=True)), 9)
        for r in rows
    ]
    best = [place for kind, near in zip(places, closest, strict=True) if near == max(closest) for place in kind]
    strongest = sorted(middle, key=lambda column: (-round(middle[column], 9), names[column]))[:TERMS]
    return Group(
        members=tuple(sorted(place for kind in places for place in kind)),
        central=min(best, key=lambda place: (len(texts[place]), texts[place], place)),
        terms=tuple(names[column] for column in strongest),
    )
