"""Cards and pages as HTML."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.chat import Action, Card, Choice, Series
from adapters.chat import Field as CardField
from adapters.web.drawing import draw
from adapters.web.incoming import field_name, new_id
from adapters.web.markup import inline, to_html
from adapters.web.words import Words

BOTTOM = "reply"
"""The place under all messages, for answers that belong to none of them."""

MENU = "menu"
"""The form with the buttons that are always there."""

_SCALE_LABEL = re.compile(r"(\d{1,2})(?:\s*[-\u2013\u2014:·=.,(]?\s*(.*?)\)?)?")  # "3", "1 - not at all", "5 (very)"
_SHORTEST_SCALE = 3
_LONG_LABEL = 28  #: characters; longer ones get a line each
_ONE_LINE = 80  #: characters that still fit an input of one line


def slot_of(message_id: str) -> str:
    """Name the place under one message where the answer to its form is shown."""
    return f"{BOTTOM}-{message_id}"


@dataclass(frozen=True, slots=True)
class Message:
    """One card on the page, with what this person sees in and under it for the moment."""

    card: Card
    id: str = ""  #: of the transcript; empty for what is only shown
    revision: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: what stands in its fields, where it was sent
    reply: Card | None = None  #: shown right under it


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown at the bottom of the page in answer to something."""

    card: Card
    said: str = ""  #: the line or the button that it answers


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a scale."""

    choice: Choice
    number: str
    anchor: str  #: what this end means, such as "not at all"


class Pages:
    """The templates of the web chat."""

    def __init__(self, *, title: str, words: Words, menu: tuple[Action, ...]) -> None:
        self._menu = menu
        self._jinja = Environment(
            loader=PackageLoader("adapters.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.assets = _assets()
        self._jinja.globals.update(
            title=title,
            words=words,
            menu=menu,
            bottom=BOTTOM,
            menu_form=MENU,
            new_id=new_id,
            slot_of=slot_of,
            field_name=field_name,
            segments=segments,
            rest=without_segments,
            is_long=lambda choices: any(len(choice.label) > _LONG_LABEL for choice in choices),
            one_line=_ONE_LINE,
            draw=draw,
            figure_of=figure_of,
            version=sha256(b"".join(content for content, _ in self.assets.values())).hexdigest()[:12],
        )
        self._jinja.filters.update(card_text=to_html, inline=inline)

    def chat(
        self, messages: Sequence[Message], *, state: str, welcome: Card | None = None, answer: Answer | None = None
    ) -> str:
        """Render the whole page."""
        return self._render(
            "chat.html", messages=messages, state=state, welcome=welcome, answer=answer, assets="../assets/"
        )

    def messages(self, messages: Sequence[Message]) -> str:
        """Render messages alone, for a page that is open already."""
        return self._render("fragments.html", messages=messages, answer=None, slot="", once="")

    def reply(self, answer: Answer | None, *, slot: str, once: str) -> str:
        """Render an answer for a place of an open page, or empty it; `once` names the form that may be sent anew."""
        return self._render("fragments.html", messages=(), answer=answer, slot=slot, once=once)

    def notice(self, heading: str, text: str, *, assets: str) -> str:
        """Render a page that only says something, in place of the chat."""
        return self._render("notice.html", heading=heading, text=text, assets=assets)

    def menu_label(self, action: str) -> str:
        """Return the words on a button of the menu; empty when there is no such button."""
        return next((button.label for button in self._menu if button.name == action), "")

    def _render(self, template: str, **context: object) -> str:
        return self._jinja.get_template(template).render(**context)


def figure_of(series: Series, place: int) -> str:
    """One figure of a table; nothing where it is not known."""
    value = series.values[place] if place < len(series.values) else None
    return "" if value is None else f"{value:g}"


def segments(field: CardField) -> list[Segment]:
    """The numbered choices of a scale, or none when the field is no scale."""
    found = [
        Segment(choice, number=match[1], anchor=match[2] or "")
        for choice in field.choices
        if (match := _SCALE_LABEL.fullmatch(choice.label.strip()))
    ]
    return found if len(found) >= _SHORTEST_SCALE and not field.several else []


def without_segments(field: CardField) -> list[Choice]:
    """List the choices that stand beside a scale, such as "not sure"."""
    shown = {segment.choice for segment in segments(field)}
    return [choice for choice in field.choices if choice not in shown]


def _assets() -> dict[str, tuple[bytes, str]]:
    """File name -> content and media type."""
    kinds = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
    return {
        file.name: (file.read_bytes(), kinds[suffix])
        for file in files("adapters.web").joinpath("static").iterdir()
        if (suffix := "." + file.name.rpartition(".")[2]) in kinds
    }
