"""Slack as a chat platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from secrets import token_hex
from typing import ClassVar

import structlog
from fastapi import APIRouter

from adapters.chat import Address, Card, DeliveryError, Installed, Listener, Person, Removed
from adapters.slack.answering import Ack, Answering, Patience
from adapters.slack.bolt import Bolt
from adapters.slack.calls import SLACK, Calls
from adapters.slack.directory import SlackDirectory
from adapters.slack.endpoints import Endpoint
from adapters.slack.incoming import PLATFORM, Heard
from adapters.slack.install import Install, Installer
from adapters.slack.installations import Installation, Installations
from adapters.slack.manifest import SCOPES
from adapters.slack.pacing import Pace
from adapters.slack.posting import Posting
from adapters.slack.sockets import Sockets
from adapters.slack.words import ENGLISH, Words

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[None]]


class SlackAdapter:
    """Direct messages, modals and the Home tab, in any number of workspaces.

    With an `app_token` it calls Slack (Socket Mode); with a `signing_secret` Slack reaches it at `/slack/events`, which
    the bot's server mounts from `routes`. A reply without `replaces` stands in a modal or, where somebody typed into
    the chat, in a message that only they see: Slack keeps neither.

    Notes
    -----
    Slack has no key that keeps a message from being posted twice. A dropped connection is therefore `unknown`, nothing
    is tried again here, and `find` reads the chat, which needs `im:history` and is limited to once a minute for
    commercial apps outside the Marketplace: then it raises `unknown` as well.
    """

    platform: ClassVar[str] = PLATFORM

    def __init__(
        self,
        *,
        installations: Installations,
        secret: bytes,
        signing_secret: str = "",
        app_token: str = "",
        words: Words = ENGLISH,
        pace: Pace | None = None,
        patience: Patience | None = None,
        sleep: Sleep = asyncio.sleep,
        install: Install | None = None,
        url: str = SLACK,
    ) -> None:
        self._installations = installations
        self._calls = Calls(installations, pace=pace or Pace(), url=url)
        self._directory = SlackDirectory(self._calls)
        self._posting = Posting(self._calls, self._directory, words=words, secret=secret, sleep=sleep)
        self._answering = Answering(self._calls, self._posting, words=words, patience=patience or Patience())
        self._bolt = Bolt(self._take, signing_secret=signing_secret, url=url)
        self._endpoint = Endpoint(self._bolt.app, signing_secret=signing_secret) if signing_secret else None
        self._sockets = Sockets(self._bolt.app, app_token=app_token, url=url) if app_token else None
        self._installer = (
            Installer(self._installed, install=install, scopes=tuple(SCOPES), secret=secret, words=words, url=url)
            if install
            else None
        )

    def routes(self) -> APIRouter:
        """Return the addresses under `/slack/` for the bot's server to mount; none where nobody reaches the bot."""
        router = APIRouter()
        for part in (self._endpoint, self._installer):
            if part is not None:
                router.include_router(part.router())
        return router

    async def run(self, listener: Listener) -> None:
        self._answering.listener = listener
        if self._endpoint is not None:
            self._endpoint.is_open = True
        looking = asyncio.create_task(self._look())
        try:
            if self._sockets is not None:
                await self._sockets.run()
            await asyncio.Event().wait()
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            self._answering.listener = None
            if self._endpoint is not None:
                self._endpoint.is_open = False
            await self._bolt.close()
            await self._calls.close()

    async def _look(self) -> None:
        """Try the one token there is, so that a wrong one is heard of before the first message is due."""
        if self._installer is not None:
            return
        try:
            await self._calls.ask("", "auth.test")
        except DeliveryError as error:
            log.warning("slack does not know this bot", platform="slack", reason=error.reason)

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        return await self._posting.send(to, card, key=key)

    async def find(self, to: Address, *, key: str) -> str | None:
        return await self._posting.find(to, key=key)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        await self._posting.replace(to, message_id, card)

    def people(self, workspace: str, source: str) -> AsyncIterator[Person]:
        return self._directory.people(workspace, source)

    async def _installed(self, installation: Installation) -> None:
        """Keep a new install, and tell the bot that it reaches people there."""
        await self._installations.save(installation)
        listener = self._answering.listener
        if listener is not None:
            await listener(Installed(Address(PLATFORM, "", installation.workspace), f"install.{token_hex(8)}"))

    async def _take(self, heard: Heard, ack: Ack) -> None:
        await self._answering.take(heard, ack)
        if isinstance(heard.incoming, Removed):
            await self._installations.remove(heard.sender.workspace)
