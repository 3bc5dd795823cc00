"""Logs are JSON lines with fields, and quiet where a library would tell too much."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_fields(stream: io.StringIO) -> None:
    logs.configure("info", stream=stream)
    structlog.get_logger("bot").info("delivered", delivery=7)
    [line] = lines(stream)
    assert (line["event"], line["delivery"], line["level"], line["logger"]) == ("delivered", 7, "info", "bot")
    assert str(line["timestamp"]).endswith("Z")


def test_what_libraries_log_goes_the_same_way(stream: io.StringIO) -> None:
    logs.configure("info", stream=stream)
    logging.getLogger("library").warning("hm")
    assert [line["event"] for line in lines(stream)] == ["hm"]


def test_what_is_below_the_level_is_left_out(stream: io.StringIO) -> None:
    logs.configure("warning", stream=stream)
    structlog.get_logger("bot").info("delivered")
    logging.getLogger("library").info("hm")
    assert lines(stream) == []


@pytest.mark.parametrize("name", logs.QUIET)
def test_libraries_that_would_tell_too_much_are_quiet_even_when_debugging(stream: io.StringIO, name: str) -> None:
    logs.configure("debug", stream=stream)
    logging.getLogger(name).info("GET /enter/secret")
    assert lines(stream) == []


def test_an_error_carries_its_cause_in_the_same_line(stream: io.StringIO) -> None:
    logs.configure("info", stream=stream)
    try:
        int("x")
    except ValueError:
        structlog.get_logger("bot").exception("failed")
    [line] = lines(stream)
    assert "ValueError" in str(line["exception"])
