"""The web server: pages of the platforms that need one, and whether the bot is well."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from types import FrameType

import uvicorn
from fastapi import APIRouter, FastAPI, Response

from adapters.web.headers import SafeHeaders
from bot.errors import PortTaken

WaitingFor = Callable[[], Awaitable[list[str]]]


async def nothing() -> list[str]:
    return []


def web_application(routers: Sequence[APIRouter], *, waiting_for: WaitingFor = nothing) -> FastAPI:
    """The pages of every platform that has some, and two for whoever keeps the bot running."""
    application = FastAPI(title="golive-pulse", openapi_url=None, docs_url=None, redoc_url=None)
    application.add_middleware(SafeHeaders)
    for router in routers:
        application.include_router(router)

    @application.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @application.get("/readyz")
    async def readyz(response: Response) -> dict[str, str | list[str]]:
        waits = await waiting_for()
        if waits:
            response.status_code = 503
            return {"status": "not ready", "waiting_for": waits}
        return {"status": "ready"}

    return application


class Server(uvicorn.Server):
    """Hangs up open streams as soon as it is asked to stop: it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, *, hang_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._hang_up = hang_up

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hang_up()
        super().handle_exit(sig, frame)


def bind(host: str, port: int) -> socket.socket:
    """Raises PortTaken with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        message = (
            f"Port {port} on {host} is not free ({error.strerror}). Set PULSE_PORT to another one, for example 8471."
        )
        raise PortTaken(message) from error
    return listener


async def serve(
    pages: FastAPI, *, listener: socket.socket, hang_up: Callable[[], None], beside: Coroutine[None, None, None]
) -> None:
    """Serve pages, and do something beside it, until somebody presses Ctrl-C or the other thing ends."""
    config = uvicorn.Config(pages, access_log=False, log_config=None, timeout_graceful_shutdown=3)
    server = Server(config, hang_up=hang_up)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    work = asyncio.create_task(beside)
    try:
        await asyncio.wait({serving, work}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hang_up()
        server.should_exit = True
        work.cancel()
        await asyncio.gather(serving, work, return_exceptions=True)  # what is being sent is brought to its end
        listener.close()
    if not work.cancelled() and work.done():
        work.result()
