"""What is posted to the bot in the name of Teams: let in when it is Teams, and turned away cleanly when it is not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.chat import Incoming, Opened, Reply
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.endpoint import is_here
from adapters.teams.incoming import BODY_LIMIT
from adapters.teams.registrations import Registrations
from adapters.teams.signing_keys import AT_MOST_EVERY, KEPT_FOR
from tests.teams.people import TeamsPeople, teams_adapter
from tests.teams.service import APP, TENANT, BotService, Json


def now() -> int:
    return int(time.time())


@dataclass
class Door:
    """The endpoint, the service before it, and what came through."""

    service: BotService
    people: TeamsPeople
    clock: list[float]
    came: list[Incoming] = field(default_factory=list)

    async def listen(self, incoming: Incoming) -> Reply | None:
        assert not isinstance(incoming, Opened)
        self.came.append(incoming)
        return None

    async def knock(self, activity: Json | None = None, *, bearer: str | None = None) -> int:
        said = self.service.activity("message", text="help") if activity is None else activity
        return (await self.people.post(said, bearer=bearer)).status_code


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    clock = [1000.0]
    async with BotService().running() as service:
        adapter = teams_adapter(service, clock=lambda: clock[0])
        door = Door(service, TeamsPeople(service, adapter), clock)
        running = asyncio.create_task(adapter.run(door.listen))
        await asyncio.sleep(0)
        await adapter.settle()  # the keys are there
        yield door
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_teams_signed_for_this_bot_comes_through(door: Door) -> None:
    assert (await door.knock(), len(door.came)) == (200, 1)


async def test_clocks_may_differ_by_some_minutes(door: Door) -> None:
    late = door.service.bearer(exp=now() - 240)
    assert (await door.knock(bearer=late), len(door.came)) == (200, 1)


FORGED: dict[str, Callable[[BotService], str]] = {
    "nothing": lambda _: "",
    "a scheme alone": lambda _: "Bearer",
    "another scheme": lambda service: service.bearer().replace("Bearer", "Basic"),
    "garbage": lambda _: "Bearer abc.def.ghi",
    "no token at all": lambda _: "Bearer " + "x" * 100,
    "a token longer than any": lambda service: service.bearer(filler="x" * 9000),
    "another app": lambda service: service.bearer(aud="another-app"),
    "no app": lambda service: service.bearer(aud=None),
    "another issuer": lambda service: service.bearer(iss="https://evil.example"),
    "the emulator": lambda service: service.bearer(
        iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", appid=APP, ver="1.0"
    ),
    "another bot": lambda service: service.bearer(
        iss="https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0", azp="other", ver="2.0"
    ),
    "expired": lambda service: service.bearer(exp=now() - 3600),
    "not yet": lambda service: service.bearer(nbf=now() + 3600),
    "no end": lambda service: service.bearer(exp=None),
    "no beginning": lambda service: service.bearer(nbf=None),
    "another service": lambda service: service.bearer(serviceurl="https://evil.example/"),
    "no service": lambda service: service.bearer(serviceurl=None),
    "a key of ours": lambda service: service.bearer("stranger", kid="k1"),
    "a key nobody published": lambda service: service.bearer("stranger"),
    "no key named": lambda service: service.bearer(kid=" "),
    "a shared secret": lambda service: service.bearer(algorithm="HS256", kid="k1"),
    "no signature": lambda service: service.bearer().rpartition(".")[0] + ".",
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_whatever_is_wrong_with_a_token_is_401_and_reaches_nobody(door: Door, forgery: str) -> None:
    assert (await door.knock(bearer=FORGED[forgery](door.service)), door.came) == (401, [])


CHANGED: dict[str, dict[str, Any]] = {
    "another channel": {"channelId": "directline"},
    "no channel": {"channelId": None},
    "another service": {"serviceUrl": "https://evil.example/"},
    "no service": {"serviceUrl": None},
    "another tenant": {"conversation": {"id": "a:ana", "tenantId": "another", "conversationType": "personal"}},
    "no tenant": {"conversation": {"id": "a:ana"}, "channelData": {}},
}


@pytest.mark.parametrize("change", CHANGED)
async def test_a_body_that_its_token_does_not_vouch_for_is_401_and_reaches_nobody(door: Door, change: str) -> None:
    activity = door.service.activity("message", text="help") | CHANGED[change]
    assert (await door.knock(activity), door.came) == (401, [])


async def test_a_service_in_clear_is_refused_though_the_token_names_it(door: Door) -> None:
    activity = door.service.activity("message", text="help", serviceUrl="http://example.org/")
    bearer = door.service.bearer(serviceurl="http://example.org/")
    assert (await door.knock(activity, bearer=bearer), door.came) == (401, [])


async def test_a_key_that_may_not_sign_for_teams_is_refused(door: Door) -> None:
    door.service.endorsements, door.service.published = ["webchat"], ["k3"]
    door.clock[0] += AT_MOST_EVERY
    assert (await door.knock(bearer=door.service.bearer("k3")), door.came) == (401, [])


async def test_a_rolled_key_is_known_as_soon_as_it_signs(door: Door) -> None:
    door.service.published.append("k2")
    door.clock[0] += AT_MOST_EVERY
    assert (await door.knock(bearer=door.service.bearer("k2")), len(door.came)) == (200, 1)


async def test_strangers_who_make_up_key_names_do_not_make_the_bot_knock_all_the_time(door: Door) -> None:
    door.clock[0] += AT_MOST_EVERY
    before = door.service.asked.count("metadata")
    for number in range(5):
        await door.knock(bearer=door.service.bearer("stranger", kid=f"made-up-{number}"))
    assert door.service.asked.count("metadata") == before + 1


async def test_keys_are_looked_up_once_a_day_and_a_withdrawn_one_opens_no_more(door: Door) -> None:
    door.service.published = ["k2"]
    door.clock[0] += KEPT_FOR
    assert await door.knock(bearer=door.service.bearer("k1")) == 401


async def test_known_keys_hold_while_nobody_publishes_any(door: Door) -> None:
    door.service.published = []
    door.clock[0] += KEPT_FOR
    door.people.adapter._live.keys._metadata = "http://127.0.0.1:9/"
    assert await door.knock() == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"type": 1}',
        b"[" * 100_000,
        b'{"type": "message", "from": {"id": "29:a"}}',
        b'{"type": "message", "conversation": {"id": "a"}}',
        b'{"type": "message", "from": "ana", "conversation": "a"}',
        b'{"from": {"id": "29:a"}, "conversation": {"id": "a"}}',
        b"\xff\xfe\x00",
    ],
)
async def test_a_body_that_is_no_activity_is_400_and_reaches_nobody(door: Door, body: bytes) -> None:
    response = await door.people._client.post(
        "/api/messages", content=body, headers={"Authorization": door.service.bearer()}
    )
    assert (response.status_code, door.came) == (400, [])


@pytest.mark.parametrize("value", [None, {}, {"action": None}, {"action": {"verb": 7}}, {"action": {"verb": ""}}, "x"])
async def test_a_press_without_its_action_is_400_and_reaches_nobody(door: Door, value: object) -> None:
    press = door.service.activity("invoke", name="adaptiveCard/action", value=value)
    assert (await door.knock(press), door.came) == (400, [])


async def test_a_body_larger_than_any_is_413(door: Door) -> None:
    activity = door.service.activity("message", text="x" * BODY_LIMIT)
    assert (await door.knock(activity), door.came) == (413, [])


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "signin/verifyState", "fileConsent/invoke"])
async def test_an_invoke_that_nobody_knows_is_501(door: Door, name: str) -> None:
    assert (await door.knock(door.service.activity("invoke", name=name, value={})), door.came) == (501, [])


async def test_a_press_in_a_channel_is_501_because_no_card_of_ours_stands_there(door: Door) -> None:
    where = {"id": "19:x@thread.tacv2", "tenantId": TENANT, "conversationType": "channel"}
    press = door.service.activity("invoke", name="adaptiveCard/action", value={"action": {"verb": "answer"}})
    assert (await door.knock(press | {"conversation": where}), door.came) == (501, [])


@pytest.mark.parametrize("type_", ["typing", "messageReaction", "event", "endOfConversation", "somethingNew"])
async def test_what_means_nothing_to_the_bot_is_taken_in_silence(door: Door, type_: str) -> None:
    assert (await door.knock(door.service.activity(type_)), door.came) == (200, [])


async def test_what_teams_sends_again_is_heard_once(door: Door) -> None:
    activity = door.service.activity("message", text="help")
    assert [await door.knock(activity), await door.knock(activity), len(door.came)] == [200, 200, 1]


async def test_while_no_bot_listens_the_door_says_so(door: Door) -> None:
    door.people.adapter._endpoint.open = None
    assert await door.knock() == 503


async def test_a_press_that_the_bot_has_nothing_to_say_to_leaves_the_card_as_it_is(door: Door) -> None:
    value = {"action": {"verb": "answer", "data": {"ref": "r"}}}
    response = await door.people.post(door.service.activity("invoke", name="adaptiveCard/action", value=value))
    assert response.json() == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Got it.",
    }


@pytest.mark.parametrize(
    ("headers", "client", "let_in"),
    [
        ({}, "127.0.0.1", True),
        ({}, "::1", True),
        ({}, "203.0.113.9", False),
        ({}, "testclient", False),
        ({"x-forwarded-for": "203.0.113.9"}, "127.0.0.1", False),
        ({"forwarded": "for=203.0.113.9"}, "127.0.0.1", False),
    ],
)
def test_unsigned_only_this_machine_is_believed_and_not_a_tunnel_on_it(
    headers: dict[str, str], client: str, *, let_in: bool
) -> None:
    from starlette.requests import Request

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert is_here(Request({"type": "http", "headers": raw, "client": (client, 1)})) is let_in


@pytest.mark.parametrize(("url", "status"), [("", 200), ("https://evil.example/", 401)])
async def test_unsigned_the_bot_answers_to_this_machine_alone(url: str, status: int) -> None:
    async with BotService().running() as service:
        adapter, came = TeamsAdapter(Registrations()), []

        async def listen(incoming: Incoming) -> None:
            came.append(incoming)

        people = TeamsPeople(service, adapter)
        running = asyncio.create_task(adapter.run(listen))
        await asyncio.sleep(0)
        activity = service.activity("message", text="help") | ({"serviceUrl": url} if url else {})
        response = await people.post(activity, bearer="")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert (response.status_code, len(came)) == (status, status == 200)
