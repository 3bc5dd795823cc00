"""Slack when it does not work: too fast, gone, broken in the middle, refused, forged. Nothing is sent twice or lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from time import time
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import Address, Card, DeliveryError, Incoming, Picture, Reply, Series
from adapters.slack.pacing import POST
from tests.slack.desk import Desk, address, desk, signature
from tests.slack.emulator import TEAM, Emulator, Trouble
from tests.slack.hands import WatchedPace

HELLO = Card("Hello.", ref="r")
TREND = Picture("Ease", "Ease rose.", ("Mon", "Tue"), (Series("Front desk", (1, 2)),), png=b"\x89PNG drawn")
GAPS = Picture("Ease", "Ease rose.", ("Mon", "Tue"), (Series("Front desk", (1, None)),), png=b"\x89PNG drawn")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def ana(slack_people: Iterator[str]) -> Address:
    return address(next(slack_people))


@pytest.fixture
def came() -> list[Incoming]:
    return []


@pytest.fixture
async def at(slack: Emulator, came: list[Incoming]) -> AsyncIterator[Desk]:
    async def listen(incoming: Incoming) -> Reply | None:
        came.append(incoming)
        return Reply(Card("Noted."))

    async with desk(slack) as people:
        running = asyncio.create_task(people.adapter.run(listen))
        await asyncio.sleep(0)
        yield people
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def refused(at: Desk, to: Address, card: Card = HELLO) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        await at.adapter.send(to, card, key="k")
    return error.value


# Sending.


async def test_a_connection_that_breaks_after_slack_has_taken_it_is_unknown_and_nothing_is_sent_twice(
    at: Desk, ana: Address
) -> None:
    at.slack.fail(POST, Trouble(drops=True))
    error = await refused(at, ana)
    assert (error.reason, error.unknown, error.permanent) == ("connection_lost", True, False)
    assert at.slack.methods().count(POST) == 1
    assert len(await at.slack.messages(ana.account)) == 1


async def test_what_arrived_all_the_same_is_found_by_its_key(at: Desk, ana: Address) -> None:
    at.slack.fail(POST, Trouble(drops=True))
    await refused(at, ana)
    [arrived] = await at.slack.messages(ana.account)
    found = await at.adapter.find(ana, key="k")
    assert found is not None
    assert found.endswith(f"/{arrived['ts']}")


async def test_a_restarted_bot_finds_what_it_sent_also_once_the_workspace_is_known(
    at: Desk, slack: Emulator, ana: Address
) -> None:
    sent = await at.adapter.send(Address("slack", ana.account), HELLO, key="k")
    async with desk(slack) as restarted:
        assert await restarted.adapter.find(ana, key="k") == sent
        assert await restarted.adapter.find(ana, key="another") is None
        await restarted.adapter._calls.close()


async def test_where_the_chat_may_not_be_read_whether_it_arrived_is_unknown(at: Desk, ana: Address) -> None:
    at.slack.fail("conversations.history", Trouble(status=429, headers={"Retry-After": "60"}))
    with pytest.raises(DeliveryError) as error:
        await at.adapter.find(ana, key="k")
    assert error.value.unknown


async def test_the_mark_of_a_message_tells_nothing_about_it(at: Desk, ana: Address) -> None:
    await at.adapter.send(ana, HELLO, key="wave:7:12:prompt")
    [sent] = await at.slack.messages(ana.account)
    marked = json.dumps(sent["metadata"])
    assert "wave" not in marked
    assert ana.account not in marked


async def test_too_fast_is_told_with_the_seconds_that_slack_asks_for(at: Desk, ana: Address) -> None:
    at.slack.fail(POST, Trouble(status=429, headers={"Retry-After": "7"}))
    error = await refused(at, ana)
    assert (error.reason, error.retry_after, error.unknown, error.permanent) == ("rate_limited", 7.0, False, False)
    assert at.slack.methods().count(POST) == 1


async def test_one_workspace_has_one_pace_also_where_an_address_leaves_it_out(slack: Emulator, ana: Address) -> None:
    pace = WatchedPace()
    async with desk(slack, pace=pace) as people:
        for key, workspace in (("first", ""), ("second", TEAM)):
            await people.adapter.send(Address("slack", ana.account, workspace), HELLO, key=key)
        await people.adapter._calls.close()
    first, second = [at for at, method, _ in pace.let_through if method == POST]
    assert second - first >= 1


@pytest.mark.parametrize("after", ["", "soon"])
async def test_a_refusal_that_does_not_say_how_long_gets_half_a_minute(at: Desk, ana: Address, after: str) -> None:
    at.slack.fail(POST, Trouble(status=429, headers={"Retry-After": after} if after else {}))
    assert (await refused(at, ana)).retry_after == 30


@pytest.mark.parametrize(
    ("error", "permanent", "unknown"),
    [
        ("user_not_found", True, False),
        ("channel_not_found", True, False),
        ("cannot_dm_bot", True, False),
        ("is_archived", True, False),
        ("internal_error", False, True),
        ("fatal_error", False, True),
        ("service_unavailable", False, False),
        ("invalid_blocks", False, False),
    ],
)
async def test_every_refusal_is_gone_or_later_or_unknown(
    at: Desk,
    ana: Address,
    error: str,
    permanent: bool,  # noqa: FBT001  # a column of the table
    unknown: bool,  # noqa: FBT001  # as above
) -> None:
    at.slack.fail(POST, Trouble(error=error))
    told = await refused(at, ana)
    assert (told.reason, told.permanent, told.unknown) == (error, permanent, unknown)


async def test_a_server_error_may_have_taken_it(at: Desk, ana: Address) -> None:
    at.slack.fail(POST, Trouble(status=503, error="x"))
    assert (await refused(at, ana)).unknown


async def test_slack_that_cannot_be_reached_never_got_it(slack: Emulator, ana: Address) -> None:
    async with desk(slack) as people:
        await people.slack._server.close()
        error = await refused(people, ana)
        assert (error.reason, error.unknown, error.permanent) == ("no_connection", False, False)
        await people.adapter._calls.close()


async def test_a_token_that_no_longer_works_is_tried_once_and_then_no_more(at: Desk, ana: Address) -> None:
    at.slack.fail(POST, Trouble(error="token_revoked"))
    for _ in range(3):
        error = await refused(at, ana)
        assert (error.reason, error.permanent) == ("install_gone", True)
    assert at.slack.methods().count(POST) == 1


async def test_another_workspace_is_not_ours_to_write_to(at: Desk, ana: Address) -> None:
    assert (await refused(at, Address("slack", ana.account, "T0OTHER"))).reason == "install_gone"


# Pictures.


async def test_a_chart_is_drawn_by_slack(at: Desk, ana: Address) -> None:
    await at.adapter.send(ana, Card("Day 6.", pictures=(TREND,)), key="k")
    [sent] = await at.slack.messages(ana.account)
    assert [block["type"] for block in sent["blocks"]] == ["rich_text", "data_visualization"]


async def test_where_slack_draws_no_charts_the_image_stands_there_and_later_ones_at_once(
    at: Desk, ana: Address
) -> None:
    at.slack.fail(POST, Trouble(error="invalid_blocks"))
    for key in ("first", "second"):
        await at.adapter.send(ana, Card("Day 6.", pictures=(TREND,)), key=key)
    sent = await at.slack.messages(ana.account)
    assert [[block["type"] for block in one["blocks"]] for one in sent] == [["rich_text", "image"]] * 2
    assert at.slack.methods().count(POST) == 3


async def test_a_chart_with_gaps_goes_as_an_image(at: Desk, ana: Address) -> None:
    await at.adapter.send(ana, Card("Day 6.", pictures=(GAPS,)), key="k")
    [sent] = await at.slack.messages(ana.account)
    assert [block["type"] for block in sent["blocks"]] == ["rich_text", "image"]


async def test_an_image_that_slack_is_not_done_with_is_tried_again_and_the_text_goes_alone_in_the_end(
    at: Desk, ana: Address
) -> None:
    at.slack.fail(POST, *[Trouble(error="invalid_blocks")] * 3)
    await at.adapter.send(ana, Card("Day 6.", pictures=(TREND,)), key="k")
    [sent] = await at.slack.messages(ana.account)
    assert [block["type"] for block in sent["blocks"]] == ["rich_text"]
    assert "Ease rose." in sent["text"]


async def test_an_image_that_cannot_be_uploaded_is_left_out(at: Desk, ana: Address) -> None:
    at.slack.fail("files.getUploadURLExternal", Trouble(error="storage_limit_reached"))
    await at.adapter.send(ana, Card("Day 6.", pictures=(GAPS,)), key="k")
    [sent] = await at.slack.messages(ana.account)
    assert [block["type"] for block in sent["blocks"]] == ["rich_text"]


# Replacing.


async def test_a_message_that_cannot_be_replaced_right_now_is_told(at: Desk, ana: Address) -> None:
    sent = await at.adapter.send(ana, HELLO, key="k")
    at.slack.fail("chat.update", Trouble(error="ratelimited", status=429))
    with pytest.raises(DeliveryError):
        await at.adapter.replace(ana, sent, HELLO)


# What comes in.

COMMAND = urlencode({"command": "/ask", "text": "", "user_id": "U1", "team_id": TEAM, "trigger_id": "1.2.3"})
EVENT = json.dumps(Desk.event({"type": "app_home_opened", "user": "U1", "tab": "home"}, once="Ev1"))

BAD: dict[str, tuple[str, str, Callable[[str], dict[str, str]]]] = {
    "forged": (COMMAND, FORM, lambda body: signature(body, secret="another")),
    "stale": (COMMAND, FORM, lambda body: signature(body, at=int(time()) - 400)),
    "from the future": (COMMAND, FORM, lambda body: signature(body, at=int(time()) + 400)),
    "unsigned": (COMMAND, FORM, lambda _: {}),
    "no timestamp": (COMMAND, FORM, lambda body: {"X-Slack-Signature": signature(body)["X-Slack-Signature"]}),
    "a timestamp that is none": (COMMAND, FORM, lambda body: signature(body) | {"X-Slack-Request-Timestamp": "now"}),
    "a signature that is no text": (COMMAND, FORM, lambda body: signature(body) | {"X-Slack-Signature": "v0=\xe9"}),
    "truncated": (COMMAND[:-5], FORM, lambda _: signature(COMMAND)),
    "truncated JSON": (EVENT[:-5], "application/json", lambda _: signature(EVENT)),
    "oversized": (COMMAND + "&x=" + "x" * 600_000, FORM, signature),
    "not a text": ("\udcff\udcfe", FORM, lambda _: signature(COMMAND)),
    "not JSON": ("{", "application/json", signature),
    "a payload that is none": (urlencode({"payload": "{"}), FORM, signature),
    "a payload of another kind": (urlencode({"payload": "[1]"}), FORM, signature),
}


@pytest.mark.parametrize("kind", BAD)
async def test_what_slack_did_not_post_is_turned_away(at: Desk, came: list[Incoming], kind: str) -> None:
    body, content, headers = BAD[kind]
    answer = await at.post(body, content, headers(body))
    await at.settled()
    assert (answer.status_code, answer.content, came) == (401, b"", [])


IGNORED: dict[str, Any] = {
    "another workspace": {"command": "/ask", "user_id": "U1", "team_id": "T0OTHER", "trigger_id": "9.9.9"},
    "no workspace": {"command": "/ask", "user_id": "U1", "trigger_id": "9.9.8"},
    "a command of nobody": {"command": "/ask", "team_id": TEAM, "trigger_id": "9.9.7"},
    "a certificate check": {"ssl_check": "1", "token": "x"},
}


@pytest.mark.parametrize("kind", IGNORED)
async def test_what_is_not_for_us_is_acknowledged_and_passed_over(at: Desk, came: list[Incoming], kind: str) -> None:
    answer = await at.post(urlencode(IGNORED[kind]), FORM)
    await at.settled()
    assert (answer.status_code, came) == (200, [])


async def test_a_form_from_another_workspace_is_closed_and_passed_over(
    at: Desk, came: list[Incoming], ana: Address
) -> None:
    view = {"id": "V1", "hash": "h", "type": "modal", "callback_id": "card", "state": {"values": {}}, "blocks": []}
    payload = {
        "type": "view_submission",
        "team": {"id": "T0OTHER"},
        "user": {"id": "U1"},
        "view": view,
        "trigger_id": "1",
    }
    answer = await at.post_payload(payload)
    assert (answer.status_code, came) == (200, [])


PASSED_OVER: dict[str, dict[str, Any]] = {
    "an event of another kind": {"type": "reaction_added", "user": "U1"},
    "what the bot changed": {"type": "message", "subtype": "message_changed", "channel_type": "im", "channel": "D1"},
    "a file": {"type": "message", "subtype": "file_share", "channel_type": "im", "user": "U1", "bot_id": "B1"},
}


@pytest.mark.parametrize("kind", PASSED_OVER)
async def test_events_that_say_nothing_to_us_are_acknowledged(at: Desk, came: list[Incoming], kind: str) -> None:
    """Slack repeats what is not acknowledged, and stops telling an app of anything after a while."""
    assert ((await at.post_event(PASSED_OVER[kind])).status_code, came) == (200, [])


@pytest.mark.parametrize("kind", ["view_closed", "message_action", "block_suggestion", "block_actions"])
async def test_payloads_that_say_nothing_to_us_are_acknowledged(at: Desk, came: list[Incoming], kind: str) -> None:
    payload = {
        "type": kind,
        "team": {"id": TEAM},
        "user": {"id": "U1"},
        "callback_id": "x",
        "action_id": "value",
        "block_id": "f.x",
        "view": {"type": "modal", "callback_id": "card", "id": "V1"},
        "actions": [{"action_id": "value", "block_id": "f.x", "type": "radio_buttons"}],
    }
    assert ((await at.post_payload(payload)).status_code, came) == (200, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "type",
        "event",
        "event_id",
        "team",
        "team_id",
        "user",
        "actions",
        "view",
        "command",
        "authorizations",
        "enterprise",
    ]
)
KINDS = st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut", "url_verification", "x"])


async def test_whatever_is_signed_no_answer_is_a_breakdown(at: Desk) -> None:
    """One server for all examples, because putting it up takes longer than asking it."""
    bodies: list[dict[str, Any]] = []

    @settings(max_examples=60, database=None)
    @given(st.dictionaries(NAMES, JSON), KINDS)
    def gather(body: dict[str, Any], kind: str) -> None:
        bodies.append({**body, "type": kind})

    gather()
    for body in bodies:
        for answer in (await at.post(json.dumps(body), "application/json"), await at.post_payload(body)):
            assert answer.status_code < 500, body
    await at.settled()


async def test_slack_gets_back_what_it_checks_an_address_with(at: Desk) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "proof", "token": "x"})
    answer = await at.post(body, "application/json")
    assert (answer.status_code, answer.json()) == (200, {"challenge": "proof"})


async def test_after_an_uninstall_nothing_is_sent_any_more(at: Desk, came: list[Incoming], ana: Address) -> None:
    await at.post_event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UB1"]}})
    await at.post_event({"type": "app_uninstalled"})
    assert (await refused(at, ana)).reason == "install_gone"
    assert [type(one).__name__ for one in came] == ["Removed"]
    assert POST not in at.slack.methods()
