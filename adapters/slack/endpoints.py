"""Where Slack posts when it reaches the bot over HTTP: one address, nothing believed without a signature."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

BODY_LIMIT: Final = 512 * 1024  #: bytes; a modal of a hundred blocks that comes back has some tens of thousands
EVENTS_PATH: Final = "/slack/events"
_REFUSED: Final = 401
_UNKNOWN: Final = 404


class Endpoint:
    """Takes what Slack posts: events, presses, forms and commands alike."""

    def __init__(self, app: AsyncApp, *, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self.is_open = False

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(EVENTS_PATH, self.take, methods=["POST"])
        return router

    async def take(self, request: Request) -> Response:
        """Take one request; whatever is wrong with it, the answer is the same."""
        body = await _body(request)
        if body is None or not self._is_signed(body, request.headers):
            return _refused()
        if not self.is_open:
            return PlainTextResponse("", status_code=503)  # Slack tries again
        try:
            asked = AsyncBoltRequest(body=body.decode(), headers=dict(request.headers))
        except (ValueError, TypeError, AttributeError, LookupError):  # signed, and neither a form nor JSON of any use
            return _refused()
        answer = await self._app.async_dispatch(asked)
        if answer.status == _UNKNOWN:
            return PlainTextResponse("")  # nothing to us, and Slack need not tell it again
        return to_starlette_response(answer) if answer.status < _REFUSED else _refused()

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed this, in the last five minutes. Bolt looks again, but reads the body before it does."""
        try:
            return self._verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError):  # a timestamp that is none, a body or a signature that is no text
            return False


async def _body(request: Request) -> bytes | None:
    """The body, or nothing once it is over BODY_LIMIT."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _refused() -> Response:
    return PlainTextResponse("", status_code=_REFUSED)
