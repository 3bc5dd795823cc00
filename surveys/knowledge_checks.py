"""Knowledge checks: one tap about the planned workflow, with one right answer that the page never gives away."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from surveys.bank import FALLBACK_LANGUAGE, BankError, check_texts, in_language, load_bank, read_toml

TEMPLATES_FILE: Final = "knowledge_checks.toml"
LONGEST_QUESTION: Final = 160  #: characters; read in a few seconds at the end of a shift
LONGEST_OPTION: Final = 80  #: characters; what a button or a line of a phone holds
FEWEST_WRONG, MOST_WRONG = 1, 4
_VALUES: Final = "abcde"
_KEYS = {"name", "area", "suits", "why", "route", "text", "right", "around", "wrong"}


@dataclass(frozen=True, slots=True)
class KnowledgeCheck:
    """A question about the planned workflow, as the lead wrote it.

    Raises
    ------
    ValueError
        with one sentence, when it cannot be asked: empty, too long, the same option twice, too few or too many options.
    """

    team: str | None  #: None asks every team
    text: str
    right: str
    wrong: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("A knowledge check needs a question.")
        if len(self.text) > LONGEST_QUESTION:
            raise ValueError(f"A question has {len(self.text)} characters; {LONGEST_QUESTION} fit.")
        if not FEWEST_WRONG <= len(self.wrong) <= MOST_WRONG:
            raise ValueError(f"A check takes {FEWEST_WRONG} to {MOST_WRONG} wrong answers, not {len(self.wrong)}.")
        for option in (self.right, *self.wrong):
            if not option.strip():
                raise ValueError("An answer is empty.")
            if len(option) > LONGEST_OPTION:
                raise ValueError(f"An answer has {len(option)} characters; {LONGEST_OPTION} fit.")
        told_apart = {option.strip().casefold() for option in (self.right, *self.wrong)}
        if len(told_apart) <= len(self.wrong):
            raise ValueError("Two answers are the same.")

    @property
    def name(self) -> str:
        """What it is called in stored answers: the same for the same words, and no hint at the right answer."""
        # The options are sorted, so that trying each of them as the right one leads nowhere.
        words = json.dumps([self.text, sorted([self.right, *self.wrong])], ensure_ascii=False)
        return f"check_{sha256(words.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class FieldedCheck:
    """A knowledge check as one wave asks it."""

    name: str
    text: str
    options: tuple[tuple[str, str], ...]  #: (value, label); the values are letters in the order shown
    right: str  #: one of the values; never leaves the server


@dataclass(frozen=True, slots=True)
class Template:
    """A knowledge check for a practice, to be changed until it says what this practice has planned."""

    name: str
    area: str  #: check-in, insurance, refills, ...
    suits: tuple[str, ...]  #: teams
    why: str
    route: str  #: which way round the system `around` is, as in the scale "routes"
    texts: Mapping[str, str]
    rights: Mapping[str, str]
    arounds: Mapping[str, str]  #: the wrong answer that is a usual way round the system
    wrongs: Mapping[str, tuple[str, ...]]  #: two more wrong answers

    def check(self, *, language: str = FALLBACK_LANGUAGE, system: str, team: str | None) -> KnowledgeCheck:
        """The template with its blanks filled in."""
        wrongs = self.wrongs.get(language) or self.wrongs[FALLBACK_LANGUAGE]
        texts = (in_language(self.texts, language), in_language(self.rights, language))
        text, right, *wrong = (
            text.replace("{system}", system) for text in (*texts, in_language(self.arounds, language), *wrongs)
        )
        return KnowledgeCheck(team, text, right, tuple(wrong))


def fielded(check: KnowledgeCheck, *, seed: int | str) -> FieldedCheck:
    """Put the options in an order that depends on the seed alone, and call them a, b, c, ...

    Options are ordered by their hash with the seed, not by a random generator: the order is the same for everybody in
    a wave, on every machine and in every version of Python.
    """
    shuffled = sorted((check.right, *check.wrong), key=lambda option: sha256(f"{seed}\0{option}".encode()).digest())
    options = tuple(zip(_VALUES, shuffled, strict=False))
    right = next(value for value, label in options if label == check.right)
    return FieldedCheck(check.name, check.text, options, right)


def checks_for(checks: Iterable[KnowledgeCheck], *, teams: Collection[str]) -> tuple[KnowledgeCheck, ...]:
    """The checks that a group of teams can be asked: its own first, then those for every team."""
    return tuple(
        sorted(
            (check for check in checks if check.team is None or check.team in teams),
            key=lambda check: check.team is None,
        )
    )


def load_templates(folder: Traversable | None = None) -> tuple[Template, ...]:
    """All templates, from the package unless a folder is given.

    Raises
    ------
    BankError
        The first thing that is wrong, with the file and the template it stands in.
    """
    folder = folder or files("surveys").joinpath("items")
    routes = {value for value, _ in load_bank(folder).labels["routes"]}
    templates: dict[str, Template] = {}
    for number, row in enumerate(read_toml(folder, TEMPLATES_FILE).get("template", []), start=1):
        where = f"{TEMPLATES_FILE}, template {row.get('name', f'number {number}')!r}"
        if different := sorted(_KEYS ^ row.keys()):
            raise BankError(f"{where}: {', '.join(different)} missing or not known")
        if row["name"] in templates:
            raise BankError(f"{where}: the name is already taken")
        if row["route"] not in routes:
            raise BankError(f"{where}: route is {row['route']!r}, expected one of the scale 'routes'")
        wrongs = {language: tuple(options) for language, options in row["wrong"].items()}
        for options in wrongs.values():
            for option in options:
                check_texts({FALLBACK_LANGUAGE: option}, where=where, limit=LONGEST_OPTION)
        template = Template(
            name=row["name"],
            area=row["area"],
            suits=tuple(row["suits"]),
            why=row["why"],
            route=row["route"],
            texts=check_texts(row["text"], where=where, limit=LONGEST_QUESTION),
            rights=check_texts(row["right"], where=where, limit=LONGEST_OPTION),
            arounds=check_texts(row["around"], where=where, limit=LONGEST_OPTION),
            wrongs=wrongs,
        )
        _must_be_askable(template, where=where)
        templates[template.name] = template
    return tuple(templates.values())


def _must_be_askable(template: Template, *, where: str) -> None:
    for language in template.texts:
        try:
            template.check(language=language, system="the new system", team=None)
        except (ValueError, KeyError) as error:
            raise BankError(f"{where}, in {language!r}: {error}") from None


def as_toml(
    template: Template,
    *,
    team: str | None = None,
    language: str = FALLBACK_LANGUAGE,
    system: str = "the new system",
) -> str:
    """A block to paste into golive.toml and change; for the team it suits best unless another is named."""
    check = template.check(language=language, system=system, team=team or template.suits[0])
    wrong = "".join(f"    {_quoted(option)},\n" for option in check.wrong)
    return (
        "[[knowledge_check]]\n"
        f"team  = {_quoted(check.team or '')}\n"
        f"text  = {_quoted(check.text)}\n"
        f"right = {_quoted(check.right)}\n"
        f"wrong = [\n{wrong}]\n"
    )


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which JSON leaves bare.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
