"""A card as Slack's blocks: text, charts, inputs, buttons, small print; and as the text that stands for them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.chat import Action, Card, Choice, Field, Link
from adapters.slack.charts import chart, image
from adapters.slack.inputs import inputs, plain_text
from adapters.slack.limits import BUTTON, BUTTONS, CHARTS, CONTEXT, MESSAGE_BLOCKS, MESSAGE_TEXT, URL, clip
from adapters.slack.rich_text import Block, plain, rich_text

ROW = "a."  #: before a card's ref in the block_id of its buttons
SUBMIT = "submit."  #: before an action's name in its action_id, when the card's fields travel with it
PRESS = "press."


@dataclass(frozen=True, slots=True)
class Message:
    """What chat.postMessage and chat.update take."""

    text: str  #: complete: screen readers and notifications get this instead of the blocks
    blocks: list[Block]


def message(
    card: Card,
    *,
    files: Mapping[int, str] | None = None,
    charts: bool = True,
    groups: Sequence[Choice] = (),
    label: str = "",
) -> Message:
    """A card as a message.

    Slack draws what it can of the pictures if `charts` are wanted; of the others those are shown that have been
    uploaded: `files` are their ids, by the picture's place on the card. `groups` are the user groups that a field can
    pick, and `label` stands over their menu.
    """
    fields = [
        block for field in card.fields for block in inputs(field, may_be_left=False, groups=groups, groups_label=label)
    ]
    blocks = [
        *rich_text(card.text),
        *_pictures(card, files=files or {}, charts=charts),
        *fields,
        *row(card.actions, ref=card.ref, links=card.links),
        *small(card),
    ]
    return Message(text=text(card), blocks=fitting(blocks, MESSAGE_BLOCKS))


def drawn(card: Card) -> tuple[int, ...]:
    """Which pictures Slack can draw, by their place on the card."""
    return tuple(at for at, picture in enumerate(card.pictures) if chart(picture) is not None)[:CHARTS]


def _pictures(card: Card, *, files: Mapping[int, str], charts: bool) -> list[Block]:
    native = drawn(card) if charts else ()
    blocks = [
        chart(picture) if at in native else image(picture, file=files[at]) if files.get(at) else None
        for at, picture in enumerate(card.pictures)
    ]
    return [block for block in blocks if block is not None]


def row(actions: Sequence[Action], *, ref: str, links: Sequence[Link] = ()) -> list[Block]:
    """Buttons, under the card's ref; those that open an address come last, and Slack's report of them is no news."""
    pressed = [
        {
            "type": "button",
            "action_id": (SUBMIT if action.submits else PRESS) + action.name,
            "text": plain_text(action.label, BUTTON),
            **({"style": "primary"} if action.primary else {}),
        }
        for action in actions
    ]
    opened = [
        {"type": "button", "action_id": f"link.{at}", "text": plain_text(link.label, BUTTON), "url": link.url}
        for at, link in enumerate(links)
        if len(link.url) <= URL
    ]
    buttons = [*pressed, *opened][:BUTTONS]
    return [{"type": "actions", "block_id": ROW + ref, "elements": buttons}] if buttons else []


def small(card: Card) -> list[Block]:
    return [{"type": "context", "elements": [plain_text(card.note, CONTEXT)]}] if card.note else []


def text(card: Card) -> str:
    """Everything a card says and offers, in the order of its blocks."""
    parts = [card.text, *(picture.alt for picture in card.pictures), *map(_in_words, card.fields)]
    labels = [*(action.label for action in card.actions), *(link.label for link in card.links)]
    if labels:
        parts.append(" · ".join(f"[{label}]" for label in labels))
    return clip(plain("\n\n".join(part for part in (*parts, card.note) if part)), MESSAGE_TEXT) or " "


def _in_words(field: Field) -> str:
    options = " / ".join(choice.label for choice in field.choices)
    return "\n".join(part for part in (field.label, options, field.hint) if part)


def fitting(blocks: list[Block], most: int) -> list[Block]:
    """The blocks, if they are not too many.

    Raises
    ------
    TooManyBlocks
        a card of so many fields is a mistake of whoever wrote it, and cutting it would lose its buttons.
    """
    if len(blocks) > most:
        raise TooManyBlocks(len(blocks), most)
    return blocks


class TooManyBlocks(ValueError):
    """A card needs more blocks than Slack takes at once."""
