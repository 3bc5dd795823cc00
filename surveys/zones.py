"""Time zones by the name of a place, and the nearest one to what somebody wrote."""

import difflib
import re
from functools import cache
from zoneinfo import available_timezones

_USUAL = "America/New_York"
_NO_PLACE = ("Etc/", "SystemV/", "posix/", "right/")
# What people write instead of a place; the abbreviations have no daylight saving of their own.
_SPOKEN = {
    "est": _USUAL,
    "edt": _USUAL,
    "eastern": _USUAL,
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "central": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "mountain": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "gmt": "Europe/London",
    "bst": "Europe/London",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
}


@cache
def places() -> frozenset[str]:
    """The zones that belong to a place, and UTC, which has no daylight saving to go wrong."""
    named = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACE)}
    return frozenset(named | {"UTC"})


def is_place(zone: str) -> bool:
    return zone in places()


@cache
def nearest_place(written: str) -> str:
    """The sentence that follows "is not a place."."""
    asked = written.strip().casefold().replace(" ", "_")[:80]
    abbreviation = re.fullmatch(r"([a-z]+)[0-9+:-]*[a-z]*", asked)
    if abbreviation and abbreviation[1] in _SPOKEN:
        return _example(_SPOKEN[abbreviation[1]])
    city = asked.rpartition("/")[2]
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(places(), reverse=True)}
    near = [] if re.search(r"[0-9]", city) else difflib.get_close_matches(city, cities, n=1, cutoff=0.75)
    return f'Did you mean "{cities[near[0]]}"?' if near else _example(_USUAL)


def _example(zone: str) -> str:
    return f'Write a city\'s zone, for example "{zone}".'
