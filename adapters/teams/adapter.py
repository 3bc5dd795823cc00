"""Microsoft Teams as a chat platform."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

import aiohttp
import structlog
from botbuilder.core import InvokeResponse
from fastapi import APIRouter

from adapters.chat import Address, Card, DeliveryError, Listener, Person
from adapters.teams import signing_keys
from adapters.teams.cards import to_adaptive
from adapters.teams.cloud import Cloud
from adapters.teams.connector import Connector, Place
from adapters.teams.credentials import Fetch, SignIn, Tokens
from adapters.teams.directory import person
from adapters.teams.endpoint import Endpoint
from adapters.teams.failures import CLOSED
from adapters.teams.incoming import Activity
from adapters.teams.outgoing import as_card, message
from adapters.teams.pacing import Pace
from adapters.teams.references import ANYWHERE, reference
from adapters.teams.registrations import Registration, Registrations
from adapters.teams.signing_keys import SigningKeys
from adapters.teams.standing import Standing
from adapters.teams.transport import KEEP_ALIVE
from adapters.teams.turns import Turns
from adapters.teams.words import ENGLISH, Words

log = structlog.get_logger()

PATIENCE = 5.0  #: seconds that what was begun beside a turn may take when the bot stops


@dataclass(frozen=True, slots=True)
class Live:
    """What there is while the bot listens."""

    keys: SigningKeys
    connector: Connector
    cloud: Cloud
    turns: Turns
    regions: dict[str, str]  #: tenant -> the address that its newest activity named

    async def take(self, activity: Activity, registration: Registration) -> InvokeResponse | None:
        self.regions.pop(activity.tenant, None)
        self.regions[activity.tenant] = activity.service_url  # the newest last
        client = self.connector.client(registration, activity.service_url)
        return await self.cloud.turn(
            activity, lambda: self.turns.take(activity, registration), registration=registration, client=client
        )


class TeamsAdapter:
    """Speaks in personal chats, with Adaptive Cards; channels are only listened to for who comes and goes.

    A reply to a press is shown on the screen of whoever pressed, under the message that was acted on, and kept nowhere.
    A reply to a typed line is a message. With no registrations everything on this machine is believed: for development.

    Notes
    -----
    A bot cannot read a chat in Teams: `find` knows what was sent since the start, and everything else is *unknown*.
    """

    platform: ClassVar[str] = "teams"

    def __init__(
        self,
        registrations: Registrations,
        *,
        words: Words = ENGLISH,
        metadata: str = signing_keys.METADATA,
        fetch: Fetch | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._registrations = registrations
        self._words = words
        self._metadata = metadata
        self._fetch = fetch or SignIn()
        self._clock = clock
        self._sleep = sleep
        self._standing = Standing()
        self._endpoint = Endpoint(registrations)
        self._regions: dict[str, str] = {}
        self._live: Live | None = None
        self._beside: set[asyncio.Task[None]] = set()

    def routes(self) -> APIRouter:
        """Return the address `/api/messages` for the bot's server to mount."""
        return self._endpoint.router()

    async def run(self, listener: Listener) -> None:
        tokens = Tokens(self._registrations, fetch=self._fetch, clock=self._clock)
        lines = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE)
        try:
            jar = aiohttp.DummyCookieJar()
            async with aiohttp.ClientSession(connector=lines, cookie_jar=jar, trust_env=True) as session:
                self._live = self._endpoint.open = self._opened_with(session, listener, tokens)
                if self._registrations.are_signed:
                    self._begin(self._live.keys.refresh())
                    self._begin(tokens.warm())
                try:
                    await asyncio.Event().wait()
                finally:
                    self._live = self._endpoint.open = None
                    await self._finish()
        finally:
            tokens.close()

    def _opened_with(self, session: aiohttp.ClientSession, listener: Listener, tokens: Tokens) -> Live:
        pace = Pace(clock=self._clock, sleep=self._sleep)
        connector = Connector(session, tokens=tokens, pace=pace, sleep=self._sleep)
        turns = Turns(
            listener,
            connector=connector,
            standing=self._standing,
            words=self._words,
            beside=self._begin,
        )
        keys = SigningKeys(session, metadata=self._metadata, clock=self._clock)
        return Live(keys, connector, Cloud(), turns, self._regions)

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        sent = self._standing.sent(to, key)
        if sent is not None:
            return sent
        connector = self._connector()
        place = await self._place(to)
        said = message(card, registration=place.registration, group_hint=self._words.group_hint)
        try:
            message_id = await connector.post(place, said)
        except DeliveryError as error:
            if error.permanent:
                self._standing.forget(to)
            raise
        self._standing.keep(to, message_id, card, key=key)
        return message_id

    async def find(self, to: Address, *, key: str) -> str | None:
        sent = self._standing.sent(to, key)
        if sent is None:
            raise DeliveryError("no_history", unknown=True)
        return sent

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        self._standing.replace(to, message_id, card)
        place = await self._place(to)
        adaptive = to_adaptive(card, group_hint=self._words.group_hint)
        await self._connector().put(place, message_id, as_card(adaptive, card, registration=place.registration))

    async def people(self, workspace: str, source: str) -> AsyncIterator[Person]:
        """Everybody in a team, as the list of its members has them, page by page.

        Raises
        ------
        DeliveryError
            permanent where the team is gone or the app is not in it.
        """
        registration = self._registration(workspace)
        tenant = workspace or registration.tenant
        place = Place(registration, self._region(tenant), source)
        known: set[str] = set()  # a page may name again whom an earlier one named
        try:
            async for raw in self._connector().members(place):
                found = person(raw, tenant=tenant)
                if found is not None and found.address.account not in known:
                    known.add(found.address.account)
                    yield found
        except DeliveryError as error:
            gone = error.permanent or error.reason in CLOSED
            raise DeliveryError(error.reason, permanent=gone, retry_after=error.retry_after) from error

    async def settle(self) -> None:
        """Wait until what was begun beside a turn has ended."""
        while self._beside:
            await asyncio.wait(self._beside)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _finish(self) -> None:
        if self._beside:
            _, late = await asyncio.wait(self._beside, timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _connector(self) -> Connector:
        if self._live is None:
            raise DeliveryError("not_running")
        return self._live.connector

    def _registration(self, workspace: str) -> Registration:
        registration = self._registrations.of_tenant(workspace)
        if registration is None:  # whoever runs the bot can mend that: nobody is unreachable because of it
            raise DeliveryError("tenant_without_registration")
        return registration

    def _region(self, tenant: str) -> str:
        """Where a tenant is served: as its newest activity said; of "" as the newest of all."""
        newest = next(reversed(self._regions.values()), ANYWHERE)
        return self._regions.get(tenant, ANYWHERE) if tenant else newest

    async def _place(self, to: Address) -> Place:
        """Where somebody is written to; a conversation is made for whoever has none yet."""
        registration = self._registration(to.workspace)
        way = reference(to.conversation)
        url = way.service_url or self._region(to.workspace or registration.tenant)
        conversation = way.conversation or self._standing.conversation(to)
        if not conversation:
            conversation = await self._connector().open(registration, url, way.user or to.account)
            self._standing.opened(to, conversation)
        return Place(registration, url, conversation)
