"""What a thief of the database reads: its pages, its write-ahead log, and a backup made just now."""

from pathlib import Path

from sqlalchemy import text

from bot.storage.database import Database
from bot.storage.migrate import metadata


def on_disk(database: Database, folder: Path) -> bytes:
    """Every byte that the tables and their indexes hold, dead or alive."""
    if database.is_sqlite:
        file = Path(database.engine.url.database or "")
        backup = folder / f"backup-{len(list(folder.iterdir()))}.db"
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM INTO '{backup}'"))
        return b"".join(path.read_bytes() for path in (*file.parent.glob(f"{file.name}*"), backup))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        names = [table.name for table in metadata().sorted_tables]
        owned = connection.execute(
            text(
                "SELECT c.oid FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid "
                "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') "
                "AND (c.relname = ANY(:names) OR i.indrelid::regclass::text = ANY(:names))"
            ),
            {"names": names},
        ).scalars()
        pages = [
            connection.execute(
                text("SELECT pg_read_binary_file(pg_relation_filepath(CAST(:oid AS oid)))"), {"oid": oid}
            ).scalar_one()
            for oid in owned.all()
        ]
    return b"".join(bytes(page) for page in pages)
