"""The one workspace whose token stands in the settings: nothing to install, nothing to keep."""

import asyncio
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import QUIET, SLACK
from adapters.slack.errors import FAILURES, failure
from adapters.slack.installations import Installation


class OneWorkspace:
    """Fulfils `adapters.slack.installations.Installations` for a bot token that somebody pasted."""

    def __init__(self, token: str, *, url: str = SLACK) -> None:
        self._client = AsyncWebClient(token, base_url=url, retry_handlers=[], logger=QUIET, timeout=10)
        self._installation: Installation | None = Installation("", token)
        self._asking = asyncio.Lock()

    async def find(self, workspace: str) -> Installation | None:
        """Look it up, under no name or its own; Slack is asked once for that.

        Raises
        ------
        DeliveryError
            when Slack does not say.
        """
        if workspace and self._installation is not None and not self._installation.team:
            async with self._asking:
                await self._introduce()
        known = self._installation
        return known if known is not None and workspace in {"", known.team, known.enterprise} else None

    async def save(self, installation: Installation) -> None:
        """Take over nothing: the settings decide."""

    async def remove(self, workspace: str) -> None:
        """The token no longer works; a new one comes with new settings."""
        if await self.find(workspace) is not None:
            self._installation = None

    async def _introduce(self) -> None:
        if self._installation is None or self._installation.team:
            return
        try:
            answer = await self._client.auth_test()
        except FAILURES as error:
            raise failure(error) from error
        self._installation = replace(
            self._installation,
            team=str(answer.get("team_id") or ""),
            enterprise=str(answer.get("enterprise_id") or ""),
            bot=str(answer.get("user_id") or ""),
        )
