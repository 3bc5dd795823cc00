"""What Slack takes: lengths and numbers as the package `slackblocks` lists them, looked up in whatever is emitted."""

from collections.abc import Iterator
from typing import Any

from slackblocks import _limits

Part = dict[str, Any]

#: type of an object -> field of it -> how long it may be.
LONGEST: dict[str, dict[str, int]] = {
    "button": {"text": _limits.BUTTON_TEXT_MAX_LENGTH},
    "input": {"label": _limits.INPUT_LABEL_MAX_LENGTH, "hint": _limits.INPUT_HINT_MAX_LENGTH},
    "option": {
        "text": _limits.OPTION_TEXT_MAX_LENGTH,
        "description": _limits.OPTION_DESCRIPTION_MAX_LENGTH,
        "value": _limits.OPTION_VALUE_MAX_LENGTH,
    },
    "modal": {
        "title": _limits.VIEW_TITLE_MAX_LENGTH,
        "close": _limits.VIEW_CLOSE_MAX_LENGTH,
        "submit": _limits.VIEW_SUBMIT_MAX_LENGTH,
        "callback_id": _limits.VIEW_CALLBACK_ID_MAX_LENGTH,
        "private_metadata": _limits.VIEW_PRIVATE_METADATA_MAX_LENGTH,
    },
    "data_visualization": {"title": _limits.DATA_VISUALIZATION_TITLE_MAX_LENGTH},
    "image": {"alt_text": _limits.IMAGE_ALT_TEXT_MAX_LENGTH, "title": _limits.IMAGE_TITLE_MAX_LENGTH},
    "text": {"text": _limits.SECTION_TEXT_MAX_LENGTH},
    "plain_text": {"text": _limits.SECTION_TEXT_MAX_LENGTH},
}
#: type of an object -> its list, and how many may stand in it.
MOST: dict[str, tuple[str, int]] = {
    "actions": ("elements", _limits.ACTIONS_ELEMENTS_MAX_ITEMS),
    "context": ("elements", _limits.CONTEXT_ELEMENTS_MAX_ITEMS),
    "radio_buttons": ("options", _limits.RADIO_BUTTONS_OPTIONS_MAX_ITEMS),
    "checkboxes": ("options", _limits.CHECKBOXES_OPTIONS_MAX_ITEMS),
    "static_select": ("options", _limits.SELECT_OPTIONS_MAX_ITEMS),
    "multi_static_select": ("options", _limits.SELECT_OPTIONS_MAX_ITEMS),
    "modal": ("blocks", _limits.VIEW_BLOCKS_MAX_ITEMS),
    "home": ("blocks", _limits.VIEW_BLOCKS_MAX_ITEMS),
    "line": ("series", 6),  # the documentation says 6 where the package says 12
    "bar": ("series", 6),
}


def parts(found: Any) -> Iterator[Part]:
    """Every object in something emitted, however deep."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from parts(one)


def over(emitted: Any) -> list[str]:
    """Everything that Slack would refuse."""
    return [
        wrong
        for part in parts(emitted)
        for kind in [kind_of(part)]
        for check in (lengths, numbers, names, input_texts, charts)
        for wrong in check(kind, part)
    ]


def kind_of(part: Part) -> str:
    return "option" if "value" in part and isinstance(part.get("text"), dict) else str(part.get("type"))


def lengths(kind: str, part: Part) -> Iterator[str]:
    for name, longest in LONGEST.get(kind, {}).items():
        if name in part:
            value = part[name]["text"] if isinstance(part[name], dict) else part[name]
            if not 0 < len(value) <= longest:
                yield f"{kind}.{name}: {len(value)}"


def numbers(kind: str, part: Part) -> Iterator[str]:
    name, most = MOST.get(kind, ("", 0))
    if name and not 0 < len(part[name]) <= most:
        yield f"{kind}.{name}: {len(part[name])}"


def names(_: str, part: Part) -> Iterator[str]:
    for name, longest in (("block_id", _limits.BLOCK_ID_MAX_LENGTH), ("action_id", _limits.ACTION_ID_MAX_LENGTH)):
        if len(part.get(name, "")) > longest:
            yield name
    blocks = [block["block_id"] for block in part.get("blocks", ()) if "block_id" in block]
    if len(blocks) > len(set(blocks)):
        yield "two blocks of one name"


def input_texts(kind: str, part: Part) -> Iterator[str]:
    if kind == "plain_text_input":
        longest = part["max_length"]
        if not 0 < longest <= _limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX or len(part.get("initial_value", "")) > longest:
            yield "plain_text_input"


def charts(kind: str, part: Part) -> Iterator[str]:
    if kind not in {"line", "bar"}:
        return
    labels = part["axis_config"]["categories"]
    if not 0 < len(labels) <= _limits.DATA_VISUALIZATION_CATEGORIES_MAX_ITEMS:
        yield "categories"
    shown = [*labels, *(one["name"] for one in part["series"])]
    if any(not 0 < len(one) <= _limits.DATA_VISUALIZATION_CATEGORY_LABEL_MAX_LENGTH for one in shown):
        yield "a label of a chart"
    if any([point["label"] for point in one["data"]] != labels for one in part["series"]):
        yield "points that are not those of the labels"
    if len({one["name"] for one in part["series"]}) < len(part["series"]):
        yield "two series of one name"
