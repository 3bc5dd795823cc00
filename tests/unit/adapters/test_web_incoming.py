"""What a browser posts, and what others try to post."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Address, Pressed, Said, Submitted
from adapters.web.incoming import BODY_LIMIT, TooLarge, Unclear, from_our_page, parse, read_body

ANA = Address("web", "ana")
ONCE = "0123456789abcdef"


async def _chunks(total: int, *, size: int = 4096) -> AsyncIterator[bytes]:
    while total > 0:
        yield b"x" * min(size, total)
        total -= size


async def test_a_body_of_64_kb_is_read() -> None:
    assert len(await read_body(_chunks(BODY_LIMIT))) == BODY_LIMIT


@pytest.mark.parametrize("total", [BODY_LIMIT + 1, 1024 * 1024, 20 * 1024 * 1024])
async def test_a_larger_body_is_refused(total: int) -> None:
    with pytest.raises(TooLarge):
        await read_body(_chunks(total))


def test_a_form_that_is_sent_in_carries_its_fields() -> None:
    body = urlencode([("id", ONCE), ("ref", "r"), ("f.a", "1"), ("f.b", "2"), ("f.b", "3"), ("submits", "send")])
    assert parse(body.encode(), sender=ANA).incoming == Submitted(
        ANA, ONCE, "send", "r", {"a": ("1",), "b": ("2", "3")}
    )


def test_a_button_without_fields_carries_none() -> None:
    body = urlencode([("id", ONCE), ("ref", "r"), ("f.a", "1"), ("presses", "ask")])
    assert parse(body.encode(), sender=ANA).incoming == Pressed(ANA, ONCE, "ask", "r")


def test_a_line_carries_its_text() -> None:
    body = urlencode([("id", ONCE), ("text", "help"), ("says", "1")])
    assert parse(body.encode(), sender=ANA).incoming == Said(ANA, ONCE, "help")


def test_the_line_ends_of_browsers_become_ours() -> None:
    body = urlencode([("f.a", "one\r\ntwo"), ("submits", "send")])
    assert parse(body.encode(), sender=ANA).values == {"a": ("one\ntwo",)}


@pytest.mark.parametrize("forged", ["", "short", "x" * 65, "<script>alert(1)</script>"])
def test_an_id_that_is_none_of_ours_is_not_passed_on(forged: str) -> None:
    body = urlencode([("id", forged), ("presses", "ask")])
    assert parse(body.encode(), sender=ANA).incoming.id != forged


@pytest.mark.parametrize("body", [b"", b"a=1", b"&" * 600 + b"presses=ask", b"f.a=1&" * 600 + b"presses=x"])
def test_a_form_that_is_none_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(Unclear):
        parse(body, sender=ANA)


@given(st.binary())
def test_no_bytes_at_all_break_the_reading(body: bytes) -> None:
    parse(b"presses=ask&x=" + body.replace(b"&", b""), sender=ANA)


@given(st.text())
def test_every_text_arrives_but_for_nul(text: str) -> None:
    body = urlencode({"says": "1", "text": text}).encode()
    [said] = [parse(body, sender=ANA).incoming]
    assert isinstance(said, Said)
    assert said.text == text.replace("\0", "").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://here", "host": "here"}, False),
        ({"origin": "http://here:8000", "host": "here:8000"}, True),
        ({"origin": "http://elsewhere", "host": "here"}, False),
        ({"origin": "null", "host": "here"}, False),
        ({"host": "here"}, False),
    ],
)
def test_a_post_from_elsewhere_is_told_from_ours(headers: dict[str, str], *, ours: bool) -> None:
    assert from_our_page(headers) is ours
