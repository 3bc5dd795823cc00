"""Text with a little mark-up, and nothing else in it that a browser would obey."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.markup import inline, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", '<p dir="auto">One.</p><p dir="auto">Two.</p>'),
        ("One\ntwo", '<p dir="auto">One<br>two</p>'),
        ("Try:\n- ask\n- find", '<p dir="auto">Try:</p><ul><li dir="auto">ask</li><li dir="auto">find</li></ul>'),
        ("- a\nafter", '<ul><li dir="auto">a</li></ul><p dir="auto">after</p>'),
        ("Keep **maple drift**.", '<p dir="auto">Keep <strong>maple drift</strong>.</p>'),
        ("2 ** 3 and ** b", '<p dir="auto">2 ** 3 and ** b</p>'),
        ("**<b>**", '<p dir="auto"><strong>&lt;b&gt;</strong></p>'),
        ("-5 degrees", '<p dir="auto">-5 degrees</p>'),
        ("a\0b", '<p dir="auto">ab</p>'),
    ],
)
def test_text_becomes(text: str, html: str) -> None:
    assert to_html(text) == html


@given(st.text())
def test_no_tag_of_the_writer_survives(text: str) -> None:
    ours = re.sub(r'</?(?:p|ul|li|br|strong)(?: dir="auto")?>', "", to_html(text))
    assert re.search(r"[<>\"]", ours) is None


@given(st.text(alphabet="ab<>&\"' \u0645\u05d0"))
def test_a_line_without_stars_reads_as_it_was_written(text: str) -> None:
    assert unescape(str(inline(text))) == text
