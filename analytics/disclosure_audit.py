"""What somebody can work out from all that was published: every hidden count bounded by linear programmes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from analytics.disclosure import ROOM

Cell = tuple[str, ...]  #: names one unknown count: a go-live, a wave, a team, a role, a stream, as far as they apply
Bounds = npt.NDArray[np.int64]
COLUMNS = 6000  # unknowns in one programme: larger ones take longer each, smaller ones are many
NEARLY = 1e-6  # what a solver calls equal


class Contradiction(ValueError):
    """The published statements cannot all be true: whoever read them out read one wrongly."""


@dataclass(frozen=True, slots=True)
class Said:
    """One published statement: a weighted sum of counts lies between two bounds."""

    sentence: str
    weights: Mapping[Cell, float]
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Group:
    """Some people, or some answers, whose number an attacker wants."""

    name: str
    cells: tuple[Cell, ...]
    size: int  #: how many there can be, as everybody knows from the roster
    hidden: bool = True  #: its number was not published
    complement: bool = True  #: those of the roster who are not in it are a group as well: who did not answer


@dataclass(frozen=True, slots=True)
class Publication:
    """All that was said at one time. Cells of the same name in several publications are the same count."""

    room: Mapping[Cell, int]  #: what everybody knows: each count lies between 0 and this
    said: tuple[Said, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A group that was meant to be hidden and is not."""

    sentence: str
    group: Group
    lower: int
    upper: int


def audit(publications: Sequence[Publication], *, minimum: int) -> list[Finding]:
    """List every group about which the publications together say too much.

    A hidden group is safe when its number may be anything in a range at least ROOM wide, or as wide as the group, and
    when nothing proves that there are some of it, yet fewer than `minimum`. The same proof is forbidden for those of
    any group who are not counted.

    Raises
    ------
    Contradiction

    Notes
    -----
    Counts are whole, the programmes are not: their bounds are rounded inwards. For tables with two margins that gives
    the very bounds of whole counts (their matrices are totally unimodular); where groups overlap more freely, the true
    bounds may be narrower still. What somebody knows beside the roster and the publications is not in here.

    References
    ----------
    Hundepool et al. 2012, chapter 4 (auditing); Fischetti and Salazar 2001 (the attacker's programmes).

    """
    groups = [group for publication in publications for group in publication.groups]
    found = []
    for group, (lower, upper) in zip(groups, bounds(publications).tolist(), strict=True):
        reason = _reason(group, lower, upper, minimum=minimum)
        if reason:
            found.append(Finding(f"{group.name}: {reason}", group, lower, upper))
    return found


def bounds(publications: Sequence[Publication]) -> Bounds:
    """Give the least and the largest whole number that each group can have: (group, 2), in the order of the groups.

    Each group is minimised and maximised over the cells that are connected with it and over no others. Many of these
    small programmes go into one large one, as blocks that share nothing, because most of the time of a small programme
    goes into calling the solver.

    Raises
    ------
    Contradiction
    """
    system = _System.of(publications)
    found = np.zeros((len(system.groups), 2), dtype=np.int64)
    for batch in _batches(list(system.programmes())):
        values = _solve([programme for _, _, programme in batch])
        for (row, end, _), value in zip(batch, values, strict=True):
            found[row, end] = np.ceil(value - NEARLY) if end == 0 else np.floor(-value + NEARLY)
    return found


def _reason(group: Group, lower: int, upper: int, *, minimum: int) -> str | None:
    silent_lower, silent_upper = group.size - upper, group.size - lower
    if group.hidden and upper - lower < min(ROOM, group.size):
        return f"between {lower} and {upper}"
    if group.hidden and lower > 0 and upper < minimum:
        return f"some, yet fewer than {minimum}"
    if group.complement and silent_lower > 0 and silent_upper < minimum:
        return f"all but {silent_lower} to {silent_upper}"
    return None


