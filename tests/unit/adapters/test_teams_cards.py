"""Cards as Adaptive Cards: what stands in them, what is left out when they grow too large, what never stands there."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Action, Card, Choice, Field
from adapters.teams.cards import LARGEST, MOST_BUTTONS, size, to_adaptive, with_reply
from adapters.teams.outgoing import envelope, invitation, message
from adapters.teams.registrations import Registration
from adapters.teams.words import ENGLISH
from tests.teams.gallery import GALLERY, TREND
from tests.teams.people import words
from tests.teams.service import Json, buttons, elements, inputs

US = Registration("app-1", "tenant-1", "s")
PULSE = GALLERY["a pulse"]
RECEIPT = Card(
    "Keep these four words: **maple drift seven lantern**", actions=(Action("tell-me", "Tell me"),), ref="q1"
)


def of_type(card: Json, kind: str) -> list[Json]:
    return [element for element in elements(card) if element["type"] == kind]


@pytest.mark.parametrize("name", GALLERY)
def test_every_card_fits_into_a_message(name: str) -> None:
    assert size(to_adaptive(GALLERY[name])) <= LARGEST


@given(st.text(max_size=20_000), st.integers(0, 6), st.integers(1, 40))
def test_whatever_a_card_holds_it_fits(text: str, fields: int, choices: int) -> None:
    field = Field("ease", "How was it?", tuple(Choice(str(n), "very well " * 3) for n in range(choices)))
    assert size(to_adaptive(Card(text, fields=(field,) * fields, pictures=(TREND,)))) <= LARGEST


def test_what_is_said_is_complete_without_the_card() -> None:
    card = to_adaptive(GALLERY["a digest"])
    assert card["speak"] == card["fallbackText"]
    assert card["speak"].startswith("Day 6. Nothing needs you today.\n\nFront desk rose from 3.1 to 3.9")


def test_a_button_without_fields_sends_nothing_of_what_is_filled_in() -> None:
    carried = {action["verb"]: action["associatedInputs"] for action in buttons(to_adaptive(PULSE))}
    assert carried == {"answer": "auto", "ask": "none"}


def test_a_button_carries_the_opaque_ref_and_nothing_about_anybody() -> None:
    data = [action["data"] for action in buttons(to_adaptive(PULSE))]
    assert data == [{"ref": "pulse-1", "part": "card", "submits": True}, {"ref": "pulse-1", "part": "card"}]


def test_no_row_of_buttons_is_so_long_that_teams_hides_some() -> None:
    rows = [len(row["actions"]) for row in of_type(to_adaptive(GALLERY["a digest"]), "ActionSet")]
    assert (max(rows), sum(rows)) == (MOST_BUTTONS, 8)


def test_a_chart_is_drawn_by_teams_with_the_image_to_fall_back_on_and_the_same_in_words() -> None:
    card = to_adaptive(Card("Trend", pictures=(TREND,)))
    [chart] = of_type(card, "Chart.Line")
    assert [len(series["values"]) for series in chart["data"]] == [5, 4]
    assert chart["fallback"]["altText"] == TREND.alt
    assert TREND.alt in words(card)[0]


def test_images_go_first_where_there_is_no_room() -> None:
    heavy = replace(TREND, png=b"x" * 30_000)
    card = to_adaptive(Card("Trend", pictures=(heavy,)))
    [chart] = of_type(card, "Chart.Line")
    assert chart["fallback"] == "drop"
    assert heavy.alt in words(card)[0]


def test_what_is_spoken_goes_before_anything_that_is_shown() -> None:
    text = "\n\n".join("some words about how it went " * 10 for _ in range(30))
    card = to_adaptive(Card(text))
    assert words(card)[0].count("how it went") == 300
    assert card["speak"].endswith(" …")


def test_the_end_of_a_text_goes_last_and_says_so() -> None:
    card = to_adaptive(GALLERY["the longest answers"])
    assert words(card)[0].endswith(" …")
    assert size(card) > LARGEST / 2


def test_a_reply_stands_under_the_message_as_it_was_filled_in() -> None:
    card = with_reply(PULSE, RECEIPT, values={"ease": ("4",), "more": ("half a sentence",)})
    assert [text.splitlines()[0] for text in words(card)] == [
        PULSE.text,
        "Keep these four words: maple drift seven lantern",
    ]
    assert {name: asked.get("value") for name, asked in inputs(card).items()} == {
        "card.one.ease": "4", "card.many.route": None, "card.text.more": "half a sentence",
    }  # fmt: skip
    assert [action["data"]["part"] for action in buttons(card)] == ["card", "card", "reply"]


def test_of_both_what_is_new_is_read_aloud() -> None:
    assert with_reply(PULSE, RECEIPT, values={})["speak"] == "Keep these four words: maple drift seven lantern"


def test_a_reply_that_leaves_no_room_for_the_message_stands_alone() -> None:
    card = with_reply(PULSE, GALLERY["the longest answers"], values={})
    assert (size(card) <= LARGEST, len(words(card))) == (True, 1)


def test_one_plain_line_is_a_message_without_a_card() -> None:
    said = message(GALLERY["one line"], registration=US)
    assert (said.text, said.text_format, said.attachments) == (GALLERY["one line"].text, "plain", None)


def test_a_notification_says_what_the_card_says_in_short() -> None:
    said = message(GALLERY["the longest answers"], registration=US)
    assert said.text is None
    assert said.summary.startswith("Questions of your colleagues:")
    assert len(said.summary) <= 202


def test_a_message_goes_to_the_tenant_of_its_registration() -> None:
    assert envelope(Card("x"), US)["channel_data"] == {"tenant": {"id": "tenant-1"}}


def test_the_way_out_of_a_channel_is_one_sentence_and_a_button() -> None:
    card = invitation(ENGLISH, registration=US).attachments[0].content
    assert words(card) == [f"{ENGLISH.elsewhere}\n\n{ENGLISH.open_chat}"]
    assert buttons(card)[0]["url"].endswith("users=28:app-1")


def test_nothing_of_the_bot_stands_in_a_card_but_what_it_says() -> None:
    card = replace(PULSE, ref="opaque-ref-9")
    assert json.dumps(to_adaptive(card)).count("opaque-ref-9") == len(card.actions)
