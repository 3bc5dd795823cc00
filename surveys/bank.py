"""The item bank: every question that a pulse may ask, from `items/*.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, Final

FALLBACK_LANGUAGE: Final = "en"
NOT_SURE: Final = "ns"  #: the value of "not sure" on every scale that offers it
SCALES_FILE: Final = "scales.toml"
LONGEST_TEXT: Final = 110  #: characters; more than two lines on a phone is not read

_KEYS = {"name", "construct", "pillar", "scale", "direction", "audience", "source", "why", "text"}
_PILLARS = ("people", "communication", "workflow", "leadership")
_AUDIENCES = ("staff", "manager")


class Phase(StrEnum):
    """The stretches of a go-live, in the order in which they come."""

    READINESS = "readiness"
    PREPARATION = "preparation"
    EVE = "eve"
    CUTOVER = "cutover"
    HYPERCARE = "hypercare"
    STABILISATION = "stabilisation"


class BankError(ValueError):
    """A file of the item bank says something that cannot be asked; the message names file and item."""


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in `language` ("de-AT" also takes "de"), else in English."""
    for tag in (language, language.partition("-")[0]):
        if tag in texts:
            return texts[tag]
    return texts[FALLBACK_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Scale:
    """What can be picked, with its labels in one language."""

    name: str
    options: tuple[tuple[str, str], ...]  #: (value, label); none for free text


@dataclass(frozen=True, slots=True)
class Item:
    """One question, with what it measures and why it is asked."""

    name: str  #: unique in the whole bank
    phase: Phase
    construct: str
    pillar: str  #: people, communication, workflow or leadership
    scale: str
    direction: int  #: 1 when the high end (5, yes, still) is the good one, -1 when it is the bad one
    audience: str  #: staff or manager
    source: str  #: the published construct it stands on; the wording is our own
    why: str
    texts: Mapping[str, str]  #: by language; `{system}` stands for the system's name
    several: bool = False  #: more than one option may be picked

    def text(self, language: str, *, system: str) -> str:
        """The question as it is put to people."""
        return in_language(self.texts, language).replace("{system}", system)


@dataclass(frozen=True, slots=True)
class Bank:
    """All items and scales, in the order of their files."""

    by_name: Mapping[str, Item]
    labels: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]]  #: scale -> (value, label by language)

    def item(self, name: str) -> Item:
        """One item; KeyError when the bank has none of that name."""
        return self.by_name[name]

    def items(
        self, *, phase: Phase | None = None, construct: str | None = None, audience: str | None = None
    ) -> tuple[Item, ...]:
        """The items of a phase, a construct, an audience, or of any of them, in the order of the files."""
        return tuple(
            item
            for item in self.by_name.values()
            if phase in (None, item.phase) and construct in (None, item.construct) and audience in (None, item.audience)
        )

    def constructs(self, phase: Phase) -> tuple[str, ...]:
        """What can be asked about in a phase, each once, in the order of its file."""
        return tuple(dict.fromkeys(item.construct for item in self.items(phase=phase)))

    def scale(self, name: str, *, language: str = FALLBACK_LANGUAGE) -> Scale:
        """One scale with its labels in a language; KeyError when there is none of that name."""
        return Scale(name, tuple((value, in_language(labels, language)) for value, labels in self.labels[name]))


def load_bank(folder: Traversable | None = None) -> Bank:
    """Read and check all items and scales, from the package unless a folder is given.

    Raises
    ------
    BankError
        The first thing that is wrong, with the file and the item it stands in.
    """
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> Bank:
    return _read(files("surveys").joinpath("items"))


def _read(folder: Traversable) -> Bank:
    labels = _scales(read_toml(folder, SCALES_FILE))
    by_name: dict[str, Item] = {}
    for phase in Phase:
        file = f"{phase}.toml"
        for number, row in enumerate(read_toml(folder, file).get("item", []), start=1):
            where = f"{file}, item {row.get('name', f'number {number}')!r}"
            item = _item(row, phase=phase, scales=labels, where=where)
            if item.name in by_name:
                raise BankError(f"{where}: the name is already taken in {by_name[item.name].phase}.toml")
            _agree_with_siblings(item, by_name, where=where)
            by_name[item.name] = item
    return Bank(by_name, labels)


