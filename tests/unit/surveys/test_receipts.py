"""Receipts: four words that derive everything and are kept nowhere."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from surveys.errors import NoSuchQuestion
from surveys.receipts import WORDS, derive, draw, read_words, seal_to, unseal, word_list

PEPPER = b"p" * 32


def test_the_words_lead_to_the_same_mailbox_and_key() -> None:
    receipt = draw(PEPPER)
    mailbox, key = derive(receipt.words, pepper=PEPPER)
    assert (mailbox, bytes(key.public_key)) == (receipt.mailbox, receipt.public_key)


def test_another_pepper_leads_elsewhere() -> None:
    words = ("maple", "drift", "seven", "lantern")
    assert derive(words, pepper=PEPPER)[0] != derive(words, pepper=b"q" * 32)[0]


def test_the_order_of_the_words_matters() -> None:
    assert derive(("a", "b", "c", "d"), pepper=PEPPER)[0] != derive(("b", "a", "c", "d"), pepper=PEPPER)[0]


def test_a_guess_costs_what_takes_a_tenth_of_a_second_and_64_mb() -> None:
    """Argon2id (RFC 9106) with two passes over 64 MiB, which is what libsodium asks for where somebody waits."""
    words = ("maple", "drift", "seven", "lantern")
    salt = blake2b(PEPPER, digest_size=16, person=b"receipt").digest()
    raw = crypto_pwhash_alg(64, b"maple drift seven lantern", salt, 2, 64 * 2**20, crypto_pwhash_ALG_ARGON2ID13)
    assert derive(words, pepper=PEPPER)[0] == raw[:32].hex()


def test_four_words_are_too_many_to_guess() -> None:
    assert len(word_list()) ** WORDS > 2**49


def test_every_word_is_easy_to_type_and_none_comes_twice() -> None:
    words = word_list()
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in words)


@given(
    words=st.lists(st.from_regex(r"[a-z]{4,8}", fullmatch=True), min_size=4, max_size=4),
    between=st.text(" \t\n.,;-_·/0123456789", min_size=1, max_size=3),
    upper=st.booleans(),
)
def test_words_are_read_however_they_were_typed(words: list[str], between: str, *, upper: bool) -> None:
    typed = f" {between.join(words)}!"
    assert read_words(typed.upper() if upper else typed) == tuple(words)


@pytest.mark.parametrize("typed", ["", "one two three", "one two three four five", "1 2 3 4"])
def test_anything_but_four_words_opens_nothing(typed: str) -> None:
    with pytest.raises(NoSuchQuestion):
        read_words(typed)


@given(text=st.text())
def test_what_is_sealed_opens_with_the_key(text: str) -> None:
    key = PrivateKey.generate()
    assert unseal(key, seal_to(bytes(key.public_key), text)) == text


def test_what_is_sealed_opens_with_no_other_key() -> None:
    sealed = seal_to(bytes(PrivateKey.generate().public_key), "In the queue.")
    with pytest.raises(CryptoError):
        unseal(PrivateKey.generate(), sealed)
