"""The way from the chat to the dashboard: a link for one person, once."""

from adapters.chat import Card, Link, Reply
from bot.conversation.turn import Turn
from bot.dashboard.sign_in import make_link

LINKS = 20  # a person and day: more is not a person


async def dashboard(turn: Turn) -> Reply:
    """Answer with a link, which is shown to this person and kept nowhere."""
    if not turn.base_url:
        return turn.say("dashboard-none")
    turn.limits.count(turn.incoming.sender, "dashboard", limit=LINKS, now=turn.now)
    token = await turn.database.transact(
        make_link, turn.sender.contact.id, secret=turn.database.keys.links, now=turn.now
    )
    url = f"{turn.base_url}/dashboard/in/{token}"
    return Reply(Card(turn.texts("dashboard-link", url=url), links=(Link(turn.texts("dashboard-open"), url),)))
