"""Subtraction gives nothing: no hidden group can be worked out from what is published, by margins or over waves.

To see it fail, take out `parts = _coarsened(parts, minimum=minimum.group)` in `analytics/publication.py` (margins), or
let `tells_of_few` in `analytics/ledger.py` return False (waves).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from analytics.disclosure import Minimum, bands
from analytics.disclosure_audit import Cell, Contradiction, Finding, Group, Publication, Said, audit, bounds
from analytics.ledger import Ledger
from analytics.publication import ALL, publishable

MINIMUM = Minimum()
K = MINIMUM.group
ROSTERS = 1200  # of teams alone
CROSSED = 80  # of teams and roles, which overlap
GOLIVES = 120  # of two teams and four waves each

pytestmark = pytest.mark.slow


def teams(dice: np.random.Generator) -> pd.DataFrame:
    """Teams of five to eighteen people in all moods of answering, some with shares of those who said something."""
    count = int(dice.integers(2, 8))
    roster = dice.integers(5, 19, count)
    n = dice.binomial(roster, dice.choice([0.2, 0.5, 0.7, 0.9, 1.0], count))
    table = pd.DataFrame({"team": [f"team {i}" for i in range(count)], "roster": roster, "n": n})
    return table.assign(x=dice.binomial(n, dice.choice([0.1, 0.5, 0.9], count))) if dice.random() < 0.5 else table


def teams_and_roles(dice: np.random.Generator) -> pd.DataFrame:
    """People are in a team and in a role: most are few."""
    rows = list(product([f"team {i}" for i in range(dice.integers(2, 5))], ["nurse", "clerk", "doctor"]))
    roster = dice.integers(0, 10, len(rows))
    n = dice.binomial(roster, dice.choice([0.5, 0.7, 0.9], len(rows)))
    return pd.DataFrame(rows, columns=["team", "role"]).assign(roster=roster, n=n)


def as_read(table: pd.DataFrame, by: Sequence[str], name: str) -> Publication:
    """What somebody knows who holds the published table and the roster, put down without the code that made it."""
    finest = table.loc[table[list(by)].ne(ALL).all(axis=1)]
    members = [tuple(row) for row in finest[list(by)].to_numpy()]
    room: dict[Cell, int] = {}
    said = []
    groups = []
    for member, roster in zip(members, finest["roster"], strict=True):
        room |= {(name, "n", *member): int(roster), (name, "x", *member): int(roster)}
        both = {(name, "x", *member): 1.0, (name, "n", *member): -1.0}
        said.append(Said("of those who answered", both, -np.inf, 0.0))
    for row in table.to_dict("records"):
        inside = [m for m in members if all(row[c] in {ALL, v} for c, v in zip(by, m, strict=True))]
        answered = tuple((name, "n", *m) for m in inside)
        hidden = row["said"] == "hidden"
        groups.append(Group(f"{name} {[row[c] for c in by]}", answered, int(row["roster"]), hidden=hidden))
        if hidden:
            assert pd.isna(row["low"])
            assert pd.isna(row["band"])
            continue
        said.append(Said("answered", dict.fromkeys(answered, 1.0), float(row["low"]), float(row["high"])))
        if not pd.isna(row["band"]):
            words = bands(int(row["roster"]))
            at = words.index(row["band"])
            shares = {(name, "x", *m): float(len(words)) for m in inside}
            said.append(Said("at least", shares | dict.fromkeys(answered, -float(at)), 0.0, np.inf))
            if at < len(words) - 1:
                said.append(Said("less than", shares | dict.fromkeys(answered, -float(at + 1)), -np.inf, -1.0))
    return Publication(room, tuple(said), tuple(groups))


def with_small_ones_left_out(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The control: groups under the minimum are blank, and all the rest is told as it is."""
    cuts = [kept for size in range(len(by) + 1) for kept in combinations(by, size)]
    every = [table.assign(**dict.fromkeys(set(by) - set(kept), ALL)) for kept in cuts]
    counted = pd.concat(every).groupby(list(by), as_index=False)[["roster", "n"]].sum()
    seen = counted["n"] >= K
    return counted.assign(
        said=np.where(seen, "exact", "hidden"), low=counted["n"].where(seen), high=counted["n"].where(seen), band=pd.NA
    )


