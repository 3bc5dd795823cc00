"""The Bot Connector: where messages are handed over, put in the place of others, and members are listed."""

import asyncio
import json
import random
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from botbuilder.schema import Activity, ChannelAccount, ConversationParameters
from botframework.connector.aio import ConnectorClient
from botframework.connector.aiohttp_bf_pipeline import AsyncBfPipeline
from botframework.connector.bot_framework_sdk_client_async import BotFrameworkConnectorConfiguration

from adapters.chat import DeliveryError
from adapters.teams.credentials import Tokens
from adapters.teams.failures import CLOSED, told
from adapters.teams.pacing import Pace
from adapters.teams.registrations import Registration
from adapters.teams.transport import Signed, Transport

NOT_FOUND = 404
ATTEMPTS = 3  # for replies, which nobody else would try again
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 5.0
PAGE = 200  # members; Microsoft allows 50 to 500
CLIENTS = 64  # regions and registrations whose client is kept

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, and where and as whom to speak in it."""

    registration: Registration
    service_url: str
    conversation: str


class Connector:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        tokens: Tokens,
        pace: Pace,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transport = Transport(session)
        self._tokens = tokens
        self._pace = pace
        self._sleep = sleep
        self._clients: OrderedDict[tuple[str, str], ConnectorClient] = OrderedDict()

    async def post(self, place: Place, activity: Activity) -> str:
        """Hand over a message, once; returns its id.

        Raises
        ------
        DeliveryError
        """
        conversations = self.client(place.registration, place.service_url).conversations
        sent = await self._paced(
            place, lambda: conversations.send_to_conversation(place.conversation, activity), sending=True
        )
        return str(sent.id)

    async def reply(self, place: Place, activity: Activity) -> str:
        """Hand over a message, and try again for a moment where Teams is busy."""
        return await self._again(lambda: self.post(place, activity))

    async def put(self, place: Place, message_id: str, activity: Activity) -> None:
        """Put something else in the place of a message; one that is gone is left gone."""
        conversations = self.client(place.registration, place.service_url).conversations
        try:
            await self._again(
                lambda: self._paced(
                    place,
                    lambda: conversations.update_activity(place.conversation, message_id, activity),
                    sending=False,
                )
            )
        except DeliveryError as error:
            if error.reason != f"status_{NOT_FOUND}":
                raise

    async def open(self, registration: Registration, service_url: str, member: str) -> str:
        """Find or make the personal conversation with somebody; Teams gives the same one every time."""
        parameters = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=f"28:{registration.app_id}"),
            members=[ChannelAccount(id=member)],
            tenant_id=registration.tenant,
            channel_data={"tenant": {"id": registration.tenant}},
        )
        conversations = self.client(registration, service_url).conversations
        place = Place(registration, service_url, f"to {member}")
        made = await self._paced(place, lambda: conversations.create_conversation(parameters), sending=False)
        return str(made.id)

    async def members(self, place: Place) -> AsyncIterator[Mapping[str, Any]]:
        """Everybody in a team or a conversation, page by page."""
        conversations = self.client(place.registration, place.service_url).conversations
        following: str | None = None
        while True:
            page = await self._again(
                lambda token=following: self._paced(  # type: ignore[misc]  # mypy cannot tell the default's type
                    place,
                    lambda: conversations.get_conversation_paged_members(place.conversation, PAGE, token, raw=True),
                    sending=False,
                )
            )
            found = json.loads(page.response.body())
            for member in found.get("members") or ():
                yield member
            following = found.get("continuationToken")
            if not following:
                return

    def client(self, registration: Registration, service_url: str) -> ConnectorClient:
        """The library's client for a region, kept: to build one takes longer than to send."""
        key = (registration.app_id, service_url)
        if key not in self._clients:
            signed = Signed(self._tokens, registration)
            configuration = BotFrameworkConnectorConfiguration(signed, service_url, sender=self._transport)
            client = ConnectorClient(None, custom_configuration=configuration)
            # Last: the client builds a pipeline of its own, which would lead our signature past our transport.
            client.config.pipeline = AsyncBfPipeline(configuration)
            self._clients[key] = client
        self._clients.move_to_end(key)
        while len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)
        return self._clients[key]

    async def _paced(self, place: Place, ask: Callable[[], Awaitable[_T]], *, sending: bool) -> _T:
        await self._pace.wait(tenant=place.registration.tenant, conversation=place.conversation)
        try:
            with told(sending=sending):
                return await ask()
        except DeliveryError as error:
            if error.retry_after is not None:
                self._pace.hold(conversation=place.conversation, seconds=error.retry_after)
            raise

    async def _again(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        """Try a few times while it is only a matter of time."""
        for number in range(1, ATTEMPTS):
            try:
                return await attempt()
            except DeliveryError as error:
                pause = error.retry_after or FIRST_PAUSE * 2 ** (number - 1) * random.uniform(0.75, 1.25)  # noqa: S311  # spreads load; nothing secret
                if error.permanent or error.unknown or error.reason in CLOSED or pause > LONGEST_PAUSE:
                    raise
                await self._sleep(pause)
        return await attempt()
