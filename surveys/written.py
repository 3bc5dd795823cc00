"""Texts, days, times, places and addresses as people write them in a file, and what to say when they do not.

Every function takes what stands in the file and returns the value, or raises Unreadable with the rest of a sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime, time

from surveys.cadence import EARLIEST
from surveys.mistakes import Unreadable, did_you_mean, listed
from surveys.zones import is_place, nearest_place

END_OF_SHIFT = "end_of_shift"
PLATFORMS = ("web", "slack", "teams", "memory")

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EMAIL = re.compile(r"[^@\s:,;<>\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,}", re.ASCII)
_ACCOUNT = {
    "web": re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII),
    "memory": re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII),
    "slack": re.compile(r"(?:[TE][A-Z0-9]{2,20}/)?[UW][A-Z0-9]{2,20}", re.ASCII),
    "teams": re.compile(r"(?:[A-Za-z0-9-]{3,60}/)?[A-Za-z0-9._:|@-]{3,200}", re.ASCII),
}
_UNSEEN = ("Cc", "Zl", "Zp")
_OVERRIDES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # they turn round the words that follow, ours included
_FORMULA = ("=", "+", "-", "@")


def text(limit: int) -> Callable[[object], str]:
    """One line of text of at most `limit` characters, without blanks around it."""

    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise Unreadable("is not a text.", 'Put it in quotes, for example "Northstar".')
        stripped = unicodedata.normalize("NFC", value.strip())
        if not stripped:
            raise Unreadable("is empty.", "Write something a colleague would recognise.")
        if len(stripped) > limit:
            raise Unreadable(f"is {len(stripped)} characters long.", f"Say it in at most {limit}.")
        if any(unicodedata.category(char) in _UNSEEN or char in _OVERRIDES for char in stripped):
            raise Unreadable("holds a line break or another character that cannot be seen.", "Write it on one line.")
        return stripped

    return parse


def name(limit: int) -> Callable[[object], str]:
    """A text that also survives being opened in a spreadsheet."""
    parse_text = text(limit)

    def parse(value: object) -> str:
        parsed = parse_text(value)
        if parsed.startswith(_FORMULA):
            # An export opened in a spreadsheet would run it.
            raise Unreadable("begins like a formula.", "Begin a name with a letter or a digit, not with = + - or @.")
        return parsed

    return parse


def whole(lowest: int, highest: int, *, because: str) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unreadable("is not a whole number.", f"Write a number from {lowest} to {highest}, without quotes.")
        if not lowest <= value <= highest:
            raise Unreadable(f"is not between {lowest} and {highest}.", because)
        return value

    return parse


def one_of(words: Collection[str]) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if isinstance(value, str) and value.strip() in words:
            return value.strip()
        guess = did_you_mean(value, words) if isinstance(value, str) else ""
        raise Unreadable("is not known here.", f"{guess}Write {listed(words)}.")

    return parse


def day(value: object) -> date:
    """A date, also in quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value.strip()):
            return date.fromisoformat(value.strip())
    except ValueError as error:
        raise Unreadable("is a day that no calendar has.", "Check the month and the day.") from error
    raise Unreadable("is not a date.", "Write year-month-day, for example 2027-03-01.")


def clock(value: object) -> time:
    """A time of day to the minute, `7:30` and `07:30:00` included."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value.strip())):
        return time(int(found[1]), int(found[2]))
    raise Unreadable("is not a time.", 'Write hours and minutes from "00:00" to "23:59", for example "16:30".')


def asking_time(value: object) -> time:
    """A time of day at which people may be asked: from 04:00 on."""
    at = clock(value)
    if at < EARLIEST:
        raise Unreadable("is before 04:00, and nobody is asked that early.", 'Write a later time, for example "07:00".')
    return at


def delivery(value: object) -> str:
    """`end_of_shift`, or a time from 04:00 on as `HH:MM`."""
    if value == END_OF_SHIFT:
        return END_OF_SHIFT
    if isinstance(value, str) and not value.strip()[:1].isdigit():
        raise Unreadable("is not a time.", f'Write "{END_OF_SHIFT}", or a local time such as "16:30".')
    return f"{asking_time(value):%H:%M}"


def place(value: object) -> str:
    """An IANA zone that belongs to a place, so that daylight saving is known."""
    if isinstance(value, str) and is_place(value.strip()):
        return value.strip()
    raise Unreadable("is not a place.", nearest_place(value if isinstance(value, str) else ""))


def address(value: object) -> str:
    """`platform:account`, `platform:workspace/account`, or an e-mail address that the directory can find."""
    written = value.strip() if isinstance(value, str) else ""
    platform, colon, account = written.partition(":")
    if _EMAIL.fullmatch(written):
        return written
    if not colon or platform not in PLATFORMS:
        guess = did_you_mean(platform, PLATFORMS) if colon else ""
        raise Unreadable("is not an address.", f"{guess}{_ADDRESS}")
    if not _ACCOUNT[platform].fullmatch(account):
        raise Unreadable("is not an address.", _WHERE[platform])
    return written


def source(value: object) -> str:
    """`platform:source` or `platform:workspace/source`: a channel or group whose people a platform can list."""
    written = value.strip() if isinstance(value, str) else ""
    platform, colon, rest = written.partition(":")
    if not colon or platform not in _SOURCE:
        guess = did_you_mean(platform, _SOURCE) if colon and platform != "web" else ""
        raise Unreadable("is no channel and no group.", f"{guess}{_SOURCES}")
    if not _SOURCE[platform].fullmatch(rest):
        raise Unreadable("is no channel and no group.", _WHENCE[platform])
    return written


_SOURCE = {
    "slack": re.compile(r"(?:[TE][A-Z0-9]{2,20}/)?[CGS][A-Z0-9]{2,20}", re.ASCII),
    "teams": re.compile(r"(?:[A-Za-z0-9-]{3,60}/)?[A-Za-z0-9._:@-]{3,200}", re.ASCII),
    "memory": re.compile(r"(?:[A-Za-z0-9._-]{1,64}/)?[A-Za-z0-9._-]{1,64}", re.ASCII),
}
_SOURCES = 'Write it as "slack:C0123ABCD" or "teams:19:…"; in the web chat people stand in the roster.'
_WHENCE = {
    "slack": 'After "slack:" write the ID of a channel or user group, from its details, for example "slack:C0123ABCD".',
    "teams": 'After "teams:" write the ID of the team, which begins with "19:".',
    "memory": 'After "memory:" write letters, digits, dots, dashes or underscores.',
}
_ADDRESS = 'Write it as "web:desk-1", "slack:U0123ABCD", "teams:…" or an e-mail.'
_PLAIN = 'After "{}:" write letters, digits, dots, dashes or underscores, for example "{}:desk-1".'
_WHERE = {
    "web": _PLAIN.format("web", "web"),
    "memory": _PLAIN.format("memory", "memory"),
    "slack": 'After "slack:" write the member ID from the person\'s profile, for example "slack:U0123ABCD".',
    "teams": 'After "teams:" write the person\'s ID, or give the e-mail instead.',
}
