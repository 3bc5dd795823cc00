"""How the Bot Framework's client reaches the network: through our own session, with time-outs, signed off the loop."""

from typing import Any

import aiohttp
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPPolicy, AsyncHTTPSender
from msrest.universal_http import ClientRequest
from msrest.universal_http.async_abc import AsyncClientResponse
from yarl import URL

from adapters.teams.credentials import Tokens
from adapters.teams.registrations import Registration

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
LARGEST_ANSWER = 2 * 1024 * 1024  # bytes: a page of members is far smaller
KEEP_ALIVE = 10.0  #: seconds; shorter than servers keep a line open, so that none is closed under a message


class TooMuch(aiohttp.ClientError):
    """The answer is larger than anything that was asked for."""


class Answer(AsyncClientResponse):
    """A whole answer in memory."""

    def __init__(self, request: ClientRequest, response: aiohttp.ClientResponse, body: bytes) -> None:
        super().__init__(request, self)  # errors carry what stands here
        self.status_code = response.status
        self.headers = response.headers.copy()
        self.reason = response.reason
        self._body = body

    def body(self) -> bytes:
        return self._body


class Transport(AsyncHTTPSender[ClientRequest, Answer]):
    """Sends over a session that somebody else opens and closes."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send(self, request: Request[ClientRequest], **_: Any) -> Response[ClientRequest, Answer]:
        http = request.http_request
        async with self._session.request(
            http.method,
            URL(http.url, encoded=True),
            headers=dict(http.headers),
            data=http.data,
            timeout=TIMEOUT,
            allow_redirects=False,  # a token goes to the address that was named, and nowhere else
        ) as response:
            body = await response.content.read(LARGEST_ANSWER)
            if not response.content.at_eof():
                raise TooMuch
            return Response(request, Answer(http, response, body))


class Signed(AsyncHTTPPolicy[ClientRequest, Answer]):
    """Puts a token on every request; the library would fetch one anew for every turn, and stop the loop meanwhile."""

    def __init__(self, tokens: Tokens, registration: Registration) -> None:
        super().__init__()
        self._tokens = tokens
        self._registration = registration

    async def send(self, request: Request[ClientRequest], **config: Any) -> Response[ClientRequest, Answer]:
        assert self.next is not None  # set by the pipeline that it stands in
        if self._registration.is_signed:
            token = await self._tokens.token(self._registration)
            request.http_request.headers["Authorization"] = f"Bearer {token}"
        response = await self.next.send(request, **config)
        if response.http_response.status_code == 401:  # noqa: PLR2004  # not authorised: the token was taken back
            self._tokens.drop(self._registration)
        return response
