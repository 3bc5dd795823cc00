"""One-time links and sessions of the dashboard: what opens them is in nobody's database, only a keyed hash of it."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, CursorResult
from sqlmodel import Field, Session, col, delete, select

from adapters.chat import Address
from bot.audit import ADMINISTRATOR, About, Act, Actor, append
from bot.delivery.contacts import Contact
from surveys.records import UNORDERED, Instant, Record
from surveys.roster import Reader

LINK_FOR = timedelta(minutes=15)
SESSION_FOR = timedelta(hours=12)  #: a working day; tomorrow's digest brings the next link


class SignInLink(Record, table=True):
    """A link that opens the dashboard once. Without a contact it is an administrator's."""

    __tablename__ = "dashboard_link"
    __table_args__ = (UNORDERED,)

    mark: str = Field(primary_key=True)  #: a keyed hash of what stands in the link
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    expires: datetime = Field(sa_column=Column(Instant(), nullable=False))


class BrowserSession(Record, table=True):
    """A browser that was let in. Deleting the row shuts the door."""

    __tablename__ = "dashboard_session"
    __table_args__ = (UNORDERED,)

    mark: str = Field(primary_key=True)  #: a keyed hash of the cookie
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    expires: datetime = Field(sa_column=Column(Instant(), nullable=False))


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody may read in one go-live."""

    golive_id: int
    reader_id: int
    role: str  #: lead, manager
    team_id: int | None = None  #: of a manager


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a session, as of now: whoever stopped leading since yesterday has no place any more."""

    places: tuple[Place, ...]
    administrator: bool
    contact_id: int | None
    csrf: str  #: stands in every form, and opens nothing by itself

    def place(self, golive_id: int) -> Place | None:
        return next((place for place in self.places if place.golive_id == golive_id), None)

    def address_in(self, session: Session) -> Address | None:
        """Where this person is reached; None for an administrator."""
        contact = session.get(Contact, self.contact_id) if self.contact_id is not None else None
        return contact.address if contact else None

    @property
    def actor(self) -> Actor:
        """For the audit log, where no go-live is at hand."""
        return actor_of(self.places[0]) if self.places else ADMINISTRATOR


def actor_of(place: Place) -> Actor:
    return Actor(place.role, place.reader_id)


def make_link(session: Session, contact_id: int | None, *, secret: bytes, now: datetime) -> str:
    """A token for a link that lets this contact in once, or an administrator where there is none."""
    forget_expired(session, now=now)
    token = secrets.token_urlsafe(32)
    session.add(SignInLink(mark=mark_of(secret, "link", token), contact_id=contact_id, expires=now + LINK_FOR))
    session.flush()
    append(session, Act.LINK, About("dashboard", str(contact_id or "")), by=who_reads(session, contact_id), now=now)
    return token


def redeem(session: Session, token: str, *, secret: bytes, now: datetime) -> str | None:
    """Trade a link for a cookie, once; None when it is forged, used or too old. Two that come at once: one gets in."""
    mark = mark_of(secret, "link", token)
    found = session.get(SignInLink, mark)
    if found is None:
        return None
    contact_id, in_time = found.contact_id, found.expires > now
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # a DELETE always gives a CursorResult
        delete(SignInLink).where(col(SignInLink.mark) == mark)
    )
    if taken.rowcount == 0 or not in_time:
        return None
    return let_in(session, contact_id, secret=secret, now=now)


def let_in(session: Session, contact_id: int | None, *, secret: bytes, now: datetime) -> str:
    """Begin a session; gives back the cookie."""
    forget_expired(session, now=now)
    cookie = secrets.token_urlsafe(32)
    session.add(
        BrowserSession(mark=mark_of(secret, "cookie", cookie), contact_id=contact_id, expires=now + SESSION_FOR)
    )
    session.flush()
    append(session, Act.SIGNED_IN, About("dashboard"), by=who_reads(session, contact_id), now=now)
    return cookie


def visitor_of(session: Session, cookie: str, *, secret: bytes, now: datetime) -> Visitor | None:
    """Who holds a cookie, and what they may read now; None when it opens nothing (any more)."""
    found = session.get(BrowserSession, mark_of(secret, "cookie", cookie)) if cookie else None
    if found is None or found.expires <= now:
        return None
    places = places_of(session, found.contact_id) if found.contact_id is not None else ()
    if not places and found.contact_id is not None:
        return None
    return Visitor(
        places=places,
        administrator=found.contact_id is None,
        contact_id=found.contact_id,
        csrf=mark_of(secret, "csrf", cookie),
    )


def sign_out(session: Session, cookie: str, *, secret: bytes, now: datetime) -> None:
    """End this session."""
    found = session.get(BrowserSession, mark_of(secret, "cookie", cookie))
    if found is None:
        return
    contact_id = found.contact_id
    session.delete(found)
    session.flush()
    append(session, Act.SIGNED_OUT, About("dashboard"), by=who_reads(session, contact_id), now=now, count=1)


def sign_out_everywhere(session: Session, visitor: Visitor, *, now: datetime) -> None:
    """End every session of this contact and void its links; of administrators, those of all administrators."""
    ended = 0
    for table in (BrowserSession, SignInLink):
        theirs = delete(table).where(col(table.contact_id).is_not_distinct_from(visitor.contact_id))
        done: CursorResult[Any] = session.execute(theirs)  # type: ignore[assignment]  # as above
        ended += done.rowcount if table is BrowserSession else 0
    append(session, Act.SIGNED_OUT, About("dashboard"), by=visitor.actor, now=now, count=ended)


def forget_expired(session: Session, *, now: datetime) -> None:
    """Delete what opens nothing any more; whoever makes something new takes the old away."""
    for table in (BrowserSession, SignInLink):
        session.exec(delete(table).where(col(table.expires) <= now))


def forget_contacts(session: Session, contact_ids: Any) -> None:
    """Shut every door of contacts that go; `contact_ids` is a list or a subquery."""
    for table in (BrowserSession, SignInLink):
        session.exec(delete(table).where(col(table.contact_id).in_(contact_ids)))


def places_of(session: Session, contact_id: int) -> tuple[Place, ...]:
    """Every go-live in which the address of this contact leads or manages, the latest first."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        return ()
    rows = session.exec(
        select(Reader)
        .join(Contact, col(Contact.reader_id) == col(Reader.id))
        .where(
            Contact.platform == contact.platform,
            Contact.workspace == contact.workspace,
            Contact.account == contact.account,
        )
        .order_by(col(Reader.golive_id).desc())
    )
    return tuple(Place(row.golive_id, row.id or 0, row.role, row.team_id) for row in rows)


def who_reads(session: Session, contact_id: int | None) -> Actor:
    places = places_of(session, contact_id) if contact_id is not None else ()
    return actor_of(places[0]) if places else ADMINISTRATOR


def mark_of(secret: bytes, kind: str, token: str) -> str:
    """What is kept of a token: without the installation's secret nobody can check a guess against it."""
    return hmac.digest(secret, f"dashboard {kind}\0{token}".encode(), sha256).hex()
