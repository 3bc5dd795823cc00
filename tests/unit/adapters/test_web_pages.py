"""How the fields of a card become a form."""

from typing import Literal

import pytest

from adapters.chat import Action, Card, Choice, Field
from adapters.web.pages import Message, Pages, segments, without_segments
from adapters.web.words import ENGLISH


def _field(*labels: str, several: bool = False) -> Field:
    return Field("f", "How?", tuple(Choice(label, label) for label in labels), several=several)


def _html(card: Card, **given: tuple[str, ...]) -> str:
    pages = Pages(title="Pulse", words=ENGLISH, menu=())
    return pages.messages([Message(card, "7", values=given)])


@pytest.mark.parametrize(
    ("labels", "numbers", "beside"),
    [
        (("1", "2", "3", "4", "5"), ["1", "2", "3", "4", "5"], []),
        (("1", "2", "3", "4", "5", "not sure"), ["1", "2", "3", "4", "5"], ["not sure"]),
        (("1 - not at all", "2", "3 – fully"), ["1", "2", "3"], []),
        (("no", "once", "often"), [], ["no", "once", "often"]),
        (("1 to 3 times", "more"), [], ["1 to 3 times", "more"]),
    ],
)
def test_numbered_choices_are_a_scale(labels: tuple[str, ...], numbers: list[str], beside: list[str]) -> None:
    field = _field(*labels)
    assert ([s.number for s in segments(field)], [c.label for c in without_segments(field)]) == (numbers, beside)


def test_the_ends_of_a_scale_say_what_they_mean() -> None:
    found = segments(_field("1 - not at all", "2", "3 (completely)"))
    assert (found[0].anchor, found[-1].anchor) == ("not at all", "completely")


def test_where_several_can_be_picked_there_is_no_scale() -> None:
    assert segments(_field("1", "2", "3", several=True)) == []


def test_what_was_filled_in_stands_there_again() -> None:
    html = _html(Card("?", fields=(_field("yes", "no"), Field("more", "More?"))), f=("no",), more=("<typed>",))
    assert ('value="no" checked' in html, "\n&lt;typed&gt;</textarea>" in html) == (True, True)


def test_what_a_field_brings_along_stands_there_already() -> None:
    html = _html(Card("?", fields=(Field("q", "Question", value="as it was"),)))
    assert "\nas it was</textarea>" in html


def test_a_field_that_was_emptied_does_not_fill_itself_again() -> None:
    html = _html(Card("?", fields=(Field("q", "Question", value="as it was"),)), q=("",))
    assert "as it was" not in html


def test_a_short_text_is_one_line() -> None:
    html = _html(Card("?", fields=(Field("q", "Words", max_length=80, value='a "b"'),)))
    assert '<input type="text"' in html


def test_what_is_needed_is_asked_for_and_a_way_out_asks_for_nothing() -> None:
    html = _html(
        Card(
            "?",
            fields=(Field("q", "Question", optional=False), Field("c", "Pick", (Choice("a", "A"),), optional=False)),
            actions=(Action("preview", "Preview", submits=True), Action("cancel", "Never mind")),
        )
    )
    assert (html.count(" required"), html.count(" formnovalidate")) == (2, 1)


def test_long_choices_get_a_line_each() -> None:
    assert 'class="pills rows"' in _html(Card("?", fields=(_field("Look the person up in the coverage screen", "No"),)))


def test_a_card_with_nothing_to_fill_in_has_no_form() -> None:
    assert "<form" not in _html(Card("Thank you.", note="Small print"))


def test_no_text_of_a_card_becomes_mark_up() -> None:
    odd = '"><script>x</script>'
    html = _html(
        Card(
            odd,
            fields=(Field(odd, odd, (Choice(odd, odd),), hint=odd), Field(odd, odd, hint=odd, value=odd)),
            actions=(Action(odd, odd),),
            note=odd,
            ref=odd,
        )
    )
    assert ("<script" in html, '">"' in html) == (False, False)


@pytest.mark.parametrize(("kind", "value"), [("date", "2027-03-01"), ("time", "07:30")])
def test_a_date_and_a_time_are_picked(kind: Literal["date", "time"], value: str) -> None:
    html = _html(Card("?", fields=(Field("q", "When?", kind=kind, value=value, max_length=10),)))
    assert f'<input type="{kind}"' in html
    assert f'value="{value}"' in html


@pytest.mark.parametrize("kind", ["person", "group"])
def test_somebody_or_a_group_is_typed_where_no_directory_lists_them(kind: Literal["person", "group"]) -> None:
    assert '<input type="text"' in _html(Card("?", fields=(Field("q", "Who?", kind=kind, max_length=200),)))


def test_several_choices_that_stand_there_already_are_all_checked() -> None:
    field = Field("f", "Which?", (Choice("a", "A"), Choice("b", "B"), Choice("c", "C")), several=True, value="a\nc")
    assert _html(Card("?", fields=(field,))).count(" checked") == 2
