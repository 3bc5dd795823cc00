"""Cards as Slack's blocks: everything is there, nothing is interpreted, and no limit of Slack's is crossed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackblocks import _limits

from adapters.chat import Action, Card, Choice, Field, Link, Picture, Series
from adapters.slack.blocks import TooManyBlocks, message
from adapters.slack.charts import chart
from adapters.slack.inputs import element, filled_in, inputs
from adapters.slack.limits import CARD_TEXT, clip
from adapters.slack.rich_text import plain, rich_text
from adapters.slack.views import HOME, Kept, home, modal, moment
from adapters.slack.words import ENGLISH
from tests.slack.desk import words
from tests.slack.taken import over, parts

PULSE = Card(
    "Day 4 with **Northstar**.\n\nThree quick ones:\n\n- one\n- **two**\n\nThank you.",
    fields=(
        Field("ease", "I got through my work.", (Choice("1", "no"), Choice("5", "yes"))),
        Field("more", "Anything else?", hint="No patient details, please."),
    ),
    actions=(Action("answer", "Send", submits=True, primary=True), Action("ask", "Ask something")),
    note="Your lead sees groups of 5 or more.",
    ref="pulse-1",
)


def by_type(blocks: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] == kind]


def test_text_is_made_of_elements_so_that_nothing_in_it_can_be_mark_up() -> None:
    [block] = rich_text("*not bold* <!channel> <https://x|y> :tada: `code` & <b>")
    assert block["elements"] == [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "*not bold* <!channel> <https://x|y> :tada: `code` & <b>"}],
        }
    ]


def test_bold_and_lists_are_kept() -> None:
    [block] = rich_text(PULSE.text)
    section, items, last = block["elements"]
    assert section["elements"][1] == {"type": "text", "text": "Northstar", "style": {"bold": True}}
    assert [one["elements"][-1]["text"] for one in items["elements"]] == ["one", "two"]
    assert last["elements"][0]["text"] == "\nThank you."


def test_a_notification_says_all_that_the_blocks_say() -> None:
    rendered = message(PULSE)
    for word in ("Day 4 with Northstar.", "- two", "I got through my work.", "no / yes", "No patient details, please."):
        assert word in rendered.text
    assert "[Send] · [Ask something]" in rendered.text
    assert rendered.text.endswith("Your lead sees groups of 5 or more.")


def test_a_notification_cannot_mention_anybody() -> None:
    assert plain("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field("f", "l", tuple(Choice(str(n), "x") for n in range(10))), "radio_buttons"),
        (Field("f", "l", tuple(Choice(str(n), "x") for n in range(11))), "static_select"),
        (Field("f", "l", tuple(Choice(str(n), "x") for n in range(10)), several=True), "checkboxes"),
        (Field("f", "l", tuple(Choice(str(n), "x") for n in range(11)), several=True), "multi_static_select"),
        (Field("f", "l"), "plain_text_input"),
        (Field("f", "l", kind="date"), "datepicker"),
        (Field("f", "l", kind="time"), "timepicker"),
        (Field("f", "l", kind="person"), "users_select"),
        (Field("f", "l", kind="person", several=True), "multi_users_select"),
        (Field("f", "l", kind="group"), "conversations_select"),
        (Field("f", "l", kind="group", several=True), "multi_conversations_select"),
    ],
)
def test_every_kind_of_field_has_its_input(field: Field, kind: str) -> None:
    assert element(field)["type"] == kind


@pytest.mark.parametrize(
    ("field", "name", "initial"),
    [
        (Field("f", "l", (Choice("a", "A"),), value="a"), "initial_option", "a"),
        (Field("f", "l", (Choice("a", "A"),), value="a", several=True), "initial_options", "a"),
        (Field("f", "l", value="typed"), "initial_value", "typed"),
        (Field("f", "l", kind="date", value="2027-03-01"), "initial_date", "2027-03-01"),
        (Field("f", "l", kind="time", value="07:30"), "initial_time", "07:30"),
        (Field("f", "l", kind="person", value="U1"), "initial_user", "U1"),
        (Field("f", "l", kind="group", several=True, value="C1"), "initial_conversations", "C1"),
    ],
)
def test_what_stands_in_a_field_already_is_shown(field: Field, name: str, initial: str) -> None:
    found = element(field)[name]
    assert initial in str(found)


def test_several_that_stand_there_already_are_all_picked() -> None:
    choices = tuple(Choice(one, one.upper()) for one in "abc")
    picked = element(Field("f", "l", choices, value="a\nc", several=True))["initial_options"]
    assert [one["value"] for one in picked] == ["a", "c"]


def test_a_link_is_a_button_that_opens_it() -> None:
    card = Card("x", actions=(Action("ask", "Ask"),), links=(Link("Dashboard", "https://pulse.example.org/d"),))
    [row] = by_type(message(card).blocks, "actions")
    assert row["elements"][1]["url"] == "https://pulse.example.org/d"
    assert "[Ask] · [Dashboard]" in message(card).text


def test_what_was_typed_never_hides_what_the_bot_wants_to_be_seen() -> None:
    """Slack keeps what was typed into an input of the same block_id when it updates a modal."""
    first, again = (inputs(Field("question", "l"), may_be_left=True)[0]["block_id"] for _ in range(2))
    assert first != again
    assert filled_in({"values": {again: {"value": {"value": "masked"}}}}) == {"question": ("masked",)}


def test_a_value_that_is_no_option_is_not_picked() -> None:
    assert "initial_option" not in element(Field("f", "l", (Choice("a", "A"),), value="b"))


def test_a_long_option_goes_on_in_its_small_print() -> None:
    label = "Take the card, look up the insurance in the old list, and call them back on the same day."
    [option] = element(Field("f", "l", (Choice("a", label),)))["options"]
    assert f"{option['text']['text']} {option['description']['text']}" == label


def test_an_optional_field_says_so_where_a_form_insists_and_not_in_a_message() -> None:
    [in_modal] = inputs(Field("f", "l"), may_be_left=True)
    [in_message] = inputs(Field("f", "l"), may_be_left=False)
    [needed] = inputs(Field("f", "l", optional=False), may_be_left=True)
    assert [one.get("optional", False) for one in (in_modal, in_message, needed)] == [True, False, False]


def test_user_groups_stand_beside_channels_and_come_back_in_the_same_field() -> None:
    both = inputs(
        Field("team", "Team", kind="group", optional=False),
        may_be_left=True,
        groups=(Choice("S1", "Nurses"),),
        groups_label="Or groups",
    )
    assert [one["element"]["type"] for one in both] == ["conversations_select", "static_select"]
    assert [one["optional"] for one in both] == [True, True]
    state = {
        "values": {
            "f.team": {"value": {"selected_conversation": "C1"}},
            "g.team": {"value": {"selected_option": {"value": "S1"}}},
        }
    }
    assert filled_in(state) == {"team": ("C1", "S1")}


def test_what_was_left_empty_is_left_out() -> None:
    empty = {"f.a": {"value": {"value": None}}, "f.b": {"value": {"selected_option": None}}, "f.c": {"value": {}}}
    assert filled_in({"values": {**empty, "other": {"value": {"value": "x"}}}}) == {}


@pytest.mark.parametrize("state", [{}, {"values": []}, {"values": {"f.a": 7}}, {"values": {"f.a": {"value": [1]}}}])
def test_a_state_that_is_none_gives_nothing(state: dict[str, Any]) -> None:
    assert filled_in(state) == {}


def test_buttons_carry_the_ref_and_say_whether_the_fields_travel() -> None:
    [row] = by_type(message(PULSE).blocks, "actions")
    assert row["block_id"] == "a.pulse-1"
    assert [button["action_id"] for button in row["elements"]] == ["submit.answer", "press.ask"]
    assert [button.get("style") for button in row["elements"]] == ["primary", None]
    assert not any("value" in button for button in row["elements"])


def test_in_a_modal_the_sending_button_is_the_modals_own() -> None:
    view = modal(PULSE, words=ENGLISH, origin="D1/1.2")
    assert view["submit"]["text"] == "Send"
    [row] = by_type(view["blocks"], "actions")
    assert [button["action_id"] for button in row["elements"]] == ["press.ask"]
    assert Kept.from_metadata(view["private_metadata"]) == Kept("pulse-1", "answer", "D1/1.2")


def test_a_modal_without_fields_has_nothing_to_send() -> None:
    view = modal(Card("Done.", actions=(Action("tell", "Tell me"),), ref="r"), words=ENGLISH)
    assert "submit" not in view
    assert len(by_type(view["blocks"], "actions")) == 1


def test_a_form_whose_card_names_no_button_can_still_be_sent() -> None:
    view = modal(Card("Fill in.", fields=(Field("a", "A"),)), words=ENGLISH)
    assert view["submit"]["text"] == "Send"


def test_while_the_bot_is_at_it_the_modal_says_so() -> None:
    view = moment(words=ENGLISH, origin=HOME)
    assert words(view["blocks"], view) == ENGLISH.moment
    assert Kept.from_metadata(view["private_metadata"]).origin == HOME


@pytest.mark.parametrize("line", ["", "{}", "[1]", '["a","b"]', "nonsense", None])
def test_metadata_that_is_not_ours_says_nothing(line: object) -> None:
    assert Kept.from_metadata(line) == Kept()


def test_the_home_tab_has_everything_a_card_has() -> None:
    view = home(PULSE, words=ENGLISH)
    shown = words(view["blocks"], view)
    assert all(word in shown for word in ("Northstar", "Anything else?", "Ask something", "groups of 5"))


def test_too_many_fields_are_a_mistake_and_not_cut() -> None:
    card = Card("x", fields=tuple(Field(str(n), "l") for n in range(60)))
    with pytest.raises(TooManyBlocks):
        message(card)
    assert len(modal(card, words=ENGLISH)["blocks"]) == 61


TREND = Picture(
    "Ease by team",
    "Ease rose from 2 to 4.",
    ("Mon", "Tue"),
    (Series("Front desk of the second floor", (2, 4)), Series("Front desk of the second house", (3, 3.5))),
)


def test_a_chart_has_a_point_for_every_label_and_names_that_differ() -> None:
    block = chart(TREND)
    assert block is not None
    drawn = block["chart"]
    assert (block["type"], drawn["type"], drawn["axis_config"]) == (
        "data_visualization",
        "line",
        {"categories": ["Mon", "Tue"]},
    )
    first, second = drawn["series"]
    assert first["name"] != second["name"]
    assert [point["label"] for point in first["data"]] == ["Mon", "Tue"]
    assert [point["value"] for point in second["data"]] == [3, 3.5]


@pytest.mark.parametrize(
    "picture",
    [
        Picture("t", "a", ("Mon", "Tue"), (Series("x", (1, None)),)),
        Picture("t", "a", tuple(str(n) for n in range(21)), (Series("x", (1,) * 21),)),
        Picture("t", "a", ("Mon",), tuple(Series(str(n), (1,)) for n in range(7))),
        Picture("t", "a", (), ()),
    ],
    ids=["a gap", "too many labels", "too many lines", "nothing"],
)
def test_what_slack_cannot_draw_is_no_chart(picture: Picture) -> None:
    assert chart(picture) is None


def test_three_series_of_one_beginning_have_three_names() -> None:
    same = Picture("t", "a", ("Mon",), tuple(Series(f"Nursing on the ground floor {n}", (n,)) for n in range(3)))
    block = chart(same)
    assert block is not None
    assert len({one["name"] for one in block["chart"]["series"]}) == 3


def test_a_message_holds_two_charts_and_shows_the_third_as_an_image() -> None:
    card = Card("x", pictures=(TREND, TREND, TREND))
    blocks = message(card, files={2: "F1"}).blocks
    assert [block["type"] for block in blocks[1:]] == ["data_visualization", "data_visualization", "image"]


def test_without_charts_the_uploaded_images_stand_there() -> None:
    card = Card("x", pictures=(TREND, TREND))
    [_, shown] = message(card, files={1: "F1"}, charts=False).blocks
    assert (shown["slack_file"], shown["alt_text"]) == ({"id": "F1"}, TREND.alt)


@pytest.mark.parametrize(
    ("text", "longest", "cut"), [("short", 5, "short"), ("one two three", 9, "one two…"), ("x" * 9, 5, "xxxx…")]
)
def test_what_is_too_long_is_cut_after_a_word(text: str, longest: int, cut: str) -> None:
    assert clip(text, longest) == cut


def test_a_text_of_any_length_is_cut_and_not_refused() -> None:
    blocks = rich_text("word " * 10_000)
    assert sum(len(part["text"]) for part in parts(blocks) if part.get("type") == "text") <= CARD_TEXT


ANY = st.text(max_size=400) | st.text(min_size=2_900, max_size=3_300, alphabet="ab \n*-")
LABELS = st.text(min_size=1, max_size=300)
NAMES = st.text(alphabet="abcdefgh_", min_size=1, max_size=20)
CHOICES = st.lists(st.builds(Choice, NAMES, LABELS), max_size=14).map(tuple)
FIELDS = st.builds(
    Field,
    NAMES,
    LABELS,
    choices=CHOICES,
    hint=ANY,
    several=st.booleans(),
    optional=st.booleans(),
    max_length=st.integers(1, 9_000),
    value=ANY,
)
CARDS = st.builds(
    Card,
    ANY.filter(str.strip),
    fields=st.lists(FIELDS, max_size=6, unique_by=lambda field: field.name).map(tuple),
    actions=st.lists(st.builds(Action, NAMES, LABELS, st.booleans(), st.booleans()), max_size=6).map(tuple),
    pictures=st.lists(
        st.builds(
            lambda title, alt, names: Picture(
                title, alt, ("a" * 30, "a" * 31), tuple(Series(n, (1, 2)) for n in names)
            ),
            LABELS,
            LABELS,
            st.lists(LABELS, min_size=1, max_size=8),
        ),
        max_size=3,
    ).map(tuple),
    note=ANY,
    ref=NAMES,
)


@settings(max_examples=40)
@given(CARDS)
def test_whatever_a_card_says_slack_takes_it(card: Card) -> None:
    rendered = message(card)
    view = modal(card, words=ENGLISH)
    assert [*over(rendered.blocks), *over(view), *over(home(card, words=ENGLISH))] == []
    assert 0 < len(rendered.text) <= 40_000
    assert len(by_type(rendered.blocks, "data_visualization")) <= _limits.MESSAGE_DATA_VISUALIZATIONS_MAX_ITEMS
