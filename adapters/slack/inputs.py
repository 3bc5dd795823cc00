"""What is filled in: fields as Slack's inputs, and what came back as values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any

from adapters.chat import Choice, Field
from adapters.slack.limits import INPUT_TEXT, LABEL, LISTED_OPTIONS, MENU_OPTIONS, OPTION, OPTION_VALUE, clip
from adapters.slack.rich_text import Block

FIELD = "f."  #: before a field's name in its block_id, so that no field can collide with a row of buttons
FRESH = "#"  #: between the name and a token
GROUPS = "g."  #: the second menu of a field that takes channels and user groups
ELEMENT = "value"

_FRESH = re.compile(rf"{FRESH}[0-9a-f]{{8}}$")

#: Which menu holds what, and where its pick comes back: for one and for several.
_PICKERS = {
    ("person", False): ("users_select", "initial_user"),
    ("person", True): ("multi_users_select", "initial_users"),
    ("group", False): ("conversations_select", "initial_conversation"),
    ("group", True): ("multi_conversations_select", "initial_conversations"),
}


def inputs(field: Field, *, may_be_left: bool, groups: Sequence[Choice] = (), groups_label: str = "") -> list[Block]:
    """One field as one input; as two where user groups can be picked beside channels.

    With `may_be_left` an optional field says that it is one; a message never insists on an answer anyway.
    """
    # A modal that is updated keeps what somebody typed into an input of the same block_id, and would show it in the
    # place of what the bot wants to be seen: an empty line for the next team, a text without the names that were in it.
    fresh = f"{FRESH}{token_hex(4)}"
    pair = field.kind == "group" and bool(groups)
    optional = may_be_left and (field.optional or pair)
    blocks = [_input(FIELD + field.name + fresh, field.label, element(field), hint=field.hint, optional=optional)]
    if pair:
        menu = _menu(groups, several=field.several)
        blocks.append(_input(GROUPS + field.name + fresh, groups_label, menu, hint="", optional=optional))
    return blocks


def _input(block_id: str, label: str, content: Block, *, hint: str, optional: bool) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL),
        "element": content,
        **({"hint": plain_text(hint, LABEL)} if hint else {}),
        **({"optional": True} if optional else {}),
    }


def plain_text(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": clip(text.replace("\0", "") or " ", longest), "emoji": False}


def element(field: Field) -> Block:
    """What stands in the input."""
    if field.choices:
        return _choices(field)
    if field.kind in {"person", "group"}:
        return _picker(field)
    if field.kind == "date":
        return {"type": "datepicker", "action_id": ELEMENT} | _initial("initial_date", field.value)
    if field.kind == "time":
        return {"type": "timepicker", "action_id": ELEMENT} | _initial("initial_time", field.value)
    longest = min(field.max_length, INPUT_TEXT)
    return (
        {
            "type": "plain_text_input",
            "action_id": ELEMENT,
            "multiline": longest > 100,  # noqa: PLR2004  # characters; what fits into one line on a phone
            "max_length": longest,
        }
        | _initial("initial_value", field.value[:longest])
    )


def _initial(name: str, value: str) -> Block:
    return {name: value} if value else {}


def _choices(field: Field) -> Block:
    """Up to ten options stand there to be seen, more go into a menu."""
    if len(field.choices) > LISTED_OPTIONS:
        return _menu(field.choices, several=field.several, value=field.value)
    kind = "checkboxes" if field.several else "radio_buttons"
    options = [_option(choice) for choice in field.choices]
    return {"type": kind, "action_id": ELEMENT, "options": options} | _picked(options, field.value, field.several)


def _menu(choices: Sequence[Choice], *, several: bool, value: str = "") -> Block:
    kind = "multi_static_select" if several else "static_select"
    options = [_option(choice) for choice in choices[:MENU_OPTIONS]]
    return {"type": kind, "action_id": ELEMENT, "options": options} | _picked(options, value, several)


def _picked(options: list[Block], value: str, several: bool) -> Block:  # noqa: FBT001  # private
    picked = [option for option in options if option["value"] in (value.split("\n") if several else [value])]
    if not picked:
        return {}
    return {"initial_options": picked} if several else {"initial_option": picked[0]}


def _option(choice: Choice) -> Block:
    """One option; what does not fit into its line goes on in the small print under it."""
    label = " ".join(choice.label.split()) or " "
    first = label
    if len(label) > OPTION:
        first = label[: OPTION + 1].rpartition(" ")[0] or label[:OPTION]
    rest = label[len(first) :].strip()
    return {
        "text": plain_text(first, OPTION),
        "value": choice.value[:OPTION_VALUE],
        **({"description": plain_text(rest, OPTION)} if rest else {}),
    }


def _picker(field: Field) -> Block:
    kind, initial = _PICKERS[field.kind, field.several]
    picker: Block = {"type": kind, "action_id": ELEMENT}
    if field.kind == "group":
        picker["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    if field.value:
        picker[initial] = field.value.split("\n") if field.several else field.value
    return picker


def filled_in(state: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Field name -> what was picked or written, from the `state` of a payload; what was left empty is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for block_id, elements in _mapping(state.get("values")).items():
        prefix, name = block_id[: len(FIELD)], _FRESH.sub("", block_id[len(FIELD) :])
        if prefix not in {FIELD, GROUPS}:
            continue
        given = tuple(value for one in _mapping(elements).values() for value in _given(_mapping(one)) if value)
        if given:
            found[name] = found.get(name, ()) + given
    return found


def _given(one: Mapping[str, Any]) -> Iterator[str]:
    for key in ("value", "selected_date", "selected_time", "selected_user", "selected_conversation"):
        if isinstance(one.get(key), str):
            yield _clean(one[key])
    for key in ("selected_users", "selected_conversations"):
        yield from (_clean(value) for value in _list(one.get(key)) if isinstance(value, str))
    for option in [one.get("selected_option"), *_list(one.get("selected_options"))]:
        value = _mapping(option).get("value")
        if isinstance(value, str):
            yield _clean(value)


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _clean(text: str) -> str:
    """Drop NUL, which PostgreSQL cannot store, and what some clients make of a line end."""
    return text.replace("\0", "").replace("\r\n", "\n")
