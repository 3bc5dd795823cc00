"""Who is in a channel or a group: time zones, guests, programs, those who left, page by page, at Slack's pace."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.chat import Address, Choice, DeliveryError, Person
from adapters.slack.calls import Calls
from adapters.slack.directory import SlackDirectory
from adapters.slack.installations import Installation, MemoryInstallations
from adapters.slack.pacing import Pace
from tests.slack.desk import address, desk
from tests.slack.emulator import Emulator
from tests.slack.slow_clock import SlowClock

USERS: dict[str, dict[str, Any]] = {
    "U1": {"name": "ana", "tz": "America/New_York", "profile": {"real_name": "Ana Ruiz 🌷", "display_name": "ana"}},
    "U2": {"name": "ben", "real_name": "Ben", "deleted": True, "tz": "America/New_York"},
    "U3": {"name": "guest", "real_name": "Gil", "is_restricted": True, "is_ultra_restricted": True},
    "U4": {"name": "robot", "real_name": "Robot", "is_bot": True},
    "U5": {"name": "odd", "real_name": "Odd", "tz": "Mars/Olympus"},
    "USLACKBOT": {"name": "slackbot", "real_name": "Slackbot"},
}
SHOWN = {
    "U1": Person(Address("slack", "U1", "T1"), "Ana Ruiz 🌷", "America/New_York"),
    "U2": Person(Address("slack", "U2", "T1"), "Ben", "America/New_York", active=False),
    "U3": Person(Address("slack", "U3", "T1"), "Gil", guest=True),
    "U4": Person(Address("slack", "U4", "T1"), "Robot", program=True),
    "U5": Person(Address("slack", "U5", "T1"), "Odd"),
    "USLACKBOT": Person(Address("slack", "USLACKBOT", "T1"), "Slackbot", program=True),
    "USTRANGER": Person(Address("slack", "USTRANGER", "T1"), "Sue", guest=True),
}


class Workspace:
    """The parts of the Web API that list people, page by page; shapes as documented."""

    def __init__(self) -> None:
        self.channels: dict[str, list[str]] = {"C1": list(SHOWN)}
        self.groups: dict[str, list[str]] = {"S1": ["U1", "U1", "U3"]}
        self.users = {name: {"id": name, **user} for name, user in USERS.items()}
        self.strangers = {"USTRANGER": {"id": "USTRANGER", "real_name": "Sue", "is_stranger": True}}
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.errors: dict[str, str] = {}
        app = web.Application()
        app.router.add_post("/api/{method}", self._called)
        self.server = TestServer(app)

    async def _called(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"], {name: str(one) for name, one in (await request.post()).items()}
        self.calls.append((method, given))
        if method in self.errors:
            return web.json_response({"ok": False, "error": self.errors[method]})
        found: dict[str, Any] = {
            "conversations.members": lambda: self._page("members", self.channels[given["channel"]], given),
            "users.list": lambda: self._page("members", list(self.users.values()), given),
            "users.info": lambda: {"user": (self.users | self.strangers)[given["user"]]},
            "usergroups.users.list": lambda: {"users": self.groups[given["usergroup"]]},
            "usergroups.list": lambda: {
                "usergroups": [{"id": "S1", "name": "nurses"}, {"id": "S2", "name": "Billing"}]
            },
        }[method]()
        return web.json_response({"ok": True, **found})

    @staticmethod
    def _page(name: str, entries: list[Any], given: dict[str, str]) -> dict[str, Any]:
        begin = int(given.get("cursor") or 0)
        end = begin + int(given["limit"])
        following = str(end) if end < len(entries) else ""
        return {name: entries[begin:end], "response_metadata": {"next_cursor": following}}


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    workspace = Workspace()
    await workspace.server.start_server()
    yield workspace
    await workspace.server.close()


@pytest.fixture
def clock() -> SlowClock:
    return SlowClock()


@pytest.fixture
async def directory(workspace: Workspace, clock: SlowClock) -> AsyncIterator[SlackDirectory]:
    installations = MemoryInstallations(
        Installation("T1", "xoxb-1", team="T1"), Installation("E1", "xoxb-2", enterprise="E1")
    )
    pace = Pace(now=clock.now, sleep=clock.sleep)
    calls = Calls(installations, pace=pace, url=str(workspace.server.make_url("/api/")))
    yield SlackDirectory(calls, now=clock.now)
    await calls.close()


async def listed(directory: SlackDirectory, source: str, *, workspace: str = "T1") -> dict[str, Person]:
    found = [person async for person in directory.people(workspace, source)]
    assert len(found) == len({person.address for person in found})
    return {person.address.account: person for person in found}


async def test_a_channel_lists_everybody_in_it_as_slack_knows_them(directory: SlackDirectory) -> None:
    assert await listed(directory, "C1") == SHOWN


async def test_a_group_lists_each_once(directory: SlackDirectory) -> None:
    assert set(await listed(directory, "S1")) == {"U1", "U3"}


async def test_many_are_found_in_the_list_of_the_workspace_page_by_page(
    directory: SlackDirectory, workspace: Workspace
) -> None:
    crowd = {f"UX{n}": {"id": f"UX{n}", "real_name": f"Person {n}"} for n in range(450)}
    workspace.users |= crowd
    workspace.channels["C2"] = [*crowd, "USTRANGER"]
    found = await listed(directory, "C2")
    assert (len(found), found["UX449"].name, found["USTRANGER"].guest) == (451, "Person 449", True)
    methods = [method for method, _ in workspace.calls]
    assert (methods.count("users.list"), methods.count("users.info")) == (3, 1)


async def test_a_list_is_read_no_further_than_it_must_be(directory: SlackDirectory, workspace: Workspace) -> None:
    crowd = {f"UX{n}": {"id": f"UX{n}", "real_name": f"Person {n}"} for n in range(30)}
    workspace.users = crowd | {f"UZ{n}": {"id": f"UZ{n}"} for n in range(1_000)}
    workspace.channels["C2"] = list(crowd)
    await listed(directory, "C2")
    assert [method for method, _ in workspace.calls].count("users.list") == 1


async def test_lists_are_read_at_slacks_pace(directory: SlackDirectory, workspace: Workspace, clock: SlowClock) -> None:
    workspace.users = {f"UX{n}": {"id": f"UX{n}"} for n in range(200 * 40)}
    workspace.channels["C2"] = list(workspace.users)
    await listed(directory, "C2")
    assert clock.now() > 60  # forty pages, of which twenty a minute are allowed


async def test_in_a_whole_organisation_people_are_looked_up_one_by_one(
    directory: SlackDirectory, workspace: Workspace
) -> None:
    workspace.users |= {f"UX{n}": {"id": f"UX{n}"} for n in range(30)}
    workspace.channels["C2"] = [f"UX{n}" for n in range(30)]
    assert len(await listed(directory, "C2", workspace="E1")) == 30
    assert "users.list" not in [method for method, _ in workspace.calls]


REFUSED = {
    "the channel is gone": ("conversations.members", "C1", "channel_not_found", True),
    "the group is gone": ("usergroups.users.list", "S1", "no_such_subteam", True),
    "not now": ("conversations.members", "C1", "service_unavailable", False),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_a_source_that_cannot_be_read_says_whether_that_will_change(
    directory: SlackDirectory, workspace: Workspace, why: str
) -> None:
    method, source, error, permanent = REFUSED[why]
    workspace.errors[method] = error
    with pytest.raises(DeliveryError) as told:
        await listed(directory, source)
    assert (told.value.reason, told.value.permanent) == (error, permanent)


async def test_groups_are_offered_by_name(directory: SlackDirectory) -> None:
    assert await directory.groups("T1") == (Choice("S2", "Billing"), Choice("S1", "nurses"))


async def test_groups_are_asked_for_once_in_a_while(
    directory: SlackDirectory, workspace: Workspace, clock: SlowClock
) -> None:
    for _ in range(30):
        await directory.groups("T1")
    assert len(workspace.calls) == 1
    await clock.sleep(600)
    await directory.groups("T1")
    assert len(workspace.calls) == 2


async def test_where_there_are_no_groups_none_are_offered(directory: SlackDirectory, workspace: Workspace) -> None:
    workspace.errors["usergroups.list"] = "plan_upgrade_required"
    assert await directory.groups("T1") == ()


async def test_the_emulator_lists_its_channel(slack: Emulator) -> None:
    async with desk(slack) as at:
        channel = next(
            one["id"] for one in (await at.slack.ask("conversations.list"))["channels"] if one["name"] == "go-live"
        )
        found = [person.address async for person in at.adapter.people("T000000001", channel)]
        assert set(map(address, slack.people)) <= set(found)
        await at.adapter._calls.close()
