"""What is wrong in a file that a person wrote, said in one sentence each and all at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

_LONGEST_SHOWN = 60
_LARGEST_SHOWN = 10**18  # Python refuses to write out numbers of thousands of digits


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: where, what stands there, what is expected instead."""

    file: str  #: its name, without the folder
    line: int  #: from 1
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.found} {self.expected}"


class FileMistakes(Exception):
    """A file cannot be taken as it is; `mistakes` holds everything that was found, in the order of the lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class Unreadable(ValueError):
    """A value that is not what it should be: `found` goes on from the value ("is not a place."), `expected` follows."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found} {expected}")
        self.found = found
        self.expected = expected


def shown(value: object) -> str:
    """A value as it stands in the file, short enough for a sentence and without characters that cannot be seen."""
    text = _written(value)
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 2]} …"


def _written(value: object) -> str:
    if isinstance(value, str):
        # Cut before it is escaped: a cell may hold megabytes.
        return f'"{value}"' if len(value) <= _LONGEST_SHOWN else f'"{value[: _LONGEST_SHOWN - 5]} …"'
    if isinstance(value, list):
        return f"[{', '.join(_written(part) for part in value[:5])}]"
    if isinstance(value, dict):
        return "{ … }"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > _LARGEST_SHOWN:
        return "a very large number"
    return str(value).lower() if isinstance(value, bool) else str(value)


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of the known words that somebody may have meant, or nothing."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.strip().casefold()[:80], folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "date"? `, with the blank that follows, or nothing where nothing is near."""
    near = nearest(word, known)
    return f"Did you mean {shown(near)}? " if near else ""


def listed(names: Iterable[str]) -> str:
    """`"a", "b" or "c"`."""
    quoted = [shown(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
