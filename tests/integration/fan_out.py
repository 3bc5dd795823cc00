"""The bot in a process of its own that may be killed: the first evening, sent to the web chat or to a file.

python fan_out.py DATABASE KEYS web|FILE
"""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from adapters.chat import Address, Card, ChatAdapter, Listener
from bot.application import Application
from bot.clock import SetClock
from bot.delivery.outbox import LEASE
from bot.setup import web_adapter
from bot.storage.database import Database
from bot.storage.keys import read_or_create

EVENING = datetime(2027, 3, 2, 0, 30, tzinfo=UTC)


class Sink:
    """A chat platform that never refuses a message twice: what arrives is a line in a file, on disk at once."""

    platform: ClassVar[str] = "memory"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("ab", buffering=0)

    async def run(self, listener: Listener) -> None:
        await asyncio.Event().wait()

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        await asyncio.sleep(0.002)  # a platform far away
        self._file.write(f"{to.account} {key}\n".encode())
        os.fsync(self._file.fileno())
        await asyncio.sleep(0.002)
        return key

    async def find(self, to: Address, *, key: str) -> str | None:
        return key if f"{to.account} {key}" in self._path.read_text().splitlines() else None

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        raise NotImplementedError


async def fan_out(database: Database, adapter: ChatAdapter) -> None:
    clock = SetClock(EVENING)
    bot = Application(database, adapters=[adapter], clock=clock)
    async with bot.running():
        await bot.tick()
        clock.set(EVENING + 2 * LEASE)  # until then what was cut off may still turn up
        await bot.tick()


if __name__ == "__main__":
    path, keys, target = sys.argv[1:]
    database = Database(f"sqlite:///{path}", keys=read_or_create(Path(keys)))
    asyncio.run(fan_out(database, web_adapter(database) if target == "web" else Sink(Path(target))))
    database.close()
