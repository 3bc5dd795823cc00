"""The public keys with which Microsoft signs what it sends: fetched, kept, and looked up anew when they roll."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from jwt import PyJWK, PyJWKError

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
KEPT_FOR = 24 * 3600.0  #: seconds; Microsoft asks for a look at least once a day
AT_MOST_EVERY = 60.0  #: seconds; a stranger who makes up key names must not make us knock all the time
TIMEOUT = aiohttp.ClientTimeout(total=5)


class KeysUnknown(Exception):
    """The keys cannot be fetched, or none bears this name."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: PyJWK
    channels: frozenset[str]  #: what it may sign for


class SigningKeys:
    def __init__(self, session: aiohttp.ClientSession, *, metadata: str = METADATA, clock: Callable[[], float]) -> None:
        self._session = session
        self._metadata = metadata
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    async def named(self, name: str) -> SigningKey:
        """Find a key by its name.

        Raises
        ------
        KeysUnknown
        """
        if self._clock() - self._fetched >= KEPT_FOR or name not in self._keys:
            await self.refresh(unless=name)
        try:
            return self._keys[name]
        except KeyError as error:
            raise KeysUnknown from error

    async def refresh(self, *, unless: str = "") -> None:
        """Fetch the keys anew, at most once in AT_MOST_EVERY; those that are here stay when it fails."""
        async with self._fetching:
            fresh = self._clock() - self._fetched < KEPT_FOR
            if (fresh and unless in self._keys) or self._clock() - self._tried < AT_MOST_EVERY:
                return
            self._tried = self._clock()
            try:
                where = await self._read(self._metadata)
                found = await self._read(str(where["jwks_uri"]))
                self._keys = {name: key for raw in found["keys"] for name, key in named_key(raw)}
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
                return
            self._fetched = self._clock()

    async def _read(self, url: str) -> Mapping[str, Any]:
        async with self._session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
            response.raise_for_status()
            read: Mapping[str, Any] = await response.json(content_type=None)
            return read


def named_key(raw: Mapping[str, Any]) -> list[tuple[str, SigningKey]]:
    """A key of the published set, or nothing where it is of another kind than ours."""
    try:
        key = PyJWK.from_dict(dict(raw), algorithm="RS256")
        return [(str(raw["kid"]), SigningKey(key, frozenset(raw.get("endorsements", ()))))]
    except (PyJWKError, KeyError):
        return []
