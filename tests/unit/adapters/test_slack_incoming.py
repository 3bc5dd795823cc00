"""What Slack posts, read: payloads of the documented shapes, and whatever else a body may hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Address, Incoming, Joined, Left, Opened, Pressed, Removed, Said, Submitted
from adapters.slack.incoming import read, workspace_of
from adapters.slack.views import Kept
from tests.slack.desk import Desk

ANA = Address("slack", "U1", "T000000001")
WHO: dict[str, Any] = {
    "user": {"id": "U1", "team_id": "T000000001"},
    "team": {"id": "T000000001"},
    "enterprise": None,
    "is_enterprise_install": False,
    "trigger_id": "1.2.abc",
}
COMMAND = {
    "command": "/ask",
    "text": "",
    "user_id": "U1",
    "team_id": "T000000001",
    "channel_id": "C1",
    "trigger_id": "1.2.abc",
    "is_enterprise_install": "false",
}
BUTTON = {"action_id": "press.ask", "block_id": "a.pulse-1", "type": "button", "action_ts": "5.5"}
PRESS = {
    **WHO,
    "type": "block_actions",
    "actions": [BUTTON],
    "container": {"type": "message", "message_ts": "1.5", "channel_id": "D1", "is_ephemeral": False},
    "response_url": "https://hooks.slack.com/actions/1/2",
}
STATE = {"values": {"f.ease": {"value": {"selected_option": {"value": "4"}}}}}
VIEW = {
    "id": "V1",
    "hash": "h",
    "type": "modal",
    "private_metadata": Kept("pulse-1", "ask-preview", "D1/1.5").to_metadata(),
    "state": STATE,
}


def event(**given: Any) -> dict[str, Any]:
    return Desk.event(given, once="Ev1")


def only(body: dict[str, Any]) -> Incoming:
    [heard] = read(body)
    return heard.incoming


READ: list[tuple[str, dict[str, Any], Incoming]] = [
    ("/ask", COMMAND, Pressed(ANA, "1.2.abc", "ask")),
    ("/ask with words", {**COMMAND, "text": "where is it?"}, Said(ANA, "1.2.abc", "where is it?")),
    ("/pulse", {**COMMAND, "command": "/pulse"}, Said(ANA, "1.2.abc", "help")),
    ("/pulse with a word", {**COMMAND, "command": "/pulse", "text": " new "}, Said(ANA, "1.2.abc", "new")),
    ("a shortcut", {**WHO, "type": "shortcut", "callback_id": "ask"}, Pressed(ANA, "1.2.abc", "ask")),
    ("a press", PRESS, Pressed(ANA, "1.2.abc", "ask", "pulse-1")),
    (
        "a card filled in",
        {**PRESS, "actions": [{**BUTTON, "action_id": "submit.answer"}], "state": STATE},
        Submitted(ANA, "1.2.abc", "answer", "pulse-1", {"ease": ("4",)}),
    ),
    (
        "a second button of a form",
        {**PRESS, "actions": [{**BUTTON, "action_id": "submit.draft"}], "view": VIEW},
        Submitted(ANA, "1.2.abc", "draft", "pulse-1", {"ease": ("4",)}),
    ),
    (
        "a form",
        {**WHO, "type": "view_submission", "view": VIEW},
        Submitted(ANA, "1.2.abc", "ask-preview", "pulse-1", {"ease": ("4",)}),
    ),
    (
        "a form without a trigger",
        {**WHO, "trigger_id": None, "type": "view_submission", "view": VIEW},
        Submitted(ANA, "V1.h", "ask-preview", "pulse-1", {"ease": ("4",)}),
    ),
    (
        "a line",
        event(
            type="message", channel_type="im", user="U1", text="a &lt;b&gt; &amp; <https://x.org|x.org>", channel="D1"
        ),
        Said(ANA, "Ev1", "a <b> & x.org"),
    ),
    ("the Home tab", event(type="app_home_opened", user="U1", tab="home"), Opened(ANA, "Ev1", "home")),
    (
        "somebody new",
        event(type="team_join", user={"id": "U1", "tz": "Europe/Berlin"}),
        Joined(ANA, "Ev1", timezone="Europe/Berlin"),
    ),
    ("somebody renamed", event(type="user_change", user={"id": "U1", "deleted": False}), Joined(ANA, "Ev1")),
    ("somebody deactivated", event(type="user_change", user={"id": "U1", "deleted": True}), Left(ANA, "Ev1")),
    ("into a channel", event(type="member_joined_channel", user="U1", channel="C1"), Joined(ANA, "Ev1", "C1")),
    ("out of a channel", event(type="member_left_channel", user="U1", channel="C1"), Left(ANA, "Ev1", "C1")),
    ("the app is gone", event(type="app_uninstalled"), Removed(Address("slack", "", "T000000001"), "Ev1")),
    (
        "the token is gone",
        event(type="tokens_revoked", tokens={"bot": ["UB1"]}),
        Removed(Address("slack", "", "T000000001"), "Ev1"),
    ),
]


@pytest.mark.parametrize(("body", "incoming"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_what_slack_posts_is_read(body: dict[str, Any], incoming: Incoming) -> None:
    assert only(body) == incoming


NOTHING: list[tuple[str, dict[str, Any]]] = [
    ("what the bot said", event(type="message", channel_type="im", user="U1", bot_id="B1", text="x")),
    ("what was changed", event(type="message", channel_type="im", subtype="message_changed", text="x")),
    ("a line in a channel", event(type="message", channel_type="channel", user="U1", text="x")),
    ("the other tab", event(type="app_home_opened", user="U1", tab="messages")),
    ("somebody else's token", event(type="tokens_revoked", tokens={"oauth": ["U1"]})),
    ("an event of another kind", event(type="reaction_added", user="U1")),
    ("a radio button", {**PRESS, "actions": [{"action_id": "value", "block_id": "f.ease"}]}),
    ("no button", {**PRESS, "actions": []}),
    ("a press of nobody", {**PRESS, "user": {}}),
    ("a command of nobody", {**COMMAND, "user_id": ""}),
    ("no workspace", {**COMMAND, "team_id": ""}),
    ("nothing", {}),
]


@pytest.mark.parametrize("body", [row[1] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_what_is_nothing_to_us_is_passed_over(body: dict[str, Any]) -> None:
    assert read(body) == []


def test_a_group_that_changed_names_each_who_came_and_went() -> None:
    body = event(type="subteam_members_changed", subteam_id="S1", added_users=["U1", "U2"], removed_users=["U3"])
    found = [heard.incoming for heard in read(body)]
    assert [(type(one), one.sender.account, one.source) for one in found if isinstance(one, Joined | Left)] == [
        (Joined, "U1", "S1"),
        (Joined, "U2", "S1"),
        (Left, "U3", "S1"),
    ]
    assert len({one.id for one in found}) == 3


@pytest.mark.parametrize(
    ("body", "workspace"),
    [
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "false"}, "T1"),
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        ({"team": {"id": "T1"}, "enterprise": {"id": "E1"}, "is_enterprise_install": True}, "E1"),
        ({"team": None, "user": {"team_id": "T1"}}, "T1"),
        (
            {
                "team_id": "T1",
                "authorizations": [{"enterprise_id": "E1", "team_id": "T2", "is_enterprise_install": False}],
            },
            "T2",
        ),
        (
            {
                "team_id": "T1",
                "authorizations": [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}],
            },
            "E1",
        ),
        ({"authorizations": ["x"], "team_id": "T1"}, "T1"),
    ],
)
def test_a_workspace_is_named_as_the_app_is_installed(body: dict[str, Any], workspace: str) -> None:
    assert workspace_of(body) == workspace


def test_a_press_knows_where_it_was_made() -> None:
    [in_message], [in_modal], [on_home] = (
        read(PRESS),
        read({**PRESS, "view": VIEW}),
        read({**PRESS, "view": {"type": "home", "id": "V2"}}),
    )
    assert (in_message.place.kind, in_message.place.origin) == ("message", "D1/1.5")
    assert (in_modal.place.kind, in_modal.place.view, in_modal.place.origin) == ("modal", "V1", "D1/1.5")
    assert (on_home.place.kind, on_home.place.origin) == ("home", "home")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = sorted({*PRESS, *COMMAND, *VIEW, "view", "event", "event_id", "authorizations", "tokens", "added_users", "tab"})
KINDS = st.sampled_from(["block_actions", "view_submission", "shortcut", "event_callback", "view_closed"])


@given(st.dictionaries(st.sampled_from(KEYS), JSON), KINDS)
def test_any_body_at_all_is_read_without_breaking(body: dict[str, Any], kind: str) -> None:
    for one in ({**PRESS, **body, "type": kind}, {**WHO, "view": VIEW, **body, "type": kind}, {**COMMAND, **body}):
        read(one)


@given(
    st.dictionaries(st.sampled_from(["type", "user", "channel", "channel_type", "tab", "tokens", "text"]), JSON), KINDS
)
def test_any_event_at_all_is_read_without_breaking(inner: dict[str, Any], kind: str) -> None:
    for name in ("message", "app_home_opened", "team_join", "member_joined_channel", "subteam_members_changed", kind):
        read(event(**{**inner, "type": name}))
