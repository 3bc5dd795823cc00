"""Words that give people away, masked before anything is stored."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from surveys.masked_names import NAME, mask_names
from surveys.masked_numbers import mask_numbers

E_MAIL: Final = "[e-mail]"

# Control characters, marks that turn the direction of writing, signs of no width, halves of characters; a joiner
# holds some scripts and emoji together, and between Latin letters only hides a name.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]|(?<=[0-9A-Za-z\u00c0-\u024f])[\u200c\u200d]"
)
# Linear: possessive repetitions, each started once per run of letters.
_E_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_MENTION: Final = re.compile(
    r"<[@!][^<>\s]{1,80}>|<at(?: [^<>]{0,80})?>[^<>]{1,80}</at>"
    r"|(?<![\w@])@(?!(?:here|channel|everyone|all)\b)(?=[^\W\d_])"
    r"(?:[A-Z][\w-]*+(?: [A-Z][\w-]++)?|(?:[\w-]|\.(?=\w))++)"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text in which nobody is named."""

    text: str
    kinds: frozenset[str]  #: what was found: name, mention, e-mail, phone, record number, date
    patient: bool  #: it most likely tells who a patient is: better said in another way than masked


def visible(text: str) -> str:
    """The text without what cannot be seen: NUL, control characters, marks that turn the direction of writing."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mask(text: str, *, names: Iterable[str], allowed: Iterable[str] = ()) -> Masked:
    """Replace what names a person or points to one by what kind of thing stood there.

    Parameters
    ----------
    names
        The names on the roster. They count as whole words in any case, in full or one by one from three letters up.
    allowed
        What looks like a name here and is none: the system, the organisation, the teams.

    Notes
    -----
    Blind to a single name that is not on the roster, to unknown names in small letters or all capitals, and to people
    described without a name ("the twins from Tuesday"). Masks some places and firms that are written like names.
    """
    found: dict[str, bool] = {}
    text = visible(unicodedata.normalize("NFKC", visible(text)))
    if "@" in text or "<at" in text or "<!" in text:
        for pattern, token, kind in ((_E_MAIL, E_MAIL, "e-mail"), (_MENTION, NAME, "mention")):
            text, times = pattern.subn(token, text)
            if times:
                found.setdefault(kind, False)
    # A number may only be told from its neighbour once the neighbour is masked: "1234567 555-123-4567".
    while (fewer := mask_numbers(text, found)) != text:
        text = fewer
    text = mask_names(text, found, names=tuple(names), allowed=tuple(allowed))
    return Masked(text, frozenset(found), any(found.values()))
