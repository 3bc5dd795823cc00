"""Putting the app into a workspace: the button, Slack's question, the token that comes back.

Bolt's flow does the talking and checks that the answer comes to the browser that asked. Its stores keep tokens in
clear, so what is installed goes to the bot, which conceals it.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation as Installed
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import QUIET, SLACK
from adapters.slack.errors import FAILURES
from adapters.slack.installations import Installation
from adapters.slack.words import Words

INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"
MINUTES: Final = 10  #: that somebody has for Slack's question
_AUTHORIZE = "https://slack.com/oauth/v2/authorize"
_HTML: Final[dict[str, str | Sequence[str]]] = {"Content-Type": "text/html; charset=utf-8"}

Keep = Callable[[Installation], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Install:
    """What it takes to let others put the app into their workspace."""

    client_id: str
    client_secret: str = field(repr=False)
    base_url: str  #: where a browser reaches the bot
    authorize_url: str = _AUTHORIZE


class Installer:
    """The two addresses of an install."""

    def __init__(
        self, keep: Keep, *, install: Install, scopes: tuple[str, ...], secret: bytes, words: Words, url: str = SLACK
    ) -> None:
        self._words = words
        self._flow = AsyncOAuthFlow(
            client=AsyncWebClient(base_url=url, retry_handlers=[], logger=QUIET, timeout=10),
            logger=QUIET,
            settings=AsyncOAuthSettings(
                client_id=install.client_id,
                client_secret=install.client_secret,
                scopes=scopes,
                user_scopes=(),
                redirect_uri=install.base_url.rstrip("/") + REDIRECT_PATH,
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                install_page_rendering_enabled=False,
                callback_options=AsyncCallbackOptions(success=self._done, failure=self._not_done),
                authorization_url=install.authorize_url,
                installation_store=_Keeping(keep),
                state_store=SignedStates(secret),
                state_expiration_seconds=MINUTES * 60,
                logger=QUIET,
            ),
        )

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(INSTALL_PATH, self.begin)
        router.add_api_route(REDIRECT_PATH, self.finish)
        return router

    async def begin(self, request: Request) -> Response:
        """Send somebody to Slack, which asks what the app may do."""
        return to_starlette_response(await self._flow.handle_installation(to_async_bolt_request(request, b"")))

    async def finish(self, request: Request) -> Response:
        """Take what Slack sent somebody back with."""
        try:
            answer = await self._flow.handle_callback(to_async_bolt_request(request, b""))
        except FAILURES:
            answer = _page(502, self._words.title, self._words.not_installed)
        return to_starlette_response(answer)

    async def _done(self, _: AsyncSuccessArgs) -> BoltResponse:
        return _page(200, self._words.title, self._words.installed)

    async def _not_done(self, args: AsyncFailureArgs) -> BoltResponse:
        status = args.suggested_status_code if args.suggested_status_code != 200 else 400  # noqa: PLR2004  # no success
        return _page(status, self._words.title, self._words.not_installed)


class _Keeping(AsyncInstallationStore):
    """Hands an install to the bot."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    async def async_save(self, installation: Installed) -> None:
        team, enterprise = installation.team_id or "", installation.enterprise_id or ""
        everywhere = installation.is_enterprise_install is True
        await self._keep(
            Installation(
                workspace=enterprise if everywhere else team,
                token=installation.bot_token or "",
                team="" if everywhere else team,
                enterprise=enterprise,
                bot=installation.bot_user_id or "",
                scopes=tuple(installation.bot_scopes or ()),
            )
        )


class SignedStates(AsyncOAuthStateStore):
    """What comes back from Slack unchanged: signed, so that any copy of the bot knows it; used once, in this one.

    The browser holds the same in a cookie, so a state that somebody else got opens nothing.
    """

    def __init__(self, secret: bytes) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="slack-install")
        self._used: set[str] = set()

    async def async_issue(self, *_: object, **__: object) -> str:
        return self._signer.dumps(secrets.token_urlsafe(16))

    async def async_consume(self, state: str) -> bool:
        try:
            self._signer.loads(state, max_age=MINUTES * 60)
        except BadSignature:
            return False
        self._used = {one for one in self._used if self._is_fresh(one)}
        is_new = state not in self._used
        self._used.add(state)
        return is_new

    def _is_fresh(self, state: str) -> bool:
        try:
            self._signer.loads(state, max_age=MINUTES * 60)
        except BadSignature:
            return False
        return True


def _page(status: int, title: str, sentence: str) -> BoltResponse:
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<main><h1>{escape(title)}</h1><p>{escape(sentence)}</p></main></html>"
    )
    return BoltResponse(status=status, headers=_HTML, body=body)
