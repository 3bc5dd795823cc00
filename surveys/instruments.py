"""Instruments: the two to four questions of one wave for one team, and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from surveys.bank import NOT_SURE, Bank, Phase
from surveys.errors import AnswerRefused
from surveys.identifiers import visible
from surveys.knowledge_checks import KnowledgeCheck, fielded

MOST_QUESTIONS: Final = 4
LONGEST_REMARK: Final = 1000  #: characters
REMARK: Final = "remark"  #: the optional "anything else?" under every pulse; taken with any instrument
KNOWLEDGE: Final = "knowledge"
TEXT: Final = "text"
INSTEAD_OF_KNOWLEDGE: Final = ("peers", "got_through")
NO_ROUTE: Final = "none"

# How long a question takes on a phone.
WORDS_PER_SECOND: Final = 238 / 60  #: silent reading of English prose (Brysbaert 2019, a meta-analysis of 190 studies)
SCANNED: Final = 0.5  #: of that time for options, which are looked over and not read (our assumption)
SECONDS_TO_ANSWER: Final = {"knowledge": 5.0, "text": 4.0}  #: to think it over and tap (our assumption) ...
SECONDS_TO_TAP: Final = 2.5  #: ... and on every other scale
TYPED_WORDS: Final = 8  #: a usual short remark (our assumption)
TYPED_PER_SECOND: Final = 36.2 / 60  #: words per second on a phone (Palin 2019, 37 370 people)


class NotAnOption(AnswerRefused, ValueError):
    """That is not one of the answers to this question. Please pick one that is shown."""


class RemarkTooLong(AnswerRefused, ValueError):
    """That text is too long. Please shorten it a little."""

    def __init__(self, *, length: int) -> None:
        super().__init__(length=length, longest=LONGEST_REMARK)
        self.args = (f"That text has {length} characters; {LONGEST_REMARK} fit. Please shorten it a little.",)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question as it was asked: a copy, so that later changes of the bank change nothing here."""

    name: str
    construct: str
    text: str
    scale: str
    options: tuple[tuple[str, str], ...]  #: (value, label); none for free text
    several: bool = False
    direction: int = 1  #: 1 when the high end is the good one
    right: str | None = None  #: the value of the right answer of a knowledge check; never leaves the server

    def is_right(self, value: str) -> bool | None:
        """Whether a knowledge check was answered right; None for "not sure" and for every other question."""
        if self.right is None or value == NOT_SURE:
            return None
        return value == self.right

    @property
    def seconds(self) -> float:
        """How long it takes to read and answer: reading time, scanning of the options, a tap or a few typed words."""
        words = len(self.text.split()) + SCANNED * sum(len(label.split()) for _, label in self.options)
        typing = TYPED_WORDS / TYPED_PER_SECOND if self.scale == TEXT else 0.0
        return words / WORDS_PER_SECOND + SECONDS_TO_ANSWER.get(self.scale, SECONDS_TO_TAP) + typing


@dataclass(frozen=True, slots=True)
class Instrument:
    """The questions of one wave for one stratum, in the order in which they are asked."""

    questions: tuple[AskedQuestion, ...]

    @property
    def seconds(self) -> float:
        """How long all of it takes, estimated."""
        return sum(question.seconds for question in self.questions)

    def question(self, name: str) -> AskedQuestion:
        """One question; KeyError when it was not asked."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """For storing with the wave."""
        return {
            "questions": [
                {
                    "name": question.name,
                    "construct": question.construct,
                    "text": question.text,
                    "scale": question.scale,
                    "options": [list(option) for option in question.options],
                    "several": question.several,
                    "direction": question.direction,
                    "right": question.right,
                }
                for question in self.questions
            ]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Instrument":
        """What `to_json` gave."""
        return cls(
            tuple(
                AskedQuestion(**{**row, "options": tuple((value, label) for value, label in row["options"])})
                for row in stored["questions"]
            )
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """One picked option; a question that takes several gives several."""

    item: str
    construct: str
    value: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A text that somebody wrote, cleaned of what cannot be seen and not yet masked."""

    item: str
    text: str


def build_instrument(
    bank: Bank,
    *,
    phase: Phase | str,
    constructs: Sequence[str],
    round_index: int,
    team_checks: Sequence[KnowledgeCheck],
    language: str,
    system: str,
    seed: int | str,
    checks_before: int | None = None,
) -> Instrument:
    """Choose the questions of one wave for one team.

    Each construct takes its wordings in turn, all of them once before any comes again, in an order of its own.
    Knowledge checks come in turn, the team's own before those for every team; a team without any is asked about its
    peers instead, else whether it got through.

    Parameters
    ----------
    round_index
        How many waves of this phase came before; the same for all teams, who must be asked the same to be compared.
    team_checks
        The checks this team can be asked, in the lead's order.
    seed
        Of the wave; it alone orders the options of a knowledge check.
    checks_before
        How many checks the team was asked before. Without it `round_index` counts, and where every second wave has a
        check, every second check is passed over.

    Raises
    ------
    ValueError
        more than four constructs, none, one twice, or one of which the bank has no item in this phase.
    """
    if not 1 <= len(constructs) <= MOST_QUESTIONS or len(set(constructs)) < len(constructs):
        raise ValueError(f"a wave asks 1 to {MOST_QUESTIONS} different constructs, not {list(constructs)}")
    phase = Phase(phase)
    questions = []
    for construct in _without_missing_check(bank, phase, constructs, has_checks=bool(team_checks)):
        if construct == KNOWLEDGE:
            turn = round_index if checks_before is None else checks_before
            in_turn = sorted(team_checks, key=lambda check: check.team is None)
            questions.append(_check(bank, in_turn[turn % len(in_turn)], language=language, seed=seed))
        else:
            questions.append(_item(bank, phase, construct, round_index=round_index, language=language, system=system))
    return Instrument(tuple(questions))


