"""Who answered, out of whom: the response rate as survey research counts it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the invitations of one wave ended; every count is of people."""

    complete: int
    partial: int = 0
    refused: int = 0
    expired: int = 0  #: asked, and no answer came before the pulse closed
    unreachable: int = 0  #: known not to have got it

    @property
    def invited(self) -> int:
        return self.complete + self.partial + self.refused + self.expired + self.unreachable

    @property
    def reached(self) -> int:
        return self.invited - self.unreachable


def response_rate(outcome: Outcome) -> float | None:
    """Give RR2: complete and partial among all invited less the known unreachable; None when nobody was reached.

    Source: AAPOR, Standard Definitions (10th edition, 2023), response rate 2. There are no cases of unknown
    eligibility here, because the roster says who belongs.
    """
    return (outcome.complete + outcome.partial) / outcome.reached if outcome.reached else None
