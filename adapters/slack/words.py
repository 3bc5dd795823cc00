"""The adapter's own few words; what the bot says comes with its cards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language of what stands around the cards."""

    title: str = "Pulse"  #: over every modal; at most 24 characters, like the next two
    close: str = "Close"
    send: str = "Send"  #: on a form whose card names no button of its own
    moment: str = "One moment, please…"
    noted: str = "Got it, thank you."
    installed: str = "Pulse is in your workspace now. You can close this page and go back to Slack."
    not_installed: str = "That did not work, and nothing was installed. Please begin again from the install address."
    groups: str = "Or user groups"  #: over the second menu of a field that takes channels and groups


ENGLISH = Words()
