"""Handing messages to Teams: the answers it gives, lines that break, tokens, conversations that are made once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from adapters.chat import Address, Card, DeliveryError, Incoming, Installed, Person, Reply
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.references import Reference, reference
from adapters.teams.registrations import Registration, Registrations
from tests.teams.people import TeamsPeople, teams_adapter
from tests.teams.service import APP, TENANT, BotService, Json, Trouble

US = Registration(APP, TENANT, "right")
HELLO = Card("Hello.")


@dataclass
class Line:
    """The adapter with a bot behind it, and a Microsoft before it."""

    service: BotService
    adapter: TeamsAdapter
    people: TeamsPeople
    came: list[Incoming] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    reply: Reply | None = None

    @property
    def ana(self) -> Address:
        return self.people.address("ana")

    @property
    def sent(self) -> list[Json]:
        return list(self.service.chats["a:ana"].values())

    async def listen(self, incoming: Incoming) -> Reply | None:
        self.came.append(incoming)
        return self.reply


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with BotService().running() as service:
        waited: list[float] = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        adapter = teams_adapter(service, sleep=sleep)
        line = Line(service, adapter, TeamsPeople(service, adapter), waited=waited)
        running = asyncio.create_task(adapter.run(line.listen))
        await asyncio.sleep(0)
        await adapter.settle()
        service.asked.clear()
        adapter._regions[TENANT] = service.url  # somebody there has been heard from
        yield line
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def fails(line: Line, *troubles: Trouble, to: Address | None = None) -> DeliveryError:
    line.service.troubles.extend(troubles)
    with pytest.raises(DeliveryError) as failed:
        await line.adapter.send(to or line.ana, HELLO, key="k")
    return failed.value


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "ConversationBlockedByUser"),
        (403, "BotNotInConversationRoster"),
        (403, "BotDisabledByAdmin"),
        (404, "ConversationNotFound"),
        (413, "MessageSizeTooBig"),
        (413, ""),
    ],
)
async def test_what_will_never_change_is_permanent(line: Line, status: int, code: str) -> None:
    error = await fails(line, Trouble(status, code))
    assert (error.permanent, error.reason, line.sent) == (True, code or "status_413", [])


@pytest.mark.parametrize(("status", "code"), [(401, ""), (403, "Forbidden"), (404, ""), (400, "BadSyntax")])
async def test_what_whoever_runs_the_bot_can_mend_makes_nobody_unreachable(line: Line, status: int, code: str) -> None:
    error = await fails(line, Trouble(status, code))
    assert (error.permanent, error.unknown, error.reason) == (False, False, f"status_{status}")


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
@pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("nonsense", None), ("inf", None), ("99999", 3600.0)])
async def test_a_busy_teams_is_asked_again_when_it_says(line: Line, status: int, header: str, wait: float) -> None:
    error = await fails(line, Trouble(status, headers={"Retry-After": header}))
    assert (error.permanent, error.unknown, error.retry_after) == (False, False, wait)


async def test_after_a_429_nothing_more_goes_into_this_conversation_for_so_long(line: Line) -> None:
    await fails(line, Trouble(429, headers={"Retry-After": "30"}))
    assert (await fails(line)).reason == "paced"
    assert len(line.service.asked) == 1


@pytest.mark.parametrize("trouble", [Trouble(drops=True), Trouble(drops=True, arrives=True), Trouble(500)])
async def test_a_line_that_breaks_leaves_open_whether_it_arrived_and_nothing_is_sent_again(
    line: Line, trouble: Trouble
) -> None:
    error = await fails(line, trouble)
    assert (error.unknown, error.permanent, len(line.service.asked)) == (True, False, 1)


async def test_where_nobody_answers_nothing_was_sent(line: Line) -> None:
    nobody = Address("teams", "ana", TENANT, str(Reference("a:ana", "http://127.0.0.1:9")))
    error = await fails(line, to=nobody)
    assert (error.reason, error.unknown, error.permanent) == ("no_connection", False, False)


async def test_every_message_bears_a_token_and_one_token_does_for_many(line: Line) -> None:
    for key in ("a", "b", "c"):
        await line.adapter.send(line.ana, HELLO, key=key)
    assert line.service.bearers == ["Bearer out"] * 3


async def test_a_tenant_without_a_registration_is_no_fault_of_its_people(line: Line) -> None:
    error = await fails(line, to=Address("teams", "ana", "another"))
    assert (error.reason, error.permanent) == ("tenant_without_registration", False)


async def test_while_nothing_runs_nothing_is_lost() -> None:
    with pytest.raises(DeliveryError) as failed:
        await TeamsAdapter(Registrations([US])).send(Address("teams", "ana"), HELLO, key="k")
    assert (failed.value.reason, failed.value.permanent) == ("not_running", False)


async def test_somebody_from_a_file_gets_a_conversation_once(line: Line) -> None:
    ana = Address("teams", "0a1b")  # as files name people: without a workspace
    for key in ("a", "b"):
        await line.adapter.send(ana, HELLO, key=key)
    assert [made["members"] for made in line.service.opened] == [[{"id": "0a1b"}]]
    assert line.service.opened[0]["channelData"] == {"tenant": {"id": TENANT}}
    assert len(line.service.chats["a:0a1b"]) == 2


async def test_a_conversation_that_nobody_may_open_is_permanent(line: Line) -> None:
    error = await fails(line, Trouble(403, "ForbiddenOperationException"), to=Address("teams", "0a1b", TENANT))
    assert error.permanent


async def test_after_the_app_was_taken_away_another_conversation_is_made(line: Line) -> None:
    ana = Address("teams", "ana", TENANT)
    await line.adapter.send(ana, HELLO, key="a")
    await line.people.post(line.service.activity("installationUpdate", action="remove"))
    await line.adapter.send(ana, HELLO, key="b")
    assert len(line.service.opened) == 2


async def test_a_refused_message_forgets_the_conversation_that_was_made(line: Line) -> None:
    ana = Address("teams", "ana", TENANT)
    await line.adapter.send(ana, HELLO, key="a")
    await fails(line, Trouble(404, "ConversationNotFound"), to=ana)
    await line.adapter.send(ana, HELLO, key="c")
    assert len(line.service.opened) == 2


async def test_a_region_that_moved_is_where_the_newest_activity_says(line: Line) -> None:
    line.adapter._regions.clear()
    await line.people.post(line.service.activity("message", text="hello"))
    await line.adapter.send(Address("teams", "ben", TENANT), HELLO, key="k")
    assert list(line.service.chats["a:ben"])
    [said] = line.came
    assert reference(said.sender.conversation).service_url == line.service.url


async def test_whoever_installs_the_app_can_be_written_to_and_is_greeted_as_the_bot_says(line: Line) -> None:
    line.reply = Reply(Card("Welcome."))
    await line.people.post(line.service.activity("installationUpdate", action="add"))
    [came] = line.came
    assert isinstance(came, Installed)
    await line.adapter.send(came.sender, HELLO, key="k")
    assert [message["text"] for message in line.sent] == ["Welcome.", "Hello."]


async def test_a_reply_is_tried_again_while_teams_is_busy(line: Line) -> None:
    line.reply = Reply(Card("Here."))
    line.service.troubles.extend([Trouble(429, headers={"Retry-After": "1"}), Trouble(502)])
    await line.people.say(line.ana, "help")
    assert [message["text"] for message in line.sent] == ["Here."]
    assert line.waited


@pytest.mark.parametrize("trouble", [Trouble(429, headers={"Retry-After": "60"}), Trouble(403, "BotDisabledByAdmin")])
async def test_a_reply_that_cannot_be_given_is_let_go_and_the_turn_ends_well(line: Line, trouble: Trouble) -> None:
    line.reply = Reply(Card("Here."))
    line.service.troubles.append(trouble)
    await line.people.say(line.ana, "help")
    assert (line.sent, len(line.service.asked)) == ([], 1)


async def test_what_replaces_a_card_is_written_over_the_message_as_well(line: Line) -> None:
    from tests.teams.gallery import GALLERY

    sent = await line.adapter.send(line.ana, GALLERY["a pulse"], key="k")
    line.reply = Reply(Card("Thank you."), replaces=True)
    await line.people.act(line.ana, "answer", ref="pulse-1", values={})
    await line.adapter.settle()
    assert line.service.asked[-1] == f"PUT /v3/conversations/a:ana/activities/{sent}"
    assert line.sent[0]["summary"] == "Thank you."


async def test_a_card_that_cannot_be_written_over_still_changes_before_whoever_pressed(line: Line) -> None:
    from tests.teams.gallery import GALLERY

    await line.adapter.send(line.ana, GALLERY["a pulse"], key="k")
    line.reply = Reply(Card("Thank you."), replaces=True)
    line.service.troubles.append(Trouble(403, "BotDisabledByAdmin"))
    await line.people.act(line.ana, "answer", ref="pulse-1", values={})
    assert await line.people.see(line.ana) == ["Thank you."]


async def test_a_press_after_a_restart_shows_the_reply_alone(line: Line) -> None:
    from tests.teams.gallery import GALLERY

    await line.adapter.send(line.ana, GALLERY["a pulse"], key="k")
    line.adapter._standing.forget(line.ana)
    line.reply = Reply(Card("Ask away."))
    await line.people.act(line.ana, "ask", ref="pulse-1")
    assert await line.people.see(line.ana) == ["Ask away."]


async def test_what_a_reply_speaks_of_is_replaced_where_it_stands(line: Line) -> None:
    """A lead writes "alerts" and presses there: the alert's own message changes too."""
    from adapters.chat import Action

    alert = Card("Paper lists.", actions=(Action("acknowledge", "I'm on it"),), ref="alert:1")
    await line.adapter.send(line.ana, alert, key="k")
    line.reply = Reply(alert)
    await line.people.say(line.ana, "alerts")
    line.reply = Reply(Card("You are on it."), replaces=True)
    await line.people.act(line.ana, "acknowledge", ref="alert:1")
    assert await line.people.see(line.ana) == ["You are on it.", "You are on it."]