def put_in(instrument: Instrument, bank: Bank, language: str, *, system: str) -> Instrument:
    """The same questions in another language; what a lead wrote, and what the bank no longer has, stays as it is."""
    return Instrument(tuple(_put_in(question, bank, language, system=system) for question in instrument.questions))


def _put_in(question: AskedQuestion, bank: Bank, language: str, *, system: str) -> AskedQuestion:
    item = bank.by_name.get(question.name)
    labels = dict(bank.scale(question.scale, language=language).options) if question.scale in bank.labels else {}
    options = tuple((value, labels.get(value, label)) for value, label in question.options)
    text = item.text(language, system=system) if item is not None else question.text
    return replace(question, text=text, options=options)


def parse_answers(
    instrument: Instrument, values: Mapping[str, Sequence[str]]
) -> tuple[tuple[Answer, ...], tuple[Remark, ...]]:
    """Answers and remarks, in the order of the questions; what was left open is left out.

    Naming a route outweighs "no need" beside it: people who tick both have gone round the system.

    Raises
    ------
    NotAnOption
        an item that was not asked, a value that was not shown, or several where one may be picked.
    RemarkTooLong
        a text of more than `LONGEST_REMARK` characters.
    """
    asked = {question.name: question for question in instrument.questions}
    if values.keys() - asked.keys() - {REMARK}:
        raise NotAnOption
    answers: list[Answer] = []
    remarks: list[Remark] = []
    for question in instrument.questions:
        given = values.get(question.name, ())
        if question.scale == TEXT:
            remarks += _remarks(question.name, given)
        else:
            answers += [Answer(question.name, question.construct, value) for value in _picked(question, given)]
    if REMARK not in asked:
        remarks += _remarks(REMARK, values.get(REMARK, ()))
    return tuple(answers), tuple(remarks)


def _picked(question: AskedQuestion, given: Sequence[str]) -> list[str]:
    picked = dict.fromkeys(value for value in given if value)
    shown = [value for value, _ in question.options]
    if picked.keys() - set(shown) or (len(picked) > 1 and not question.several):
        raise NotAnOption
    if len(picked) > 1:
        picked.pop(NO_ROUTE, None)
    return [value for value in shown if value in picked]


def _remarks(item: str, given: Sequence[str]) -> list[Remark]:
    text = visible("\n".join(given)).strip()
    if len(text) > LONGEST_REMARK:
        raise RemarkTooLong(length=len(text))
    return [Remark(item, text)] if text else []


def _without_missing_check(bank: Bank, phase: Phase, constructs: Sequence[str], *, has_checks: bool) -> list[str]:
    if has_checks or KNOWLEDGE not in constructs:
        return list(constructs)
    open_ones = [name for name in INSTEAD_OF_KNOWLEDGE if name not in constructs]
    instead = [name for name in open_ones if bank.items(phase=phase, construct=name)]
    return [name for construct in constructs for name in (instead[:1] if construct == KNOWLEDGE else [construct])]


def _check(bank: Bank, check: KnowledgeCheck, *, language: str, seed: int | str) -> AskedQuestion:
    asked = fielded(check, seed=seed)
    options = asked.options + bank.scale(KNOWLEDGE, language=language).options
    return AskedQuestion(asked.name, KNOWLEDGE, asked.text, KNOWLEDGE, options, right=asked.right)


def _item(bank: Bank, phase: Phase, construct: str, *, round_index: int, language: str, system: str) -> AskedQuestion:
    wordings = bank.items(phase=phase, construct=construct)
    if not wordings:
        raise ValueError(f"the bank has no item for {construct!r} in {phase}")
    item = wordings[_turn(construct, round_index=round_index, wordings=len(wordings))]
    return AskedQuestion(
        name=item.name,
        construct=construct,
        text=item.text(language, system=system),
        scale=item.scale,
        options=bank.scale(item.scale, language=language).options,
        several=item.several,
        direction=item.direction,
    )


def _turn(construct: str, *, round_index: int, wordings: int) -> int:
    """Which wording comes now.

    Every cycle has an order of its own, from a hash of construct and cycle. Plain counting would show a construct that
    comes in every second wave only every second wording, and would always pair the same wordings.
    """
    cycle, place = divmod(round_index, wordings)
    order = sorted(range(wordings), key=lambda wording: sha256(f"{construct} {cycle} {wording}".encode()).digest())
    return order[place]
