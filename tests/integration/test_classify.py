"""`pulse classify`: a line in, a line out; what is wrong is named with file and line."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app


def classified(path: Path) -> Result:
    result = CliRunner().invoke(app, ["classify", str(path)])
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "said.jsonl"


def test_every_text_gets_one_line_in_the_same_order(file: Path) -> None:
    texts = ["No idea where the referrals are now.", "", "We still keep a paper list.", "The parking is full."]
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    said = [json.loads(line) for line in classified(file).stdout.splitlines()]
    assert [reading["label"] for reading in said] == ["confusion", "neither", "workaround", "neither"]


def test_a_reading_says_label_route_cause_probabilities_and_the_words_that_decided(file: Path) -> None:
    file.write_text('{"text": "We write it on paper because the system is too slow"}', "utf-8")
    reading = json.loads(classified(file).stdout)
    assert reading["route"] == "paper"
    assert sum(reading["probabilities"].values()) == pytest.approx(1)
    assert any("paper" in words for words in reading["words"])


def test_names_and_numbers_are_masked_before_they_are_read(file: Path) -> None:
    file.write_text('{"text": "I just call Joe Miller at 555-123-4567 and he types it for me"}', "utf-8")
    printed = classified(file).stdout
    assert "Miller" not in printed
    assert "4567" not in printed


def test_a_line_end_within_a_text_is_no_line_end_of_the_file(file: Path) -> None:
    file.write_bytes('{"text": "one\\u2028two\u2028three\\u0000"}\r\n'.encode())
    assert len(classified(file).stdout.splitlines()) == 1


def test_an_empty_file_gives_nothing(file: Path) -> None:
    file.write_bytes(b"")
    result = classified(file)
    assert (result.exit_code, result.output) == (0, "")


def test_the_mark_that_some_editors_put_first_is_no_mistake(file: Path) -> None:
    file.write_text('{"text": "fine"}', "utf-8-sig")
    assert classified(file).exit_code == 0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"", "empty"),
        (b"oops", "not JSON"),
        (b'"text"', "not an object"),
        (b"[1, 2]", "not an object"),
        (b'{"txt": "a"}', 'no "text"'),
        (b'{"text": null}', "not a text"),
        (b'{"text": 12}', "not a text"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "brackets"),
        (b'{"text": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line_and_nothing_is_read(file: Path, line: bytes, what: str) -> None:
    file.write_bytes(b'{"text": "fine"}\n' + line + b'\n{"text": "fine"}\n')
    result = classified(file)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "said.jsonl, line 2: " in result.stderr
    assert what in result.stderr


def test_every_mistake_is_named_at_once(file: Path) -> None:
    file.write_text('oops\n{"text": "fine"}\noops\n', "utf-8")
    assert [line.split(":")[0] for line in classified(file).stderr.splitlines()] == [
        "said.jsonl, line 1",
        "said.jsonl, line 3",
    ]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    result = classified(tmp_path / name)
    assert result.exit_code == 2
    assert "line 1: There is no file" in result.stderr
