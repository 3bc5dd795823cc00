"""Who gets in by a link, and who does not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import links

SECRET = b"s" * 32
OTHER = b"t" * 32
PAST = timedelta(seconds=-1)


@given(st.text())
def test_a_link_names_its_account(account: str) -> None:
    assert links.verify(SECRET, links.sign(SECRET, account)) == account


def test_a_link_of_another_server_names_nobody() -> None:
    assert links.verify(SECRET, links.sign(OTHER, "ana")) is None


def test_a_link_that_is_too_old_names_nobody() -> None:
    assert links.verify(SECRET, links.sign(SECRET, "ana"), max_age=PAST) is None


def test_a_cookie_is_no_link() -> None:
    assert links.verify(SECRET, links.sign(SECRET, "ana", purpose="cookie")) is None


@given(st.text())
def test_nonsense_names_nobody(token: str) -> None:
    assert links.verify(SECRET, token) is None


@pytest.mark.parametrize("position", range(0, 60, 7))
def test_a_changed_character_names_nobody(position: int) -> None:
    token = links.sign(SECRET, "a-rather-long-account-name")
    changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
    assert links.verify(SECRET, changed) is None


def test_what_was_signed_but_is_no_account_names_nobody() -> None:
    assert links.verify(SECRET, links._serializer(SECRET, "link").dumps({"a": 1})) is None


def test_a_chat_has_another_name_on_another_server() -> None:
    assert links.chat_id(SECRET, "ana") != links.chat_id(OTHER, "ana")


@given(st.text(min_size=4))
def test_the_name_of_a_chat_holds_no_account(account: str) -> None:
    assert account not in links.chat_id(SECRET, account)


def test_the_path_that_lets_somebody_in_carries_the_token() -> None:
    assert links.verify(SECRET, links.enter_path(SECRET, "ana").removeprefix("/enter/")) == "ana"


def test_a_qr_code_can_be_printed() -> None:
    assert links.qr_svg("http://127.0.0.1/enter/x").startswith("<svg")


def test_a_qr_code_can_be_shown_in_a_terminal() -> None:
    assert "\N{FULL BLOCK}" in links.qr_terminal("http://127.0.0.1/enter/x")
