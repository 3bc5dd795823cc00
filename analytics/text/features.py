"""What a text gives a linear model to look at: ideas and how they are meant, words, and pieces of words."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from analytics.text.lexicon import Lexicon, Mention
from analytics.text.meaning import CONTENT, Passage, understood
from analytics.text.words import BREAKS, Word

KINDS: Final = ("i", "w", "c")  #: ideas, words, pieces of words: the first letter of a feature's name
PIECES: Final = (3, 4, 5)  # characters
WORDS_IN_A_ROW: Final = (1, 2, 3)
PLAIN: Final = ("plain",)
#: what makes a difference beside confusion or a way round
BESIDE: Final = (
    "habit",
    "easier",
    "verb_do",
    "me",
    "us",
    "them",
    "none",
    "system",
    "object",
    "changed",
    "resumed",
    "offtopic",
    "praise",
    "logistics",
)


class Feature(NamedTuple):
    """Something seen, and the words it was seen in."""

    name: str
    first: int
    last: int


def features(said: Sequence[Word], lexicon: Lexicon) -> list[Feature]:
    """Everything a model may look at in one passage; a name may come several times, from different words."""
    passage = understood(said, lexicon)
    plain = [index for index, word in enumerate(said) if word.norm not in BREAKS or word.norm == "?"]
    return [
        *_ideas(passage),
        *_rows(said, passage.mentions, passage.clauses),
        *_words(said, plain),
        *_pieces(said),
        *_shape(said, plain, passage),
    ]


def _ideas(passage: Passage) -> Iterator[Feature]:
    """Each idea, alone, with how it is meant, and with what else is spoken of beside it."""
    beside = [idea for idea in BESIDE if any(mention.idea == idea for mention in passage.mentions)]
    for mention, meant in zip(passage.mentions, passage.meant, strict=True):
        names = [mention.idea]
        if mention.family in CONTENT:
            names.append(f"[{mention.family}]")
            names += [f"[{mention.family}]+{other}" for other in beside]
            names += [f"[{mention.family}]|plain+{other}" for other in beside if not meant]
            names += [f"{mention.idea}+?"] if passage.asks else []
        if mention.family != "frame":
            names += [f"{name}|{how}" for name in names[: 1 + (mention.family in CONTENT)] for how in meant or PLAIN]
        yield from (Feature(f"i:{name}", mention.first, mention.last) for name in names)


def _rows(said: Sequence[Word], mentions: Sequence[Mention], clauses: Sequence[int]) -> Iterator[Feature]:
    """Ideas one after the other within a clause, and the clause with its ideas put in the place of their words."""
    best: dict[int, Mention] = {}
    for mention in mentions:
        known = best.get(mention.first)
        if mention.family != "cause" and (known is None or mention.last > known.last):
            best[mention.first] = mention
    row: list[tuple[str, int, int, bool]] = []
    clause, at = 0, 0
    while at <= len(said):
        if at == len(said) or clauses[at] != clause:
            yield from _neighbours(row)
            row = []
            if at == len(said):
                break
            clause = clauses[at]
        found = best.get(at)
        if found is not None:
            row.append((f"<{found.idea}>", found.first, found.last, True))
            at = found.last + 1
        else:
            if said[at].norm not in BREAKS:
                row.append((said[at].norm, at, at, False))
            at += 1


def _neighbours(row: Sequence[tuple[str, int, int, bool]]) -> Iterator[Feature]:
    ideas = [entry for entry in row if entry[3]]
    for sequence, mark in ((ideas, "i:>"), (row, "i:~")):
        for size in (2, 3):
            for start in range(len(sequence) - size + 1):
                some = sequence[start : start + size]
                if any(entry[3] for entry in some):
                    yield Feature(mark + " ".join(entry[0] for entry in some), some[0][1], some[-1][2])


def _words(said: Sequence[Word], plain: Sequence[int]) -> Iterator[Feature]:
    for size in WORDS_IN_A_ROW:
        for start in range(len(plain) - size + 1):
            some = plain[start : start + size]
            yield Feature("w:" + " ".join(said[at].norm for at in some), some[0], some[-1])
    if plain:
        yield Feature(f"w:^ {said[plain[0]].norm}", plain[0], plain[0])


def _pieces(said: Sequence[Word]) -> Iterator[Feature]:
    for at, word in enumerate(said):
        if word.norm in BREAKS:
            continue
        padded = f" {word.norm} "
        for size in PIECES:
            if len(padded) < size:
                break
            for start in range(len(padded) - size + 1):
                yield Feature("c:" + padded[start : start + size], at, at)


def _shape(said: Sequence[Word], plain: Sequence[int], passage: Passage) -> Iterator[Feature]:
    """How long it is, what it asks about, and who is named in it."""
    if not said:
        return
    everything = (0, -1)
    yield Feature(f"i:#words {min(len(plain).bit_length(), 6)}", *everything)
    spoken = {mention.idea for mention in passage.mentions}
    asked = sum(word.norm == "?" for word in said)
    if asked:
        yield Feature("i:#asks", *everything)
        for idea in ("object", "system", "offtopic", "logistics", "changed"):
            yield Feature(f"i:#asks {'of' if idea in spoken else 'not of'} {idea}", *everything)
    if asked > 1:
        yield Feature("i:#asks twice", *everything)
    if not spoken & {"object", "system", "offtopic", "logistics"}:
        yield Feature("i:#about nothing", *everything)
    if not any(mention.family in CONTENT for mention in passage.mentions):
        yield Feature("i:#nothing said", *everything)
