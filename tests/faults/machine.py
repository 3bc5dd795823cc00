"""A bot in a process of its own, on a clock that begins on the first evening of the example, until it is stopped.

python -m tests.faults.machine DATABASE KEYS PLATFORM alone|cluster lookup|blind BEGAN
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import aiohttp

from adapters.chat import Address, Card, DeliveryError, Listener
from bot.application import Application
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.timetable.cluster import Cluster

EVENING = datetime(2027, 3, 2, 0, 30, tzinfo=UTC)
EVERY_SECOND = "* * * * * *"


class Clock:
    """The wall's, moved to the evening of the example."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        return EVENING + timedelta(seconds=time.time() - self._began)


class Adapter:
    """Speaks to the platform as the real ones do to theirs: a broken line is "unknown", never "failed"."""

    platform: ClassVar[str] = "memory"

    def __init__(self, address: str, *, reads_back: bool) -> None:
        self._address = address
        self._reads_back = reads_back
        self._session: aiohttp.ClientSession | None = None

    async def run(self, listener: Listener) -> None:
        await asyncio.Event().wait()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        try:
            async with self.session.post(f"{self._address}/send", json={"account": to.account, "key": key}) as answer:
                if answer.status == 429:
                    raise DeliveryError("rate_limited", retry_after=float(answer.headers["Retry-After"]))
                if answer.status >= 500:
                    raise DeliveryError("fallen_over", retry_after=1.0)
                return str((await answer.json())["id"])
        except aiohttp.ClientError as error:
            raise DeliveryError("line_broken", unknown=True) from error

    async def find(self, to: Address, *, key: str) -> str | None:
        if not self._reads_back:
            raise DeliveryError("no_history", unknown=True)
        try:
            async with self.session.get(f"{self._address}/find", params={"key": key}) as answer:
                found = (await answer.json())["id"]
        except aiohttp.ClientError as error:
            raise DeliveryError("line_broken", unknown=True) from error
        return None if found is None else str(found)

    async def replace(self, to: Address, message_id: str, card: Card) -> None:
        raise NotImplementedError


async def live(database: Database, adapter: Adapter, *, clock: Clock, alone: bool) -> None:
    bot = Application(database, adapters=[adapter], clock=clock)
    async with bot.running(alone=alone):
        if not alone:
            url = database.engine.url.render_as_string(hide_password=False)
            await Cluster(url, bot, engine=database.engine, tick=EVERY_SECOND, rescue=5).run()
        while True:
            await bot.tick()
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    url, keys, address, how, sight, began = sys.argv[1:]
    opened = Database(url, keys=open_keychain(Path(keys)))
    told = Adapter(address, reads_back=sight == "lookup")
    asyncio.run(live(opened, told, clock=Clock(float(began)), alone=how == "alone"))
