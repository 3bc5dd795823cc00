"""Logs: one JSON line an event, of which only what is listed here is printed; nobody's words, nobody's account."""

import logging
import re
import sys
import traceback
from collections import Counter
from functools import lru_cache
from itertools import takewhile
from linecache import getline
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

#: Every field that may be printed. A new one needs a line here, and a thought about whom it could name.
ALLOWED = frozenset(
    {
        *("event", "level", "logger", "timestamp", "exception", "where", "dropped"),
        "delivery",  # the number of a row in the outbox
        "kind",  # prompt, reminder, alert, digest, question
        "platform",
        "platforms",
        "reason",  # a code
        "state",
        *("rows", "keys"),  # how many
    }
)
CODE = re.compile(r"[\w.:+/<>-]{0,120}")  #: what a field's text may look like: one code, and never a sentence
LINES = 6  # of source that a call to log something takes at the most
FRAMES = 8  # of a traceback; the innermost tell most

#: Loggers that write a line for every statement and every poll: quiet because of the noise, not of what they would say.
QUIET = (
    "uvicorn.access",
    "sqlalchemy.engine",
    "sqlalchemy.pool",
    "apscheduler",
    "asyncio",
    "multipart",
    "httpcore",
    "procrastinate",
)


class Tally(logging.Handler):
    """Counts warnings and errors by level and by what our code calls them; those of libraries by their logger."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counts: Counter[tuple[str, str]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        named = record.msg["event"] if isinstance(record.msg, dict) else record.name.partition(".")[0]
        self.counts[record.levelname.lower(), str(named)] += 1


def configure(level: str, *, stream: TextIO | None = None) -> Tally:
    """Send everything, ours and the libraries', through what prints the allowed, and what counts."""
    shared = (
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                reduce_error,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_allowed,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[*shared, reduce_foreign],
        )
    )
    root = logging.getLogger()
    tally = Tally()
    root.handlers = [handler, tally]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return tally


def keep_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not listed or that holds more than a code, and say how many went."""
    kept = {name: value for name, value in event.items() if name in ALLOWED and is_code(value)}
    # What an event is called stands in our code, or was looked for in the library's by `reduce_foreign`.
    kept["event"] = str(event["event"])
    dropped = len(event.keys() - kept.keys())
    return {**kept, "dropped": dropped} if dropped else kept


def is_code(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(is_code(one) for one in value)
    return value is None or isinstance(value, bool | int | float) or bool(CODE.fullmatch(str(value)))


def reduce_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What a library says, without what it speaks of: its template, if that stands in its source, else only the place.

    Arguments carry payloads, and libraries also put them into the text itself, where nothing tells them apart.
    """
    record: logging.LogRecord = event["_record"]
    template = str(record.msg)
    at, source = call(record.pathname, record.lineno)
    return {**event, "event": template if template and template in source else at, "where": at}


@lru_cache(maxsize=1024)
def call(path: str, line: int) -> tuple[str, str]:
    """Where something was logged, and how the call reads there."""
    return f"{place(path)}:{line}", "".join(getline(path, line + n) for n in range(-1, LINES))


def reduce_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its types and places: its text may quote what somebody wrote, or the row it stands in."""
    given = event.get("exc_info")
    event = {name: value for name, value in event.items() if name not in {"exc_info", "stack_info"}}
    error = given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
    if not given or error is None:
        return event
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{place(frame.filename)}:{frame.lineno}:{frame.name}" for frame in frames]
    return {**event, "exception": [type(one).__name__ for one in causes(error)], "where": places}


def causes(error: BaseException) -> list[BaseException]:
    """An exception, what it came from, and so on."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def place(path: str) -> str:
    """The end of a path that names a module, without where somebody installed it."""
    parts = list(takewhile(lambda part: part != "site-packages", reversed(Path(path).parts[1:])))
    return "/".join(reversed(parts[:3]))
