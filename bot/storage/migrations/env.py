"""What Alembic runs: on the connection that the bot hands it, or on the database that PULSE_DATABASE_URL names."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from bot.storage.migrate import metadata, settings_engine
from surveys.records import Instant


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write plain SQLAlchemy types: autogenerate forgets to import the others."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=True,  # SQLite can alter a table only by copying it
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with settings_engine().connect() as opened:
        migrate(opened)
