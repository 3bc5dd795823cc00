"""A long text in passages of whole sentences, so that one sentence is not lost among many."""

from collections.abc import Iterator, Sequence

from analytics.text.words import SENTENCE_ENDS, Word

SHORT_ENOUGH = 48  # words: most remarks are one passage
LONGEST = 96  # words: where nobody ends a sentence


def passages(said: Sequence[Word]) -> Iterator[slice]:
    """Where each passage begins and ends: sentences are kept together up to SHORT_ENOUGH words, cut at LONGEST."""
    first = last = 0  # the passage so far, up to the last end of a sentence
    for at, word in enumerate(said, 1):
        if at - first > SHORT_ENOUGH and last > first:
            yield slice(first, last)
            first = last
        if at - first >= LONGEST:
            yield slice(first, at)
            first = last = at
        elif word.norm in SENTENCE_ENDS:
            last = at
    if first < len(said):
        yield slice(first, len(said))
