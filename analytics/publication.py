"""One table of one wave, as it may be shown: exact, coarse or hidden, after what was shown before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from analytics.disclosure import ROOM, Band, Minimum, band, bands
from analytics.disclosure_audit import Cell, Group, Publication, Said, bounds
from analytics.ledger import Ledger, Step, tells_of_few

ALL = ""  #: in a column of a published table: everybody, whatever their team or role
MOVES = ("joined", "left", "away")
MOST = 0.8  # of a roster, and more
Level = Literal["exact", "most", "some", "hidden"]


class AlreadyPublished(ValueError):
    """A measure of a wave was published before; a second cut could be subtracted from the first."""


@dataclass(frozen=True, slots=True)
class Published:
    """A table that can be shown as it is.

    `table` has the columns of `by` (ALL for a margin), `roster`, `said`, `low` and `high` (between which the number of
    those who answered lies; both NA where hidden) and `band` (of those who answered; NA where nothing is said).
    """

    table: pd.DataFrame
    ledger: Ledger


def publishable(  # the order of the steps is the method
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    minimum: Minimum,
    wave: str,
    measure: str = "",
    published_before: Ledger | None = None,
) -> Published:
    """Say of every group of a table, and of every margin, as much as tells on nobody.

    Parameters
    ----------
    table
        One row per finest group, in the columns of `by` (a stratum, or a stratum and a role: groups are fixed for a
        go-live, so the same in every wave), with `roster`, the people who could answer, and `n`, those who did.
        Optional: `x`, those of them who said what is measured; `joined` and `left`, the people who came into the group
        and went since the wave before, and `away`, those of the group who were not asked this time.
    wave, measure
        What names this publication; each is published once.
    published_before
        The ledger that the publication before gave back.

    Returns
    -------
    Numbers of answers are exact only if `minimum.group` people or more answered and as many did not (or they are said
    as "most", or as "some": at least the minimum). Groups under the minimum are hidden. Where the rest would give a
    hidden group away, numbers are said more coarsely, smallest roster first, then groups are hidden, the total last.
    The order rests on rosters, which everybody knows, and on no answer. What is left is bounded by linear programmes:
    every hidden group may be empty and may hold ROOM people, or all that it has.

    Raises
    ------
    AlreadyPublished

    References
    ----------
    Hundepool et al. 2012 (primary and secondary suppression); Wong et al. 2007 (what knowing the method gives away).

    """
    before = published_before or Ledger()
    if (wave, measure) in before.waves:
        raise AlreadyPublished(f"{measure or 'the number of answers'} of {wave}")
    parts = _finest(_parts(table, by), minimum=minimum.group)
    parts = _with_bands(parts, before, minimum=minimum, measure=measure)
    parts = _coarsened(parts, minimum=minimum)
    ledger = Ledger(
        waves=before.waves | {(wave, measure)},
        steps=dict(before.steps)
        | {(measure, *p.labels): (*_past(before, measure, p), p.step(minimum.group)) for p in parts},
    )
    return Published(_shown(parts, by, minimum=minimum.group), ledger)


@dataclass(frozen=True, slots=True)
class _Part:
    """A group or a margin, and how it is said."""

    labels: tuple[str, ...]
    atoms: tuple[int, ...]  # the finest groups that it holds
    roster: int
    n: int
    x: int | None
    joined: int
    left: int
    away: int = 0
    level: Level = "hidden"
    band: Band | None = None

    @property
    def is_total(self) -> bool:
        return all(label == ALL for label in self.labels)

    def range(self, minimum: int) -> tuple[int, int]:
        """Between which numbers of answers whoever reads it must think."""
        if self.level == "exact":
            return self.n, self.n
        low = {"most": most_from(self.roster, minimum), "some": minimum, "hidden": 0}[self.level]
        return low, self.roster

    def step(self, minimum: int) -> Step:
        """What this wave said about the whole roster of the part."""
        everybody = self.roster + self.away
        blank = Step(everybody, self.joined, self.left)
        if self.band is None or self.level == "hidden":
            return blank
        # Whoever did not answer or was not asked may think either way, so what the group thinks is known less well than
        # what was said.
        low, high = self.range(minimum)
        words = bands(self.roster)
        place = words.index(self.band)
        least = -(-place * low // len(words))
        most = max(_largest(place, n, len(words)) + everybody - n for n in range(low, high + 1))
        return replace(blank, low=least, high=min(most, everybody))


def most_from(roster: int, minimum: int) -> int:
    """Give the number of answers from which "most of" a roster is said.

    It leaves room for everybody and for `minimum` people who did not answer or, where they are fewer, for nobody.
    """
    return max(minimum, min(roster - minimum + 1, int(np.ceil(MOST * roster))))


def _largest(place: int, n: int, words: int) -> int:
    return n if place == words - 1 else ((place + 1) * n - 1) // words


def _parts(table: pd.DataFrame, by: Sequence[str]) -> list[_Part]:
    """Every group of the table and every margin over it; a set of people that bears two names is in it twice."""
    filled = table.assign(**{name: 0 for name in MOVES if name not in table}).reset_index(drop=True)
    names = ["roster", "n", *MOVES, *(["x"] if "x" in table else [])]
    counted = {name: filled[name].to_numpy() for name in names}
    parts = []
    for kept in (kept for size in range(len(by) + 1) for kept in combinations(by, size)):
        for labels, atoms in _grouped(filled, kept):
            sums = {name: int(values[atoms].sum()) for name, values in counted.items()}
            shown = tuple(labels[kept.index(name)] if name in kept else ALL for name in by)
            parts.append(
                _Part(
                    shown,
                    tuple(atoms),
                    roster=sums["roster"],
                    n=sums["n"],
                    x=sums.get("x"),
                    joined=sums["joined"],
                    left=sums["left"],
                    away=sums["away"],
                )
            )
    return parts


def _grouped(table: pd.DataFrame, kept: tuple[str, ...]) -> list[tuple[tuple[str, ...], list[int]]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    rows = zip(*(table[name] for name in kept), strict=True) if kept else [()] * len(table)
    for place, labels in enumerate(rows):
        groups.setdefault(labels, []).append(place)
    return sorted(groups.items())


def _finest(parts: list[_Part], *, minimum: int) -> list[_Part]:
    """Say each part as exactly as its own numbers allow.

    A margin over nothing but hidden groups is never said in numbers: that some numbers could be and others could not
    would tell which ones they are.
    """
    seen = {part.atoms[0] for part in parts if len(part.atoms) == 1 and part.n >= minimum}
    return [
        replace(part, level=_level(part, minimum) if seen & {*part.atoms} else _status(part, minimum)) for part in parts
    ]


def _level(part: _Part, minimum: int) -> Level:
    return "exact" if part.n < most_from(part.roster, minimum) else "most"


def _status(part: _Part, minimum: int) -> Level:
    return "some" if part.n >= minimum else "hidden"


def _with_bands(parts: list[_Part], before: Ledger, *, minimum: Minimum, measure: str) -> list[_Part]:
    """Say shares, but not where the waves before and this one tell what the few said who came or went."""
    found = []
    for part in parts:
        if part.x is not None:
            said = replace(part, band=band(part.x, part.n, roster=part.roster, minimum=minimum))
            if not tells_of_few((*_past(before, measure, part), said.step(minimum.group)), minimum=minimum.group):
                found.append(said)
                continue
        found.append(part)
    return found


def _past(before: Ledger, measure: str, part: _Part) -> tuple[Step, ...]:
    return before.steps.get((measure, *part.labels), ())


def _coarsened(parts: list[_Part], *, minimum: Minimum) -> list[_Part]:
    """Take the way of saying it that gives nothing away, though the one before would.

    The last way hides all, which is safe; bisection finds such a place in few programmes.
    """
    if not _gives_away(parts, minimum=minimum.group):
        return parts
    ways = list(_ever_coarser(parts))
    unsafe, safe = 0, len(ways) - 1
    while safe - unsafe > 1:
        middle = (unsafe + safe) // 2
        if _gives_away(ways[middle], minimum=minimum.group):
            unsafe = middle
        else:
            safe = middle
    return ways[safe]


def _ever_coarser(parts: list[_Part]) -> Iterator[list[_Part]]:
    """Few steps and large ones: how far it had to go tells something as well."""
    yield parts
    parts = [part if part.is_total else _without_number(part) for part in parts]
    yield parts
    parts = [_without_number(part) for part in parts]
    yield parts
    for atoms in sorted({part.atoms for part in parts}, key=lambda atoms: _order(parts, atoms)):
        parts = [replace(part, level="hidden") if part.atoms == atoms else part for part in parts]
        yield parts


def _without_number(part: _Part) -> _Part:
    return part if part.level == "hidden" else replace(part, level="some")


def _order(parts: list[_Part], atoms: tuple[int, ...]) -> tuple[bool, int, tuple[str, ...]]:
    """Whom to hide first: small rosters before large ones, the total last; everybody knows these."""
    named = [part for part in parts if part.atoms == atoms]
    return any(part.is_total for part in named), named[0].roster, named[0].labels


def _gives_away(parts: list[_Part], *, minimum: int) -> bool:
    """Whether any hidden part must hold somebody or can hold but few, or any part misses few people for certain."""
    everything = attack(parts, minimum=minimum)
    if not any(part.level != "hidden" for part in parts):
        return False
    for group, (low, high) in zip(everything.groups, bounds([everything]).tolist(), strict=True):
        if group.hidden and (low > 0 or high < min(ROOM, group.size, minimum - 1)):
            return True
        if group.complement and group.size - high > 0 and group.size - low < minimum:
            return True
    return False


def attack(parts: Iterable[_Part], *, minimum: int) -> Publication:
    """Put the parts as an attacker would: the roster is known, and what is said bounds the rest."""
    listed = list(parts)
    finest = {part.atoms[0]: part for part in listed if len(part.atoms) == 1}
    room: dict[Cell, int] = {(kind, str(a)): part.roster for a, part in finest.items() for kind in ("n", "x")}
    said = [Said("some answered", {("x", str(a)): 1.0, ("n", str(a)): -1.0}, -np.inf, 0.0) for a in finest]
    groups = []
    for part in listed:
        answered: tuple[Cell, ...] = tuple(("n", str(a)) for a in part.atoms)
        hidden = part.level == "hidden"
        name = " ".join(filter(None, part.labels)) or "everybody"
        groups.append(Group(name, answered, part.roster, hidden=hidden))
        if hidden and part.n >= minimum:
            continue
        # Hidden teams are mostly hidden because they are small, and whoever knows the method takes it for that.
        low, high = (0, min(part.roster, minimum - 1)) if hidden else part.range(minimum)
        said.append(Said(f"{name} answered", dict.fromkeys(answered, 1.0), low, high))
        if part.band is not None and not hidden:
            words = bands(part.roster)
            place = words.index(part.band)
            weights: dict[Cell, float] = {("x", str(a)): float(len(words)) for a in part.atoms}
            said.append(Said(name, weights | dict.fromkeys(answered, -float(place)), 0.0, np.inf))
            if place < len(words) - 1:
                said.append(Said(name, weights | dict.fromkeys(answered, -float(place + 1)), -np.inf, -1.0))
    return Publication(room, tuple(said), tuple(groups))


def _shown(parts: list[_Part], by: Sequence[str], *, minimum: int) -> pd.DataFrame:
    told = [part.level != "hidden" for part in parts]
    ranges = [part.range(minimum) for part in parts]
    columns: dict[str, list[object]] = {name: [part.labels[at] for part in parts] for at, name in enumerate(by)}
    columns |= {
        "roster": [part.roster for part in parts],
        "said": [part.level for part in parts],
    }
    shares = [part.band if seen else None for part, seen in zip(parts, told, strict=True)]
    ends = {
        end: pd.array([r[place] if seen else None for r, seen in zip(ranges, told, strict=True)], dtype="Int64")
        for place, end in enumerate(("low", "high"))
    }
    return pd.DataFrame(columns).assign(**ends, band=pd.array(shares, dtype="string"))
