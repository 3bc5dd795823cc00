"""Names of people: those on the roster, those after a title, and runs of capitalised words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from surveys.harmless_words import ALSO_FIRST_WORDS, ALSO_WORDS, PARTICLES, STARTERS, TRADE

NAME: Final = "[name]"
SHORTEST_NAME: Final = 3  #: letters; shorter ones are masked only as part of a full name
LONGEST_NAME: Final = 4  #: words
SHORTEST_SHOUT: Final = 4  #: letters; shorter ones are abbreviations

_WORD: Final = re.compile(r"[^\W\d_]++(?:['\u2019-][^\W\d_]++)*+")
_POSSESSIVES: Final = ("'s", "\u2019s", "'S", "\u2019S")
_PLAIN_TITLES: Final = frozenset(
    ["mr", "mrs", "ms", "mx", "mme", "mlle", "monsieur", "madame", "herr", "herrn", "frau", "senor", "senora", "sra"]
)
_TITLES: Final = _PLAIN_TITLES | {"miss", "sr", "srta", "hr", "fr", "m"}  #: these only with a capital
_STAFF_TITLES: Final = frozenset(["dr", "doctor", "prof", "professor", "nurse", "doctora", "dra", "doktor", "med"])
_ALL_TITLES: Final = _TITLES | _STAFF_TITLES
_PATIENTS: Final = frozenset(
    ["patient", "pt", "patientin", "paciente", "patiente", "client", "baby", "girl", "boy", "son", "daughter", "wife"]
).union(["husband", "mother", "father", "mom", "mum", "dad"])  #: before a name, and of patients more than of colleagues
_CALLED: Final = frozenset(["named", "called", "name", "is", "of", "girl", "boy"])
_GAPS: Final = frozenset([" ", "  ", ". ", "."])
_MONTHS: Final = frozenset(["april", "may", "june", "august"])
_BEFORE_MONTHS: Final = frozenset(
    ["in", "by", "since", "until", "of", "from", "last", "next", "this", "early", "late", "before", "after", "through"]
)
_NAMES_IN_LY: Final = frozenset(
    ["emily", "kelly", "molly", "holly", "sally", "billy", "lily", "beverly", "kimberly", "shelly", "carly", "sterling"]
)
_AFTER_NAMES: Final = frozenset(
    ["and", "asked", "came", "can", "could", "did", "does", "has", "helped", "is", "knows", "left", "said", "says"]
).union(["showed", "thinks", "told", "took", "wants", "was", "went"])
# Endings of things; hardly a name ends so.
_THING: Final = re.compile(
    r"(?:[st]ions?|olog(?:y|ies)|ware|sheets?|base|istr(?:y|ies)|ical|graph[sy]|itis|osis|plaints?|[ue]ments|ances|ences)$"
)
_CAMEL: Final = re.compile(r"(?!Ma?c|De|Di|Du|La|Le|Van|Von|Fitz|O['\u2019]|D['\u2019])[A-Z][a-z]+[A-Z]")


@dataclass(frozen=True, slots=True)
class _Roster:
    single: frozenset[str]
    full: frozenset[tuple[str, ...]]
    begin: frozenset[str]  #: first words of `full`


class _Word(NamedTuple):
    start: int
    end: int  #: without a possessive
    owner: bool  #: it had a possessive
    folded: str  #: without case and accents
    capital: bool  #: Written so
    shouted: bool  #: WRITTEN SO
    initial: bool  #: one capital and a full stop
    first: bool  #: of a sentence
    gap: str  #: what stands between the word before and this one


def mask_names(text: str, found: dict[str, bool], *, names: tuple[str, ...], allowed: tuple[str, ...]) -> str:
    """Replace them, and note in `found` the kind "name" with whether it tells who a patient is."""
    words = _scan(text)
    roster, harmless = _roster(names), _words(allowed)
    marked = {place for index in range(len(words)) for place in _on_roster(words, index, roster)}
    known = frozenset(marked)
    for index, word in enumerate(words):
        if word.folded in _PATIENTS or word.folded in _TITLES or word.folded in _STAFF_TITLES:
            named = _after_title(words, index, harmless)
            marked.update(named)
            if named and word.folded not in _STAFF_TITLES and (word.folded in _PATIENTS or known.isdisjoint(named)):
                found["name"] = True
    for run in _runs(words, harmless):
        marked.update(run)
    if not marked:
        return text
    found.setdefault("name", False)
    return _cover(text, [words[index] for index in sorted(marked)])


def _scan(text: str) -> list[_Word]:
    words: list[_Word] = []
    reached = 0
    for match in _WORD.finditer(text):
        word = match.group()
        start, end = match.span()
        gap, reached = text[reached:start], end
        owner = word.endswith(_POSSESSIVES)
        if owner:
            word, end = word[:-2], end - 2
        upper = word[0].isupper()
        long = len(word) > 1
        shouted = upper and long and word.isupper()
        capital = upper and long and not shouted and not _CAMEL.match(word)
        initial = upper and not long and text.startswith(".", end)
        first = not words or (gap != " " and _begins_sentence(gap))
        words.append(_Word(start, end, owner, _fold(word), capital, shouted, initial, first, gap))
    return words


def _begins_sentence(gap: str) -> bool:
    return any(sign in gap for sign in ".!?:\n•*") or gap.endswith(" - ") or gap == "- "


def _fold(word: str) -> str:
    word = word.casefold()
    if word.isascii():
        return word
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


@lru_cache(maxsize=64)
def _words(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_fold(word) for text in texts for word in _WORD.findall(text))


@lru_cache(maxsize=64)
def _roster(names: tuple[str, ...]) -> _Roster:
    single: set[str] = set()
    full: set[tuple[str, ...]] = set()
    for name in names:
        folded = (_fold(word) for word in _WORD.findall(unicodedata.normalize("NFKC", name)))
        words = [word for word in folded if word not in _ALL_TITLES]
        parts = {part for word in words for part in (word, *word.split("-"))} - PARTICLES
        # "Front desk 1" stands on a roster too, and names nobody.
        own = {part for part in parts if part not in TRADE or part in ALSO_WORDS}
        single |= {part for part in own if len(part) >= SHORTEST_NAME}
        if len(words) > 1 and own:
            full |= {tuple(words[:LONGEST_NAME]), tuple(words[:LONGEST_NAME][::-1])}
    return _Roster(frozenset(single), frozenset(full), frozenset(words[0] for words in full))


def _on_roster(words: Sequence[_Word], index: int, roster: _Roster) -> range:
    """The places from `index` on that hold a name of the roster; none when there is none."""
    word = words[index]
    if word.folded in roster.begin:
        for length in range(LONGEST_NAME, 1, -1):
            if len(words) >= index + length and tuple(w.folded for w in words[index : index + length]) in roster.full:
                return range(index, index + length)
    if word.folded in roster.single or ("-" in word.folded and not roster.single.isdisjoint(word.folded.split("-"))):
        return range(index, index + _is_meant(words, index))
    return range(0)


def _is_meant(words: Sequence[_Word], index: int) -> bool:
    """Whether a word that is a name of the roster stands there as a name."""
    word = words[index]
    if word.folded not in ALSO_WORDS and word.folded not in STARTERS:
        return True
    if not (word.capital or word.shouted):
        return False
    if word.folded in _MONTHS and index and words[index - 1].folded in _BEFORE_MONTHS:
        return False
    if word.owner or not word.first or not (word.folded in ALSO_FIRST_WORDS or word.folded in STARTERS):
        return True
    following = words[index + 1] if index + 1 < len(words) else None
    return following is not None and (following.folded in _AFTER_NAMES or _could_be_name(following, frozenset()))


def _could_be_name(word: _Word, harmless: frozenset[str]) -> bool:
    if not (word.capital or word.initial or (word.shouted and len(word.folded) >= SHORTEST_SHOUT)):
        return False
    return _is_free(word.folded, harmless)


def _is_free(folded: str, harmless: frozenset[str]) -> bool:
    if folded in ALSO_WORDS:
        return folded not in harmless
    if folded in TRADE or folded in STARTERS or folded in harmless or folded in _ALL_TITLES:
        return False
    return _THING.search(folded) is None


def _after_title(words: Sequence[_Word], index: int, harmless: frozenset[str]) -> list[int]:
    """The places of the name after a title or after "patient"."""
    title = words[index]
    if title.folded in _TITLES - _PLAIN_TITLES and not (title.capital or title.initial or title.shouted):
        return []
    skipped = _CALLED if title.folded in _PATIENTS else _ALL_TITLES
    at = index + 1
    while at < min(len(words), index + LONGEST_NAME) and words[at].folded in skipped and words[at].gap in _GAPS:
        at += 1
    if at == len(words) or not (words[at].gap in _GAPS or (title.folded in _PATIENTS and words[at].gap == ": ")):
        return []
    if title.folded in _PATIENTS and words[at].folded in TRADE:
        return []
    named = list(_name_from(words, at, harmless))
    if named and title.folded in _PATIENTS and named[-1] + 1 < len(words) and words[named[-1] + 1].gap == ", ":
        named += _name_from(words, named[-1] + 1, harmless)
    spoken = title.folded in _PLAIN_TITLES or (title.folded in _PATIENTS and words[at - 1].folded == "named")
    if not named and spoken and _is_free(words[at].folded, harmless) and len(words[at].folded) > 1:
        named = [at]
    return named


def _name_from(words: Sequence[_Word], at: int, harmless: frozenset[str]) -> Iterator[int]:
    """The places of one name that begins at `at`, with "van", "de la" and initials inside it."""
    for place in range(at, min(at + LONGEST_NAME, len(words))):
        word = words[place]
        if place > at and not (word.gap in {" ", "  "} or (words[place - 1].initial and word.gap in _GAPS)):
            return
        leads_on = word.folded in PARTICLES and any(
            one.capital or one.folded in PARTICLES for one in words[place + 1 : place + 2]
        )
        if not leads_on and not _could_be_name(word, harmless):
            return
        yield place


def _runs(words: Sequence[_Word], harmless: frozenset[str]) -> Iterator[list[int]]:
    """Two or more words written like names, one after the other."""
    at = 0
    while at < len(words):
        word = words[at]
        if not (word.capital or word.initial) or (word.first and _begins_with_verb(word.folded)):
            at += 1
            continue
        run = list(_name_from(words, at, harmless))
        at += max(1, len(run))
        if _is_last_comma_first(words, run, harmless):
            yield [run[0], at]
        telling = [one for one in run if words[one].folded not in PARTICLES or words[one].capital]
        if len(telling) > 1 and not all(_is_weak(words[one]) for one in telling):
            yield run


def _is_last_comma_first(words: Sequence[_Word], run: Sequence[int], harmless: frozenset[str]) -> bool:
    """Whether one word and the next are written like "Jenkins, Harold", and neither is an everyday word."""
    if len(run) != 1 or run[0] + 1 >= len(words) or words[run[0] + 1].gap != ", ":
        return False
    pair = words[run[0] : run[0] + 2]
    return all(one.capital and one.folded not in ALSO_WORDS and _is_free(one.folded, harmless) for one in pair)


def _begins_with_verb(folded: str) -> bool:
    return folded.endswith(("ing", "ly")) and folded not in _NAMES_IN_LY


def _is_weak(word: _Word) -> bool:
    """Whether a word says nothing by being capitalised: on its own it could be a screen, or a verb that comes first."""
    if word.initial:
        return True
    return word.folded in ALSO_WORDS and (word.folded in TRADE or (word.first and word.folded in ALSO_FIRST_WORDS))


def _cover(text: str, words: Sequence[_Word]) -> str:
    parts: list[str] = []
    reached = 0
    for word in words:
        between = text[reached : word.start]
        if not parts or between not in {" ", ". ", ".", ", ", "-", "  "}:
            parts += [between, NAME]
        reached = word.end
    return "".join([*parts, text[reached:]])
