"""Activities, read into what the bot understands; whatever else is posted ends there."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Address, Installed, Joined, Left, Pressed, Removed, Said, Submitted
from adapters.teams.incoming import Activity, Unclear, parse, to_incoming
from adapters.teams.references import Reference, reference

GUID = "0A1B2C3D-0000-1111-2222-333344445555"
WAY = Reference("a:1", "https://smba.example/amer/", "29:ana")
ANA = Address("teams", GUID.lower(), "t1")
BASE: dict[str, Any] = {
    "type": "message",
    "id": "f:1",
    "channelId": "msteams",
    "serviceUrl": WAY.service_url,
    "from": {"id": "29:ana", "aadObjectId": GUID},
    "recipient": {"id": "28:app"},
    "conversation": {"id": "a:1", "tenantId": "t1", "conversationType": "personal"},
    "localTimezone": "America/Denver",
}
TEAM = {"conversation": {"id": "19:t@thread.tacv2", "conversationType": "channel", "tenantId": "t1"}}


def read(**changes: Any) -> Activity:
    return parse(json.dumps(BASE | changes).encode())


def one(**changes: Any) -> Any:
    [incoming] = to_incoming(read(**changes))
    return incoming


def press(**action: Any) -> dict[str, Any]:
    return {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}, "replyToId": "m1"}


def test_a_typed_line_arrives_with_who_typed_it_where_and_in_which_zone() -> None:
    said = one(text="help")
    assert said == Said(ANA, "f:1", "help", timezone="America/Denver")
    assert reference(said.sender.conversation) == WAY


@pytest.mark.parametrize(
    ("typed", "text"),
    [("<at>Pulse</at> ask", "ask"), (" help \n", "help"), ('<at id="0">P</at>', ""), (None, ""), ("a\r\nb\0", "a\nb")],
)
def test_a_line_is_what_was_typed_without_the_name_of_the_bot(typed: str | None, text: str) -> None:
    assert one(text=typed).text == text


def test_a_button_without_fields_is_pressed() -> None:
    assert one(**press(verb="ask", data={"ref": "r1", "card.one.ease": "4"})) == Pressed(
        ANA, "f:1", "ask", "r1", timezone="America/Denver"
    )


def test_a_button_with_fields_submits_those_of_its_own_part_of_the_card() -> None:
    data = {"ref": "q1", "part": "reply", "submits": True, "reply.text.question": "Who?", "card.text.more": "secret"}
    assert one(**press(verb="ask-preview", data=data)) == Submitted(
        ANA, "f:1", "ask-preview", "q1", {"question": ("Who?",)}, timezone="America/Denver"
    )


@pytest.mark.parametrize(
    ("action", "kind"),
    [("add", Installed), ("add-upgrade", Installed), ("remove", Removed), ("remove-upgrade", Removed)],
)
def test_the_app_comes_and_goes_for_one_person(action: str, kind: type) -> None:
    came = one(type="installationUpdate", action=action)
    assert (type(came), came.sender) == (kind, ANA)


def test_what_happens_in_a_team_says_nothing_of_the_app_of_anybody() -> None:
    assert to_incoming(read(type="installationUpdate", action="remove", **TEAM)) == []


def test_who_comes_into_a_team_and_leaves_it_is_told_but_for_bots() -> None:
    changed = read(
        type="conversationUpdate",
        channelData={"team": {"id": "19:t@thread.tacv2"}},
        membersAdded=[{"id": "29:ben", "aadObjectId": GUID}, {"id": "28:app"}, "nonsense", {}],
        membersRemoved=[{"id": "29:cleo"}],
        **TEAM,
    )
    team = "19:t@thread.tacv2"
    ben, cleo = Address("teams", GUID.lower(), "t1"), Address("teams", "29:cleo", "t1")
    assert to_incoming(changed) == [Joined(ben, "f:1 29:ben", source=team), Left(cleo, "f:1 29:cleo", source=team)]


def test_in_a_personal_chat_nobody_comes_or_goes() -> None:
    assert to_incoming(read(type="conversationUpdate", membersAdded=[{"id": "29:ana"}])) == []


def test_what_is_typed_where_others_listen_never_becomes_something_the_bot_hears() -> None:
    assert to_incoming(read(text="who is confused here?", **TEAM)) == []


def test_a_chat_without_a_kind_is_between_two() -> None:
    assert read(conversation={"id": "a:1"}).is_personal


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ({"localTimezone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"localTimezone": None, "entities": [7, {"type": "clientInfo", "timezone": "Asia/Tokyo"}]}, "Asia/Tokyo"),
        ({"localTimezone": "../../etc/passwd"}, ""),
        ({"localTimezone": 7, "entities": "x"}, ""),
    ],
)
def test_the_zone_is_told_at_the_top_or_by_the_client(told: dict[str, Any], zone: str) -> None:
    assert read(**told).timezone == zone


def test_the_tenant_stands_in_one_of_two_places() -> None:
    assert read(conversation={"id": "a:1"}, channelData={"tenant": {"id": "t9"}}).tenant == "t9"


def test_an_activity_without_an_id_gets_one_of_its_own() -> None:
    assert read(id=None).id != read(id=None).id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    *BASE,
    "text",
    "name",
    "value",
    "action",
    "replyToId",
    "membersAdded",
    "membersRemoved",
    "entities",
    "channelData",
]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_stands_in_an_activity_it_is_read_or_turned_away(changes: dict[str, Any]) -> None:
    with suppress(Unclear):
        to_incoming(read(**changes))


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_unclear(body: bytes) -> None:
    with pytest.raises(Unclear):
        parse(body)


@given(st.text() | st.sampled_from(["[]", "null", "7", '{"x": 1}', '{"conversation": {"a": 1}}']))
def test_a_way_that_was_not_written_here_leads_nowhere_or_to_what_it_says(line: str) -> None:
    assert isinstance(reference(line), Reference)


@given(st.text(), st.text(), st.text())
def test_a_way_comes_back_as_it_was_written(conversation: str, url: str, user: str) -> None:
    way = Reference(conversation, url, user)
    assert reference(str(way)) == way
