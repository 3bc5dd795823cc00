"""All rows of one database taken into another, on either engine, and compared before anybody relies on the copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from bot.errors import Unusable
from bot.storage.migrate import metadata

BATCH = 2_000  # rows in memory at a time


class NotEmpty(Unusable):
    """There are rows already where a copy should go."""


class NotTheSame(Unusable):
    """The copy differs from what was copied; it was not kept."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds, whatever the order of its rows."""

    rows: int
    digest: str  #: SHA-256 of every row, added up


def copy_rows(source: Connection, target: Connection) -> dict[str, Sum]:
    """Copy every table, in the transaction of `target`, and compare; what was copied, by table.

    Both have the schema of this version. Rows go in the order of their keys, which says nothing about who came when.

    Raises
    ------
    NotEmpty, NotTheSame
    """
    tables = metadata().sorted_tables
    if full := [table.name for table in tables if target.execute(select(func.count()).select_from(table)).scalar()]:
        message = f"The database to copy into is not empty: there are rows in {', '.join(sorted(full))}."
        raise NotEmpty(message)
    for table in tables:
        for rows in read(source, table):
            target.execute(insert(table), rows)
    if target.dialect.name == "postgresql":
        for table in tables:
            go_on_counting(target, table)
    copied, there = sums(source), sums(target)
    if different := sorted(name for name in copied if copied[name] != there[name]):
        message = f"The copy differs in {', '.join(different)}, so it was not kept. Nothing was changed; try again."
        raise NotTheSame(message)
    return there


def clear(target: Connection) -> None:
    """Delete every row, in the transaction of `target`."""
    for table in reversed(metadata().sorted_tables):
        target.execute(delete(table))


def sums(connection: Connection) -> dict[str, Sum]:
    """Rows and checksum of every table, the same on both engines."""
    return {table.name: sum_of(connection, table) for table in metadata().sorted_tables}


def sum_of(connection: Connection, table: Table) -> Sum:
    rows, total = 0, 0
    for batch in read(connection, table):
        rows += len(batch)
        for row in batch:
            total += int.from_bytes(sha256(repr(sorted(row.items())).encode()).digest())
    return Sum(rows, f"{total % 2**256:064x}")


def read(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    for rows in connection.execute(ordered.execution_options(yield_per=BATCH)).mappings().partitions():
        yield [dict(row) for row in rows]


def go_on_counting(connection: Connection, table: Table) -> None:
    """Let a sequence begin after the highest number that was copied."""
    if "id" not in table.columns:
        return
    sequence = func.pg_get_serial_sequence(table.name, "id")
    if connection.scalar(select(sequence)) is not None:
        following = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, following, False)))
