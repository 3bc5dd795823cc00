"""Once a night everything that was kept long enough goes, with the keys of its months; the audit log says how much."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlmodel import Session, col, delete, func, select

from bot.audit import BOT, About, Act, Actor, AuditEntry, append, newest, what_went
from bot.dashboard.sign_in import forget_contacts, forget_expired
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.keep import Keep
from bot.retention_rules import RULES, Age
from bot.storage.database import Database
from bot.storage.keychain import without_drawer
from bot.storage.rotation import TEXTS, lies_in
from bot.storage.transcript import ChatMessage

AT = timedelta(hours=3)  #: after midnight UTC, when a night's round is made
ON_DISK = (
    *("response", "answer", "remark", "question", "action", "delivery", "chat_message", "cell", "turnout", "fielded"),
    *("alert", "wave", "contact", "participant", "leave", "reader", "erased", "audit", "published_figure", "member"),
    *("dashboard_link", "dashboard_session"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What goes today, and when something goes next."""

    what: str
    days: int
    rows: int
    following: date | None


@dataclass(slots=True)
class Round:
    """What a night's round took."""

    taken: dict[str, int] = field(default_factory=dict)
    drawers: list[str] = field(default_factory=list)  #: whose keys are to be destroyed after the commit
    clean: bool = True  #: no page keeps a remnant of what went


def night_of(now: datetime) -> date:
    return (now.astimezone(UTC) - AT).date()


async def keep_house(database: Database, keep: Keep, *, now: datetime, rewrites: bool = False) -> Round:
    """Make the night's round. Whoever makes it, and however often: what is gone is gone.

    With `rewrites` the pages are written anew even where nothing was due, because it did not succeed before.
    """
    names = [name for name, _ in database.keys.drawers]
    made = await database.transact(make_round, keep, now=now, drawers=names)
    if made.taken or rewrites:
        made.clean = await database.rewrite(ON_DISK)
    for name in made.drawers:  # after the commit: a key that is gone cannot come back, rows could
        database.keychain.change(partial(without_drawer, drawer=name))
    return made


def make_round(session: Session, keep: Keep, *, now: datetime, drawers: Iterable[str]) -> Round:
    """Delete what is due, and write down how much of what."""
    today = now.astimezone(UTC).date()
    made = Round()
    forget_expired(session, now=now)
    for rule in RULES:
        before = today - timedelta(days=rule.days(keep))
        due = sum(n for day, n in rule.ages(session) if day < before)
        if due:
            rule.remove(session, before)
            made.taken[rule.what] = due
    if strays := forget_strays(session):
        made.taken["addresses of nobody"] = strays
    made.drawers = [name for name in drawers if over(name, keep, today=today)]
    for name in made.drawers:
        empty(session, name)
        append(session, Act.KEY_DESTROYED, About("key", name), by=BOT, now=now)
    for what, rows in made.taken.items():
        append(session, Act.EXPIRED, About(what), by=BOT, now=now, count=rows)
    shortened = shorten(session, before=today - timedelta(days=keep.audit), now=now)
    if shortened:
        made.taken["audit"] = shortened
    return made


def due(session: Session, keep: Keep, *, now: datetime, drawers: Iterable[str]) -> list[Due]:
    """What the next round takes, and when each rule takes something after that. Deletes nothing."""
    today = now.astimezone(UTC).date()
    found = [said(rule.what, rule.days(keep), rule.ages(session), today=today) for rule in RULES]
    last = newest(session)
    moments = session.exec(select(AuditEntry.at).where(AuditEntry.number != (last.number if last else 0)))
    found.append(said("audit log", keep.audit, [(at.date(), 1) for at in moments], today=today))
    months = [(last_day(name), 1) for name in drawers]
    found.append(said("keys of a go-live's month", keep.texts, months, today=today))
    return found


def said(what: str, days: int, ages: Iterable[Age], *, today: date) -> Due:
    listed = list(ages)
    before = today - timedelta(days=days)
    later = [day for day, _ in listed if day >= before]
    following = min(later) + timedelta(days=days + 1) if later else None
    return Due(what, days, sum(n for day, n in listed if day < before), following)


def forget_strays(session: Session) -> int:
    """Addresses that nobody stands behind any more, and chats that belong to no address."""
    nobody = select(Contact.id).where(col(Contact.participant_id).is_(None), col(Contact.reader_id).is_(None))
    strays = list(session.exec(nobody))
    session.exec(delete(Delivery).where(col(Delivery.contact_id).in_(strays)))
    forget_contacts(session, strays)
    session.exec(delete(Contact).where(col(Contact.id).in_(strays)))
    orphan = col(ChatMessage.account).not_in(select(Contact.account))
    chats = session.exec(select(func.count()).select_from(ChatMessage).where(orphan)).one()
    session.exec(delete(ChatMessage).where(orphan))
    return len(strays) + chats


def over(drawer: str, keep: Keep, *, today: date) -> bool:
    return last_day(drawer) + timedelta(days=keep.texts) < today


def last_day(drawer: str) -> date:
    """Of the month that a drawer is named for."""
    year, month = (int(part) for part in drawer.partition(".")[2].split("-"))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def empty(session: Session, drawer: str) -> int:
    """Delete every row whose text lies in a drawer; how many there were."""
    gone = 0
    for text in TEXTS:
        inside = lies_in(text.column, drawer)
        gone += session.exec(select(func.count()).select_from(text.table).where(inside)).one()
        session.exec(delete(text.table).where(inside))
    return gone


def destroy(database: Database, drawer: str, *, by: Actor, now: datetime) -> int:
    """Destroy a drawer by hand, with what lies in it; how many texts that were."""
    with database.begin() as session:
        gone = empty(session, drawer)
        append(session, Act.KEY_DESTROYED, About("key", drawer), by=by, now=now, count=gone)
    database.keychain.change(partial(without_drawer, drawer=drawer))
    database.rewrite_now(tuple(sorted({str(text.table.__tablename__) for text in TEXTS})))
    return gone


def shorten(session: Session, *, before: date, now: datetime) -> int:
    """Drop the log's oldest entries; a new one vouches for where the chain begins now. The newest always stays."""
    rows = list(session.exec(select(AuditEntry).order_by(col(AuditEntry.number))))
    going: list[AuditEntry] = []
    for entry in rows[:-1]:
        if entry.at.date() >= before:
            break
        going.append(entry)
    if going:
        through = going[-1]
        append(session, Act.SHORTENED, what_went(through), by=BOT, now=now, count=len(going))
        session.exec(delete(AuditEntry).where(col(AuditEntry.number) <= through.number))
    return len(going)