def read_toml(folder: Traversable, file: str) -> dict[str, Any]:
    """One file of the bank; BankError with its name when it is missing or is not TOML."""
    try:
        return tomllib.loads(folder.joinpath(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BankError(f"{file}: the file is missing") from None
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{file}: {error}") from None


def check_texts(texts: object, *, where: str, limit: int = LONGEST_TEXT) -> dict[str, str]:
    """Texts by language: English among them, none too long, nothing to fill in but `{system}`."""
    if not isinstance(texts, dict) or FALLBACK_LANGUAGE not in texts:
        raise BankError(f"{where}: there is no English text")
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise BankError(f"{where}: the text in {language!r} is empty")
        if len(text) > limit:
            raise BankError(f"{where}: the text in {language!r} has {len(text)} characters, {limit} at most")
        try:
            blanks = {blank for _, blank, _, _ in Formatter().parse(text) if blank is not None}
        except ValueError:
            raise BankError(f"{where}: the text in {language!r} has a brace without its partner") from None
        if blanks - {"system"}:
            raise BankError(f"{where}: the text in {language!r} may hold {{system}} and no other blank")
    return texts


def _item(row: Mapping[str, Any], *, phase: Phase, scales: Mapping[str, object], where: str) -> Item:
    missing, unknown = _KEYS - row.keys(), row.keys() - _KEYS - {"several"}
    if missing:
        raise BankError(f"{where}: {', '.join(sorted(missing))} missing")
    if unknown:
        raise BankError(f"{where}: nobody knows {', '.join(sorted(unknown))}")
    for key, allowed in (
        ("pillar", _PILLARS),
        ("audience", _AUDIENCES),
        ("direction", (1, -1)),
        ("scale", tuple(scales)),
    ):
        if row[key] not in allowed:
            raise BankError(f"{where}: {key} is {row[key]!r}, expected one of {', '.join(map(str, allowed))}")
    for key in ("name", "construct"):
        if not (isinstance(row[key], str) and row[key].isidentifier() and row[key].islower()):
            raise BankError(f"{where}: {key} is {row[key]!r}, expected small letters and underscores")
    for key in ("source", "why"):
        if not (isinstance(row[key], str) and row[key].strip()):
            raise BankError(f"{where}: {key} is empty")
    texts = check_texts(row["text"], where=where)
    return Item(phase=phase, texts=texts, **{key: value for key, value in row.items() if key != "text"})


def _agree_with_siblings(item: Item, others: Mapping[str, Item], *, where: str) -> None:
    """Wordings of one construct in one phase take turns, so the same people must answer them in the same way."""
    for other in others.values():
        if (other.phase, other.construct) == (item.phase, item.construct):
            for key in ("scale", "audience", "several", "pillar"):
                if getattr(other, key) != getattr(item, key):
                    raise BankError(f"{where}: {key} differs from {other.name!r}, with which it takes turns")


def _scales(document: Mapping[str, Any]) -> dict[str, tuple[tuple[str, Mapping[str, str]], ...]]:
    scales: dict[str, tuple[tuple[str, Mapping[str, str]], ...]] = {}
    for number, row in enumerate(document.get("scale", []), start=1):
        where = f"{SCALES_FILE}, scale {row.get('name', f'number {number}')!r}"
        if not {"name", "option"} <= row.keys():
            raise BankError(f"{where}: name or option missing")
        options = []
        for option in row["option"]:
            if not {"value", "label"} <= option.keys():
                raise BankError(f"{where}: an option needs a value and a label")
            options.append((option["value"], check_texts(option["label"], where=f"{where}, {option['value']!r}")))
        if len({value for value, _ in options}) < len(options):
            raise BankError(f"{where}: a value stands there twice")
        scales[row["name"]] = tuple(options)
    return scales
