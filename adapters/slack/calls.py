"""Calls to Slack's Web API: with the right token, at Slack's pace, each tried once, every failure told in our terms."""

import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import DeliveryError
from adapters.slack.errors import FAILURES, GONE, failure
from adapters.slack.installations import Installation, Installations
from adapters.slack.pacing import Pace

SLACK: Final = "https://slack.com/api/"
TIMEOUT: Final = 10.0  #: seconds for one call
PAGE: Final = 200  #: entries of a list that Slack recommends to ask for at once

#: Logs nothing at any level. The SDK's own loggers would print whole payloads at DEBUG: accounts, and what was typed.
QUIET: Final = logging.Logger("slack", level=logging.CRITICAL + 1)  # noqa: LOG001  # known to nobody, so nobody raises its level
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False

Answer = Mapping[str, Any]


class Calls:
    """Speaks to Slack for any workspace.

    The SDK's retries stay off: by default it sends a message again whose connection broke after Slack had taken it, and
    the person has it twice.
    """

    def __init__(self, installations: Installations, *, pace: Pace, url: str = SLACK) -> None:
        self._installations = installations
        self._pace = pace
        self._url = url
        self._session: aiohttp.ClientSession | None = None
        self._dead: set[str] = set()  #: tokens that Slack no longer takes: it is not asked again

    async def post(self, workspace: str, method: str, *, channel: str = "", **arguments: Any) -> Answer:
        """Call a method that changes something; its arguments travel as JSON.

        Raises
        ------
        DeliveryError
        """
        if channel:
            arguments["channel"] = channel
        return await self._call(workspace, method, channel=channel, json=arguments)

    async def ask(self, workspace: str, method: str, **arguments: Any) -> Answer:
        """Call a method that only reads; Slack takes these as a form. Raises DeliveryError."""
        return await self._call(workspace, method, data=arguments)

    async def pages(self, workspace: str, method: str, *, of: str, **arguments: Any) -> AsyncIterator[Any]:
        """Everything that a list method has, page by page, each entry of the named list. Raises DeliveryError."""
        cursor = ""
        while True:
            page = await self.ask(workspace, method, limit=PAGE, cursor=cursor, **arguments)
            for entry in page.get(of) or []:
                yield entry
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def upload(self, workspace: str, content: bytes, *, title: str, alt: str) -> str:
        """Put an image into Slack without showing it anywhere; its id. Raises DeliveryError."""
        client = self._speaking_for(await self.installation(workspace))
        try:
            answer = await client.files_upload_v2(content=content, filename="chart.png", title=title, alt_txt=alt)
        except FAILURES as error:
            raise failure(error) from error
        return str(answer["files"][0]["id"])

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Answer at the address that came with a press; whether Slack took it. It counts for no limit."""
        try:
            async with self._web().post(url, json=body) as answer:
                return answer.status == 200  # noqa: PLR2004  # OK
        except FAILURES:
            return False

    async def installation(self, workspace: str) -> Installation:
        """The app in this workspace. Raises DeliveryError where it is not, or no longer."""
        found = await self._installations.find(workspace)
        if found is None or found.token in self._dead:
            raise DeliveryError(GONE, permanent=True)
        return found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self, workspace: str, method: str, *, channel: str = "", **body: Any) -> Answer:
        installation = await self.installation(workspace)
        client = self._speaking_for(installation)
        # By the installation: an address may leave out the workspace, and Slack counts it with the others all the same.
        await self._pace.turn(installation.workspace, method, channel=channel)
        try:
            answer = await client.api_call(method, **body)
        except FAILURES as error:
            told = failure(error)
            if told.retry_after:
                self._pace.pause(installation.workspace, method, seconds=told.retry_after)
            if told.reason == GONE:
                self._dead.add(installation.token)
            raise told from error
        data = answer.data
        return data if isinstance(data, Mapping) else {}

    def _speaking_for(self, installation: Installation) -> AsyncWebClient:
        return AsyncWebClient(
            installation.token, base_url=self._url, session=self._web(), retry_handlers=[], logger=QUIET
        )

    def _web(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        return self._session
