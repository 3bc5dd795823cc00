"""Words that give people away, masked before anything is stored."""

import re
from typing import Final

# Control characters, marks that turn the direction of writing, signs of no width, halves of characters; a joiner
# holds some scripts and emoji together, and between Latin letters only hides a name.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]|(?<=[0-9A-Za-z\u00c0-\u024f])[\u200c\u200d]"
)


def visible(text: str) -> str:
    """The text without what cannot be seen: NUL, control characters, marks that turn the direction of writing."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
