"""What was published of a go-live so far, and what successive waves would tell of the few who came or went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.disclosure_audit import Cell, Contradiction, Group, Publication, Said, bounds


@dataclass(frozen=True, slots=True)
class Step:
    """One wave in what a group was told about a measure."""

    roster: int
    joined: int  #: people who came into the group since the step before
    left: int  #: people who went
    low: int = 0  #: of the roster, so many could have said it at the least
    high: int | None = None  #: and at the most; None: nothing was said


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was published of a go-live so far. Counts only: nobody is in it."""

    waves: frozenset[tuple[str, str]] = frozenset()  #: wave and measure
    steps: Mapping[tuple[str, ...], tuple[Step, ...]] = field(default_factory=dict)  #: by measure and group


def tells_of_few(steps: Sequence[Step], *, minimum: int) -> bool:
    """Whether what was said of a group over its waves tells what those said who came or went, fewer than `minimum`.

    As if nobody ever changed their mind: then two readings differ by the people who came and went. Where readings
    contradict that, earlier ones are left out.
    """
    if steps[-1].high is None:
        return False
    for start in range(len(steps) - 1):
        chain = steps[start:]
        if chain[0].high is None or not any(0 < m < minimum for s in chain[1:] for m in (s.joined, s.left)):
            continue
        asked = movements(chain, minimum=minimum)
        try:
            found = bounds([asked])
        except Contradiction:
            continue
        if any(low > 0 or high < g.size for g, (low, high) in zip(asked.groups, found.tolist(), strict=True)):
            return True
    return False


def movements(steps: Sequence[Step], *, minimum: int, name: str = "") -> Publication:
    """Put the readings of one group as an attacker would: who stayed thinks as before."""
    room: dict[Cell, int] = {(name, "stayed"): steps[0].roster}
    weights: dict[Cell, float] = {(name, "stayed"): 1.0}
    said, groups = [], []
    for number, step in enumerate(steps):
        for kind, people, sign in (("joined", step.joined, 1.0), ("left", step.left, -1.0)) if number else ():
            if people:
                cell: Cell = (name, kind, str(number))
                room[cell] = people
                weights = {**weights, cell: sign}
                if people < minimum:
                    groups.append(Group(f"{name} {kind} {number}", (cell,), people, complement=False))
        low, high = (0, step.roster) if step.high is None else (step.low, step.high)
        said.append(Said(f"{name} {number}", weights, low, high))
    return Publication(room, tuple(said), tuple(groups))
