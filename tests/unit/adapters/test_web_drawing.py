"""Pictures in the web chat: our own drawing, and the same figures in a table beside it."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Card, Picture, Series
from adapters.web.drawing import HEIGHT, WIDTH, draw
from adapters.web.pages import Message, Pages
from adapters.web.words import ENGLISH

TREND = Picture(
    "Workflow", "Workflow: about half, then most.", ("1 Mar", "3 Mar", "5 Mar"),
    (Series("Workflow", (50, None, 90)), Series("at least", (30, None, 70))),
)  # fmt: skip
BARS = Picture("By team", "Front desk few.", ("Front desk", "Nursing"), (Series("People", (10, None)),), kind="bar")
pictures = st.builds(
    Picture,
    title=st.text(max_size=8),
    alt=st.text(max_size=8),
    labels=st.lists(st.text(max_size=8), max_size=4).map(tuple),
    series=st.lists(
        st.builds(
            Series,
            name=st.text(max_size=8),
            values=st.lists(st.none() | st.floats(-1000, 1000), max_size=5).map(tuple),
        ),
        max_size=8,
    ).map(tuple),
    kind=st.sampled_from(["line", "bar"]),
    mark=st.none() | st.integers(0, 6),
)


def shown(picture: Picture) -> str:
    pages = Pages(title="Pulse", words=ENGLISH, menu=())
    return pages.messages([Message(Card("Day 4.", pictures=(picture,)), "7")])


def test_whoever_does_not_see_it_is_told() -> None:
    assert 'role="img" aria-label="Workflow: about half, then most."' in shown(TREND)


def test_the_figures_stand_in_a_table_beside_it() -> None:
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", shown(TREND))
    assert cells == [
        "", "Workflow", "at least", "1 Mar", "50", "30", "3 Mar", "not shown", "not shown", "5 Mar", "90", "70",
    ]  # fmt: skip


def test_a_gap_breaks_the_line_and_leaves_a_dot_on_both_sides() -> None:
    html = str(draw(TREND))
    assert html.count('<line class="s1"') == 0
    assert html.count('<circle class="s1"') == 2


def test_what_follows_without_a_gap_is_joined() -> None:
    html = str(draw(Picture("t", "a", ("1", "2"), (Series("s", (1, 2)),))))
    assert html.count('<line class="s1"') == 1


def test_bars_stand_where_something_is_known() -> None:
    html = str(draw(BARS))
    assert html.count("<rect") == 1
    assert ">Nursing</text>" in html


@pytest.mark.parametrize(("mark", "labels"), [(2, 3), (0, 2), (4, 2), (9, 2)])
def test_where_something_begins_there_is_a_line_and_its_label_where_there_is_room(mark: int, labels: int) -> None:
    names = tuple(f"{day} Mar" for day in range(1, 6))
    html = str(draw(Picture("t", "a", names, (Series("s", (1, 2, 3, 4, 5)),), mark=mark)))
    assert ('class="begins"' in html) == (mark < len(names))
    assert html.count("<text") == labels


def test_one_series_needs_no_legend() -> None:
    assert ('class="legend"' in shown(BARS), 'class="legend"' in shown(TREND)) == (False, True)


@pytest.mark.parametrize("odd", ["<script>", '"&amp;"', "{{ 7 }}"])
def test_whatever_a_picture_says_is_shown_and_never_interpreted(odd: str) -> None:
    html = shown(Picture(odd, odd, (odd,), (Series(odd, (1,)), Series("s", (2,)))))
    assert "<script>" not in html.replace('<script src="', "")
    assert "{{ 7 }}" in html or odd != "{{ 7 }}"


@given(pictures)
def test_every_picture_is_drawn_within_its_frame(picture: Picture) -> None:
    clean = re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "", str(draw(picture)))
    root = ET.fromstring(clean)  # our own drawing
    for mark in root.iter():
        for name, most in (("x", WIDTH), ("x1", WIDTH), ("x2", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("cy", HEIGHT)):
            if name in mark.attrib:
                assert -60 <= float(mark.attrib[name]) <= most + 60