@dataclass(frozen=True, slots=True)
class _Programme:
    goal: npt.NDArray[np.float64]  # to be made as small as possible
    rows: coo_array
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]
    room: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _System:
    index: dict[Cell, int]
    room: npt.NDArray[np.float64]
    rows: csr_array
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]
    groups: list[list[int]]

    @classmethod
    def of(cls, publications: Sequence[Publication]) -> "_System":
        index: dict[Cell, int] = {}
        room: list[float] = []
        for publication in publications:
            for cell, most in publication.room.items():
                if cell not in index:
                    index[cell] = len(room)
                    room.append(most)
                room[index[cell]] = min(room[index[cell]], most)
        said = [
            statement
            for publication in publications
            for statement in publication.said
            if any(statement.weights.values())
        ]
        entries = [(row, index[cell], w) for row, s in enumerate(said) for cell, w in s.weights.items() if w]
        places = np.array([(row, column) for row, column, _ in entries], dtype=np.int64).reshape(-1, 2)
        weights = np.array([weight for _, _, weight in entries], dtype=np.float64)
        return cls(
            index=index,
            room=np.array(room, dtype=np.float64),
            rows=coo_array((weights, (places[:, 0], places[:, 1])), shape=(len(said), len(room))).tocsr(),
            lower=np.array([s.lower for s in said], dtype=np.float64),
            upper=np.array([s.upper for s in said], dtype=np.float64),
            groups=[[index[cell] for cell in g.cells] for publication in publications for g in publication.groups],
        )

    def programmes(self) -> Iterator[tuple[int, int, _Programme]]:
        """Number of the group, 0 for its least and 1 for its most, and the programme."""
        together = self._together()
        columns_of = _by_label(together)
        rows_of = _by_label(together[self.rows.indices[self.rows.indptr[:-1]]])  # a row's first cell tells its part
        cut: dict[int, tuple[Any, ...]] = {}
        for number, group in enumerate(self.groups):
            if not group:
                continue
            label = int(together[group[0]])
            if label not in cut:
                columns = columns_of[label]
                rows = rows_of.get(label, np.array([], dtype=np.int64))
                part = self.rows[rows][:, columns].tocoo()
                cut[label] = (columns, part, self.lower[rows], self.upper[rows], self.room[columns])
            columns, *parts = cut[label]
            goal = np.isin(columns, group).astype(np.float64)
            yield number, 0, _Programme(goal, *parts)
            yield number, 1, _Programme(-goal, *parts)

    def _together(self) -> npt.NDArray[np.int64]:
        """Give each cell the number of the part that it belongs to: nothing connects it with cells of other parts."""
        size = len(self.room)
        links = [(columns[0], other) for columns in self.groups if columns for other in columns[1:]]
        first = np.array([a for a, _ in links], dtype=np.int64)
        other = np.array([b for _, b in links], dtype=np.int64)
        grouped = coo_array((np.ones(len(links)), (first, other)), shape=(size, size))
        shared = abs(self.rows).T @ abs(self.rows)
        _, labels = connected_components(csr_array(grouped + shared), directed=False)
        return np.asarray(labels, dtype=np.int64)


def _by_label(labels: npt.NDArray[np.int64]) -> dict[int, npt.NDArray[np.int64]]:
    if not len(labels):
        return {}
    order = np.argsort(labels, kind="stable")
    values, starts = np.unique(labels[order], return_index=True)
    return dict(zip(values.tolist(), np.split(order, starts[1:]), strict=True))


def _batches(programmes: list[tuple[int, int, _Programme]]) -> Iterator[list[tuple[int, int, _Programme]]]:
    batch: list[tuple[int, int, _Programme]] = []
    columns = 0
    for one in programmes:
        if batch and columns + len(one[2].goal) > COLUMNS:
            yield batch
            batch, columns = [], 0
        batch.append(one)
        columns += len(one[2].goal)
    if batch:
        yield batch


def _solve(programmes: Sequence[_Programme]) -> npt.NDArray[np.float64]:
    """Give the least value of each goal, from one programme in which they stand side by side."""
    widths = np.array([len(p.goal) for p in programmes])
    heights = np.array([p.rows.shape[0] for p in programmes])
    right, down = np.cumsum(widths) - widths, np.cumsum(heights) - heights
    row = np.concatenate([p.rows.row + shift for p, shift in zip(programmes, down, strict=True)])
    column = np.concatenate([p.rows.col + shift for p, shift in zip(programmes, right, strict=True)])
    weight = np.concatenate([p.rows.data for p in programmes])
    rows = coo_array((weight, (row, column)), shape=(int(heights.sum()), int(widths.sum()))).tocsr()
    goal = np.concatenate([p.goal for p in programmes])
    lower, upper = (np.concatenate([getattr(p, end) for p in programmes]) for end in ("lower", "upper"))
    equal = lower == upper
    above, below = ~equal & np.isfinite(upper), ~equal & np.isfinite(lower)
    from scipy.optimize import linprog  # noqa: PLC0415  # half a second, which most commands need not wait

    solve: Any = linprog  # its stubs know dense matrices only
    found = solve(
        goal,
        A_ub=_stack(rows[above], -rows[below]),
        b_ub=np.concatenate([upper[above], -lower[below]]),
        A_eq=rows[equal],
        b_eq=upper[equal],
        bounds=np.column_stack([np.zeros(len(goal)), np.concatenate([p.room for p in programmes])]),
        method="highs",
    )
    if not found.success:
        raise Contradiction(found.message)
    least: npt.NDArray[np.float64] = np.add.reduceat(goal * found.x, right)
    return least


def _stack(first: csr_array, second: csr_array) -> csr_array:
    upper, lower = first.tocoo(), second.tocoo()
    shape = (first.shape[0] + second.shape[0], first.shape[1])
    row = np.concatenate([upper.row, lower.row + first.shape[0]])
    data = np.concatenate([upper.data, lower.data])
    return coo_array((data, (row, np.concatenate([upper.col, lower.col]))), shape=shape).tocsr()
