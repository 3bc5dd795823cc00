"""Who somebody is in the web chat: a signed link, the cookie it leaves, and the name of the chat in addresses."""

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Literal

import segno
from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME = timedelta(days=90)
"""Longer than a go-live from cutover to the end of stabilisation."""

Purpose = Literal["link", "cookie"]


def sign(secret: bytes, account: str, *, purpose: Purpose = "link") -> str:
    """Make a token that says "this is `account`", fit for an address.

    It is signed, not encrypted: whoever holds the link can read the account in it, and is let in.
    """
    return _serializer(secret, purpose).dumps(account)


def verify(secret: bytes, token: str, *, purpose: Purpose = "link", max_age: timedelta = LIFETIME) -> str | None:
    """Read the account in a token; None when it is forged, damaged, too old or made for another purpose."""
    try:
        account = _serializer(secret, purpose).loads(token, max_age=int(max_age.total_seconds()))
    except BadData:
        return None
    return account if isinstance(account, str) else None


def enter_path(secret: bytes, account: str) -> str:
    """Return the path that lets a person in; put the server's address before it."""
    return f"/enter/{sign(secret, account)}"


def chat_id(secret: bytes, account: str) -> str:
    """Name an account's chat in addresses and access logs without giving the account away: 128 bits of an HMAC."""
    digest = hmac.digest(secret, b"golive-pulse web chat\0" + account.encode(), sha256)
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def qr_svg(url: str) -> str:
    """Draw a link as a QR code to print, one SVG document."""
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4, border=4, xmldecl=False, light="white")
    return out.getvalue().decode()


def qr_terminal(url: str) -> str:
    """Draw a link as a QR code to scan from a terminal."""
    out = StringIO()
    segno.make(url, error="l").terminal(out, compact=True)
    return out.getvalue()


def _serializer(secret: bytes, purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"golive-pulse.web.{purpose}", signer_kwargs={"digest_method": sha256})
