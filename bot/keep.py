"""How long things are kept, as whoever runs the bot has set it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keep:
    """Days, counted from the day that a row is of."""

    answers: int = 400
    texts: int = 180
    contacts: int = 30  #: after the last day of the go-live's plan
    audit: int = 800
