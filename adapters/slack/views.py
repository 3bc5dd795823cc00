"""A card as a modal or as the Home tab, and what a modal remembers until it comes back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat import Action, Card, Choice
from adapters.slack.blocks import fitting, row, small
from adapters.slack.inputs import inputs, plain_text
from adapters.slack.limits import CONTEXT, VIEW_BLOCKS, VIEW_WORD
from adapters.slack.rich_text import Block, rich_text
from adapters.slack.words import Words

HOME = "home"  #: the origin of a modal that was opened from the Home tab


@dataclass(frozen=True, slots=True)
class Kept:
    """What travels with a modal. Nobody but this app gets to see it, and it names nothing but messages and refs."""

    ref: str = ""
    action: str = ""  #: what its own button does
    origin: str = ""  #: the message that it was opened from, as "channel/ts"; or HOME

    def to_metadata(self) -> str:
        return json.dumps([self.ref, self.action, self.origin], separators=(",", ":"))

    @classmethod
    def from_metadata(cls, line: object) -> "Kept":
        try:
            ref, action, origin = json.loads(str(line))
        except ValueError:
            return cls()
        return cls(str(ref), str(action), str(origin))


def modal(card: Card, *, words: Words, origin: str = "", groups: Sequence[Choice] = ()) -> Block:
    """A card as a modal.

    The first primary button that sends the fields becomes the modal's own; the others stand where they stand in a
    message. Pictures are left out: a card's text says the same, and Slack draws charts in messages.
    """
    own = _own_button(card) if card.fields else None
    others = [action for action in card.actions if action is not own]
    fields = [
        block
        for field in card.fields
        for block in inputs(field, may_be_left=True, groups=groups, groups_label=words.groups)
    ]
    blocks = [*rich_text(card.text), *_alts(card), *fields, *row(others, ref=card.ref, links=card.links), *small(card)]
    kept = Kept(ref=card.ref, action=own.name if own else "", origin=origin)
    view = {
        "type": "modal",
        "callback_id": "card",
        "title": plain_text(words.title, VIEW_WORD),
        "close": plain_text(words.close, VIEW_WORD),
        "blocks": fitting(blocks, VIEW_BLOCKS),
        "private_metadata": kept.to_metadata(),
    }
    if card.fields:
        view["submit"] = plain_text(own.label if own else words.send, VIEW_WORD)
    return view


def _own_button(card: Card) -> Action | None:
    sending = [action for action in card.actions if action.submits]
    return next((action for action in sending if action.primary), sending[0] if sending else None)


def _alts(card: Card) -> list[Block]:
    return [{"type": "context", "elements": [plain_text(picture.alt, CONTEXT)]} for picture in card.pictures]


def moment(*, words: Words, origin: str = "") -> Block:
    """What stands there while the bot is still at it."""
    return modal(Card(words.moment), words=words, origin=origin)


def home(card: Card, *, groups: Sequence[Choice] = (), words: Words) -> Block:
    """A card as the Home tab."""
    fields = [
        block
        for field in card.fields
        for block in inputs(field, may_be_left=False, groups=groups, groups_label=words.groups)
    ]
    blocks = [
        *rich_text(card.text),
        *_alts(card),
        *fields,
        *row(card.actions, ref=card.ref, links=card.links),
        *small(card),
    ]
    return {"type": "home", "callback_id": "card", "blocks": fitting(blocks, VIEW_BLOCKS)}
