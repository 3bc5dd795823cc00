"""Text with a little mark-up as runs of an Adaptive Card, in which nothing else is obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.markup import is_plain, plain, runs, small, to_elements


def shown(text: str) -> list[tuple[str, str]]:
    """Every line, and how close it stands to the one before."""
    elements = to_elements(text)
    return [("".join(run["text"] for run in one["inlines"]), one.get("spacing", "Default")) for one in elements]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One.\n\nTwo.", [("One.", "Default"), ("Two.", "Default")]),
        ("One\ntwo", [("One", "Default"), ("two", "None")]),
        ("Try:\n- ask\n- find", [("Try:", "Default"), ("• ask", "Small"), ("• find", "Small")]),
        ("-5 degrees", [("-5 degrees", "Default")]),
        ("a\0b\r\nc", [("ab", "Default"), ("c", "None")]),
        ("", [("", "Default")]),
    ],
)
def test_a_text_stands_in_lines(text: str, lines: list[tuple[str, str]]) -> None:
    assert shown(text) == lines


def test_bold_words_weigh_more_and_lose_their_stars() -> None:
    heavy = [(run["text"], run.get("weight")) for run in runs("Keep **maple drift**, 2 ** 3.")]
    assert heavy == [("Keep ", None), ("maple drift", "Bolder"), (", 2 ** 3.", None)]


@given(st.text(alphabet="ab*_[]()<>&\\`#1. \u0645\u05d0").filter(lambda text: "**" not in text))
def test_a_line_without_stars_is_one_run_exactly_as_it_was_written(line: str) -> None:
    assert [run["text"] for run in runs(line)] == [line]


@pytest.mark.parametrize("clock", ["{{DATE(2017-02-14T06:00:00Z, SHORT)}}", "{{TIME(2017-02-14T06:00:00Z)}}"])
def test_what_clients_would_turn_into_a_date_reads_as_it_was_written(clock: str) -> None:
    [run] = runs(clock)
    assert run["text"].replace("\u2060", "") == clock
    assert not run["text"].startswith("{{")


def test_plain_words_have_no_stars_left() -> None:
    assert plain("**Day 4.** One thing.\n\n\n- **Paper**") == "Day 4. One thing.\n\n- Paper"


@pytest.mark.parametrize(("text", "alone"), [("Paused.", True), ("**Paused.**", False), ("One\ntwo", False)])
def test_only_one_plain_line_stands_without_a_card(text: str, *, alone: bool) -> None:
    assert is_plain(text) is alone


def test_small_print_is_small_in_every_run() -> None:
    assert {run["size"] for run in small("Your lead sees **groups** of 5.")["inlines"]} == {"Small"}
