"""The web chat as a chat platform."""

import asyncio
from datetime import timedelta
from typing import ClassVar

from fastapi import APIRouter

from adapters.chat import Action, Address, Card, Listener
from adapters.web.links import LIFETIME
from adapters.web.pages import Pages
from adapters.web.routes import Routes
from adapters.web.streams import Streams
from adapters.web.transcript import Transcript
from adapters.web.words import ENGLISH, Words


class WebAdapter:
    """One page per account, served by the bot's own server, live while it is open.

    A reply without `replaces` is shown to the person who acted and kept nowhere. To a Submitted it appears right under
    the form, which keeps what was filled in; when it answers such a reply it takes that one's place, so a card that
    asks for a correction there carries the fields again, with their `value`.

    Notes
    -----
    Switch the server's access log off (`uvicorn --no-access-log`): the path of `/enter/{token}` lets its reader in.

    A server waits for open connections before it stops, and a page keeps one open. Call `hang_up` when the signal to
    stop arrives, for uvicorn in `Server.handle_exit` before the inherited one; ending `run` does it too.
    """

    platform: ClassVar[str] = "web"

    def __init__(
        self,
        *,
        transcript: Transcript,
        secret: bytes,
        title: str,
        words: Words = ENGLISH,
        menu: tuple[Action, ...] = (),
        link_lifetime: timedelta = LIFETIME,
        heart_beat: timedelta = timedelta(seconds=15),
    ) -> None:
        self._transcript = transcript
        self._streams = Streams(secret, heart_beat=heart_beat.total_seconds())
        self._routes = Routes(
            transcript=transcript,
            secret=secret,
            words=words,
            pages=Pages(title=title, words=words, menu=menu),
            streams=self._streams,
            link_lifetime=link_lifetime,
        )

    def routes(self) -> APIRouter:
        """Return the addresses `/enter/...` and `/chat/...` for the bot's server to mount."""
        return self._routes.router()

    def hang_up(self) -> None:
        """End all open streams and open no new ones until `run` begins again; safe in a signal's callback."""
        self._streams.hang_up()

    async def run(self, listener: Listener) -> None:
        self._routes.listener = listener
        self._streams.welcome()
        try:
            await asyncio.Event().wait()
        finally:
            self._routes.listener = None
            self._streams.hang_up()

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        message_id = await self._transcript.put(to.account, key, card)
        self._streams.wake(to.account)
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        return await self._transcript.find(to.account, key)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        await self._transcript.replace(message_id, card)
        self._streams.wake(to.account)

    async def forget(self, account: str) -> None:
        """Delete what stands in somebody's chat, also from pages that are open."""
        await self._transcript.forget(account)
        self._streams.wake(account)
