"""The address that Teams posts to: verified before anything is read, and every failure a clean answer."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Protocol

import structlog
from botbuilder.core import InvokeResponse
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from adapters.teams.authentication import Keys, Letter, Refused, check, is_loopback, verify
from adapters.teams.incoming import Activity, TooLarge, Unclear, parse, read_body
from adapters.teams.registrations import Registration, Registrations

log = structlog.get_logger()

PATH = "/api/messages"
#: Proxies and tunnels say for whom they speak: whoever comes through one is not on this machine.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

Take = Callable[[Activity, Registration], Awaitable[InvokeResponse | None]]
"""Does what a verified activity asks for. Raises nothing that a sender could bring about."""


class Open(Protocol):
    """What the endpoint needs while the bot listens."""

    @property
    def keys(self) -> Keys: ...

    @property
    def take(self) -> Take: ...


class Endpoint:
    def __init__(self, registrations: Registrations) -> None:
        self._registrations = registrations
        self.open: Open | None = None  #: None while no bot listens

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(PATH, self.post, methods=["POST"])
        return router

    async def post(self, request: Request) -> Response:
        open_ = self.open
        if open_ is None:
            return Response(status_code=503)
        try:
            letter = await self._letter(request, open_.keys)
            activity = parse(await read_body(request.stream()))
            registration = self._registration(letter, activity)
        except Refused as refused:
            log.warning("refused", platform="teams", reason=refused.reason)
            return Response(status_code=401)
        except (TooLarge, Unclear) as wrong:
            return Response(status_code=413 if isinstance(wrong, TooLarge) else 400)
        answered = await open_.take(activity, registration) or InvokeResponse(status=200)
        return JSONResponse(answered.body, answered.status) if answered.body else Response(status_code=answered.status)

    async def _letter(self, request: Request, keys: Keys) -> Letter | None:
        """What the request's token vouches for; None where nothing is signed, which is so on this machine alone.

        Raises
        ------
        Refused
        """
        if self._registrations.are_signed:
            header = request.headers.get("authorization", "")
            return await verify(header, keys=keys, registrations=self._registrations)
        if not is_here(request):
            raise Refused("not_on_this_machine")
        return None

    def _registration(self, letter: Letter | None, activity: Activity) -> Registration:
        """Raises Refused."""
        if letter is None:
            if not is_loopback(activity.service_url):
                raise Refused("address_elsewhere")
            return Registration("", activity.tenant)
        check(letter, channel=activity.channel, service_url=activity.service_url, tenant=activity.tenant)
        return letter.registration


def is_here(request: Request) -> bool:
    """Whether somebody on this machine asks, and not for anybody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
