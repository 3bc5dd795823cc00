"""A folder of tidy CSV, from wherever it comes: read row by row, and every mistake in it named with file and line."""

import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.frames import ANSWER_COLUMNS, NOT_SURE, PARTICIPATION_COLUMNS, SCALE_VALUES

SCALES = ("clarity", "confidence", "effort", "peers")
CONSTRUCTS = (*SCALES, "knowledge", "route", "route_new", "comment")
QUESTION_COLUMNS = {"date": "datetime64[s]", "team": "str", "text": "str"}  # team may be empty: of the whole go-live
LONGEST_FIELD = 10_000_000  # characters
SHOWN = 40  # characters of a value in a mistake


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to mend."""

    file: str  #: its name, without the folder
    line: int  #: from 1
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


class Flawed(Exception):
    """A folder cannot be read as it is; `flaws` holds everything that was found, in the order of files and lines."""

    def __init__(self, folder: Path, flaws: Sequence[Flaw]) -> None:
        self.folder = folder
        self.flaws = tuple(flaws)
        super().__init__("\n".join(f"{folder}/{flaw}" for flaw in flaws))


@dataclass(frozen=True, eq=False)
class OwnData:
    """One go-live as somebody else recorded it."""

    name: str
    golive: date
    sizes: dict[str, int]  #: people by team
    participation: pd.DataFrame  #: PARTICIPATION_COLUMNS
    answers: pd.DataFrame  #: ANSWER_COLUMNS
    questions: pd.DataFrame  #: QUESTION_COLUMNS


def read_folder(folder: Path) -> OwnData:
    """Read golive.toml, teams.csv, items.csv, participation.csv, answers.csv and, where there is one, questions.csv.

    Columns may stand in any order, and others beside them. A row said twice counts once. Raises Flawed.
    """
    reader = _Reader(folder)
    name, golive = reader.golive()
    sizes = reader.teams()
    items = reader.items()
    participation = reader.participation(sizes)
    answers = reader.answers(sizes, items)
    questions = reader.questions(sizes)
    if reader.flaws:
        raise Flawed(folder, reader.flaws)
    return OwnData(name, golive, sizes, participation, answers, questions)


class _Reader:
    """Reads one folder and remembers what was wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.flaws: list[Flaw] = []

    def golive(self) -> tuple[str, date]:
        file = "golive.toml"
        try:
            text = (self.folder / file).read_text("utf-8-sig")
            raw = tomllib.loads(text)
        except OSError:
            self._wrong(file, 1, "there is no such file")
            return "", date.min
        except UnicodeDecodeError as error:
            self._wrong(file, error.object[: error.start].count(b"\n") + 1, "this is not UTF-8")
            return "", date.min
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else text.count("\n") + 1
            self._wrong(file, line, f"this is not TOML: {str(error).partition(' (at ')[0]}")
            return "", date.min

        def line_of(key: str) -> int:
            found = re.search(rf"^\s*{key}\s*=", text, re.MULTILINE)
            return text[: found.start()].count("\n") + 1 if found else 1

        name, zone = raw.get("name"), raw.get("timezone")
        if not isinstance(name, str) or not name.strip():
            self._wrong(file, line_of("name"), "name is missing, or is no text")
        if not isinstance(zone, str) or not _is_zone(zone):
            expected = 'a city\'s zone, for example "America/New_York"'
            self._wrong(file, line_of("timezone"), f"timezone is missing, or is not a place; write {expected}")
        when = raw.get("date")
        if isinstance(when, str):
            when = _day(when)
        if type(when) is not date:
            self._wrong(file, line_of("date"), "date is missing, or is not a day; write it as 2026-03-02")
            when = date.min
        return str(name), when

    def teams(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for line, (team, size) in self._rows("teams.csv", ("team", "size")):
            people = _count(size)
            if not team:
                self._wrong("teams.csv", line, "team is empty")
            elif people is None:
                self._wrong("teams.csv", line, f"size is {_shown(size)}, not a number of people")
            elif sizes.get(team, people) != people:
                self._wrong("teams.csv", line, f"team {_shown(team)} was said before, with another size")
            else:
                sizes[team] = people
        return sizes

    def items(self) -> dict[str, tuple[str, str]]:
        """Construct and right answer by item."""
        items: dict[str, tuple[str, str]] = {}
        for line, (item, construct, right) in self._rows("items.csv", ("item", "construct", "right")):
            if not item:
                self._wrong("items.csv", line, "item is empty")
            elif construct not in CONSTRUCTS:
                self._wrong("items.csv", line, f"construct is {_shown(construct)}, not one of {', '.join(CONSTRUCTS)}")
            elif construct == "knowledge" and not right:
                self._wrong("items.csv", line, f"knowledge check {_shown(item)} has no right answer")
            elif items.get(item, (construct, right)) != (construct, right):
                self._wrong("items.csv", line, f"item {_shown(item)} was said before, and differently")
            else:
                items[item] = (construct, right)
        return items

    def participation(self, sizes: dict[str, int]) -> pd.DataFrame:
        file = "participation.csv"
        known: dict[tuple[str, str], tuple[int, int]] = {}
        for line, (on, team, invited, answered) in self._rows(file, ("date", "team", "invited", "answered")):
            asked, back = _count(invited), _count(answered)
            if not self._placed(file, line, on, team, sizes):
                continue
            if asked is None:
                self._wrong(file, line, f"invited is {_shown(invited)}, not a number of people")
            elif back is None:
                self._wrong(file, line, f"answered is {_shown(answered)}, not a number of people")
            elif back > asked:
                self._wrong(file, line, f"{back} answered, but only {asked} were invited")
            elif known.get((on, team), (asked, back)) != (asked, back):
                self._wrong(file, line, f"team {_shown(team)} was said before on {on}, with other numbers")
            else:
                known[on, team] = (asked, back)
        rows = [(on, team, *numbers) for (on, team), numbers in known.items()]
        return pd.DataFrame(rows, columns=list(PARTICIPATION_COLUMNS)).astype(PARTICIPATION_COLUMNS)

    def answers(self, sizes: dict[str, int], items: dict[str, tuple[str, str]]) -> pd.DataFrame:
        file = "answers.csv"
        told: dict[tuple[str, str, str, str, str, str, bool | None], None] = {}  # ordered, and each row once
        for line, (on, team, response, item, value) in self._rows(file, ("date", "team", "response", "item", "value")):
            if not self._placed(file, line, on, team, sizes):
                continue
            if not response:
                self._wrong(file, line, "response is empty")
                continue
            if item not in items:
                self._wrong(file, line, f"item {_shown(item)} does not stand in items.csv")
                continue
            construct, right = items[item]
            if construct in SCALES and value not in SCALE_VALUES:
                self._wrong(file, line, f"value is {_shown(value)}, not 1 to 5 or {NOT_SURE}")
            elif not value and construct != "comment":
                self._wrong(file, line, "value is empty")
            else:
                is_right = value == right if construct == "knowledge" and value != NOT_SURE else None
                told[on, team, response, item, construct, value, is_right] = None
        return pd.DataFrame(list(told), columns=list(ANSWER_COLUMNS)).astype(ANSWER_COLUMNS)

    def questions(self, sizes: dict[str, int]) -> pd.DataFrame:
        file = "questions.csv"
        asked = []
        if (self.folder / file).exists():
            for line, (on, team, text) in self._rows(file, ("date", "team", "text")):
                if self._placed(file, line, on, team, sizes, whole=True):
                    asked.append((on, team, text))
        return pd.DataFrame(asked, columns=list(QUESTION_COLUMNS)).astype(QUESTION_COLUMNS)

    def _placed(self, file: str, line: int, on: str, team: str, sizes: dict[str, int], *, whole: bool = False) -> bool:
        if _day(on) is None:
            self._wrong(file, line, f"date is {_shown(on)}; write it as 2026-03-02")
        elif team not in sizes and not (whole and not team):
            self._wrong(file, line, f"team {_shown(team)} does not stand in teams.csv")
        else:
            return True
        return False

    def _rows(self, file: str, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Give the wanted columns of each row with the line it begins on; spaces around values are dropped."""
        csv.field_size_limit(LONGEST_FIELD)
        try:
            text = (self.folder / file).read_bytes().decode("utf-8-sig")
        except OSError:
            self._wrong(file, 1, "there is no such file")
            return
        except UnicodeDecodeError as error:
            self._wrong(file, error.object[: error.start].count(b"\n") + 1, "this is not UTF-8")
            return
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        header: list[str] = []
        places: list[int] = []
        line = 1
        try:
            for row in reader:
                begins, line = line, reader.line_num + 1
                if not row:
                    continue
                if not header:
                    header = [name.strip() for name in row]
                    missing = [name for name in columns if name not in header]
                    if missing:
                        self._wrong(file, begins, f"there is no column {', '.join(missing)}")
                        return
                    places = [header.index(name) for name in columns]
                elif len(row) != len(header):
                    self._wrong(file, begins, f"this row has {len(row)} values, the first line has {len(header)}")
                else:
                    yield begins, tuple(row[place].strip() for place in places)
        except csv.Error as error:
            self._wrong(file, reader.line_num, f"this is not CSV: {error}")
            return
        if not header:
            self._wrong(file, 1, f"the file is empty; its first line says {','.join(columns)}")

    def _wrong(self, file: str, line: int, what: str) -> None:
        self.flaws.append(Flaw(file, line, what))


@cache
def _day(text: str) -> date | None:
    return _parsed(text, date.fromisoformat) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _parsed(text: str, parse: Callable[[str], date]) -> date | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, no name at all
        return False
    return True


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else None


def _shown(text: str) -> str:
    return f'"{text[:SHOWN]}…"' if len(text) > SHOWN else f'"{text}"'
