"""The Bot Framework's own adapter, given what was verified and the client that was built elsewhere.

What it would do by itself (fetch keys and tokens on the event loop, take tokens of emulators and of other bots) it is
not asked to do: every turn begins with the result of our own check.
"""

from collections.abc import Awaitable, Callable

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity as Schema
from botbuilder.schema import ActivityTypes, ChannelAccount, ConversationAccount
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import AuthenticationConstants, BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory

from adapters.teams.credentials import SCOPE
from adapters.teams.incoming import Activity
from adapters.teams.registrations import Registration

Turn = Callable[[], Awaitable[InvokeResponse | None]]
"""Does what an activity asks for; returns the answer to an invoke, or None for one that means nothing to the bot."""


class Known(ConnectorFactory):  # type: ignore[misc]  # the library ships no types
    """Hands out the client that is there already."""

    def __init__(self, client: ConnectorClient) -> None:
        self._client = client

    async def create(self, service_url: str, audience: str = "") -> ConnectorClient:
        del service_url, audience
        return self._client


class Verified(BotFrameworkAuthentication):  # type: ignore[misc]  # as above
    """Verifies nothing: whatever reaches the library was verified, or is refused here for good."""

    async def authenticate_request(self, *_: object) -> AuthenticateRequestResult:
        raise PermissionError

    async def authenticate_streaming_request(self, *_: object) -> AuthenticateRequestResult:
        raise PermissionError

    def create_connector_factory(self, *_: object) -> ConnectorFactory:
        raise PermissionError

    async def create_user_token_client(self, *_: object) -> None:
        """Nobody signs in to anything through the bot."""


class Cloud(CloudAdapterBase):  # type: ignore[misc]  # as above
    def __init__(self) -> None:
        super().__init__(Verified())

    async def turn(
        self, activity: Activity, turn: Turn, *, registration: Registration, client: ConnectorClient
    ) -> InvokeResponse | None:
        """Take one verified activity; what an invoke is answered comes back, 501 where the turn has no answer."""

        async def logic(context: TurnContext) -> None:
            answer = await turn()
            if answer is not None:
                await context.send_activity(Schema(type=ActivityTypes.invoke_response, value=answer))

        answered: InvokeResponse | None = await self.process_activity(
            result(registration, client), schema(activity), logic
        )
        return answered


def result(registration: Registration, client: ConnectorClient) -> AuthenticateRequestResult:
    verified = AuthenticateRequestResult()
    claims = {AuthenticationConstants.AUDIENCE_CLAIM: registration.app_id}
    verified.claims_identity = ClaimsIdentity(claims, True)
    verified.audience = SCOPE
    verified.caller_id = None
    verified.connector_factory = Known(client)
    return verified


def schema(activity: Activity) -> Schema:
    """As much of an activity as the library looks at; what somebody wrote is not handed on to it."""
    return Schema(
        type=activity.type,
        id=activity.id,
        name=activity.name,
        channel_id=activity.channel,
        service_url=activity.service_url,
        from_property=ChannelAccount(id=activity.sender.id),
        recipient=ChannelAccount(id=activity.bot),
        conversation=ConversationAccount(id=activity.conversation, tenant_id=activity.tenant),
    )
