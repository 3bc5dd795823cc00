"""What a browser posts, read into what the bot understands; behind this file there is no form data."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from adapters.chat import Address, Incoming, Pressed, Said, Submitted

BODY_LIMIT = 64 * 1024  #: bytes
_DRAIN_LIMIT = 8 * 1024 * 1024  # a browser that is cut off while sending shows its own error instead of our sentence
_MOST_FIELDS = 500
_FIELD = "f."  #: before the name of every field of a card, so that no card can collide with the form's own names
_ONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")


class TooLarge(Exception):
    """The body is over BODY_LIMIT."""


class Unclear(Exception):
    """The body is not what one of our forms sends."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One form that came back."""

    incoming: Incoming
    form: str = ""  #: the form's name on the page
    message: str = ""  #: id of the message that the form belongs to; empty for menu, line and what was only a reply
    slot: str = ""  #: the place on the page where the answered reply stands; empty for everything else

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        return self.incoming.values if isinstance(self.incoming, Submitted) else {}


def field_name(name: str) -> str:
    """Name a card's field in the form."""
    return _FIELD + name


def new_id() -> str:
    """Make an id that a form carries, so that sending it twice is seen to be one press."""
    return uuid4().hex


async def read_body(stream: AsyncIterator[bytes]) -> bytes:
    """Read a whole body, up to BODY_LIMIT.

    Raises
    ------
    TooLarge
        after the rest was read and thrown away, so that the browser gets to see our answer.
    """
    body, length = bytearray(), 0
    async for chunk in stream:
        length += len(chunk)
        if length <= BODY_LIMIT:
            body += chunk
        elif length > _DRAIN_LIMIT:
            break
    if length > BODY_LIMIT:
        raise TooLarge
    return bytes(body)


def parse(body: bytes, *, sender: Address) -> Posted:
    """Read a form.

    Raises
    ------
    Unclear
        when it is none of ours.
    """
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise Unclear from error
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(_clean(name), []).append(_clean(value))
    return _posted(form, sender)


def _posted(form: Mapping[str, list[str]], sender: Address) -> Posted:
    def one(name: str) -> str:
        return form.get(name, [""])[0]

    once = one("id") if _ONCE.fullmatch(one("id")) else new_id()
    for name, build in _KINDS.items():
        if name in form:
            return Posted(
                build(sender, once, one(name), form), form=one("form"), message=one("message"), slot=one("slot")
            )
    raise Unclear


def _submitted(sender: Address, once: str, action: str, form: Mapping[str, list[str]]) -> Incoming:
    values = {name.removeprefix(_FIELD): tuple(given) for name, given in form.items() if name.startswith(_FIELD)}
    return Submitted(sender, once, action, form.get("ref", [""])[0], values)


def _pressed(sender: Address, once: str, action: str, form: Mapping[str, list[str]]) -> Incoming:
    return Pressed(sender, once, action, form.get("ref", [""])[0])


def _said(sender: Address, once: str, _: str, form: Mapping[str, list[str]]) -> Incoming:
    return Said(sender, once, form.get("text", [""])[0])


_KINDS: Mapping[str, Callable[[Address, str, str, Mapping[str, list[str]]], Incoming]] = {
    "submits": _submitted,
    "presses": _pressed,
    "says": _said,
}


def from_our_page(headers: Mapping[str, str]) -> bool:
    """Say whether a browser sent this from a page of this server.

    Browsers since 2023 state it in Sec-Fetch-Site. Older ones give an Origin with what a script sends, and "null" with
    a plain form (our pages send no referrer): those are turned away. The cookie is SameSite, and a chat's address holds
    128 bits that only its person has, so this is the third lock.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return bool(origin := headers.get("origin")) and urlsplit(origin).netloc == headers.get("host")


def _clean(text: str) -> str:
    """Drop NUL, which PostgreSQL cannot store, and what browsers make of a line end."""
    return text.replace("\0", "").replace("\r\n", "\n")
