"""Word to another program that an alert was raised or is over: signed, tried again, and without a word of its text."""

import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol

import structlog
from sqlalchemy import Column, Index
from sqlmodel import Field, Session, col, delete, select, update

from bot.audit import About, Act, append
from bot.errors import Unusable
from bot.insight.alerts import Alert
from bot.leading import Leader
from bot.storage.database import Database
from surveys.records import Instant, Record, random_key
from surveys.secrecy import conceal, reveal

log = structlog.get_logger()

#: How long after each try the next one comes; after the last it is given up.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
PATIENCE = 5.0  # seconds that an answer may take
AT_ONCE = 20  # calls of a go-live in one round: a slow receiver must not hold up its pulses
SIGNATURE = "Pulse-Signature"
NEAR = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class BadAddress(Unusable):
    """An address that nothing may be sent to."""


class Webhook(Record, table=True):
    """Where word of alerts goes, and the secret under which it is signed."""

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    url: bytes  #: concealed: it may hold a secret of the receiver's
    secret: bytes  #: concealed


class WebhookCall(Record, table=True):
    """One piece of news for one receiver, until it is taken or given up."""

    __tablename__ = "webhook_call"
    __table_args__ = (Index("ix_webhook_call_state_due", "state", "due"),)

    id: str = Field(default_factory=random_key, primary_key=True)  #: the same for every try, so that it counts once
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    alert_id: int
    event: str  #: alert.raised, alert.closed
    due: datetime = Field(sa_column=Column(Instant(), nullable=False))
    attempts: int = 0
    state: str = "pending"  #: pending, taken, given_up
    reason: str | None = None  #: a status or the name of an error, never a text


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it leaves."""

    id: str
    url: str
    body: bytes
    signature: str


class Post(Protocol):
    """Hand one call over; an empty reason when it was taken, else a code."""

    async def __call__(self, call: Call) -> str: ...


def add_webhook(session: Session, url: str, *, by: Leader) -> str:
    """Send word of this go-live's alerts to an address from now on; gives back the secret, which is shown once.

    Raises
    ------
    BadAddress
    """
    if not url.startswith(("https://", *NEAR)):
        raise BadAddress("A webhook goes to an https:// address, or to this very machine.")
    secret = secrets.token_urlsafe(32)
    session.add(Webhook(golive_id=by.golive_id, url=conceal(session, url), secret=conceal(session, secret)))
    session.flush()
    append(session, Act.HOOK_ADDED, About("go-live", str(by.golive_id)), by=by.actor, now=by.now)
    return secret


def webhooks(session: Session, golive_id: int) -> list[tuple[int, str]]:
    """Numbers and addresses."""
    rows = session.exec(select(Webhook).where(Webhook.golive_id == golive_id).order_by(col(Webhook.id)))
    return [(row.id or 0, reveal(session, row.url)) for row in rows]


def remove_webhook(session: Session, number: int, *, by: Leader) -> bool:
    found = session.get(Webhook, number)
    if found is None or found.golive_id != by.golive_id:
        return False
    session.exec(delete(WebhookCall).where(col(WebhookCall.webhook_id) == number))
    session.delete(found)
    session.flush()
    append(session, Act.HOOK_REMOVED, About("go-live", str(by.golive_id)), by=by.actor, now=by.now)
    return True


def announce(session: Session, golive_id: int, event: str, alerts: Iterable[Alert], *, now: datetime) -> None:
    """Put news into the outbox of every receiver, in the transaction in which it became true."""
    hooks = [row for row in session.exec(select(Webhook.id).where(Webhook.golive_id == golive_id)) if row is not None]
    listed = list(alerts)
    session.add_all(
        WebhookCall(webhook_id=hook, alert_id=alert.id or 0, event=event, due=now) for hook in hooks for alert in listed
    )


async def send_due(database: Database, golive_id: int, *, now: datetime, post: Post | None = None) -> int:
    """Send what is due, outside any transaction; how much was taken."""
    due = await database.transact(claim, golive_id, now=now)
    if not due:
        return 0
    taken = 0
    for call in due:
        reason = await (post or over_http)(call)
        await database.transact(note, call.id, reason=reason)
        taken += not reason
        log.info("webhook", state="taken" if not reason else "failed", reason=reason or None)
    return taken


def claim(session: Session, golive_id: int, *, now: datetime) -> list[Call]:
    """What is due, counted as tried before it leaves: a receiver may hear twice, and knows it by the id."""
    rows = session.exec(
        select(WebhookCall, Webhook)
        .join(Webhook, col(Webhook.id) == col(WebhookCall.webhook_id))
        .where(Webhook.golive_id == golive_id, WebhookCall.state == "pending", col(WebhookCall.due) <= now)
        .order_by(col(WebhookCall.due))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    calls = []
    for row, hook in rows:
        wait = WAITS[min(row.attempts, len(WAITS) - 1)]
        row.attempts += 1
        row.due = now + wait
        session.add(row)
        body = body_of(session, row)
        secret = reveal(session, hook.secret)
        calls.append(Call(row.id, reveal(session, hook.url), body, signature(secret, body, now=now)))
    return calls


def note(session: Session, call_id: str, *, reason: str) -> None:
    row = session.get(WebhookCall, call_id)
    if row is None:  # removed meanwhile
        return
    state = "taken" if not reason else "given_up" if row.attempts > len(WAITS) else "pending"
    changed = update(WebhookCall).where(col(WebhookCall.id) == call_id)
    session.exec(changed.values(state=state, reason=reason or None))


def body_of(session: Session, row: WebhookCall) -> bytes:
    """Numbers, kinds and states, and nothing that anybody wrote."""
    alert = session.get(Alert, row.alert_id)
    said = {
        "id": row.id,
        "event": row.event,
        "golive": alert.golive_id if alert else None,
        "alert": row.alert_id,
        "kind": alert.kind if alert else None,
        "state": alert.state if alert else None,
        "raised_on": alert.raised_on.isoformat() if alert else None,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def signature(secret: str, body: bytes, *, now: datetime) -> str:
    """The moment, and HMAC-SHA-256 over the moment, a dot and the body: whoever holds the secret can check both."""
    moment = int(now.astimezone(UTC).timestamp())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()
    return f"t={moment},v1={digest}"


async def over_http(call: Call) -> str:
    """Any answer from 200 to 299 counts as taken; redirects are not followed, because they were not agreed on."""
    import httpx2  # noqa: PLC0415  # only those who have a receiver pay for it

    headers = {SIGNATURE: call.signature, "Content-Type": "application/json", "User-Agent": "golive-pulse"}
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
            answer = await client.post(call.url, content=call.body, headers=headers)
    except httpx2.HTTPError as error:
        return type(error).__name__
    return "" if answer.is_success else str(answer.status_code)
