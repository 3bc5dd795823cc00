"""The schema, brought up to date when the bot starts."""

from importlib import import_module, resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

from bot.errors import DatabaseTooNew, MovedAway
from bot.settings import Settings
from bot.storage.database import Database, is_sqlite, postgres_engine, sqlite_engine
from surveys.records import Record

#: Every module that defines a table; only a migration needs them all at once.
TABLES = (
    "bot.api.tokens",
    "bot.api.webhooks",
    "bot.audit",
    "bot.dashboard.sign_in",
    "bot.delivery.outbox",
    "bot.erasure",
    "bot.insight.alerts",
    "bot.insight.cells",
    "bot.insight.published",
    "bot.storage.slack_installations",
    "bot.storage.transcript",
    "surveys.actions",
    "surveys.membership",
    "surveys.questions",
    "surveys.responses",
)

MOVED = "moved"  #: stands in the place of a revision once an installation has gone to another database


def metadata() -> MetaData:
    for name in TABLES:
        import_module(name)
    return Record.metadata


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.storage") / "migrations"))
    return config


def settings_engine() -> Engine:
    url = Settings().database_url
    return sqlite_engine(url) if is_sqlite(url) else postgres_engine(url)


def upgrade(database: Database) -> bool:
    """Bring the schema up to date, while nobody else does; whether there was anything to do.

    Raises
    ------
    DatabaseTooNew, MovedAway
    """
    config = configuration()
    with database.migrating() as connection:  # all steps or none, on both engines
        current = MigrationContext.configure(connection).get_current_revision()
        revisions = ScriptDirectory.from_config(config)
        if current == MOVED:
            raise MovedAway(
                "This installation was moved to another database. Set PULSE_DATABASE_URL to that one, "
                "for example postgresql://pulse@localhost/pulse."
            )
        if current is not None and current not in {revision.revision for revision in revisions.walk_revisions()}:
            raise DatabaseTooNew(
                "This database was written by a newer version of golive-pulse. "
                "Install that version, or restore a backup."
            )
        if current == revisions.get_current_head():
            return False
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
