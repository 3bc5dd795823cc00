"""Socket Mode: the bot calls Slack and keeps the line open, so that nobody has to reach the bot."""

import asyncio

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import QUIET, SLACK
from adapters.slack.errors import FAILURES, failure

log = structlog.get_logger()


class Sockets:
    """One line to Slack, dialled again whenever it breaks: the SDK does that, and pings."""

    def __init__(self, app: AsyncApp, *, app_token: str, url: str = SLACK) -> None:
        self._app = app
        self._token = app_token
        self._url = url

    async def run(self) -> None:
        """Listen until cancelled."""
        client = AsyncWebClient(base_url=self._url, logger=QUIET)
        await self._say_what_is_wrong(client)
        handler = AsyncSocketModeHandler(self._app, self._token, logger=QUIET, web_client=client)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
            await asyncio.Event().wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _say_what_is_wrong(self, client: AsyncWebClient) -> None:
        """The SDK dials for ever and tells nobody why in vain: a wrong token should be heard of."""
        try:
            await client.apps_connections_open(app_token=self._token)
        except FAILURES as error:
            log.error("no line to slack", platform="slack", reason=failure(error).reason)  # noqa: TRY400  # no trace needed
