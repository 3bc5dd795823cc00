"""Who did what about what, and when: never the content, never staff; each entry vouches for the one before it."""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, insert, text
from sqlmodel import Field, Session, col, select

from surveys.records import Instant, Record

ONE_AT_A_TIME = 726_002  #: the advisory lock that keeps one chain on PostgreSQL
BEGINNING = b"\x00" * 32  #: what the first entry stands on


class Act(StrEnum):
    """What is written down. Nothing about anybody who answers or asks."""

    LOADED = "go-live loaded"
    MOVED = "go-live moved"
    MINIMUM = "group minimum set"
    ACKNOWLEDGED = "alert acknowledged"
    NOTED = "alert acted on"
    SANCTIONED = "alert sanctioned"
    DISMISSED = "alert dismissed"
    ASSIGNED = "alert assigned"
    PROMISED = "action promised"
    KEPT = "promise kept"
    PUT_OFF = "promise put off"
    REPLIED = "question replied"
    WITHDRAWN = "reply withdrawn"
    SET_ASIDE = "question set aside"
    LINK = "link printed"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    PROGRAM_LET_IN = "program let in"
    PROGRAM_SHUT_OUT = "program shut out"
    HOOK_ADDED = "webhook added"
    HOOK_REMOVED = "webhook removed"
    EXPORTED = "person exported"
    ERASED = "person erased"
    READMITTED = "erasure taken back"
    EXPIRED = "kept no longer"
    SHORTENED = "audit shortened"
    KEYS_ROTATED = "keys rotated"
    LINKS_ROTATED = "link secret drawn"
    KEY_DESTROYED = "key destroyed"
    CONTINUED = "audit continued"
    RESTORED = "backup put back"
    MOVED_IN = "installation moved here"


@dataclass(frozen=True, slots=True)
class Actor:
    """A role and a number, never a name."""

    role: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """A kind of thing and its number or key."""

    kind: str
    subject: str = ""


BOT = Actor("bot")
ADMINISTRATOR = Actor("administrator")  #: whoever has the shell


def lead(number: int | None) -> Actor:
    return Actor("lead", number)


class AuditEntry(Record, table=True):
    __tablename__ = "audit"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(Instant(), nullable=False))
    role: str
    actor: int | None = None
    act: str
    kind: str
    subject: str
    count: int | None = None  #: how many, where it is about many
    mac: bytes  #: of this entry and the one before it


def append(
    session: Session,
    act: Act,
    about: About,
    *,
    by: Actor,
    now: datetime,
    count: int | None = None,
) -> None:
    """Write an entry in the transaction of what it records: both or neither. Let it be the last thing done there."""
    ledger = session.info["ledger"]
    if session.get_bind().dialect.name != "sqlite":  # which has one writer at a time
        session.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
    last = newest(session)
    values: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": now.astimezone(UTC).replace(microsecond=0),
        "role": by.role,
        "actor": by.number,
        "act": str(act),
        "kind": about.kind,
        "subject": about.subject,
        "count": count,
    }
    mac = chained(ledger.secret, last.mac if last else BEGINNING, AuditEntry(**values, mac=b""))
    session.execute(insert(AuditEntry).values(**values, mac=mac))
    ledger.grown = True


def chained(secret: bytes, before: bytes, entry: AuditEntry) -> bytes:
    """HMAC-SHA-256 over the entry before this one and every field of this one."""
    fields = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        entry.role,
        entry.actor,
        entry.act,
        entry.kind,
        entry.subject,
        entry.count,
    ]
    return hmac.digest(secret, bytes(before) + json.dumps(fields).encode(), sha256)


def newest(session: Session) -> AuditEntry | None:
    return session.exec(select(AuditEntry).order_by(col(AuditEntry.number).desc()).limit(1)).first()


def entries(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.number))))


def what_went(through: AuditEntry) -> About:
    """What an entry is about that stands for all up to one: with it the chain can begin in the middle."""
    return About("audit", f"{through.number}:{bytes(through.mac).hex()}")


def stands_on(found: list[AuditEntry]) -> tuple[int, bytes]:
    """The number before the first entry that is still there, and its mac as a later entry remembers it."""
    if not found or found[0].number == 1:
        return 0, BEGINNING
    for entry in reversed(found):
        number, _, mac = entry.subject.partition(":")
        if entry.act == Act.SHORTENED and number == str(found[0].number - 1):
            return found[0].number - 1, bytes.fromhex(mac)
    return 0, BEGINNING


def first_break(secret: bytes, found: list[AuditEntry]) -> str:
    """What is wrong with the chain, as a sentence that names the first entry concerned; empty when it is whole."""
    number, before = stands_on(found)
    for entry in found:
        number += 1
        if entry.number != number:
            return f"Entry {number} of the audit log is missing."
        if not hmac.compare_digest(bytes(entry.mac), chained(secret, before, entry)):
            return f"Entry {number} of the audit log is not as it was written."
        before = entry.mac
    return ""
