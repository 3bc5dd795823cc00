"""Texts that only the running bot can read: encrypted, padded, and without the moment they were written.

Texts lie in drawers, one for each go-live and month. Every drawer has keys of its own, kept outside the database, so
that destroying a key by its name makes its texts unreadable in every copy of the database that was ever made.
"""

from datetime import date
from typing import Protocol

from cryptography.fernet import InvalidToken, MultiFernet
from sqlmodel import Session

BLOCK = 256  # bytes; a longer text takes the next multiple, so that lengths tell little
SEPARATOR = b":"  # stands in no Fernet token and in no drawer's name


class Keyring(Protocol):
    """What a session carries in `info["keyring"]`: the keys as they are now, the newest first."""

    def opens(self, drawer: str) -> MultiFernet:
        """To read what lies in a drawer. Raises NoLongerKept."""
        ...

    def closes(self, drawer: str) -> MultiFernet:
        """To put something into a drawer; drawn if there is none yet. Raises NoLongerKept for a destroyed one."""
        ...


def drawer_of(golive_id: int, day: date) -> str:
    """The drawer for the texts of a go-live and month."""
    return f"{golive_id}.{day:%Y-%m}"


def conceal(session: Session, text: str, *, drawer: str = "") -> bytes:
    """Encrypt; the name of a drawer stands in clear before the token. The drawer without a name is never destroyed.

    Raises
    ------
    NoLongerKept
        when the drawer's keys were destroyed.
    """
    raw = text.encode() + b"\x80"
    raw += b"\x00" * (-len(raw) % BLOCK)
    # Fernet writes the time of encryption in clear into every token; a thief would read when each question was asked.
    token = keyring(session).closes(drawer).encrypt_at_time(raw, 0)
    return labelled(drawer, token)


def reveal(session: Session, concealed: bytes) -> str:
    """Decrypt.

    Raises
    ------
    NoLongerKept
        when its drawer's keys were destroyed.
    """
    drawer, token = apart(concealed)
    return keyring(session).opens(drawer).decrypt(token).rstrip(b"\x00")[:-1].decode()


def renewed(concealed: bytes, *, ring: MultiFernet, newest: MultiFernet) -> bytes | None:
    """The same text under the newest key, its time still zero; None when it lies under that one already."""
    drawer, token = apart(concealed)
    try:
        newest.decrypt(token)
    except InvalidToken:
        return labelled(drawer, ring.rotate(token))
    return None


def labelled(drawer: str, token: bytes) -> bytes:
    return drawer.encode() + SEPARATOR + token if drawer else token


def apart(concealed: bytes) -> tuple[str, bytes]:
    """The drawer's name, and the token."""
    drawer, _, token = bytes(concealed).rpartition(SEPARATOR)
    return drawer.decode(), token


def keyring(session: Session) -> Keyring:
    ring: Keyring = session.info["keyring"]
    return ring
