"""The web server: pages of the platforms that need one, and whether the bot is well."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from fastapi import APIRouter, FastAPI


def web_application(routers: Sequence[APIRouter]) -> FastAPI:
    application = FastAPI(title="golive-pulse", openapi_url=None, docs_url=None, redoc_url=None)
    for router in routers:
        application.include_router(router)

    @application.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return application


class Server(uvicorn.Server):
    """Hangs up open streams as soon as it is asked to stop: it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, *, hang_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._hang_up = hang_up

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hang_up()
        super().handle_exit(sig, frame)


class PortTaken(Exception):
    """Something else listens there already."""


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


@asynccontextmanager
async def serving(
    application: FastAPI, *, listener: socket.socket, hang_up: Callable[[], None]
) -> AsyncIterator[Server]:
    """Serve until the block ends or somebody presses Ctrl-C; `should_exit` of the server says which."""
    config = uvicorn.Config(application, access_log=False, log_config=None, timeout_graceful_shutdown=3)
    server = Server(config, hang_up=hang_up)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        hang_up()
        server.should_exit = True
        await task
        listener.close()