def pinned(publications: list[Publication]) -> list[Finding]:
    return audit(publications, minimum=K)


def share_pinned(publications: list[Publication]) -> float:
    """In how many tables a hidden group can be worked out."""
    found = {finding.group.name.split(" [")[0] for finding in pinned(publications) if finding.group.hidden}
    return len(found) / len(publications)


def test_no_hidden_team_can_be_worked_out() -> None:
    dice = np.random.default_rng(1)
    tables = (publishable(teams(dice), by=["team"], minimum=MINIMUM, wave="1") for _ in range(ROSTERS))
    assert pinned([as_read(p.table, ["team"], f"roster {i}") for i, p in enumerate(tables)]) == []


def test_where_only_small_teams_are_left_out_they_can_often_be_worked_out() -> None:
    dice = np.random.default_rng(1)
    tables = (with_small_ones_left_out(teams(dice), ["team"]) for _ in range(ROSTERS // 4))
    assert share_pinned([as_read(table, ["team"], f"roster {i}") for i, table in enumerate(tables)]) > 0.3


def test_no_hidden_team_or_role_can_be_worked_out_where_they_overlap() -> None:
    dice = np.random.default_rng(2)
    by = ["team", "role"]
    tables = (publishable(teams_and_roles(dice), by=by, minimum=MINIMUM, wave="1") for _ in range(CROSSED))
    assert pinned([as_read(p.table, by, f"roster {i}") for i, p in enumerate(tables)]) == []


def test_where_only_small_ones_are_left_out_overlaps_give_most_away() -> None:
    dice = np.random.default_rng(2)
    by = ["team", "role"]
    tables = (with_small_ones_left_out(teams_and_roles(dice), by) for _ in range(CROSSED))
    assert share_pinned([as_read(table, by, f"roster {i}") for i, table in enumerate(tables)]) > 0.8


@pytest.mark.parametrize("sizes", [(5, 5, 6), (6, 7)])
def test_knowing_the_method_proves_nobody_in_a_hidden_team(sizes: tuple[int, ...]) -> None:
    """Every truth that leads to the same table is possible: none of these sets of truths says "some, but few"."""
    truths = defaultdict(list)
    for n in product(*(range(size + 1) for size in sizes)):
        table = pd.DataFrame({"team": [f"team {i}" for i in range(len(sizes))], "roster": sizes, "n": n})
        shown = publishable(table, by=["team"], minimum=MINIMUM, wave="1").table
        truths[shown.to_csv()].append((n, (shown["said"] == "hidden").tolist()[1:]))
    for alike in truths.values():
        for place in range(len(sizes)):
            possible = [n[place] for n, hidden in alike if hidden[place]]
            assert not possible or min(possible) == 0


@dataclass
class Staff:
    """Who is in a team over the waves, and what each of them thinks, which never changes."""

    thinks: dict[int, bool]
    team: set[int]
    ever: int

    def change(self, dice: np.random.Generator) -> tuple[int, int]:
        left = {person for person in self.team if dice.random() < 0.06}
        joined = set(range(self.ever, self.ever + int(dice.choice([0, 0, 0, 1, 2, 6]))))
        self.ever += len(joined)
        self.thinks |= {person: bool(dice.random() < 0.4) for person in joined}
        self.team = (self.team - left) | joined
        return len(joined), len(left)


@dataclass
class Reading:
    """One team in one wave: who was on the roster, how many answered, and the word for those who said it."""

    roster: frozenset[int]
    least: int
    most: int
    word: str | None


def played(seed: int, *, protected: bool) -> Iterator[list[Reading]]:
    """Let teams answer for several waves; give back what was published of each, wave by wave."""
    dice = np.random.default_rng(seed)
    staffs = [Staff({}, set(), 0) for _ in range(2)]
    for staff in staffs:
        staff.ever = int(dice.integers(5, 11))
        staff.team = set(range(staff.ever))
        staff.thinks = {person: bool(dice.random() < 0.4) for person in staff.team}
    ledger = Ledger()
    told: list[list[Reading]] = [[] for _ in staffs]
    for wave in range(4):
        rows = []
        for number, staff in enumerate(staffs):
            joined, left = staff.change(dice) if wave else (0, 0)
            answered = {person for person in staff.team if dice.random() < dice.choice([0.9, 1.0])}
            x = sum(staff.thinks[person] for person in answered)
            rows.append((f"team {number}", len(staff.team), len(answered), x, joined, left))
        table = pd.DataFrame(rows, columns=["team", "roster", "n", "x", "joined", "left"])
        published = publishable(
            table, by=["team"], minimum=MINIMUM, wave=str(wave), measure="low", published_before=ledger
        )
        ledger = published.ledger if protected else Ledger()
        for number, staff in enumerate(staffs):
            row = published.table.set_index("team").loc[f"team {number}"]
            word, least, most = row["band"], row["low"], row["high"]
            ends = (0, len(staff.team)) if pd.isna(least) else (int(least), int(most))
            told[number].append(Reading(frozenset(staff.team), *ends, None if pd.isna(word) else word))
    yield from told


def as_known(readings: list[Reading], name: str) -> Publication:
    """The most that an attacker may know: who was on the roster in each wave, and that nobody changes their mind."""
    waves = range(len(readings))
    classes: dict[Cell, int] = defaultdict(int)
    for person in frozenset().union(*(reading.roster for reading in readings)):
        classes[name, "".join("+" if person in readings[w].roster else "-" for w in waves)] += 1
    said = []
    for wave, reading in enumerate(readings):
        if reading.word is None:
            continue
        words = bands(len(reading.roster))
        at = words.index(reading.word)
        ends = [
            (-(-at * n // len(words)), n if at == len(words) - 1 else ((at + 1) * n - 1) // len(words))
            for n in range(reading.least, reading.most + 1)
        ]
        silent = [len(reading.roster) - n for n in range(reading.least, reading.most + 1)]
        upper = max(high + quiet for (_, high), quiet in zip(ends, silent, strict=True))
        inside = {cell: 1.0 for cell in classes if cell[1][wave] == "+"}
        said.append(Said(str(wave), inside, min(low for low, _ in ends), upper))
    moved = [cell for cell, size in classes.items() if size < K and "-" in cell[1] and "+" in cell[1]]
    groups = tuple(Group(f"{name} {cell[1]}", (cell,), classes[cell], complement=False) for cell in moved)
    return Publication(dict(classes), tuple(said), groups)


def from_one_reading(publication: Publication, group: Group) -> tuple[float, float]:
    """What a reading says alone: where most of five said it, one of any two did, whoever came or went."""
    (cell,) = group.cells
    readings = [said for said in publication.said if cell in said.weights]
    people = [sum(publication.room[other] for other in said.weights) for said in readings]
    least = [said.lower - size + group.size for said, size in zip(readings, people, strict=True)]
    return max([0, *least]), min([group.size, *(said.upper for said in readings)])


def movers_known(*, protected: bool) -> int:
    """Of how many groups of few who came or went comparing waves makes certain that some said it, or that none did."""
    known = 0
    for seed in range(GOLIVES):
        for number, readings in enumerate(played(seed, protected=protected)):
            publication = as_known(readings, f"golive {seed} team {number}")
            try:
                found = bounds([publication]).tolist()
            except Contradiction:
                continue
            for group, (low, high) in zip(publication.groups, found, strict=True):
                least, most = from_one_reading(publication, group)
                known += (low > 0 or high == 0) and (low > least or high < most)
    return known


def test_successive_waves_do_not_tell_what_those_said_who_came_or_went() -> None:
    assert movers_known(protected=True) == 0


def test_without_regard_to_the_waves_before_they_do() -> None:
    assert movers_known(protected=False) >= 5