async def test_in_a_channel_the_way_to_the_chat_is_shown_and_the_words_go_nowhere(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    where = {"id": "19:t@thread.tacv2", "tenantId": TENANT, "conversationType": "channel"}
    asked = line.service.activity("message", text="<at>Pulse</at> who is MISTER SECRET?") | {"conversation": where}
    assert (await line.people.post(asked)).status_code == 200
    [shown] = line.service.chats["19:t@thread.tacv2"].values()
    assert shown["summary"].startswith("I only talk in our own chat")
    assert line.came == []
    assert "SECRET" not in caplog.text + str(shown)


async def test_a_channel_that_cannot_be_answered_ends_well(line: Line) -> None:
    where = {"id": "19:t@thread.tacv2", "tenantId": TENANT, "conversationType": "groupChat"}
    line.service.troubles.append(Trouble(403, "BotNotInConversationRoster"))
    assert (
        await line.people.post(line.service.activity("message", text="x") | {"conversation": where})
    ).status_code == 200


async def test_what_ended_in_an_error_may_be_sent_again(line: Line) -> None:
    activity = line.service.activity("message", text="help")
    listen, line.adapter._live.turns._listener = line.adapter._live.turns._listener, _breaks
    with pytest.raises(RuntimeError):
        await line.people.post(activity)
    line.adapter._live.turns._listener = listen
    await line.people.post(activity)
    assert len(line.came) == 1


async def _breaks(_: Incoming) -> Reply | None:
    raise RuntimeError


TEAM = "19:t@thread.tacv2"


async def test_everybody_in_a_team_is_listed_page_by_page_with_guests_and_programs(line: Line) -> None:
    line.service.teams[TEAM] = [
        {"id": "29:1", "aadObjectId": "a1", "name": "Ana Ruiz", "tenantId": TENANT, "userRole": "user"},
        {"id": "29:2", "objectId": "b2", "givenName": "Ben", "surname": "Okafor", "tenantId": TENANT},
        {"id": "29:3", "objectId": "c3", "name": "Cleo", "userRole": "Guest"},
        {"id": "29:4", "objectId": "d4", "name": "Dina", "userPrincipalName": "d_x.org#EXT#@y.org"},
        {"id": "29:5", "objectId": "e5", "name": "Emil", "tenantId": "another"},
        {"id": "28:bot", "name": "Pulse"},
        {"id": "29:1", "aadObjectId": "a1", "name": "Ana Ruiz"},
        {"name": "nobody"},
    ]
    people = [person async for person in line.adapter.people(TENANT, TEAM)]
    assert people == [
        Person(Address("teams", "a1", TENANT), "Ana Ruiz"),
        Person(Address("teams", "b2", TENANT), "Ben Okafor"),
        Person(Address("teams", "c3", TENANT), "Cleo", guest=True),
        Person(Address("teams", "d4", TENANT), "Dina", guest=True),
        Person(Address("teams", "e5", TENANT), "Emil", guest=True),
        Person(Address("teams", "28:bot", TENANT), "Pulse", program=True),
    ]


@pytest.mark.parametrize(
    ("trouble", "gone"), [(Trouble(403, "Forbidden"), True), (Trouble(404), True), (Trouble(500), False)]
)
async def test_a_team_that_the_app_is_not_in_is_gone_and_a_busy_one_is_not(
    line: Line, trouble: Trouble, *, gone: bool
) -> None:
    line.service.troubles.extend([trouble] * 3)
    with pytest.raises(DeliveryError) as failed:
        [_ async for _ in line.adapter.people("", TEAM)]
    assert (failed.value.permanent, failed.value.unknown) == (gone, False)
