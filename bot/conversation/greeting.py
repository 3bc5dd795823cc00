"""The first words, help, and who sees what."""

from datetime import datetime

from sqlmodel import Session

from adapters.chat import Action, Card, Reply
from bot.conversation.turn import Turn
from bot.delivery.contacts import Contact, Sender, recognise
from bot.delivery.outbox import Delivery
from bot.texts import Texts, languages, texts


async def welcome(turn: Turn) -> Reply:
    return Reply(welcome_card(turn.sender, turn.texts))


def welcome_card(sender: Sender, say: Texts) -> Card:
    golive = sender.golive
    parts = []
    if sender.is_lead:
        parts.append(say("welcome-lead", system=golive.system, minimum=golive.group_minimum))
    if sender.participant is not None:
        facts: dict[str, str | float] = {"system": golive.system, "organisation": golive.organisation}
        parts.append(say("welcome-staff", minimum=golive.group_minimum, **facts))
    if not parts:
        parts.append(say("welcome-manager", system=golive.system))
    return Card("\n\n".join(parts))


def compose_hello(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """The first words to somebody who has just been given the app."""
    del now
    sender = recognise(session, contact.address, prefer=delivery.golive_id)
    if sender is None:
        return None
    say = texts(sender.language)
    actions = (Action("ask", say("prompt-ask")), Action("help", say("menu-help")))
    return Card(welcome_card(sender, say).text, actions=actions)


async def help_(turn: Turn) -> Reply:
    """Everything that can be written, on one screen."""
    staff = turn.texts("help-staff")
    if len(languages()) > 1:
        staff = f"{staff}\n{turn.texts('help-language')}"
    parts = [staff]
    if turn.sender.is_lead:
        parts.append(turn.texts("help-lead"))
    return Reply(Card("\n\n".join(parts)))


async def privacy(turn: Turn) -> Reply:
    golive = turn.sender.golive
    return turn.say("privacy", minimum=golive.group_minimum, reminder=golive.reminder)
