"""Showing numbers without showing people: what is hidden, and how coarse the rest is said."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

HARD_FLOOR = 3  # no setting goes below
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


@dataclass(frozen=True)
class Shown:
    """A team table with what may be shown of it."""

    table: pd.DataFrame  #: as given, and `shown`: bool
    total: bool  #: whether the total of all teams may be shown beside it


def suppress(table: pd.DataFrame, minimum: Minimum) -> Shown:
    """Hide teams under the minimum, and as many more as it takes that subtraction from the total gives nobody away.

    Parameters
    ----------
    table
        One row per team with `n`, the people behind it; other columns pass through. Teams share nobody.

    Returns
    -------
    Hidden teams together are nobody, or at least two teams and at least `minimum.group` people. The smallest of those
    that could be shown is hidden first (Hundepool et al. 2012, complementary suppression). Where all are hidden, the
    total still stands if it is large enough.

    """
    size = table["n"]
    shown = size >= minimum.group
    for label in size.loc[shown].sort_values(kind="stable").index:
        hidden = size.loc[~shown & (size > 0)]
        if hidden.empty or (len(hidden) > 1 and hidden.sum() >= minimum.group):
            break
        shown = shown & (shown.index != label)
    return Shown(table.assign(shown=shown), total=bool(size.sum() >= minimum.group))


def comments_shown(n: int, minimum: Minimum) -> bool:
    """Whether the words of a group of n people may be shown."""
    return n >= minimum.comments


def band(x: int, n: int, minimum: Minimum) -> Band | None:
    """Say x of n as a fifth of the scale; None under the minimum. Nobody is "few" and everybody "most"."""
    if n < minimum.group:
        return None
    bands: tuple[Band, ...] = ("few", "some", "half", "many", "most")
    return bands[min(int(5 * x / n), 4)]


def coarse_mean(total: float, n: int, minimum: Minimum) -> float | None:
    """Give a mean to the nearest half under twelve people and the nearest quarter above; None under the minimum.

    Exact means give away whoever joins or leaves a small group.
    """
    if n < minimum.group:
        return None
    step = 0.5 if n < COARSE_UNDER else 0.25
    return round(total / n / step) * step
