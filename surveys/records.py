"""What every table has in common: names for its constraints, and types that mean the same on every database."""

import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

# SQLite can alter a table only by copying it, and that needs names.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(SQLModel):
    """A row. Built without validation: parse input before it gets here."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


#: For tables whose rows must not keep the order in which they came (`privacy.md`): SQLite stores them by their key.
UNORDERED = {"sqlite_with_rowid": False}


class Instant(TypeDecorator[datetime]):
    """A moment, always with its zone. SQLite drops zones, so it goes in and comes out as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy hands it over
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy hands it over
        if value is None:
            return None
        moment: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return moment.astimezone(UTC)


def random_key() -> str:
    """128 random bits: a key that tells neither order nor time."""
    return secrets.token_hex(16)


def insert_once(session: Session, table: type[Record], *, unique: list[str]) -> "sqlite.Insert | postgresql.Insert":
    """An insert that leaves alone what is there already: the unique constraint decides, not a look before the leap."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
