"""A card as an Adaptive Card 1.5; behind this file there is none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from adapters.chat import Action, Card
from adapters.teams.charts import to_chart
from adapters.teams.inputs import NOTHING, Part, Values, to_inputs
from adapters.teams.markup import Element, plain, small, to_elements

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
LARGEST = 26 * 1024  # bytes of a card: Teams takes messages of 28 KB, and the message around it needs some
MOST_BUTTONS = 5  # in one row: Teams hides what comes after the sixth, other renderers after the fifth
LONGEST_SPOKEN = 1000  # characters, where the card would grow too large otherwise

Shown = list[tuple[Card, Part, Values]]
"""Cards that stand in one message, each with what is filled in."""


@dataclass(frozen=True, slots=True)
class Look:
    """How much of a card there is room for; the first that fits is shown."""

    images: bool = True
    spoken: int | None = None  #: characters of what is read aloud
    text: int | None = None  #: characters


def to_adaptive(card: Card, *, part: Part = "card", group_hint: str = "") -> Element:
    """A card on its own, at most LARGEST: images go first, what is spoken next, then the end of the text."""
    shown: Shown = [(card, part, NOTHING)]
    bare = build(shown, Look(images=False, spoken=0, text=0), group_hint=group_hint)
    return next(fitting(shown, group_hint=group_hint), bare)


def with_reply(card: Card, reply: Card, *, values: Values, group_hint: str = "") -> Element:
    """A message that stands as it was filled in, and under it what only this person is shown.

    Where both are too large for one card, the reply alone: the message is still there when the chat is opened again.
    """
    both = fitting([(card, "card", values), (reply, "reply", NOTHING)], group_hint=group_hint)
    return next(both, None) or to_adaptive(reply, part="reply", group_hint=group_hint)


def fitting(shown: Shown, *, group_hint: str) -> Iterator[Element]:
    for look in looks(shown):
        built = build(shown, look, group_hint=group_hint)
        if size(built) <= LARGEST:
            yield built


def looks(shown: Shown) -> Iterator[Look]:
    yield Look()
    yield Look(images=False)
    yield Look(images=False, spoken=LONGEST_SPOKEN)
    longest = max(len(card.text) for card, _, _ in shown)
    while longest and len(shown) == 1:  # of two, none is cut
        longest = longest * 3 // 4
        yield Look(images=False, spoken=min(longest, LONGEST_SPOKEN), text=longest)


def build(shown: Shown, look: Look, *, group_hint: str) -> Element:
    body: list[Element] = []
    for number, (card, part, values) in enumerate(shown):
        one = replace(card, text=cut(card.text, look.text))
        elements = elements_of(one, part=part, values=values, images=look.images, group_hint=group_hint)
        under = {"type": "Container", "separator": True, "spacing": "Large", "items": elements}
        body += [under] if number else elements
    spoken = cut(spoken_of(shown), look.spoken)
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "speak": spoken,
        "fallbackText": spoken,
        "body": body,
    }


def elements_of(card: Card, *, part: Part, values: Values, images: bool, group_hint: str) -> list[Element]:
    asked: list[Element] = []
    for field in card.fields:
        first, *rest = to_inputs(field, part=part, values=values, group_hint=group_hint)
        asked += [first | ({"separator": True} if asked else {}), *rest]
    pictures = [element for picture in card.pictures for element in to_chart(picture, image=images)]
    pressed = [button(one, card, part=part) for one in card.actions]
    pressed += [{"type": "Action.OpenUrl", "title": link.label, "url": link.url} for link in card.links]
    rows = [pressed[at : at + MOST_BUTTONS] for at in range(0, len(pressed), MOST_BUTTONS)]
    buttons: list[Element] = [{"type": "ActionSet", "actions": row} for row in rows]
    note = [small(card.note)] if card.note else []
    return to_elements(card.text) + pictures + asked + buttons + note


def button(action: Action, card: Card, *, part: Part) -> Element:
    """One button. Its data hold the opaque ref, and nothing about whoever sees it."""
    data: Element = {"ref": card.ref, "part": part} | ({"submits": True} if action.submits else {})
    built: Element = {"type": "Action.Execute", "title": action.label, "verb": action.name, "data": data}
    built |= {"associatedInputs": "auto" if action.submits else "none"}
    return built | ({"style": "positive"} if action.primary else {})


def spoken_of(shown: Shown) -> str:
    """All of the words; of a message and a reply those of the reply, which is what is new to whoever listens."""
    card, _, _ = shown[-1]
    return "\n\n".join([plain(card.text), *(picture.alt for picture in card.pictures)])


def cut(text: str, length: int | None) -> str:
    if length is None or len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip() + " …"


def size(card: Element) -> int:
    """Bytes, as they travel."""
    return len(json.dumps(card, separators=(",", ":")))
