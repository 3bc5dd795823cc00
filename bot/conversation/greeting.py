"""The first words, help, and who sees what."""

from adapters.chat import Card, Reply
from bot.conversation.turn import Turn


async def welcome(turn: Turn) -> Reply:
    golive = turn.sender.golive
    facts = {"minimum": golive.group_minimum, "system": golive.system, "organisation": golive.organisation}
    parts = []
    if turn.sender.is_lead:
        parts.append(turn.texts("welcome-lead", **facts))
    if turn.sender.participant is not None:
        parts.append(turn.texts("welcome-staff", **facts))
    return Reply(Card("\n\n".join(parts)))


async def help_(turn: Turn) -> Reply:
    parts = [turn.texts("help-staff")]
    if turn.sender.is_lead:
        parts.append(turn.texts("help-lead"))
    return Reply(Card("\n\n".join(parts)))


async def privacy(turn: Turn) -> Reply:
    return turn.say("privacy", minimum=turn.sender.golive.group_minimum)
