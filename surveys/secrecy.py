"""Texts that only the running bot can read: encrypted, padded, and without the moment they were written."""

from cryptography.fernet import MultiFernet
from sqlmodel import Session

BLOCK = 256  # bytes; a longer text takes the next multiple, so that lengths tell little


def conceal(session: Session, text: str) -> bytes:
    """Encrypt with the keys that the session carries in `info["keyring"]`."""
    raw = text.encode() + b"\x80"
    raw += b"\x00" * (-len(raw) % BLOCK)
    # Fernet writes the time of encryption in clear into every token; a thief would read when each question was asked.
    return keyring(session).encrypt_at_time(raw, 0)


def reveal(session: Session, token: bytes) -> str:
    return keyring(session).decrypt(token).rstrip(b"\x00")[:-1].decode()


def keyring(session: Session) -> MultiFernet:
    ring = session.info["keyring"]
    assert isinstance(ring, MultiFernet)
    return ring
