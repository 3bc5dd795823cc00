"""Misspelt words, put right where a word of the lexicon was clearly meant."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

SHORTEST_SWAP: Final = 4  #: letters from which two neighbours may have changed places
SHORTEST_SLIP: Final = 6  #: letters from which one may be missing, too many or another


class Spelling:
    """Knows the words of a lexicon, and real words that look like one of them.

    Notes
    -----
    One slip a word, and the first letter must be right (most are: Yannakoudakis and Fawthrop 1983). Looked up by
    leaving out one letter on both sides (as in symmetric-delete spelling), so that the cost does not depend on how many
    words there are.

    """

    def __init__(self, words: Iterable[str], *, others: Iterable[str] = ()) -> None:
        self._known = frozenset(words)
        self._left_alone = self._known | frozenset(others)
        self._shorter: dict[str, list[str]] = {}
        for word in sorted(self._known):
            for shorter in {word, *_shortened(word)}:
                self._shorter.setdefault(shorter, []).append(word)
        self.right = lru_cache(maxsize=20_000)(self._right)  #: the word as it was meant, or as it was given

    def _right(self, word: str) -> str:
        if word in self._left_alone or len(word) < SHORTEST_SWAP or not word.isalpha():
            return word
        near = {known for shorter in (word, *_shortened(word)) for known in self._shorter.get(shorter, ())}
        meant = sorted(known for known in near if known[0] == word[0] and _slipped(word, known))
        return meant[0] if meant else word


def _shortened(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def _slipped(word: str, known: str) -> bool:
    """Whether one slip lies between the two; both are known to be alike when a letter is left out of either."""
    at = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    if len(word) == len(known):
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        return swapped == known or (len(known) >= SHORTEST_SLIP and word[at + 1 :] == known[at + 1 :])
    long, short = sorted((word, known), key=len, reverse=True)
    return len(short) + 1 >= SHORTEST_SLIP and long[:at] + long[at + 1 :] == short
