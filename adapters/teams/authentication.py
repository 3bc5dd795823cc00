"""Whether something that came in was sent by Teams to this bot; whatever is wrong with it, it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from adapters.teams.registrations import Registration, Registrations
from adapters.teams.signing_keys import KeysUnknown, SigningKey

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
ALGORITHM = "RS256"
LEEWAY = 300  #: seconds that clocks may differ
LONGEST = 8 * 1024  #: characters of a token
REQUIRED = ("iss", "aud", "exp", "nbf", "serviceurl")


class Refused(Exception):
    """Not from Teams, not for this bot, or not now. Holds a code, never what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Keys(Protocol):
    async def named(self, name: str) -> SigningKey: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """What a token vouches for: that Teams sent this, from one of its addresses, to one of our registrations."""

    registration: Registration
    service_url: str


async def verify(header: str, *, keys: Keys, registrations: Registrations) -> Letter:
    """Read the Authorization header of a request, before anything else of it is read.

    Tokens of other bots ("skills") and of the emulator are refused: nothing of ours is spoken to by either.

    Raises
    ------
    Refused
    """
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer" or not token or len(token) > LONGEST:
        raise Refused("no_token")
    try:
        name = jwt.get_unverified_header(token).get("kid")
        if not isinstance(name, str):
            raise Refused("no_key_named")
        signing = await keys.named(name)
        if CHANNEL not in signing.channels:
            raise Refused("key_of_another_channel")
        claims = read(token, signing, registrations)
    except KeysUnknown as error:
        raise Refused("unknown_key") from error
    except jwt.PyJWTError as error:
        raise Refused(type(error).__name__) from error
    registration = registrations.of_app(str(claims["aud"]))
    if registration is None:
        raise Refused("another_app")
    return Letter(registration, str(claims["serviceurl"]))


def read(token: str, signing: SigningKey, registrations: Registrations) -> Mapping[str, Any]:
    claims: Mapping[str, Any] = jwt.decode(
        token,
        signing.key,
        algorithms=[ALGORITHM],
        audience=sorted(registrations.apps),
        issuer=ISSUER,
        leeway=LEEWAY,
        options={"require": list(REQUIRED), "strict_aud": False},
    )
    return claims


def check(letter: Letter, *, channel: str, service_url: str, tenant: str) -> None:
    """Hold what a body says against what its token vouches for.

    Raises
    ------
    Refused
        for another channel, for an address that the token does not name, and for a tenant that is not ours.
    """
    if channel != CHANNEL:
        raise Refused("another_channel")
    if not service_url.startswith("https://") and not is_loopback(service_url):
        raise Refused("address_in_clear")
    if service_url.rstrip("/") != letter.service_url.rstrip("/"):
        raise Refused("another_address")
    if tenant != letter.registration.tenant:
        raise Refused("another_tenant")


def is_loopback(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:"))
