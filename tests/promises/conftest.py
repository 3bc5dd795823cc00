"""A whole loop with the bot as it is put together, on both engines: people, a lead, and what they typed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.chat import Address, Card
from adapters.memory import MemoryAdapter
from bot.application import Application
from bot.clock import SetClock
from bot.delivery.contacts import Contact
from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.waves import Wave

LEAD = Address("memory", "lead")


@dataclass(frozen=True, slots=True)
class Practice:
    """The bot on the evening of the first day, everybody with a prompt in front of them."""

    bot: Application
    chat: MemoryAdapter
    clock: SetClock
    wave: Wave
    staff: tuple[Address, ...]

    def prompt(self, person: Address) -> Card:
        return next(card for card in self.chat.cards(person) if any(action.name == "answer" for action in card.actions))

    async def answer(self, person: Address, *, remark: str = "") -> None:
        await self.send(person, self.prompt(person), remark=remark)

    async def send(
        self,
        person: Address,
        prompt: Card,
        *,
        pick: int = 0,
        remark: str = "",
        id: str = "",  # noqa: A002  # the word of the adapters
    ) -> None:
        """Fill in a prompt, whether or not it still stands there."""
        values = {field.name: (field.choices[pick].value,) for field in prompt.fields if field.choices}
        given: Mapping[str, tuple[str, ...]] = {**values, "remark": (remark,)} if remark else values
        await self.chat.submit(person, "answer", ref=prompt.ref, values=given, id=id)

    async def ask(self, person: Address, text: str) -> str:
        """Ask, confirm, and keep the four words."""
        await self.chat.submit(person, "ask-preview", values={"question": (text,)})
        receipt = await self.chat.submit(person, "ask-confirm", values={"question": (text,)})
        assert receipt is not None
        return receipt.card.text.split("**")[1]

    async def close(self) -> None:
        """Let the pulse close, and everything happen that follows."""
        self.clock.set(self.wave.closes + timedelta(minutes=1))
        await self.bot.tick()


@pytest.fixture
async def practice(database: Database, golive: GoLive, wave: Wave, evening: datetime) -> AsyncIterator[Practice]:
    chat, clock = MemoryAdapter(), SetClock(evening)
    bot = Application(database, adapters=[chat], clock=clock)
    listening = asyncio.create_task(chat.run(bot.conversation.hear))
    await bot.tick()
    with database.session() as session:
        rows = session.exec(select(Contact).where(Contact.participant_id.is_not(None)).order_by(Contact.id))
        staff = tuple(contact.address for contact in rows)
    yield Practice(bot, chat, clock, wave, staff)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.fixture
def rows_of(database: Database) -> Callable[[str], list[tuple[object, ...]]]:
    """Every row of a table, as somebody sees it who has the database."""

    def read(table: str) -> list[tuple[object, ...]]:
        with database.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]

    return read


@pytest.fixture
def stolen(database: Database) -> Callable[[], bytes]:
    """The bytes of the SQLite file and of its write-ahead log, as they lie on the disk."""

    def read() -> bytes:
        path = str(database.engine.url.database)
        return Path(path).read_bytes() + Path(f"{path}-wal").read_bytes()

    return read
