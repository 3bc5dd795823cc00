"""The first words, help, and who sees what."""

from adapters.chat import Card, Reply
from bot.conversation.turn import Turn


async def welcome(turn: Turn) -> Reply:
    golive = turn.sender.golive
    parts = []
    if turn.sender.is_lead:
        parts.append(turn.texts("welcome-lead", system=golive.system, minimum=golive.group_minimum))
    if turn.sender.participant is not None:
        facts: dict[str, str | float] = {"system": golive.system, "organisation": golive.organisation}
        parts.append(turn.texts("welcome-staff", minimum=golive.group_minimum, **facts))
    if not parts:
        parts.append(turn.texts("welcome-manager", system=golive.system))
    return Reply(Card("\n\n".join(parts)))


async def help_(turn: Turn) -> Reply:
    parts = [turn.texts("help-staff")]
    if turn.sender.is_lead:
        parts.append(turn.texts("help-lead"))
    return Reply(Card("\n\n".join(parts)))


async def privacy(turn: Turn) -> Reply:
    golive = turn.sender.golive
    return turn.say("privacy", minimum=golive.group_minimum, reminder=golive.reminder)
