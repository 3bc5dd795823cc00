"""What a lead should know about who is reached and asked, in words: numbers, never names."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from adapters.chat import Card
from bot.delivery.contacts import Contact, language_for
from bot.delivery.news import GONE, ROSTER, counts_of
from bot.delivery.outbox import Delivery
from bot.delivery.reach import unreachable
from bot.texts import Texts, texts
from surveys.roster import Participant


def compose_news(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """The news as it stands when its message leaves; None when it is none any more."""
    del now
    say = texts(language_for(session, contact))
    matter, about, *_ = delivery.subject.split(":")
    if matter == GONE:
        count = unreachable(session, delivery.golive_id, platform=about)
        return Card(say("news-gone", platform=about, count=count)) if count else None  # else the app is back
    if matter == ROSTER:
        return of_roster(session, delivery, say)
    return Card(say(f"news-{matter}", count=counts_of(delivery.subject)[0]))


def of_roster(session: Session, delivery: Delivery, say: Texts) -> Card:
    joined, left = counts_of(delivery.subject)
    on_roster = select(func.count()).where(Participant.golive_id == delivery.golive_id, col(Participant.on_roster))
    parts = [say("news-joined", count=joined)] if joined else []
    parts += [say("news-left", count=left)] if left else []
    return Card(" ".join([*parts, say("news-now", count=session.exec(on_roster).one())]))
