"""Access tokens for what the bot sends: kept per app and scope, fetched in threads of their own, never twice at once.

A sign-in library that waits for the network holds up nothing but its own thread: neither a turn nor the database, whose
threads are others.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msal
import requests
import structlog

from adapters.chat import DeliveryError
from adapters.teams.registrations import Registration, Registrations

log = structlog.get_logger()

SCOPE = "https://api.botframework.com"
AUTHORITY = "https://login.microsoftonline.com"
SPARE = 300.0  #: seconds before its end at which a token is fetched anew
PATIENCE = 10.0  #: seconds that a turn waits for a token
HTTP_TIMEOUT = (3.05, 5.0)  #: seconds to connect, and to read


@dataclass(frozen=True, slots=True)
class Token:
    value: str
    lives: float  #: seconds


class NoToken(Exception):
    """Microsoft gave no token; holds its code."""


Fetch = Callable[[Registration, str], Token]
"""Fetches a token for an app and a scope; may block. Raises NoToken, or what requests and MSAL raise."""


class Tokens:
    def __init__(self, registrations: Registrations, *, fetch: Fetch, clock: Callable[[], float]) -> None:
        self._registrations = registrations
        self._fetch = fetch
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[Token, float]] = {}
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="teams-sign-in")

    async def token(self, registration: Registration, scope: str = SCOPE) -> str:
        """A token that is good for some minutes.

        Raises
        ------
        DeliveryError
            temporary: whoever runs the bot may mend it, and nobody is unreachable because of it.
        """
        key = (registration.app_id, scope)
        async with self._locks[key]:
            kept, until = self._kept.get(key, (None, 0.0))
            if kept is None or self._clock() >= until - SPARE:
                try:
                    kept = await self._fetched(registration, scope)
                except DeliveryError:
                    if kept is None or self._clock() >= until:
                        raise
                else:
                    self._kept[key] = (kept, self._clock() + kept.lives)
            return kept.value

    def drop(self, registration: Registration, scope: str = SCOPE) -> None:
        """Forget a token that was not taken."""
        self._kept.pop((registration.app_id, scope), None)

    async def warm(self) -> None:
        """Fetch every token before somebody waits for it; what fails is tried again when it is needed."""
        for registration in self._registrations.all:
            try:
                await self.token(registration)
            except DeliveryError as error:
                log.warning("no token yet", platform="teams", reason=error.reason)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _fetched(self, registration: Registration, scope: str) -> Token:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                return await loop.run_in_executor(self._threads, self._fetch, registration, scope)
        except NoToken as error:
            raise DeliveryError(f"sign_in_{error}") from error
        except (TimeoutError, OSError, ValueError) as error:  # what requests raises is an OSError, MSAL's a ValueError
            raise DeliveryError("sign_in_unreachable") from error


class PatientSession(requests.Session):
    """Asks with a time-out, which nobody asked for otherwise."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": HTTP_TIMEOUT} | kwargs)


class SignIn:
    """Microsoft's sign-in for apps: with a client secret, or as the managed identity of the machine."""

    def __init__(self, *, session: requests.Session | None = None) -> None:
        self._session = session or PatientSession()
        self._apps: dict[str, Any] = {}
        self._building = threading.Lock()

    def __call__(self, registration: Registration, scope: str) -> Token:
        asked: dict[str, Any] = {"scopes": [f"{scope}/.default"]}
        if registration.identity == "managed":
            asked = {"resource": scope}
        try:
            found: Mapping[str, Any] = self._app(registration).acquire_token_for_client(**asked)
        except msal.exceptions.MsalError as error:
            raise NoToken("refused") from error
        if "access_token" not in found:
            raise NoToken(str(found.get("error", "unclear")))
        return Token(str(found["access_token"]), float(found.get("expires_in", 0)))

    def _app(self, registration: Registration) -> Any:
        with self._building:  # which asks the network once, for a tenant that nobody has used yet
            if registration.app_id not in self._apps:
                self._apps[registration.app_id] = self._built(registration)
            return self._apps[registration.app_id]

    def _built(self, registration: Registration) -> Any:
        if registration.identity == "managed":
            identity = msal.UserAssignedManagedIdentity(client_id=registration.app_id)
            return msal.ManagedIdentityClient(identity, http_client=self._session)
        return msal.ConfidentialClientApplication(
            registration.app_id,
            client_credential=registration.secret,
            authority=f"{AUTHORITY}/{registration.tenant}",
            http_client=self._session,
        )
