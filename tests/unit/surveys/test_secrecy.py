"""Secrecy: only the keys open a text, and a token tells neither when it was made nor how long the text is."""

import struct
from base64 import urlsafe_b64decode

import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from surveys.secrecy import BLOCK, conceal, reveal

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


class Ring:
    """Keys for every drawer alike."""

    def __init__(self, *keys: bytes) -> None:
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def opens(self, drawer: str) -> MultiFernet:
        return self._ring

    def closes(self, drawer: str) -> MultiFernet:
        return self._ring


def carrying(*keys: bytes) -> Session:
    return Session(info={"keyring": Ring(*keys)})


@given(text=st.text(max_size=3 * BLOCK))
def test_what_is_concealed_can_be_revealed(text: str) -> None:
    session = carrying(NEW)
    assert reveal(session, conceal(session, text)) == text


@given(text=st.text(max_size=3 * BLOCK))
def test_a_token_carries_no_time(text: str) -> None:
    raw = urlsafe_b64decode(conceal(carrying(NEW), text))
    assert struct.unpack(">Q", raw[1:9]) == (0,)


@given(shorter=st.text("ab", max_size=BLOCK - 1), longer=st.text("ab", max_size=BLOCK - 1))
def test_short_texts_are_all_as_long(shorter: str, longer: str) -> None:
    session = carrying(NEW)
    assert len(conceal(session, shorter)) == len(conceal(session, longer))


def test_the_same_text_looks_different_every_time() -> None:
    session = carrying(NEW)
    assert conceal(session, "paper") != conceal(session, "paper")


def test_a_new_key_in_front_still_opens_what_the_old_one_closed() -> None:
    assert reveal(carrying(NEW, OLD), conceal(carrying(OLD), "paper")) == "paper"


def test_what_is_written_now_takes_the_newest_key() -> None:
    assert reveal(carrying(NEW), conceal(carrying(NEW, OLD), "paper")) == "paper"


def test_a_key_that_was_taken_out_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        reveal(carrying(NEW), conceal(carrying(OLD), "paper"))
