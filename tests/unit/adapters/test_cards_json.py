"""Cards that are written down and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cards_json import card_from_json, card_to_json
from adapters.chat import Action, Card, Choice, Field, Link, Picture, Series

CARDS = st.builds(
    Card,
    text=st.text(),
    fields=st.lists(
        st.builds(
            Field,
            name=st.text(),
            label=st.text(),
            choices=st.lists(st.builds(Choice, value=st.text(), label=st.text())).map(tuple),
            hint=st.text(),
            several=st.booleans(),
            optional=st.booleans(),
            max_length=st.integers(0, 10_000),
            value=st.text(),
        ),
        max_size=4,
    ).map(tuple),
    actions=st.lists(
        st.builds(Action, name=st.text(), label=st.text(), submits=st.booleans(), primary=st.booleans()), max_size=4
    ).map(tuple),
    links=st.lists(st.builds(Link, label=st.text(), url=st.text()), max_size=2).map(tuple),
    pictures=st.lists(
        st.builds(
            Picture,
            title=st.text(),
            alt=st.text(),
            labels=st.lists(st.text(), max_size=3).map(tuple),
            series=st.lists(
                st.builds(
                    Series,
                    name=st.text(),
                    values=st.lists(st.none() | st.floats(0, 100), max_size=3).map(tuple),
                ),
                max_size=2,
            ).map(tuple),
            kind=st.sampled_from(["line", "bar"]),
            png=st.binary(max_size=20),
            mark=st.none() | st.integers(0, 9),
        ),
        max_size=2,
    ).map(tuple),
    note=st.text(),
    ref=st.text(),
)


@given(CARDS)
def test_a_card_comes_back_exactly(card: Card) -> None:
    assert card_from_json(card_to_json(card)) == card


@given(CARDS)
def test_what_is_written_is_one_line_of_plain_characters(card: Card) -> None:
    line = card_to_json(card)
    assert (line.isascii(), line.isprintable()) == (True, True)


def test_what_stands_at_its_default_is_left_out() -> None:
    assert card_to_json(Card("Hello")) == '{"text":"Hello"}'


@pytest.mark.parametrize("line", ["", "nonsense", '{"txt": "Hello"}', '{"text": "x", "fields": [{"name": "a"}]}'])
def test_what_is_no_card_is_not_taken_for_one(line: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        card_from_json(line)
