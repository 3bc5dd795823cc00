"""Chance that comes out the same on every run, whatever else has been thrown before."""

import random


def dice(seed: int, *what: object) -> random.Random:
    """A generator of its own for one thing: a person on a day, say."""
    return random.Random(f"{seed} {what}")  # noqa: S311  # plays people; nothing secret


def roll(seed: int, *what: object) -> float:
    """One number from 0 to 1 for one thing."""
    return dice(seed, *what).random()
