"""What the adapter itself has to say; the bot hands it over in its own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    elsewhere: str  #: to whoever asks where others listen
    open_chat: str  #: the button that leads to the chat of one's own
    noted: str  #: where the bot says nothing to a press
    group_hint: str  #: how to name a team


ENGLISH = Words(
    elsewhere="I only talk in our own chat, where nobody else reads along. Please write to me there.",
    open_chat="Open our chat",
    noted="Got it.",
    group_hint="In Teams, choose “Get link to team” and paste the link here.",
)
