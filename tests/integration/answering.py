"""A bot in a process of its own whose people answer as fast as it takes; every answer that was confirmed is a line.

python answering.py DATABASE KEYS CONFIRMED
"""

import asyncio
import os
import sys
from pathlib import Path

from sqlmodel import Session, select

from bot.storage.database import Database
from bot.storage.keys import read_or_create
from surveys.instruments import Answer
from surveys.responses import submit
from surveys.waves import Fielded

AT_ONCE = 8


def answer(session: Session, wave_id: int, stratum_id: int) -> None:
    submit(session, wave_id=wave_id, stratum_id=stratum_id, answers=[Answer("clear", "clear", "4")], remarks=[])


async def answering(database: Database, confirmed: int) -> None:
    with database.session() as session:
        fielded = session.exec(select(Fielded).limit(1)).one()

    async def person() -> None:
        while True:
            await database.transact(answer, fielded.wave_id, fielded.stratum_id)
            os.write(confirmed, b".")

    await asyncio.gather(*(person() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    path, keys, confirmed = sys.argv[1:]
    database = Database(f"sqlite:///{path}", keys=read_or_create(Path(keys)))
    asyncio.run(answering(database, os.open(confirmed, os.O_WRONLY | os.O_CREAT | os.O_APPEND)))
