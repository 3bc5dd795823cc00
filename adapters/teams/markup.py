"""The little mark-up of a card's text as elements of an Adaptive Card: lines, list items, bold, and nothing else.

Texts stand in runs, which know no mark-up of their own: whatever somebody typed is shown and never interpreted.
"""

import re
from typing import Any

Element = dict[str, Any]
"""One element of an Adaptive Card, as JSON."""

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITEM = "- "
_CLOCK = re.compile(r"\{\{(?=(?:DATE|TIME)\()")  # which clients would turn into a date


def to_elements(text: str) -> list[Element]:
    """Paragraphs with space between them, the lines of each close together."""
    elements: list[Element] = []
    for paragraph in paragraphs(text):
        for number, line in enumerate(paragraph.split("\n")):
            item = line.startswith(_ITEM)
            close = number > 0
            block: Element = {"type": "RichTextBlock", "inlines": runs(f"• {line[2:]}" if item else line)}
            elements.append(block | ({"spacing": "Small" if item else "None"} if close else {}))
    return elements


def paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s*\n", text.replace("\0", "").replace("\r\n", "\n").strip())


def runs(line: str) -> list[Element]:
    """One line, with its bold words."""
    pieces = _BOLD.split(line)  # plain, bold, plain, bold, ...
    return [
        {"type": "TextRun", "text": harmless(piece)} | ({"weight": "Bolder"} if odd % 2 else {})
        for odd, piece in enumerate(pieces)
        if piece or len(pieces) == 1
    ]


def small(text: str) -> Element:
    """Small print."""
    shown: list[Element] = [
        run | {"size": "Small", "isSubtle": True} for line in text.split("\n") if line for run in runs(line)
    ]
    return {"type": "RichTextBlock", "inlines": shown, "spacing": "Small"}


def harmless(text: str) -> str:
    return _CLOCK.sub("{\u2060{", text)  # a joiner without width between the braces


def plain(text: str) -> str:
    """The same text without any mark-up, for notifications and screen readers."""
    return _BOLD.sub(r"\1", "\n\n".join(paragraphs(text)))


def is_plain(text: str) -> bool:
    """Whether nothing is lost when a text stands as it is: one line, nothing bold."""
    return "\n" not in text.strip() and not _BOLD.search(text)
