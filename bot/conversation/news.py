"""What a lead should know about who is reached and asked: in numbers, never in names."""

from datetime import datetime

from sqlmodel import Session

from adapters.chat import Card
from bot.delivery.contacts import Contact, language_for
from bot.delivery.outbox import Delivery
from bot.delivery.reach import unreachable
from bot.texts import texts


def compose_news(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """The news as it stands when its message leaves; None when it is none any more."""
    del now
    _, platform, _ = delivery.subject.split(":")
    count = unreachable(session, delivery.golive_id, platform=platform)
    if not count:
        return None  # the app is back
    say = texts(language_for(session, contact))
    return Card(say("news-gone", platform=platform, count=count))
