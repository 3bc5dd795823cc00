"""Tokens that let a program read of one go-live: what opens is shown once, only a hash of it is kept."""

import secrets
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Column, CursorResult
from sqlmodel import Field, Session, col, delete, select

from bot.audit import About, Act, append
from bot.leading import Leader
from surveys.records import UNORDERED, Record

GOOD_FOR = timedelta(days=400)
PREFIX = "pulse_"  #: so that whoever finds one in a file knows what it is


class Scope(StrEnum):
    """What a token may read."""

    FIGURES = "figures"
    ALERTS = "alerts"
    PLAN = "plan"


class ApiToken(Record, table=True):
    __tablename__ = "api_token"
    __table_args__ = (UNORDERED,)

    mark: str = Field(primary_key=True)  #: SHA-256 of a token of 256 random bits: nobody guesses it back
    golive_id: int = Field(foreign_key="golive.id", index=True)
    name: str  #: what it is for, as whoever made it wrote
    scopes: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    made: date
    expires: date


def make_token(session: Session, *, name: str, scopes: frozenset[Scope], by: Leader) -> str:
    """A new token for a program; it is shown once and cannot be shown again."""
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            mark=mark_of(token), golive_id=by.golive_id, name=name, scopes=sorted(scopes), made=by.today,
            expires=by.today + GOOD_FOR,
        )
    )  # fmt: skip
    session.flush()
    append(session, Act.PROGRAM_LET_IN, About("go-live", str(by.golive_id)), by=by.actor, now=by.now)
    return token


def end_token(session: Session, beginning: str, *, by: Leader) -> int:
    """End the tokens of this go-live whose hash begins so; how many there were."""
    theirs = col(ApiToken.mark).startswith(beginning, autoescape=True)
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # a DELETE always gives a CursorResult
        delete(ApiToken).where(col(ApiToken.golive_id) == by.golive_id, theirs)
    )
    if done.rowcount:
        append(session, Act.PROGRAM_SHUT_OUT, About("go-live", str(by.golive_id)), by=by.actor, now=by.now)
    return done.rowcount


def token_of(session: Session, token: str, *, today: date) -> ApiToken | None:
    """What a token opens; None for one that is unknown or over."""
    found = session.get(ApiToken, mark_of(token))
    return found if found is not None and found.expires >= today else None


def tokens(session: Session, golive_id: int) -> list[ApiToken]:
    rows = select(ApiToken).where(ApiToken.golive_id == golive_id)
    return list(session.exec(rows.order_by(col(ApiToken.made), col(ApiToken.mark))))


def mark_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
