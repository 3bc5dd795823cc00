"""One table of a TOML file, read key by key: what is wrong is noted with its line, and reading goes on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from surveys.mistakes import Mistake, Unreadable, nearest, shown
from surveys.toml_lines import KeyPath, line_of

_T = TypeVar("_T")


@dataclass
class Notes:
    """What is wrong with one file."""

    file: str
    lines: Mapping[KeyPath, int]
    mistakes: list[Mistake] = field(default_factory=list)
    unread: str | None = None  #: what stands in the place of values that could not be read, if there are any

    def add(self, path: KeyPath, found: str, expected: str) -> None:
        self.mistakes.append(Mistake(self.file, line_of(self.lines, path), found, expected))


class Table:
    """A table whose keys are taken one by one; `end` says what is missing and what nobody has taken."""

    def __init__(self, raw: object, path: KeyPath, notes: Notes) -> None:
        self.path = path
        self.notes = notes
        self.unread = raw == notes.unread
        self._taken: list[str] = []
        self._missing: dict[str, str] = {}  # key: example
        if not isinstance(raw, dict) and not self.unread:
            found = f"{_named(path)} = {shown(raw)} is not a table."
            notes.add(path, found, f"Write [{_named(path)}] on a line of its own and what belongs to it below.")
            self.unread = True
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def has(self, key: str) -> bool:
        return key in self._raw

    def line(self, key: str) -> int:
        return line_of(self.notes.lines, (*self.path, key))

    def note(self, key: str, found: str, expected: str) -> None:
        """Say of the value of a key that it `found` ("is not a place.")."""
        self.notes.add((*self.path, key), f"{key} = {shown(self._raw.get(key))} {found}", expected)

    def take(self, key: str, parse: Callable[[object], _T], *, otherwise: _T, example: str = "") -> _T:
        """The value of a key; `otherwise` where it is wrong or missing. Missing is a mistake if an example is given."""
        self._taken.append(key)
        value = self._raw.get(key)
        if self.unread or (value is not None and value == self.notes.unread):
            return otherwise
        if value is None:
            if example:
                self._missing[key] = example
            return otherwise
        try:
            return parse(value)
        except Unreadable as problem:
            self.note(key, problem.found, problem.expected)
            return otherwise

    def each(self, key: str, parse: Callable[[object], _T], *, example: str = "") -> tuple[_T, ...]:
        """The values of a list, without those that are wrong."""
        nothing: list[Any] = []
        parts = self.take(key, _list, otherwise=nothing, example=example)
        found = []
        for part in parts:
            try:
                found.append(parse(part))
            except Unreadable as problem:
                self.notes.add((*self.path, key), f"{shown(part)} in {key} {problem.found}", problem.expected)
        return tuple(found)

    def table(self, key: str) -> "Table":
        self._taken.append(key)
        return Table(self._raw.get(key, {}), (*self.path, key), self.notes)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Every [[key]]."""
        self._taken.append(key)
        raw = self._raw.get(key, [])
        if isinstance(raw, dict):
            self.notes.add((*self.path, key), f"[{key}] has one pair of brackets.", f"There may be several: [[{key}]].")
            raw = [raw]
        if not isinstance(raw, list):
            raw = [raw]
        return tuple(Table(one, (*self.path, key, place), self.notes) for place, one in enumerate(raw))

    def end(self) -> None:
        where = f" in [{_named(self.path)}]" if self.path else ""
        for key in self._raw:
            if key not in self._taken:
                meant = nearest(key, (known for known in self._taken if known not in self._raw))
                self._missing.pop(meant, None)  # one slip, one sentence
                known = f"Take it out; what may stand here: {', '.join(self._taken)}."
                expected = f"Did you mean {shown(meant)}?" if meant else known
                self.notes.add((*self.path, key), f"{shown(key)}{where} is not known.", expected)
        for key, example in self._missing.items():
            self.notes.add(self.path, f"{key} is missing{where}.", f"Add {key} = {example}.")


def _named(path: KeyPath) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str)) or "file"


def _list(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    raise Unreadable("is not a list.", "Put it in square brackets, with commas between several.")
