"""A text as words: one spelling for the many ways in which people type the same, and where each word stands."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST_WORD: Final = 40  # characters; what is longer is cut, since no word is that long

#: a masked token such as [name], a word, the end of a clause, or one sign such as an emoji
_PIECE: Final = re.compile(r"\[[^\W\d][\w -]{0,20}\]|[^\W_]+(?:['’‘`´ʼ][^\W_]+)*|\n|[^\w\s]", re.UNICODE)  # noqa: RUF001  # as typed
_HYPHEN: Final = re.compile(r"(?<=[^\W_])[-/](?=[^\W_])")  # walk-in is walk in
_APOSTROPHES: Final = re.compile("['’‘`´ʼ]")  # noqa: RUF001  # as typed
_LONG_DRAWN: Final = re.compile(r"([^\W\d_])\1{2,}")
BREAKS: Final = frozenset(".,;:!?()\n\u2014\u2013-/")  #: end a clause
SENTENCE_ENDS: Final = frozenset(".!?\n")

#: English spellings for one and the same, apostrophes left out. Other languages have few words that look like these.
_SPELLINGS: Final = {
    "aint": "is not",
    "arent": "are not",
    "anymore": "any more",
    "anyones": "anyone is",
    "bc": "because",
    "cannot": "can not",
    "cant": "can not",
    "couldnt": "could not",
    "coz": "because",
    "cuz": "because",
    "didnt": "did not",
    "doesnt": "does not",
    "dont": "do not",
    "dunno": "do not know",
    "everybody": "everyone",
    "gonna": "going to",
    "gotta": "got to",
    "hadnt": "had not",
    "hasnt": "has not",
    "havent": "have not",
    "hows": "how is",
    "idk": "i do not know",
    "im": "i am",
    "isnt": "is not",
    "ive": "i have",
    "kinda": "kind of",
    "lemme": "let me",
    "mustnt": "must not",
    "neednt": "need not",
    "noone": "nobody",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "pw": "password",
    "shouldnt": "should not",
    "hte": "the",
    "jsut": "just",
    "taht": "that",
    "teh": "the",
    "thier": "their",
    "waht": "what",
    "whcih": "which",
    "wich": "which",
    "wirte": "write",
    "wriet": "write",
    "tihs": "this",
    "adn": "and",
    "abuot": "about",
    "hwo": "how",
    "knwo": "know",
    "skp": "skip",
    "ges": "guess",
    "sytem": "system",
    "tomorow": "tomorrow",
    "tommorow": "tomorrow",
    "alot": "a lot",
    "wat": "what",
    "wht": "what",
    "abt": "about",
    "b4": "before",
    "2morrow": "tomorrow",
    "cos": "because",
    "dnt": "do not",
    "didn": "did not",
    "doesn": "does not",
    "pswd": "password",
    "pword": "password",
    "rly": "really",
    "msg": "message",
    "msgs": "messages",
    "txt": "text",
    "pt": "patient",
    "pts": "patients",
    "appt": "appointment",
    "appts": "appointments",
    "rx": "prescription",
    "smth": "something",
    "sth": "something",
    "diff": "difference",
    "q": "question",
    "thru": "through",
    "tho": "though",
    "somebody": "someone",
    "somebodys": "someones",
    "thats": "that is",
    "theres": "there is",
    "theyre": "they are",
    "theyve": "they have",
    "til": "until",
    "till": "until",
    "u": "you",
    "ur": "your",
    "wanna": "want to",
    "wasnt": "was not",
    "werent": "were not",
    "weve": "we have",
    "whats": "what is",
    "whatre": "what are",
    "wheres": "where is",
    "whos": "who is",
    "wont": "will not",
    "wouldnt": "would not",
    "youre": "you are",
    "youve": "you have",
}


class Word(NamedTuple):
    """One word in its one spelling, or a sign that ends a clause."""

    norm: str
    start: int  #: where it stands in the text as given
    end: int


def words(text: str) -> list[Word]:
    """Every word and sign of `text`, in order. Never raises; linear in the length of the text."""
    return [
        Word(part, piece.start(), piece.end())
        for piece in _PIECE.finditer(_HYPHEN.sub(" ", text))
        for part in _parts(piece.group()[: 4 * LONGEST_WORD])
    ]


@lru_cache(maxsize=20_000)
def _parts(piece: str) -> tuple[str, ...]:
    norm = normal(piece)
    return (norm,) if norm.startswith("[") or norm == "\n" else tuple(_SPELLINGS.get(norm, norm).split())


def normal(piece: str) -> str:
    """One word in its one spelling: small letters, no apostrophes or accents, no letter three times in a row."""
    if piece == "\n":
        return piece
    plain = piece.lower() if piece.isascii() else _without_marks(piece)
    plain = _APOSTROPHES.sub("", plain)
    return _LONG_DRAWN.sub(r"\1\1", plain)[:LONGEST_WORD].strip()


def _without_marks(piece: str) -> str:
    decomposed = unicodedata.normalize("NFKD", piece).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))
