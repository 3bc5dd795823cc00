"""A card's fields as the inputs of an Adaptive Card, and what was filled in, read back."""

import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit
from zlib import crc32

from adapters.chat import Choice, Field
from adapters.teams.markup import Element, small

Part = Literal["card", "reply"]
"""Where in what somebody sees a field stands: in the message itself, or in the reply shown under it."""

Values = Mapping[str, tuple[str, ...]]
NOTHING: Values = {}

ONE_LINE = 120  # characters: a longer text gets a box of several lines
LONGEST_LIST = 12  # choices: a longer list folds up

PEOPLE = "graph.microsoft.com/users"  # what Teams calls its own picker of colleagues
FRESH = "#"
_FRESH = re.compile(r"#[0-9a-f]{8}$")
_THREAD = re.compile(r"19:[\w.-]{1,120}@thread\.[a-z0-9]{2,12}")


def to_inputs(field: Field, *, part: Part, values: Values = NOTHING, group_hint: str = "") -> list[Element]:
    """What asks for one field, filled in with `values` or else with what stands there already.

    Nothing is marked as required: Teams would block every other button of the card as long as it is empty.
    """
    standing = tuple(field.value.split("\n")) if field.several else (field.value,)
    given = values.get(field.name, standing if field.value else ())
    asked: Element = {"id": name_of(field, part), "label": field.label}
    if field.kind == "person":
        query = {"type": "Data.Query", "dataset": PEOPLE}
        asked |= {"type": "Input.ChoiceSet", "choices": [], "choices.data": query, "isMultiSelect": field.several}
        asked |= {"style": "filtered"} | ({"value": ",".join(given)} if given else {})
        return hinted(field, asked)
    if field.choices:
        folded = len(field.choices) > LONGEST_LIST and not field.several
        asked |= {"type": "Input.ChoiceSet", "isMultiSelect": field.several, "wrap": True}
        asked |= {"style": "compact" if folded else "expanded", "choices": [choice(one) for one in field.choices]}
        asked |= {"value": ",".join(quote(one, safe="") for one in given)} if given else {}
        return hinted(field, asked)
    asked |= {"value": "\n".join(given)} if given else {}
    if field.kind in {"date", "time"}:
        return hinted(field, asked | {"type": "Input.Date" if field.kind == "date" else "Input.Time"})
    asked |= {"type": "Input.Text"}
    if field.kind == "group":
        return hinted(field, asked | {"isMultiline": field.several, "placeholder": group_hint})
    hint = field.hint
    asked |= {"isMultiline": field.max_length > ONE_LINE}
    return [asked | {"maxLength": max(field.max_length, 1)} | ({"placeholder": hint} if hint else {})]


def name_of(field: Field, part: Part) -> str:
    """What comes back with the value. Where the bot filled it in, every other text has another name.

    A client that keeps what was typed under a name would show that instead, with what the bot has taken out of it.
    """
    fresh = f"{FRESH}{crc32(field.value.encode()):08x}" if field.value else ""
    return f"{part}.{kind_of(field)}.{field.name}{fresh}"


def choice(one: Choice) -> Element:
    # Several picks come back as one text with commas in between.
    return {"title": one.label, "value": quote(one.value, safe="")}


def hinted(field: Field, asked: Element) -> list[Element]:
    return [asked, small(field.hint)] if field.hint else [asked]


def kind_of(field: Field) -> str:
    if field.kind == "text" and field.choices:
        return "many" if field.several else "one"
    return field.kind


def filled_in(data: Mapping[str, Any], *, part: Part) -> dict[str, tuple[str, ...]]:
    """What was picked and written in one part of a card, by field; what was left empty is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in data.items():
        where, _, rest = key.partition(".")
        kind, dot, name = rest.partition(".")
        if where == part and dot and isinstance(value, str | int | float) and (text := str(value)).strip("\0 \n"):
            found[clean(_FRESH.sub("", name))] = tuple(clean(one) for one in read(kind, text))
    return found


def read(kind: str, text: str) -> tuple[str, ...]:
    """One input's text as the values that it stands for."""
    match kind:
        case "one" | "many":
            return tuple(unquote(one) for one in text.split(",") if one)
        case "person":
            return tuple(one.strip() for one in text.split(",") if one.strip())
        case "group":
            return tuple(team_in(line) for line in text.splitlines() if line.strip())
        case _:
            return (text,)


def team_in(text: str) -> str:
    """The thread of a team, out of the link that Teams copies for it; what is no such link stays as it is."""
    parts = urlsplit(text.strip())
    wherever = " ".join([unquote(parts.path), *(one for many in parse_qs(parts.query).values() for one in many)])
    found = _THREAD.search(wherever) or _THREAD.search(text)
    return found.group() if found else text.strip()


def clean(text: str) -> str:
    """Drop NUL, which databases cannot store, and what clients make of a line end."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
