"""The people of a go-live from `roster.csv`: who they are, where to reach them, when their shift ends."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import TypeVar

from surveys import written
from surveys.file_text import read_text
from surveys.mistakes import FileMistakes, Mistake, Unreadable, did_you_mean, listed, shown

REQUIRED = ("person", "team", "address")
COLUMNS = (*REQUIRED, "role", "timezone", "shift_end", "leave")
ROLES = ("staff", "manager", "lead")
NAME_LIMIT = 80  #: characters in the name of a person or a team

_LEAVE = re.compile(r"(\S+?)\.\.(\S+)")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class LeaveRange:
    """Days on which nobody asks this person anything, first and last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on the roster."""

    person: str
    team: str
    address: str  #: platform:account, or an e-mail
    role: str  #: staff, manager or lead
    timezone: str  #: their own, or that of the go-live
    shift_end: time | None  #: None: not said
    leave: tuple[LeaveRange, ...]
    line: int  #: in the file, from 1
    own_zone: bool = field(default=False, compare=False)  #: this line names the zone


_NEVER: tuple[LeaveRange, ...] = ()


def read_roster(path: Path, *, teams: Collection[str] | None, timezone: str) -> tuple[RosterLine, ...]:
    """Everybody in the file, in its order. Raises FileMistakes with everything that is wrong.

    `teams` are the names that may occur (None: any); `timezone` is for those who have none of their own.
    """
    return parse_roster(read_text(path), file=path.name, teams=teams, timezone=timezone)


def parse_roster(text: str, *, file: str, teams: Collection[str] | None, timezone: str) -> tuple[RosterLine, ...]:
    """The same for a text that is no file yet; `file` is what it would be called."""
    reading = _Reading(file, teams, timezone)
    people = reading.people(text)
    if not people and not reading.mistakes:
        reading.note(1, "There is nobody in this file.", "Write one line for each person under the first one.")
    if reading.mistakes:
        raise FileMistakes(sorted(reading.mistakes, key=lambda mistake: mistake.line))
    return tuple(people)


def leave(value: object) -> tuple[LeaveRange, ...]:
    """Days away as `2027-03-08..2027-03-12`, several of them separated by a blank or a semicolon."""
    return tuple(_range(part) for part in re.split(r"[\s;]+", str(value)) if part)


def _range(part: str) -> LeaveRange:
    found = _LEAVE.fullmatch(part)
    if not found:
        raise Unreadable("is not a range of days.", "Write the first and the last day, as in 2027-03-08..2027-03-12.")
    first, last = written.day(found[1]), written.day(found[2])
    if last < first:
        raise Unreadable("ends before it begins.", f"Write {last}..{first}, if that is what is meant.")
    return LeaveRange(first, last)


class _Reading:
    """One pass over one file, and the mistakes found on the way."""

    def __init__(self, file: str, teams: Collection[str] | None, timezone: str) -> None:
        self.file = file
        self.timezone = timezone
        self.mistakes: list[Mistake] = []
        self._seen: dict[tuple[str, str], int] = {}
        self._team = written.name(NAME_LIMIT) if teams is None else _one_of_teams(frozenset(teams))
        self._place = cache(written.place)

    def note(self, line: int, found: str, expected: str) -> None:
        self.mistakes.append(Mistake(self.file, line, found, expected))

    def people(self, text: str) -> list[RosterLine]:
        rows = self._rows(text)
        header = next(rows, None)
        if header is None or not (columns := self._columns(*header)):
            return []
        lines = (self._person(line, cells, columns) for line, cells in rows)
        return [found for found in lines if found is not None]

    def _rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every row that holds anything; the line is the one on which the row begins."""
        first = next(line for line in text.splitlines() if line.strip())
        separator = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # What follows cannot be told apart from what is inside of the quotes.
                found = "A quote is opened and not closed, or a cell goes on after it."
                if "field larger" in str(error):
                    found = "A cell is longer than 100 000 characters; a quote may be open."
                self.note(line, found, "Close the quote, or leave quotes out.")
                return
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1

    def _columns(self, line: int, header: list[str]) -> tuple[str, ...]:
        """The name of each column in the order of the file; empty if the rows cannot be read with it."""
        while header and not header[-1]:
            header = header[:-1]
        columns = tuple(name.casefold().replace(" ", "_") for name in header)
        if not set(columns) & set(COLUMNS):
            self.note(line, "The first line does not name the columns.", f"Begin the file with {','.join(COLUMNS)}.")
            return ()
        for name, written_as in zip(columns, header, strict=True):
            if name not in COLUMNS:
                guess = did_you_mean(name, (known for known in COLUMNS if known not in columns))
                expected = f"{guess}The columns are {listed(COLUMNS).replace(' or ', ' and ')}."
                self.note(line, f"The column {shown(written_as)} is not known.", expected)
            elif columns.count(name) > 1:
                self.note(line, f'The column "{name}" is there {columns.count(name)} times.', "Keep one of them.")
        for name in REQUIRED:
            if name not in columns:
                self.note(line, f'The column "{name}" is missing.', "Add it to the first line and to every other.")
        return columns if not self.mistakes else ()

    def _person(self, line: int, cells: list[str], columns: tuple[str, ...]) -> RosterLine | None:
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            found = f"This line has {len(cells)} cells."
            self.note(line, found, f"The first line names {len(columns)} columns; every line needs as many cells.")
            return None
        row = dict(zip(columns, cells, strict=False))
        before = len(self.mistakes)
        person = self._cell(line, row, "person", written.name(NAME_LIMIT), "")
        team = self._cell(line, row, "team", self._team, "")
        address = self._cell(line, row, "address", written.address, "")
        role = self._cell(line, row, "role", _role, "staff")
        zone = self._cell(line, row, "timezone", self._place, self.timezone)
        shift_end = self._cell(line, row, "shift_end", _shift_end, None)
        away = self._cell(line, row, "leave", leave, _NEVER)
        self._once(line, "person", person)
        self._once(line, "address", address)
        if len(self.mistakes) > before:
            return None
        own_zone = bool(row.get("timezone"))
        return RosterLine(person, team, address, role, zone, shift_end, away, line, own_zone=own_zone)

    def _cell(self, line: int, row: Mapping[str, str], column: str, parse: Callable[[str], _T], otherwise: _T) -> _T:
        value = row.get(column, "")
        if not value and column not in REQUIRED:
            return otherwise
        if not value:
            self.note(line, f"The {column} is missing.", f"Write something under {column}, or take the line out.")
            return otherwise
        try:
            return parse(value)
        except Unreadable as problem:
            self.note(line, f"{column} {shown(value)} {problem.found}", problem.expected)
            return otherwise

    def _once(self, line: int, column: str, value: str) -> None:
        first = self._seen.setdefault((column, value.casefold()), line)
        if value and first != line:
            found = f"{column} {shown(value)} is already in line {first}."
            self.note(line, found, "Everybody is there once: change one of the two, or take it out.")


def _one_of_teams(teams: frozenset[str]) -> Callable[[str], str]:
    @cache
    def guess(value: str) -> str:
        return did_you_mean(value, teams)

    def parse(value: str) -> str:
        team = unicodedata.normalize("NFC", value)
        if team in teams:
            return team
        raise Unreadable("is not one of the teams.", f"{guess(value)}Write a team as it stands under [teams].")

    return parse


def _role(value: str) -> str:
    return written.one_of(ROLES)(value.casefold())


def _shift_end(value: str) -> time:
    return written.asking_time(value)
