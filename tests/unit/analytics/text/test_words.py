"""One spelling for the many ways in which people type the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.lexicon import lexicon
from analytics.text.passages import LONGEST, passages
from analytics.text.spelling import Spelling
from analytics.text.words import LONGEST_WORD, words


def norms(text: str) -> list[str]:
    return [word.norm for word in words(text)]


@pytest.mark.parametrize("text", ["don't", "dont", "DON’T", "do not", "Don`t"])
def test_a_contraction_is_the_words_it_stands_for_however_it_is_typed(text: str) -> None:
    assert norms(text) == ["do", "not"]


def test_letters_drawn_out_are_shortened() -> None:
    assert norms("sooooo slowww") == ["soo", "sloww"]


def test_accents_make_no_difference() -> None:
    assert norms("Café") == norms("cafe")


def test_a_masked_name_is_one_word() -> None:
    assert norms("ask [name] or [record number]") == ["ask", "[name]", "or", "[record number]"]


def test_a_hyphen_within_a_word_parts_it_and_one_between_words_is_a_sign() -> None:
    assert norms("walk-in - and/or") == ["walk", "in", "-", "and", "or"]


def test_a_word_is_where_it_stands_in_the_text() -> None:
    text = "I can’t, really"
    assert [text[word.start : word.end] for word in words(text)] == ["I", "can’t", "can’t", ",", "really"]


def test_a_word_longer_than_words_are_is_cut() -> None:
    assert [len(norm) for norm in norms("ab" * 50_000)] == [LONGEST_WORD]


@given(st.text(max_size=200))
def test_any_text_has_words_in_the_order_of_the_text(text: str) -> None:
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) and word.norm for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(st.text(alphabet="ab .!?\n", max_size=900))
def test_passages_hold_every_word_once_and_none_is_too_long(text: str) -> None:
    said = words(text)
    parts = list(passages(said))
    assert [word for part in parts for word in said[part]] == said
    assert all(0 < part.stop - part.start <= LONGEST for part in parts)


def test_a_sentence_is_not_cut_when_it_fits() -> None:
    said = words("one two three four five six seven eight nine ten. " * 10)
    assert all(said[part][-1].norm == "." for part in passages(said))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("spredsheet", "spreadsheet"),
        ("spreadhseet", "spreadsheet"),
        ("spreadsheeet", "spreadsheet"),
        ("papper", "paper"),
    ],
)
def test_one_slip_in_a_word_of_the_lexicon_is_put_right(typed: str, meant: str) -> None:
    assert Spelling(["paper", "spreadsheet"]).right(typed) == meant


@pytest.mark.parametrize("word", ["caper", "papa", "tested", "pap", "p4per", "spreadshets!", ""])
def test_other_words_are_left_alone(word: str) -> None:
    assert Spelling(["paper", "texted"], others=["tested"]).right(word) == word


def test_the_longest_term_wins_and_fillers_within_it_are_passed() -> None:
    found = lexicon().mentions(words("I really do not quite know"))
    assert [(one.first, one.last) for one in found if one.idea == "not_knowing"] == [(2, 5)]


def test_a_stem_finds_its_forms() -> None:
    assert any(one.idea == "confused" for one in lexicon().mentions(words("so confusing")))


def test_a_language_without_a_lexicon_is_said_to_have_none() -> None:
    with pytest.raises(FileNotFoundError):
        lexicon("xx")
