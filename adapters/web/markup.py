"""The little mark-up of a card's text as HTML: paragraphs, lists, bold; everything else is shown as typed."""

import re
from itertools import groupby

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITEM = "- "


def to_html(text: str) -> Markup:
    """Paragraphs and lists, each with its own reading direction."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\0", "").replace("\r\n", "\n").strip())
    return Markup("").join(_block(lines) for paragraph in paragraphs for lines in _runs(paragraph))


def inline(text: str) -> Markup:
    """One line, with its bold words."""
    pieces = _BOLD.split(text.replace("\0", ""))  # plain, bold, plain, bold, ...
    return Markup("").join(
        Markup("<strong>{}</strong>").format(piece) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces)
    )


def _runs(paragraph: str) -> list[list[str]]:
    return [list(lines) for _, lines in groupby(paragraph.split("\n"), key=lambda line: line.startswith(_ITEM))]


def _block(lines: list[str]) -> Markup:
    if lines[0].startswith(_ITEM):
        items = Markup("").join(
            Markup('<li dir="auto">{}</li>').format(inline(line.removeprefix(_ITEM))) for line in lines
        )
        return Markup("<ul>{}</ul>").format(items)
    return Markup('<p dir="auto">{}</p>').format(Markup("<br>").join(inline(line) for line in lines))
