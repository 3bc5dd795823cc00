"""The little mark-up of a card's text as Slack's rich text: paragraphs, lists, bold; all else is shown as it stands.

Rich text is made of elements, so what people wrote needs no escaping in it and can never turn into mark-up, a mention
or a link. Slack's other text ("mrkdwn") would make bold of a lonely asterisk and an emoji of ten past ten.
"""

import re
from itertools import groupby
from typing import Any

from adapters.slack.limits import BLOCK_TEXT, CARD_TEXT, MESSAGE_TEXT, clip

Block = dict[str, Any]

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITEM = "- "
_BETWEEN = re.compile(r"\n\s*\n")


def rich_text(text: str) -> list[Block]:
    """The text as blocks, each short enough."""
    blocks = []
    for part in _short_parts(clip(_clean(text), CARD_TEXT)):
        elements = [_element(lines) for lines in _runs(part)]
        if elements:
            blocks.append({"type": "rich_text", "elements": elements})
    return blocks


def plain(text: str) -> str:
    """The same as a notification and a screen reader get it, safe from being taken for mark-up."""
    bare = _BOLD.sub(r"\1", _clean(text))
    return clip(bare.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), MESSAGE_TEXT)


def _clean(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def _short_parts(text: str) -> list[str]:
    """Whole paragraphs together, as many as fit."""
    parts: list[str] = []
    for paragraph in _BETWEEN.split(text):
        for piece in (paragraph[at : at + BLOCK_TEXT] for at in range(0, len(paragraph), BLOCK_TEXT)):
            if parts and len(parts[-1]) + 2 + len(piece) <= BLOCK_TEXT:
                parts[-1] += f"\n\n{piece}"
            else:
                parts.append(piece)
    return parts


def _runs(part: str) -> list[list[str]]:
    """Lines of text and lines of lists, by turns, with an empty line where a paragraph ends."""
    runs = [list(lines) for _, lines in groupby(_BETWEEN.sub("\n\n", part).split("\n"), key=_is_item)]
    return [lines for lines in runs if any(lines)]


def _is_item(line: str) -> bool:
    return line.startswith(_ITEM)


def _element(lines: list[str]) -> Block:
    if _is_item(lines[0]):
        items = [{"type": "rich_text_section", "elements": _words(line.removeprefix(_ITEM) or " ")} for line in lines]
        return {"type": "rich_text_list", "style": "bullet", "elements": items}
    return {"type": "rich_text_section", "elements": _words("\n".join(lines))}


def _words(text: str) -> list[Block]:
    pieces = _BOLD.split(text)  # plain, bold, plain, bold, ...
    return [
        {"type": "text", "text": piece, **({"style": {"bold": True}} if odd % 2 else {})}
        for odd, piece in enumerate(pieces)
        if piece
    ]
