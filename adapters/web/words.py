"""The words of the page itself; what the bot says comes with its cards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the page around the cards."""

    language: str = "en"
    direction: str = "ltr"  #: or "rtl"
    skip: str = "Skip to the latest message"
    messages: str = "Messages"
    welcome: str = "Welcome"
    menu: str = "What you can do here"
    say: str = "Write to the bot"
    say_hint: str = "Type a word, such as help"
    send: str = "Send"
    you: str = "You"
    optional: str = "optional"
    table: str = "The figures as a table"
    hidden: str = "not shown"
    fleeting: str = "This is shown once and not kept."
    arrived: str = "New message:"
    sending: str = "One moment…"
    noted: str = "Got it, thank you."
    offline: str = "That did not get through. Nothing you typed is lost: please try again in a moment."
    reconnecting: str = "No connection right now. Trying again by itself."
    too_large: str = (
        "That is longer than we can take (64 kB). Please shorten it and send again; what you typed is still there."
    )
    elsewhere: str = (
        "That did not come from this page, so nothing was sent. Please open the page again and send it from there."
    )
    unclear: str = "Something in that was not readable, so nothing was sent. Please open the page again."
    away_title: str = "Back in a minute"
    away: str = "The chat is being looked after right now. Please try again in a minute; nothing you typed is lost."
    link_title: str = "This link does not open a chat any more"
    link: str = "It may be too old, or a part of it got lost on the way. Whoever gave it to you can give you a new one."
    knocks: str = "Too many links that open nothing were tried just now. Please try yours again in a minute."
    door_title: str = "This chat opens with a personal link"
    door: str = (
        "Please use the link or the QR code that you were given. On a new phone or browser you need it once more."
    )
    back: str = "Go back"


ENGLISH = Words()
