"""What stands in the web chat, kept in the database: concealed, and without any time."""

from contextlib import suppress

from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session, col, delete, select

from adapters.cards_json import card_from_json, card_to_json
from adapters.chat import Card
from bot.delivery.outbox import Delivery
from bot.storage.database import Database
from surveys.errors import NoLongerKept
from surveys.records import Record, insert_once
from surveys.secrecy import apart, conceal, drawer_of, reveal


class ChatMessage(Record, table=True):
    __tablename__ = "chat_message"
    __table_args__ = (
        UniqueConstraint("account", "key"),
        {"sqlite_autoincrement": True},  # a page may still hold the number of a message that was erased
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str
    key: str
    card: bytes  #: concealed


class DatabaseTranscript:
    """Fulfils `adapters.web.transcript.Transcript`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, account: str, key: str, card: Card) -> str:
        return await self._database.transact(put, account, key, card)

    async def find(self, account: str, key: str) -> str | None:
        return await self._database.read(find, account, key)

    async def replace(self, message_id: str, card: Card) -> None:
        await self._database.transact(replace, message_id, card)

    async def messages(self, account: str) -> list[tuple[str, Card]]:
        return await self._database.read(messages, account)

    async def forget(self, account: str) -> None:
        await self._database.transact(forget, account)


def put(session: Session, account: str, key: str, card: Card) -> str:
    card_text = conceal(session, card_to_json(card), drawer=drawer_for(session, key))
    values = {"account": account, "key": key, "card": card_text}
    session.execute(insert_once(session, ChatMessage, unique=["account", "key"]).values(values))
    message_id = find(session, account, key)
    assert message_id is not None
    return message_id


def drawer_for(session: Session, key: str) -> str:
    """That of the delivery which the message came with; what has none is not of a go-live."""
    found = session.exec(select(Delivery).where(Delivery.key == key)).first()
    return drawer_of(found.golive_id, found.due.date()) if found else ""


def find(session: Session, account: str, key: str) -> str | None:
    found = session.exec(select(ChatMessage.id).where(ChatMessage.account == account, ChatMessage.key == key)).first()
    return None if found is None else str(found)


def replace(session: Session, message_id: str, card: Card) -> None:
    stood = session.get(ChatMessage, int(message_id))
    if stood is None:
        return
    text = conceal(session, card_to_json(card), drawer=apart(stood.card)[0])
    session.exec(update(ChatMessage).where(col(ChatMessage.id) == int(message_id)).values(card=text))


def messages(session: Session, account: str) -> list[tuple[str, Card]]:
    rows = session.exec(select(ChatMessage).where(ChatMessage.account == account).order_by(col(ChatMessage.id)))
    found = []
    for row in rows:
        with suppress(NoLongerKept):
            found.append((str(row.id), card_from_json(reveal(session, row.card))))
    return found


def forget(session: Session, account: str) -> None:
    session.exec(delete(ChatMessage).where(col(ChatMessage.account) == account))
