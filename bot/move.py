"""An installation carried over to another database: copied, compared, and only then the old one is let go."""

from datetime import datetime

from sqlalchemy import text

from bot.audit import ADMINISTRATOR, About, Act, append
from bot.backup import reading
from bot.settings import Settings
from bot.storage.copying import Sum, copy_rows
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.storage.migrate import MOVED, upgrade


def move(old: Settings, new: Settings, *, now: datetime) -> dict[str, Sum]:
    """Copy all rows; the old database then says where its rows have gone and refuses to serve.

    Nobody else may use either meanwhile. Interrupted before its end, it changes nothing in the old database.

    Raises
    ------
    NotEmpty, NotTheSame, DatabaseTooNew
    """
    keychain = open_keychain(old.keys)
    source, target = Database(old.database_url, keys=keychain), Database(new.database_url, keys=keychain)
    try:
        upgrade(source)
        upgrade(target)
        with target.begin_alone() as session:
            with reading(source) as connection:
                counted = copy_rows(connection, session.connection())
            append(session, Act.MOVED_IN, About("database"), by=ADMINISTRATOR, now=now)
        with source.migrating() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})
    finally:
        source.close()
        target.close()
    return counted
