"""Figures, questions and the plan as files: CSV without formulas, Parquet, and a calendar."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api.shapes import Figure
from bot.errors import Unusable
from surveys.cadence import Occurrence
from surveys.golives import GoLive

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how a cell begins that a spreadsheet would compute


class NoParquet(Unusable):
    """What writes Parquet is not installed."""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table that a spreadsheet opens as text and numbers, whatever somebody wrote into it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return out.getvalue()


def harmless(value: Any) -> Any:
    """A text that would be computed gets an apostrophe before it (OWASP, CSV injection); numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def figures_csv(figures: Iterable[Figure]) -> str:
    names = list(Figure.model_fields)
    return as_csv(names, ([getattr(one, name) for name in names] for one in figures))


def figures_parquet(figures: Sequence[Figure]) -> bytes:
    """One row group, its types fixed whether or not there are rows.

    Raises
    ------
    NoParquet
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra of a hundred megabytes
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        message = "Parquet needs the extra parquet: pip install 'golive-pulse[parquet]'. CSV is there in any case."
        raise NoParquet(message) from error
    types = {"date": pa.date32(), "asked": pa.int64(), "answered_at_least": pa.int64(), "answered_at_most": pa.int64()}
    types |= {"share_at_least": pa.float64(), "share_at_most": pa.float64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in Figure.model_fields])
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([one.model_dump() for one in figures], schema=schema), out)
    return out.getvalue()


def plan_ics(golive: GoLive, pulses: Iterable[Occurrence], *, phase_names: dict[str, str], now: datetime) -> bytes:
    """The plan as a calendar of whole days (RFC 5545): the first day live, and every pulse; no person is in it."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # only a calendar needs it

    calendar = Calendar()
    calendar.add("prodid", "-//golive-pulse//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", golive.name)
    days = [(f"{golive.id}-golive", golive.date, golive.system)]
    days += [
        (f"{golive.id}-{one.phase}-{one.round_index}", one.on, f"{golive.system}: {phase_names[one.phase]}")
        for one in pulses
    ]
    for uid, on, summary in days:
        event = Event()
        event.add("uid", f"{uid}@golive-pulse")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("summary", summary)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
