"""Messages as Teams takes them: a card, or one plain line, and always the words for a notification."""

from typing import Any

from botbuilder.core import InvokeResponse
from botbuilder.schema import Activity, ActivityTypes, Attachment, ChannelAccount

from adapters.chat import Card, Link
from adapters.teams.cards import CONTENT_TYPE, cut, to_adaptive
from adapters.teams.inputs import Part
from adapters.teams.markup import Element, is_plain, plain
from adapters.teams.registrations import Registration
from adapters.teams.words import Words

LONGEST_SUMMARY = 200  # characters of a notification
MESSAGE = "application/vnd.microsoft.activity.message"
CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:"  # and the number of a bot: opens the chat with it


def message(card: Card, *, registration: Registration, part: Part = "card", group_hint: str = "") -> Activity:
    """A card as a message of its own. What is one plain line goes as such: it reads best everywhere."""
    if not (card.fields or card.actions or card.pictures or card.links or card.note) and is_plain(card.text):
        return Activity(text=card.text.strip(), text_format="plain", **envelope(card, registration))
    return as_card(to_adaptive(card, part=part, group_hint=group_hint), card, registration=registration)


def as_card(adaptive: Element, card: Card, *, registration: Registration) -> Activity:
    content = Attachment(content_type=CONTENT_TYPE, content=adaptive)
    return Activity(attachments=[content], **envelope(card, registration))


def envelope(card: Card, registration: Registration) -> dict[str, Any]:
    return {
        "type": ActivityTypes.message,
        "from_property": ChannelAccount(id=f"28:{registration.app_id}"),
        "summary": cut(plain(card.text), LONGEST_SUMMARY),
        "channel_data": {"tenant": {"id": registration.tenant}},
    }


def in_place(adaptive: Element) -> InvokeResponse:
    """What takes the place of the card whose button was pressed, on the screen of the one who pressed it."""
    return answer(CONTENT_TYPE, adaptive)


def noted(text: str) -> InvokeResponse:
    """A word to whoever pressed, which leaves the card as it is."""
    return answer(MESSAGE, text)


def answer(kind: str, value: Any) -> InvokeResponse:
    return InvokeResponse(status=200, body={"statusCode": 200, "type": kind, "value": value})


def invitation(words: Words, *, registration: Registration) -> Activity:
    """One sentence, and the button that leads from a channel to the chat with the bot."""
    leads = (Link(words.open_chat, f"{CHAT}{registration.app_id}"),) if registration.is_signed else ()
    return message(Card(words.elsewhere, links=leads), registration=registration)
