"""The adapter's own few words; what the bot says comes with its cards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language of what stands around the cards."""

    title: str  #: over every modal; at most 24 characters, like the next two
    close: str
    send: str  #: on a form whose card names no button of its own
    moment: str  #: while the bot is still at it
    noted: str  #: where the bot says nothing to somebody who waits
    groups: str  #: over the second menu of a field that takes channels and groups
    installed: str  #: the page after an install
    not_installed: str


ENGLISH = Words(
    title="Pulse",
    close="Close",
    send="Send",
    moment="One moment, please…",
    noted="Got it, thank you.",
    groups="Or groups of people",
    installed="Pulse is in your workspace now. You can close this page and go back to Slack.",
    not_installed="That did not work, and nothing was installed. Please begin again from the install address.",
)
