"""Bolt between Slack and the adapter: it checks signatures and acknowledges; what came in goes to `incoming`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import QUIET, SLACK
from adapters.slack.incoming import Heard, read

log = structlog.get_logger()

Ack = Callable[..., Awaitable[Any]]
Take = Callable[[Heard, Ack], Awaitable[None]]

_ALL = re.compile("")


class Bolt:
    """One Bolt app. Nothing in it asks the database or the network before Slack has its acknowledgement."""

    def __init__(self, take: Take, *, signing_secret: str, url: str = SLACK) -> None:
        self._take = take
        self._tasks: set[asyncio.Task[Any]] = set()
        self.app = AsyncApp(
            name="golive-pulse",
            # Bolt reads variables of its own names where it is not told: nothing here is left to them.
            signing_secret=signing_secret,
            client=AsyncWebClient(base_url=url, retry_handlers=[], logger=QUIET),
            authorize=_trust,
            request_verification_enabled=bool(signing_secret),
            ignoring_self_events_enabled=False,  # that asks Slack who the bot is; `answering` knows
            attaching_conversation_kwargs_enabled=False,
            logger=QUIET,
        )
        app = self.app
        kinds: list[Callable[..., Any]] = [app.event, app.action, app.view, app.view_closed, app.command, app.options]
        # Whatever is nothing to us is acknowledged too: Slack repeats what is not, and stops telling after a while.
        for kind in [*kinds, app.global_shortcut, app.message_shortcut]:
            kind(_ALL)(self._came)

    async def _came(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Begin, and leave: Bolt forgets an acknowledgement when what gave it breaks afterwards, and waits in vain."""
        task = asyncio.create_task(self._supervised(read(body), ack))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _supervised(self, heard: Sequence[Heard], ack: Ack) -> None:
        try:
            if not heard:
                await ack()
            for one in heard:
                await self._take(one, ack)
        except Exception:  # a mistake of ours ends this one thing, loudly, and the next one still works
            log.exception("listener broke", platform="slack")

    async def close(self) -> None:
        """Let go of what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _trust(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
    """Bolt wants a token before it acknowledges; we look it up afterwards, and for ourselves."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)
