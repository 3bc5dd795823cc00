"""How fast Slack may be spoken to, as published: what would be too fast waits its turn.

https://docs.slack.dev/apis/web-api/rate-limits, read in November 2026: a message a second in each channel, several
hundred a minute in a workspace; of other methods about 20 (tier 2), 50 (tier 3) or 100 (tier 4) a minute, each counted
by method, workspace and app. Slack allows short bursts beyond these; we do not count on them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from adapters.chat import DeliveryError

POST: Final = "chat.postMessage"
LONGEST_WAIT: Final = 15.0  #: seconds that a message waits here; what would wait longer goes back to the outbox
_FORGET_AT: Final = 2_000  # lines; beyond this the idle ones are dropped


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` at once, and at most `minute` in any minute."""

    minute: int
    burst: int

    @property
    def interval(self) -> float:
        """Seconds between two calls once the burst is used up: burst + 60 / interval = minute."""
        return 60 / (self.minute - self.burst) if self.minute > self.burst else 60 / self.minute


CHANNEL: Final = Limit(minute=60, burst=1)
WORKSPACE: Final = Limit(minute=240, burst=20)  # "several hundred" begins at 300; some is left for other posts
TIER_2: Final = Limit(minute=20, burst=4)
TIER_3: Final = Limit(minute=50, burst=10)
TIER_4: Final = Limit(minute=100, burst=20)

#: Tiers as the methods' pages name them. Modals are not in here: they open at once or not at all.
METHODS: Final = {
    POST: WORKSPACE,
    "chat.update": TIER_3,
    "chat.postEphemeral": TIER_4,
    "conversations.history": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.publish": TIER_4,
}

Key = tuple[str, str, str]  #: workspace, method, channel


class Pace:
    """Gives everybody who wants to call a moment to do so, in the order in which they ask."""

    def __init__(
        self, *, now: Callable[[], float] = monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._next: dict[Key, float] = {}  #: when each line would be free if nobody had been let through early
        self._paused: dict[tuple[str, str], float] = {}  #: workspace and method -> until when Slack wants silence

    async def turn(self, workspace: str, method: str, *, channel: str = "") -> None:
        """Wait for the next moment at which this may be called.

        Raises
        ------
        DeliveryError
            temporary, when that moment is too far off to wait for.
        """
        now = self._now()
        silent = self._paused.get((workspace, method), now) - now
        lines = [((workspace, method, ""), METHODS[method])] if method in METHODS else []
        if method == POST and channel:
            lines.append(((workspace, method, channel), CHANNEL))
        wait = max([silent, *(self._wait(key, limit, now) for key, limit in lines)])
        if wait > LONGEST_WAIT:
            raise DeliveryError("rate_limited", retry_after=wait)
        self._forget(now)
        for key, limit in lines:
            self._next[key] = max(self._next.get(key, now), now) + limit.interval
        if wait > 0:
            await self._sleep(wait)

    def pause(self, workspace: str, method: str, *, seconds: float) -> None:
        """Slack asked for silence."""
        until = self._now() + seconds
        self._paused[workspace, method] = max(until, self._paused.get((workspace, method), until))

    def _wait(self, key: Key, limit: Limit, now: float) -> float:
        return self._next.get(key, now) - now - (limit.burst - 1) * limit.interval

    def _forget(self, now: float) -> None:
        if len(self._next) > _FORGET_AT:
            self._next = {key: free for key, free in self._next.items() if free > now}
