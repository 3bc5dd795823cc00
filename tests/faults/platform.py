"""A chat platform that misbehaves: says "later", breaks lines after taking a message, takes its time, falls over.

python -m tests.faults.platform PORT FILE; what arrives is a line in FILE, "account key", as often as it arrives.
"""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

TOO_MANY, BROKEN_LINE, LATE, FALLEN_OVER = 0.02, 0.01, 0.01, 0.01
LATE_SECONDS = 1.5
RETRY_AFTER = 1

arrived: web.AppKey[dict[str, int]] = web.AppKey("arrived", dict[str, int])


def platform(path: Path) -> web.Application:
    file = path.open("a", buffering=1)
    dice = random.Random(7)

    def take(app: web.Application, account: str, key: str) -> None:
        app[arrived][key] = app[arrived].get(key, 0) + 1
        file.write(f"{account} {key}\n")

    async def send(request: web.Request) -> web.StreamResponse:
        message = await request.json()
        account, key = message["account"], message["key"]
        thrown = dice.random()
        if thrown < TOO_MANY:
            return web.Response(status=429, headers={"Retry-After": str(RETRY_AFTER)})
        if thrown < TOO_MANY + FALLEN_OVER:
            return web.Response(status=500)
        if thrown < TOO_MANY + FALLEN_OVER + BROKEN_LINE:
            take(request.app, account, key)
            break_line(request)
        elif thrown < TOO_MANY + FALLEN_OVER + BROKEN_LINE + LATE:
            asyncio.get_running_loop().call_later(LATE_SECONDS, take, request.app, account, key)
            break_line(request)
        else:
            take(request.app, account, key)
        return web.json_response({"id": key})

    async def find(request: web.Request) -> web.StreamResponse:
        return web.json_response({"id": key if (key := request.query["key"]) in request.app[arrived] else None})

    application = web.Application()
    application[arrived] = {}
    routes: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]]
    routes = [("POST", "/send", send), ("GET", "/find", find)]
    for method, address, answer in routes:
        application.router.add_route(method, address, answer)
    return application


def break_line(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


if __name__ == "__main__":
    web.run_app(platform(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
