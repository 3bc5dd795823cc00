"""What a lead's "not this" teaches: how much more clearly a text must speak before it counts again."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

#: Of alerts about one matter, how many a lead is expected to agree with, and how many alerts that belief is worth.
AGREEMENT: Final = 0.8
BELIEF: Final = 3.0
#: "Nothing is wrong there" says that what was read is not there; "something else explains it" says that it is.
COUNTS: Final[Mapping[str, float]] = {"nothing": 1.0, "unclear": 0.5, "explained": 0.0}
LOWEST: Final = -3.0  #: log odds: twenty times as clear; nothing is ever shut out for good


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a lead did with one alert. No text, no person."""

    matter: str  #: a way round as in `analytics.routes.ROUTES`, or "confusion"
    agreed: bool  #: acknowledged, acted on or sanctioned
    reason: str = ""  #: why it was put aside, one of COUNTS; what is unknown counts as "nothing"


def leanings(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """For each matter, what to add to the log odds that a text speaks of it: 0 or less, to be given to `Model.read`.

    The share of alerts that leads agree with, shrunk towards AGREEMENT (beta-binomial), against AGREEMENT itself. More
    agreement than expected adds nothing: it must not make the model credulous. Order does not matter.
    """
    agreed, aside = defaultdict[str, float](float), defaultdict[str, float](float)
    for verdict in verdicts:
        if verdict.agreed:
            agreed[verdict.matter] += 1
        else:
            aside[verdict.matter] += COUNTS.get(verdict.reason, 1.0)
    found = {}
    for matter in sorted(aside):
        share = (BELIEF * AGREEMENT + agreed[matter]) / (BELIEF + agreed[matter] + aside[matter])
        leaning = max(_log_odds(share) - _log_odds(AGREEMENT), LOWEST)
        if leaning < 0:
            found[matter] = round(leaning, 6)
    return found


def times_as_clear(leaning: float) -> float:
    """A leaning in plain terms: how many times as clearly a text must speak as before."""
    return math.exp(-leaning)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
