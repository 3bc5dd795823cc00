"""On which line of a TOML file each key stands, and in plain words why a line cannot be read."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from surveys.mistakes import Unreadable, shown

KeyPath = tuple[str | int, ...]  #: keys from the outside in; a number counts the tables of a list, from 0
UNREAD = "\ufffe"  #: stands in the place of a value that could not be read, so that the rest of the file can be

_TOKEN = re.compile(
    r"""
      (?P<string> \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<comment> \#[^\n]* )
    | (?P<open> [\[{] ) | (?P<close> [\]}] ) | (?P<newline> \n ) | (?P<equals> = )
    | (?P<bare> [A-Za-z0-9_-]+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PAIR = re.compile(r"\s*([A-Za-z0-9_.-]+|\"[^\"]+\"|'[^']+')\s*=\s*(.*?)\s*")
_AT_LINE = re.compile(r"at line (\d+)")
_MOST_PROBLEMS = 50


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line of every header and every key of valid TOML; what stands inside of a value has the line of its key."""
    reading = _KeyLines()
    for token in _TOKEN.finditer(text):
        reading.take(token.lastgroup or "other", token.group())
    return reading.found


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a key, or of the nearest thing around it; 1 if there is none."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _KeyLines:
    """One pass over the tokens of a file."""

    def __init__(self) -> None:
        self.found: dict[KeyPath, int] = {}
        self._tables: dict[KeyPath, int] = {}  # how many of each [[list]] have begun
        self._prefix: KeyPath = ()
        self._keys: list[str] = []
        self._line = 1
        self._brackets = 0  # of a header
        self._depth = 0  # of a value
        self._in_value = False

    def take(self, kind: str, token: str) -> None:
        if kind == "newline":
            self._end_of_line()
        elif self._in_value:
            self._depth += {"open": 1, "close": -1}.get(kind, 0)
        elif kind == "open":
            self._brackets += 1
        elif kind in ("bare", "string"):
            self._keys.append(token if kind == "bare" else _unquoted(token))
        elif kind == "equals":
            for end in range(1, len(self._keys) + 1):
                self.found.setdefault((*self._prefix, *self._keys[:end]), self._line)
            self._in_value = True
        self._line += token.count("\n")

    def _end_of_line(self) -> None:
        if self._in_value and self._depth > 0:
            return
        if self._brackets:
            self._begin_table()
        self._keys, self._brackets, self._depth, self._in_value = [], 0, 0, False

    def _begin_table(self) -> None:
        path: KeyPath = ()
        for place, key in enumerate(self._keys, start=1):
            path = (*path, key)
            if place == len(self._keys) and self._brackets > 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            self.found.setdefault(path, self._line)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self.found.setdefault(path, self._line)
        self._prefix = path


def _unquoted(token: str) -> str:
    return str(tomllib.loads(f"key = {token}")["key"])


def read_toml(text: str) -> tuple[dict[str, Any], str, list[tuple[int, Unreadable]]]:
    """The tables; the text they were read from; and for every line that cannot be read its number and what to say.

    A pair that cannot be read holds UNREAD instead of its value. If too much is wrong, the tables are empty.
    """
    rows = text.replace("\r\n", "\n").split("\n")
    problems: dict[int, Unreadable] = {}
    while len(problems) < _MOST_PROBLEMS:
        readable = "\n".join(rows)
        try:
            return tomllib.loads(readable), readable, list(problems.items())
        except RecursionError:
            problems[1] = Unreadable("The brackets are nested too deeply.", "Look for a bracket that is never closed.")
            break
        except ValueError as error:
            line = _place(rows, str(error))
            pair = _PAIR.fullmatch(rows[line - 1])
            if line in problems:
                break
            problems[line] = explained(rows[line - 1], str(error))
            if pair is None:
                break  # a heading or half a list: what follows would be read as something else
            rows[line - 1] = "" if _is_twice(str(error)) else f'{pair[1]} = "{UNREAD}"'
    return {}, "", list(problems.items())


def _place(rows: list[str], message: str) -> int:
    """The line that the parser stumbled over, from 1."""
    if at := _AT_LINE.search(message):
        return min(int(at[1]), len(rows))
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if row.strip()]
    if "digits" in message:  # the one message of Python itself, about a number of more than 4300 digits
        return max(numbered, key=lambda pair: len(pair[1]))[0]
    return numbered[-1][0]  # an unfinished file ends with its last line


def _is_twice(message: str) -> bool:
    return any(word in message for word in ("overwrite", "twice", "Duplicate", "redefine", "Cannot mutate"))


def explained(row: str, message: str) -> Unreadable:
    """What is wrong with one line, from the line itself and the parser's message."""
    line = shown(row.strip())[1:-1].strip()
    if _is_twice(message):
        return Unreadable(f"{line} is there for the second time.", "Keep one of the two.")
    if any(quote in row for quote in "\u201c\u201d\u2018\u2019\u201e"):
        return Unreadable(f"{line} has curly quotes.", 'Write straight ones: ".')
    pair = _PAIR.fullmatch(row)
    if "Unclosed" in message and not (pair and pair[2][:1] in ("[", "{")):
        return Unreadable(f"{line} comes while a bracket is open.", "Close the bracket above, or add a comma before.")
    if row.lstrip().startswith("["):
        return Unreadable(f"{line} is not a heading.", "Write it as [teams] or [[lead]], on a line of its own.")
    if not pair:
        return Unreadable(f"{line} cannot be read.", 'Write it as name = "text", or put a # before a remark.')
    return Unreadable(*_explained_pair(line, pair[1], pair[2]))


def _explained_pair(line: str, key: str, value: str) -> tuple[str, str]:
    if not value or value.startswith("#"):
        return f"{line} has nothing after the =.", "Write a value there, or take the line out."
    if re.match(r"[\"']?\d{1,2}:\d{2}", value):
        return f"{line} is not written as a time.", f'Put it in quotes: {key} = "16:30".'
    if key == "date" or re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", value):
        return f"{line} is not a date.", "Write year-month-day, for example 2027-03-01."
    if value[0] in "[{":
        return f"{line} has a bracket that is not closed, or a comma missing.", "Close every bracket that is opened."
    if value[0] in "\"'":
        return (
            f"{line} has a quote that is not closed, or something behind it.",
            "Begin and end the text with one quote.",
        )
    return f"{line} cannot be read.", f'Put texts in quotes: {key} = "text".'
