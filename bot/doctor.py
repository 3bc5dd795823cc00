"""Whether all is well with settings, keys, database and machine; each finding says what to do. Changes nothing."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from bot import slack_setup, teams_setup
from bot.anchor import what_is_wrong
from bot.delivery.contacts import contacts_of_participants
from bot.errors import KeysUnreadable, Unusable
from bot.settings import Settings
from bot.storage.database import Database, is_sqlite
from bot.storage.keychain import Keychain
from bot.storage.keys import draw_keys, read
from bot.storage.migrate import MOVED, configuration
from bot.storage.rotation import TEXTS
from surveys.golives import GoLive
from surveys.roster import Participant
from surveys.secrecy import apart

YEAR = timedelta(days=365)
ROOM, LAST_ROOM = 500_000_000, 50_000_000  # bytes: a year of a large go-live takes about a tenth of the former
SLACK = timedelta(minutes=5)  # that clocks of two machines may be apart
FIRST_YEAR = 2026  # of this program: a clock before it was never set
SQLITE = b"SQLite format 3\x00"


class Level(StrEnum):
    OK = "OK"
    LOOK = "look at this"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    return Finding(Level.OK, what)


def look(what: str, mend: str) -> Finding:
    return Finding(Level.LOOK, what, mend)


def broken(what: str, mend: str) -> Finding:
    return Finding(Level.BROKEN, what, mend)


def examine(settings: Settings, *, now: datetime) -> list[Finding]:
    """Everything that can be looked at without starting the bot."""
    return [
        *of_settings(settings),
        *of_platforms(settings),
        *of_keys(settings, now=now),
        *of_disk(settings),
        *of_database(settings, now=now),
    ]


def of_settings(settings: Settings) -> Iterator[Finding]:
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.public_url.startswith("https://"):
        mend = "Put a web server with TLS before it and set PULSE_PUBLIC_URL to its https:// address."
        yield look(f"Settings: the web chat listens on {settings.host} without TLS.", mend)
    else:
        yield ok("Settings can be read.")


def of_platforms(settings: Settings) -> Iterator[Finding]:
    """Whether what is set for a platform is enough to start it."""
    for platform, check in (("slack", slack_setup.check), ("teams", teams_setup.check)):
        if platform in settings.platforms:
            try:
                check(settings)
            except Unusable as error:
                yield broken(f"Settings: {platform.title()} is half set up.", str(error))
            else:
                yield ok(f"{platform.title()} is set up.")


def of_keys(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    path = settings.keys
    try:
        keys = read(path)
    except FileNotFoundError:
        if sqlite_file(settings) is not None and not exists(sqlite_file(settings)):
            yield look(f"Keys: {path} is not there yet.", "The first start draws them.")
        else:
            yield broken(f"Keys: {path} is missing.", "Put your copy back: without it no kept text can be read.")
        return
    except KeysUnreadable as error:
        yield broken("Keys: they cannot be read.", str(error))
        return
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        yield broken(f"Keys: others on this machine may read {path}.", f"chmod 600 {path}, then pulse keys rotate.")
    if now.date() - keys.drawn > YEAR:
        yield look(f"Keys: drawn on {keys.drawn}, more than a year ago.", "pulse keys rotate draws new ones.")
    if keys.in_rotation:
        yield look("Keys: a rotation was begun and not finished; nothing is lost.", "pulse keys rotate goes on.")
    for copy in backups_beside(settings):
        mend = f"Move it away: whoever gets both can read what {copy.name} holds."
        yield look(f"Keys: {copy} lies in the folder of the key file and looks like a copy.", mend)
    yield ok(f"Keys can be read; drawn on {keys.drawn}, {len(keys.drawers)} for go-lives and months.")


def backups_beside(settings: Settings) -> list[Path]:
    """Databases and key files in the folder of the key file that the bot does not use itself."""
    used = {settings.keys.resolve(), *(path.resolve() for path in [sqlite_file(settings)] if path)}
    found = []
    for path in sorted(settings.keys.parent.iterdir()):
        if path.is_file() and path.resolve() not in used:
            with path.open("rb") as file:
                start = file.read(len(SQLITE))
            if start == SQLITE or path.name.startswith(settings.keys.name):
                found.append(path)
    return found


def of_disk(settings: Settings) -> Iterator[Finding]:
    folder = (sqlite_file(settings) or settings.keys).resolve().parent
    while not folder.exists():
        folder = folder.parent
    yield room(shutil.disk_usage(folder).free, folder)


def room(free: int, folder: Path) -> Finding:
    megabytes = f"Disk: {free // 1_000_000} MB are free in {folder}"
    if free < LAST_ROOM:
        return broken(f"{megabytes}.", "Make room now: answers cannot be kept.")
    if free < ROOM:
        return look(f"{megabytes}.", "Make room soon.")
    return ok(f"{megabytes}.")


def of_database(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        yield look(f"Database: {file} is not there yet.", "pulse load golive.toml makes it.")
        return
    try:
        keychain = Keychain(read(settings.keys), path=settings.keys)
    except (FileNotFoundError, KeysUnreadable):
        keychain = Keychain(draw_keys())
    database = Database(settings.database_url, keys=keychain)
    try:
        with database.session() as session:
            current = MigrationContext.configure(session.connection()).get_current_revision()
            yield schema(current)
            if current == head():
                yield from of_rows(session, database, now=now)
            yield from of_sqlite(session) if database.is_sqlite else of_postgres(session)
    except SQLAlchemyError as error:
        reason = type(error.__cause__ or error).__name__
        yield broken(f"Database: it cannot be reached ({reason}).", "Look at PULSE_DATABASE_URL and whether it runs.")
    finally:
        database.close()


def head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def schema(current: str | None) -> Finding:
    known = {revision.revision for revision in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current == head():
        return ok("Database can be reached, and its schema is up to date.")
    if current == MOVED:
        return broken("Database: its rows were moved to another one.", "Set PULSE_DATABASE_URL to that one.")
    if current is None or current in known:
        return look("Database: its schema is older than this version.", "The next start brings it up to date.")
    return broken("Database: a newer version wrote it.", "Install that version, or restore a backup.")


def of_rows(session: Session, database: Database, *, now: datetime) -> Iterator[Finding]:
    wrong = what_is_wrong(session, database.ledger)
    if wrong:
        yield broken(f"Audit: {wrong}", "pulse audit shows it. After putting a backup back: pulse audit --accept.")
    else:
        yield ok("Audit log is whole.")
    yield from of_clock(session, now=now)
    lost = drawers_without_key(session, database)
    if lost:
        yield broken(f"Texts: no key opens {', '.join(sorted(lost))}.", "Put your newest copy of the key file back.")
    for golive in session.exec(select(GoLive)):
        assert golive.id is not None
        listed = select(func.count()).where(Participant.golive_id == golive.id, col(Participant.on_roster))
        people, reached = session.exec(listed).one(), len(contacts_of_participants(session, golive.id))
        if people > reached:
            mend = "Give each an address in the roster and load it again."
            yield look(f"Roster: {people - reached} of {people} people of {golive.name} have no contact.", mend)
        else:
            yield ok(f"Roster of {golive.name}: everybody has a contact.")


def of_clock(session: Session, *, now: datetime) -> Iterator[Finding]:
    ticks = [golive.ticked for golive in session.exec(select(GoLive)) if golive.ticked is not None]
    if now.year < FIRST_YEAR:
        yield broken(f"Clock: it shows {now:%Y-%m-%d}.", "Set it, and let the machine keep it by NTP.")
    elif ticks and max(ticks) > now + SLACK:
        mend = "Nothing is sent until the clock has caught up. Set it, and let the machine keep it by NTP."
        yield look(f"Clock: the bot last ran at {max(ticks):%Y-%m-%d %H:%M} UTC, which is still to come.", mend)
    else:
        yield ok("Clock is plausible.")


def drawers_without_key(session: Session, database: Database) -> set[str]:
    keys = database.keys
    named: set[str] = set()
    for one in TEXTS:
        rows = session.exec(select(one.column).where(one.column.is_not(None)))
        named |= {apart(concealed)[0] for concealed in rows}
    return {name for name in named if name and keys.ring(name) is None and name not in keys.destroyed}


def of_sqlite(session: Session) -> Iterator[Finding]:
    shown = {name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "secure_delete")}
    if shown["journal_mode"] != "wal":
        mend = "Keep the database on a local disk: network folders cannot hold a write-ahead log."
        yield broken(f"SQLite: its journal is {shown['journal_mode']}, not wal.", mend)
    elif shown["secure_delete"] != 1:
        yield broken("SQLite: erased rows are not overwritten.", "Use a SQLite that knows PRAGMA secure_delete.")
    else:
        yield ok("SQLite overwrites what is erased.")


def of_postgres(session: Session) -> Iterator[Finding]:
    """What keeps old versions of rows beside the tables, where sealing and erasing cannot reach them."""
    shown = {
        name: session.execute(text(f"SHOW {name}")).scalar_one()
        for name in (
            "wal_level",
            "archive_mode",
            "wal_recycle",
            "autovacuum",
            "log_statement",
            "log_min_duration_statement",
        )
    }
    slots = session.execute(text("SELECT count(*) FROM pg_replication_slots")).scalar_one()
    findings = []
    if shown["archive_mode"] != "off":
        mend = "Delete archived logs as early as you can: they hold each row as it was first written, in order."
        findings.append(look(f"PostgreSQL: archive_mode is {shown['archive_mode']}.", mend))
    if slots:
        mend = "Drop slots that nobody reads: they hold back the write-ahead log."
        findings.append(look(f"PostgreSQL: {slots} replication slots.", mend))
    if shown["wal_level"] == "logical":
        mend = "Set wal_level to replica unless something needs it: logical replication carries rows elsewhere."
        findings.append(look("PostgreSQL: wal_level is logical.", mend))
    if shown["wal_recycle"] != "off":
        mend = (
            "Set it to off: files of the write-ahead log then go at the next checkpoint, instead of being used again."
        )
        findings.append(look("PostgreSQL: wal_recycle is on.", mend))
    if shown["autovacuum"] != "on":
        findings.append(look("PostgreSQL: autovacuum is off.", "Switch it on: dead rows stay readable until then."))
    if shown["log_statement"] in {"mod", "all"} or shown["log_min_duration_statement"] != "-1":
        mend = "Set log_statement = none and log_min_duration_statement = -1: its log would hold what is written."
        findings.append(look("PostgreSQL: the server logs statements.", mend))
    yield from findings or [ok("PostgreSQL keeps no more of old rows than its write-ahead log does.")]


def sqlite_file(settings: Settings) -> Path | None:
    if not is_sqlite(settings.database_url):
        return None
    return Path(make_url(settings.database_url).database or "")


def exists(path: Path | None) -> bool:
    return path is not None and path.exists()
