"""Sentences written for this project by imagined speakers, with what each of them says: what the model learns from."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

COLUMNS: Final = ("speaker", "role", "text", "label", "route", "cause")
#: One imagined speaker in seven never speaks in training: what the figures are measured on.
HELD_ASIDE: Final = 7


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and what it says."""

    speaker: str
    role: str
    text: str
    label: str  #: one of `model.LABELS`
    route: str  #: for a workaround, else ""
    cause: str  #: where the sentence gives one, else ""

    @property
    def held_aside(self) -> bool:
        """Whether this speaker is kept out of training; drawn from the name, so that it never changes."""
        return hashlib.sha256(self.speaker.encode()).digest()[0] % HELD_ASIDE == 0


def examples(name: str = "en") -> list[Example]:
    """Every sentence of a file beside this one."""
    return read_examples((files("analytics.text") / "sentences" / f"{name}.tsv").read_text("utf-8").splitlines())


def read_examples(lines: Iterable[str]) -> list[Example]:
    """Tab-separated lines under COLUMNS. Raises ValueError for a line with too few or too many."""
    return [Example(*line.split("\t")) for line in list(lines)[1:] if line]
