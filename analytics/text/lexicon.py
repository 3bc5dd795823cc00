"""Ideas and the words for them, one file per language, and where they stand in a text."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from analytics.text.spelling import Spelling
from analytics.text.words import BREAKS, Word, words

ANY: Final = "_"  #: stands for any one word in a term
SHORTEST_STEM: Final = 2
#: sections of a lexicon file; the names of ideas within them are the same in every language
FAMILIES: Final = ("confusion", "workaround", "habit", "cause", "frame", "person", "system")


class Mention(NamedTuple):
    """An idea and the words that say it."""

    idea: str
    family: str
    first: int  #: index of the first word
    last: int  #: index of the last word


@dataclass(slots=True)
class _Node:
    after: dict[str, "_Node"] = field(default_factory=dict)
    ideas: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of one language, ready to be looked up."""

    language: str
    families: Mapping[str, str]  #: idea -> family
    routes: Mapping[str, str]  #: idea -> way round the system that it speaks of
    causes: Mapping[str, str]  #: idea -> cause that it speaks of
    fillers: frozenset[str]
    negations: frozenset[str]
    stems: frozenset[str]
    spelling: Spelling
    keys: Callable[[str], tuple[str, ...]]  #: by which a word is looked up: put right, as any, by its stems
    empty: frozenset[str]  #: words that say nothing about what a text is about
    theme_names: frozenset[str]
    root: _Node
    theme_root: _Node

    def mentions(self, said: Sequence[Word]) -> list[Mention]:
        """Every idea in these words, in order; of one idea the longest term wins and terms do not overlap."""
        found: list[Mention] = []
        reach: dict[str, int] = {}
        for start in range(len(said)):
            best: dict[tuple[str, str], int] = {}
            for last, ideas in self._terms(self.root, said, start):
                for idea in ideas:
                    best[idea] = max(last, best.get(idea, -1))
            for (name, family), last in best.items():
                if start > reach.get(name, -1):
                    found.append(Mention(name, family, start, last))
                    reach[name] = last
        return found

    def themes(self, said: Sequence[Word]) -> list[tuple[int, int, str]]:
        """First word, last word and name of every theme, the longest term first come first served."""
        found = []
        start = 0
        while start < len(said):
            last, ideas = max(self._terms(self.theme_root, said, start), default=(start - 1, []))
            if ideas:
                found.append((start, last, ideas[0][0]))
            start = max(last, start) + 1
        return found

    def _terms(self, root: _Node, said: Sequence[Word], start: int) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        """Index of the last word, and ideas, of every term that begins at `start`. Fillers inside a term are passed."""
        waiting = [(root, start)]
        while waiting:
            node, at = waiting.pop()
            if at >= len(said) or said[at].norm in BREAKS:
                continue
            norm = said[at].norm
            for key in self.keys(norm):
                following = node.after.get(key)
                if following is not None:
                    if following.ideas:
                        yield at, following.ideas
                    if following.after:
                        waiting.append((following, at + 1))
            if at > start and norm in self.fillers:
                waiting.append((node, at + 1))


@lru_cache(maxsize=8)
def lexicon(language: str = "en") -> Lexicon:
    """The lexicon shipped for a language. Raises FileNotFoundError where there is none."""
    return read_lexicon((files("analytics.text") / "lexicon" / f"{language}.toml").read_text("utf-8"))


def read_lexicon(toml: str) -> Lexicon:
    """Read a lexicon file: terms apart by ";", ideas in tables named after FAMILIES."""
    raw = tomllib.loads(toml)
    root, stems = _Node(), set[str]()
    families: dict[str, str] = {}
    belongs: dict[str, dict[str, str]] = {"workaround": {}, "cause": {}}
    for family in FAMILIES:
        for name, value in raw[family].items():
            group = value if isinstance(value, dict) else {name: value}
            for idea, terms in group.items():
                families[idea] = family
                if isinstance(value, dict):
                    belongs[family][idea] = name
                for term in terms.split(";"):
                    _grow(root, term, (idea, family), stems)
    theme_root = _Node()
    for theme, terms in raw["theme"].items():
        for term in terms.split(";"):
            _grow(theme_root, term, (theme, "theme"), stems)
    spelling = Spelling(_terms(root) | _terms(theme_root), others=_listed(raw["others"]))
    return Lexicon(
        language=raw["language"],
        families=families,
        routes=belongs["workaround"],
        causes=belongs["cause"],
        fillers=_listed(raw["fillers"]),
        negations=_listed(raw["negations"]),
        stems=frozenset(stems),
        spelling=spelling,
        keys=_looked_up(spelling, frozenset(stems)),
        empty=_listed(raw["empty"]),
        theme_names=frozenset(raw["theme"]),
        root=root,
        theme_root=theme_root,
    )


def _looked_up(spelling: Spelling, stems: frozenset[str]) -> Callable[[str], tuple[str, ...]]:
    @lru_cache(maxsize=20_000)
    def keys(norm: str) -> tuple[str, ...]:
        right = spelling.right(norm)
        return (
            right,
            ANY,
            *(right[:n] + "*" for n in range(SHORTEST_STEM, len(right) + 1) if right[:n] + "*" in stems),
        )

    return keys


def _listed(terms: str) -> frozenset[str]:
    return frozenset(term.strip() for term in terms.split(";"))


def _grow(root: _Node, term: str, idea: tuple[str, str], stems: set[str]) -> None:
    node = root
    for key in _pieces(term):
        if key.endswith("*"):
            stems.add(key)
        node = node.after.setdefault(key, _Node())
    if node is not root and idea not in node.ideas:
        node.ideas.append(idea)


def _terms(node: _Node) -> set[str]:
    """Every word that stands in a term."""
    words_here = {key for key in node.after if key.isalpha()}
    return words_here.union(*(_terms(following) for following in node.after.values()))


def _pieces(term: str) -> Iterator[str]:
    for piece in term.split():
        if piece == ANY:
            yield ANY
        elif piece.endswith("*"):
            *before, stem = [word.norm for word in words(piece[:-1])]
            yield from (*before, stem + "*")
        else:
            yield from (word.norm for word in words(piece) if word.norm not in BREAKS)
