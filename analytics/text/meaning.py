"""How ideas in a passage are meant: denied, ended, agreed, long past, only thought of, overcome, or just so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.text.lexicon import Lexicon, Mention
from analytics.text.words import BREAKS, SENTENCE_ENDS, Word

CONTENT: Final = frozenset({"confusion", "workaround"})  #: families that a text is read for
FRAMES: Final = ("ended", "sanctioned", "before", "unreal", "resolved")
WITHIN_CLAUSE: Final = frozenset({"ended"})  #: other frames hold for the whole sentence
DENIED: Final = "denied"
NEGATION_REACH: Final = 6  #: words
TURNS: Final = frozenset({"but", "because", "although", "though"})  #: begin a new clause without a sign


@dataclass(frozen=True, slots=True)
class Passage:
    """Ideas in the order in which they are said, and how each is meant."""

    mentions: Sequence[Mention]
    meant: Sequence[tuple[str, ...]]  #: for each mention, any of FRAMES and DENIED; empty: just so
    clauses: Sequence[int]  #: for each word, the number of its clause
    asks: bool  #: there is a question mark


def understood(said: Sequence[Word], lexicon: Lexicon) -> Passage:
    """Find the ideas of a passage and what stands around each of them."""
    clauses, sentences = _parts(said)
    mentions = _told_apart(lexicon.mentions(said))
    framing = [mention for mention in mentions if mention.idea in FRAMES]
    meant = []
    for mention in mentions:
        frames = {
            frame.idea
            for frame in framing
            if _same(clauses if frame.idea in WITHIN_CLAUSE else sentences, frame, mention)
        }
        before = range(max(mention.first - NEGATION_REACH, 0), mention.first)
        if any(said[at].norm in lexicon.negations and clauses[at] == clauses[mention.first] for at in before):
            frames.add(DENIED)
        meant.append(tuple(sorted(frames)))
    return Passage(mentions, meant, clauses, any(word.norm == "?" for word in said))


def _same(parts: Sequence[int], one: Mention, other: Mention) -> bool:
    return parts[one.first] == parts[other.first]


def _told_apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Leave out a frame that is only a word in a longer term, as "gone" in "gone back to", and what a frame holds.

    "No longer confused" is one idea, and "confused" is none.
    """
    widest = [mention for mention in mentions if mention.last > mention.first]
    return [
        mention
        for mention in mentions
        if not any(
            wide.first <= mention.first
            and mention.last <= wide.last
            and wide.last - wide.first > mention.last - mention.first
            and "frame" in (wide.family if mention.family in CONTENT else "", mention.family)
            for wide in widest
        )
    ]


def _parts(said: Sequence[Word]) -> tuple[list[int], list[int]]:
    """For each word the number of its clause and of its sentence."""
    clauses, sentences = [], []
    clause = sentence = 0
    for word in said:
        clauses.append(clause)
        sentences.append(sentence)
        clause += word.norm in BREAKS or word.norm in TURNS
        sentence += word.norm in SENTENCE_ENDS
    return clauses, sentences
