"""The digest in a chat: sent in the morning, and as of now for whoever asks."""

from datetime import datetime

from sqlmodel import Session

from adapters.chat import Card, Reply
from bot.clock import local_date
from bot.conversation.turn import Turn
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.insight.digest import write_digest
from surveys.golives import GoLive


def compose_digest(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card:
    golive = session.get_one(GoLive, delivery.golive_id)
    return write_digest(session, golive, on=local_date(now, golive.timezone), contact=contact)


async def digest(turn: Turn) -> Reply:
    def as_of_now(session: Session) -> Card:
        return write_digest(session, turn.sender.golive, on=turn.today, contact=turn.sender.contact)

    return Reply(await turn.database.read(as_of_now))
