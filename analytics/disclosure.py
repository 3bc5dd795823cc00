"""Showing numbers without showing people: what is hidden, and how coarse the rest is said."""

from dataclasses import dataclass
from typing import Literal

HARD_FLOOR = 3  # no setting goes below
ROOM = 3  # how far apart the least and the largest possible number of a hidden group must stay
COARSE_UNDER = 12  # people; means of fewer are said to the nearest half

Band = Literal["few", "some", "half", "many", "most"]


@dataclass(frozen=True, slots=True)
class Minimum:
    """How many people must stand behind what is shown."""

    group: int = 5
    comments: int = 10

    def __post_init__(self) -> None:
        if not HARD_FLOOR <= self.group <= self.comments:
            raise ValueError(f"a group is at least {HARD_FLOOR} people, and comments need no fewer than scores")


def comments_shown(n: int, minimum: Minimum) -> bool:
    """Whether the words of a group of n people may be shown."""
    return n >= minimum.comments


def may_be_said_again(before: int, now: int, *, minimum: Minimum) -> bool:
    """Whether a sum over waves may be told anew: what was added since it was told is nobody's, or a group's."""
    return now == before or now - before >= minimum.group


def bands(roster: int) -> tuple[Band, ...]:
    """Give the words for a share in a group of this many people; with fewer people there are fewer words.

    In fifths, nobody of five and one of five would be two words, and one of them would speak of everybody at once.
    """
    return ("few", "half", "most") if roster < COARSE_UNDER else ("few", "some", "half", "many", "most")


def band(x: int, n: int, *, roster: int, minimum: Minimum) -> Band | None:
    """Say x of the n who answered, of a roster; None under the minimum. Nobody is "few" and everybody "most"."""
    if n < minimum.group:
        return None
    words = bands(roster)
    return words[min(len(words) * x // n, len(words) - 1)]


def coarse_mean(total: float, n: int, minimum: Minimum) -> float | None:
    """Give a mean to the nearest half under twelve people and the nearest quarter above; None under the minimum.

    Exact means give away whoever joins or leaves a small group.
    """
    if n < minimum.group:
        return None
    step = 0.5 if n < COARSE_UNDER else 0.25
    return round(total / n / step) * step
