"""`pulse classify`: what short texts say, one JSON object a line, worked out here and nowhere else."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.plainly import plainly

LINE = '{"text": "what somebody wrote"}'

TextsPath = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help=f"One {LINE} a line")]


def classify(file: TextsPath) -> None:
    """Say of each text if somebody is confused or goes round the system, by which way, why, and which words decided.

    Names and numbers that could point to a person are masked first. Nothing leaves this machine.
    """
    from analytics.text.model import classify as read  # noqa: PLC0415  # heavy parts load when a command needs them
    from surveys.identifiers import mask  # noqa: PLC0415  # as above

    with plainly():
        for text in read_texts(file):
            reading = read(mask(text, names=()).text)
            typer.echo(json.dumps(asdict(reading), ensure_ascii=False))


def read_texts(file: Path) -> list[str]:
    """Every text of a file of JSON lines, in order.

    Raises
    ------
    FileMistakes
        with everything that is wrong in it; then none of it is read.
    """
    from surveys.mistakes import FileMistakes, Mistake, Unreadable  # noqa: PLC0415  # as above

    texts, mistakes = [], []
    try:
        for number, line in _lines(file):
            try:
                texts.append(text_of(line))
            except Unreadable as wrong:
                mistakes.append(Mistake(file.name, number, wrong.found, wrong.expected))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        found = f"There is no file {file.name} here that can be read."
        raise FileMistakes([Mistake(file.name, 1, found, "Check its name and the folder.")]) from error
    if mistakes:
        raise FileMistakes(mistakes)
    return texts


def text_of(line: bytes) -> str:
    """The text of one line. Raises Unreadable."""
    from surveys.mistakes import Unreadable, shown  # noqa: PLC0415  # as above

    expected = f"Write {LINE} in one line."
    if not line.strip():
        raise Unreadable("This line is empty.", expected)
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("This line has letters that are not UTF-8.", "Save the file again as UTF-8.") from error
    except RecursionError as error:
        raise Unreadable("There are too many brackets within brackets.", expected) from error
    except ValueError as error:  # what is not JSON, and numbers of thousands of digits
        raise Unreadable("This is not JSON.", expected) from error
    if not isinstance(value, dict):
        raise Unreadable(f"{shown(value)} is not an object.", expected)
    if "text" not in value:
        raise Unreadable('There is no "text" here.', expected)
    text = value["text"]
    if not isinstance(text, str):
        raise Unreadable(f'"text" is {shown(text)}, which is not a text.', "Put it in quotation marks.")
    return text


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Every line with its number; only a line feed ends one. The mark that some editors put first is left out."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
