"""Four words that open a mailbox: derived, never stored."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cache

from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from xkcdpass import xkcd_password

from surveys.errors import NoSuchQuestion

WORDS = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the asker keeps, and what the server may keep of it."""

    words: tuple[str, ...]
    mailbox: str  #: hex; tells the question again, not the words
    public_key: bytes  #: replies are sealed to it


@cache
def word_list() -> tuple[str, ...]:
    """The EFF's long list without its longest and hyphenated words: about 6 100 words, 50 bits for four."""
    return tuple(xkcd_password.generate_wordlist(wordfile="eff-long", min_length=4, max_length=8, valid_chars="[a-z]"))


@dataclass(frozen=True, slots=True)
class Work:
    """What one guess at a receipt costs whoever makes it."""

    passes: int
    memory: int  #: bytes


#: For an answer that somebody waits for (libsodium's "interactive"): a tenth of a second and 64 MB.
FULL = Work(passes=argon2id.OPSLIMIT_INTERACTIVE, memory=argon2id.MEMLIMIT_INTERACTIVE)


def draw(pepper: bytes, *, work: Work = FULL) -> Receipt:
    """A new receipt. Takes a tenth of a second and 64 MB on purpose: call it outside transactions."""
    words = tuple(secrets.choice(word_list()) for _ in range(WORDS))
    mailbox, key = derive(words, pepper=pepper, work=work)
    return Receipt(words=words, mailbox=mailbox, public_key=bytes(key.public_key))


def read_words(text: str) -> tuple[str, ...]:
    """Four words however they were typed: any case, any separator.

    Raises
    ------
    NoSuchQuestion
        when there are not four.
    """
    words = tuple(re.findall(r"[a-z]+", text.lower()))
    if len(words) != WORDS:
        raise NoSuchQuestion
    return words


def derive(words: tuple[str, ...], *, pepper: bytes, work: Work = FULL) -> tuple[str, PrivateKey]:
    """Mailbox id and private key by Argon2id (RFC 9106), with a pepper that is not in the database.

    Whoever has the database but not the key file cannot even begin to guess; whoever has both pays a tenth of a
    second and 64 MB for each of 2**50 guesses.
    """
    salt = hashlib.blake2b(pepper, digest_size=argon2id.SALTBYTES, person=b"receipt").digest()
    raw = argon2id.kdf(64, " ".join(words).encode(), salt, opslimit=work.passes, memlimit=work.memory)
    return raw[:32].hex(), PrivateKey(raw[32:])


def seal_to(public_key: bytes, text: str) -> bytes:
    """Encrypt so that only the receipt opens it."""
    return SealedBox(PublicKey(public_key)).encrypt(text.encode())


def unseal(key: PrivateKey, sealed: bytes) -> str:
    return SealedBox(key).decrypt(sealed).decode()
