"""Who is in a channel or in a user group, as Slack lists them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from time import monotonic
from typing import Any, Final

from adapters.chat import Address, Choice, DeliveryError, Person
from adapters.slack.calls import Calls
from adapters.slack.incoming import PLATFORM, known_zone
from adapters.slack.limits import MENU_OPTIONS

FRESH_FOR: Final = 300.0  #: seconds that a list of user groups is good for
AT_ONCE: Final = 1.0  #: seconds that somebody's form waits for it
ONE_BY_ONE: Final = 20  #: members that are looked up singly; more than these are found in the workspace's list


class SlackDirectory:
    """Fulfils `adapters.chat.Directory`. A source is the id of a channel (C… or G…) or of a user group (S…)."""

    def __init__(self, calls: Calls, *, now: Callable[[], float] = monotonic) -> None:
        self._calls = calls
        self._now = now
        self._groups: dict[str, tuple[float, tuple[Choice, ...]]] = {}  #: workspace -> until when, and which

    async def people(self, workspace: str, source: str) -> AsyncIterator[Person]:
        members = list(dict.fromkeys([account async for account in self._members(workspace, source)]))
        missing = dict.fromkeys(members)
        if len(members) > ONE_BY_ONE:
            async for user in self._listed(workspace):
                if user.get("id") in missing:
                    del missing[user["id"]]
                    yield person(user, workspace)
                if not missing:
                    return
        # The list of a workspace leaves out whoever comes from another one through a shared channel.
        for account in missing:
            answer = await self._calls.ask(workspace, "users.info", user=account)
            yield person(answer.get("user") or {"id": account}, workspace)

    async def groups(self, workspace: str) -> tuple[Choice, ...]:
        """The user groups that somebody may pick, as of the last minutes; none where they cannot be had at once.

        A form waits for this, and whoever sent it sees an error after three seconds.
        """
        until, known = self._groups.get(workspace, (0.0, ()))
        if self._now() >= until:
            try:
                known = await asyncio.wait_for(self._list_groups(workspace), AT_ONCE)
            except (DeliveryError, TimeoutError):
                known = ()  # the workspace's plan may know no groups
            self._groups[workspace] = self._now() + FRESH_FOR, known
        return known

    async def _list_groups(self, workspace: str) -> tuple[Choice, ...]:
        answer = await self._calls.ask(workspace, "usergroups.list")
        found = (Choice(str(group["id"]), str(group["name"])) for group in answer.get("usergroups") or [])
        return tuple(sorted(found, key=lambda choice: choice.label.casefold()))[:MENU_OPTIONS]

    def _members(self, workspace: str, source: str) -> AsyncIterator[str]:
        if source.startswith("S"):
            return self._in_group(workspace, source)
        return self._calls.pages(workspace, "conversations.members", of="members", channel=source)

    async def _in_group(self, workspace: str, group: str) -> AsyncIterator[str]:
        answer = await self._calls.ask(workspace, "usergroups.users.list", usergroup=group)
        for account in answer.get("users") or []:
            yield str(account)

    async def _listed(self, workspace: str) -> AsyncIterator[Mapping[str, Any]]:
        """Everybody in the workspace; nobody for a whole organisation, whose list Slack gives only by workspace."""
        if (await self._calls.installation(workspace)).team:
            async for user in self._calls.pages(workspace, "users.list", of="members"):
                yield user


def person(user: Mapping[str, Any], workspace: str) -> Person:
    """Read an entry of Slack's directory, as described in https://docs.slack.dev/reference/objects/user-object."""
    profile = user.get("profile") or {}
    return Person(
        address=Address(PLATFORM, str(user.get("id")), workspace),
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
        timezone=known_zone(user.get("tz")),
        active=user.get("deleted") is not True,
        guest=any(user.get(kind) is True for kind in ("is_restricted", "is_ultra_restricted", "is_stranger")),
        program=any(user.get(kind) is True for kind in ("is_bot", "is_workflow_bot")) or user.get("id") == "USLACKBOT",
    )
