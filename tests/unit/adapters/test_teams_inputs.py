"""Fields as inputs, and what was filled in on its way back."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Choice, Field
from adapters.teams.inputs import PEOPLE, Part, clean, filled_in, team_in, to_inputs

SCALE = tuple(Choice(str(number), f"Step {number}") for number in range(1, 6))
TEXTS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), min_size=1)


def given_back(field: Field, *values: str) -> dict[str, tuple[str, ...]]:
    """Fill a field in as a client does: with what its choices are called there."""
    asked = to_inputs(field, part="card")[0]
    if field.choices:
        known = {choice.value: one["value"] for choice, one in zip(field.choices, asked["choices"], strict=True)}
        return filled_in({asked["id"]: ",".join(known[value] for value in values)}, part="card")
    return filled_in({asked["id"]: values[0]}, part="card")


@given(st.lists(TEXTS.filter(lambda text: bool(text.strip())), min_size=1, max_size=5, unique=True))
def test_several_picks_come_back_as_they_were_offered_commas_and_all(values: list[str]) -> None:
    field = Field("route", "How?", tuple(Choice(value, value) for value in values), several=True)
    assert given_back(field, *values) == {"route": tuple(values)}


@given(TEXTS.filter(lambda text: bool(text.strip())))
def test_a_text_comes_back_as_it_was_typed(text: str) -> None:
    assert given_back(Field("more", "Anything else?"), text) == {"more": (text,)}


def test_one_pick_of_a_scale_comes_back() -> None:
    assert given_back(Field("ease", "How was it?", SCALE), "4") == {"ease": ("4",)}


@pytest.mark.parametrize(
    ("kind", "input_", "value"), [("date", "Input.Date", "2027-03-01"), ("time", "Input.Time", "07:30")]
)
def test_a_date_and_a_time_are_picked_and_come_back_as_the_port_says(
    kind: Literal["date", "time"], input_: str, value: str
) -> None:
    field = Field("first", "From when?", kind=kind, value=value)
    [asked] = to_inputs(field, part="card")
    assert (asked["type"], asked["value"], given_back(field, value)) == (input_, value, {"first": (value,)})


def test_a_person_is_picked_from_teams_own_list_of_colleagues() -> None:
    [asked] = to_inputs(Field("lead", "Who leads?", kind="person", several=True, value="a1"), part="card")
    assert (asked["choices.data"]["dataset"], asked["isMultiSelect"], asked["value"]) == (PEOPLE, True, "a1")
    assert filled_in({asked["id"]: "a1, b2"}, part="card") == {"lead": ("a1", "b2")}


LINK = (
    "https://teams.microsoft.com/l/team/19%3Aabc_D-1%40thread.tacv2/conversations"
    "?groupId=11111111-2222-3333-4444-555555555555&tenantId=66666666-7777-8888-9999-000000000000"
)


@pytest.mark.parametrize(
    ("written", "team"),
    [
        (LINK, "19:abc_D-1@thread.tacv2"),
        ("19:abc@thread.skype", "19:abc@thread.skype"),
        (" Front desk ", "Front desk"),
        ("https://example.org/?q=19:x@thread.tacv2", "19:x@thread.tacv2"),
    ],
)
def test_a_team_is_read_out_of_the_link_that_teams_copies(written: str, team: str) -> None:
    assert team_in(written) == team
    assert given_back(Field("team", "Which team?", kind="group"), written) == {"team": (team,)}


def test_several_teams_are_named_a_line_each() -> None:
    field = Field("team", "Which teams?", kind="group", several=True, value="19:a@thread.tacv2\n19:b@thread.tacv2")
    [asked] = to_inputs(field, part="card")
    assert (asked["isMultiline"], asked["value"]) == (True, field.value)
    assert given_back(field, f"{LINK}\n\n19:b@thread.tacv2") == {
        "team": ("19:abc_D-1@thread.tacv2", "19:b@thread.tacv2")
    }


def test_several_choices_may_stand_there_already() -> None:
    field = Field("route", "How?", SCALE, several=True, value="1\n4")
    assert to_inputs(field, part="card")[0]["value"] == "1,4"


def test_what_the_bot_wants_to_be_seen_is_never_hidden_by_what_was_typed_before() -> None:
    typed, masked = Field("question", "?", value="Ask Ana"), Field("question", "?", value="Ask [name]")
    names = {to_inputs(field, part="reply")[0]["id"] for field in (typed, masked)}
    assert len(names) == 2
    assert {tuple(filled_in({name: "x"}, part="reply").items()) for name in names} == {(("question", ("x",)),)}


def test_how_to_name_a_team_is_said_beside_what_the_bot_says_of_it() -> None:
    field = Field("team", "Which team?", kind="group", hint="Read every day.")
    asked, under = to_inputs(field, part="card", group_hint="Paste the link.")
    assert (asked["placeholder"], under["inlines"][0]["text"]) == ("Paste the link.", "Read every day.")


@pytest.mark.parametrize(
    ("field", "style"),
    [
        (Field("ease", "How was it?", SCALE), "expanded"),
        (Field("where", "Where?", tuple(Choice(str(n), str(n)) for n in range(13))), "compact"),
        (Field("where", "Where?", tuple(Choice(str(n), str(n)) for n in range(13)), several=True), "expanded"),
    ],
)
def test_a_long_list_folds_up_where_one_is_picked(field: Field, style: str) -> None:
    assert to_inputs(field, part="card")[0]["style"] == style


@pytest.mark.parametrize(("longest", "lines"), [(100, False), (500, True)])
def test_a_long_text_gets_several_lines(longest: int, *, lines: bool) -> None:
    assert to_inputs(Field("more", "More?", max_length=longest), part="card")[0]["isMultiline"] is lines


def test_a_hint_stands_in_an_empty_text_and_under_choices() -> None:
    [text] = to_inputs(Field("more", "More?", hint="No patient details."), part="card")
    _, under = to_inputs(Field("ease", "How?", SCALE, hint="Today only."), part="card")
    assert (text["placeholder"], under["inlines"][0]["text"]) == ("No patient details.", "Today only.")


def test_nothing_is_required_because_that_would_lock_every_other_button() -> None:
    fields = (Field("more", "More?", optional=False), Field("ease", "How?", SCALE, optional=False))
    assert not any("isRequired" in asked for field in fields for asked in to_inputs(field, part="card"))


def test_what_was_filled_in_stands_there_again() -> None:
    scale, more = Field("ease", "How?", SCALE, value="1"), Field("more", "More?")
    values = {"ease": ("4",), "more": ("Two screens,\nfor one thing",)}
    filled = [to_inputs(field, part="card", values=values)[0]["value"] for field in (scale, more)]
    assert filled == ["4", "Two screens,\nfor one thing"]


@pytest.mark.parametrize("part", ["card", "reply"])
def test_a_message_and_the_reply_under_it_keep_their_fields_apart(part: Part) -> None:
    sent = {"card.text.more": "for the pulse", "reply.text.more": "for the question"}
    told = {"card": "for the pulse", "reply": "for the question"}
    assert filled_in(sent, part=part) == {"more": (told[part],)}


@pytest.mark.parametrize(
    "sent",
    [
        {"card.text.more": "  \n "},
        {"card.text.more": None},
        {"card.text.more": ["x"]},
        {"card.more": "x"},
        {"more": "x"},
        {"other.text.more": "x"},
    ],
)
def test_what_is_empty_or_none_of_ours_is_left_out(sent: dict[str, object]) -> None:
    assert filled_in(sent, part="card") == {}


def test_line_ends_and_nul_are_made_ours() -> None:
    assert clean("a\0\r\nb\rc") == "a\nb\nc"
