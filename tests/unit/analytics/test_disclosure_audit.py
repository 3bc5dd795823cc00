"""What an attacker's programmes find."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure_audit import Contradiction, Group, Publication, Said, audit, bounds

SIZES = {("desk",): 11, ("nursing",): 8, ("billing",): 6}


def publication(*said: Said, hidden: str = "billing", complement: bool = True) -> Publication:
    groups = tuple(
        Group(cell[0], (cell,), size, hidden=cell[0] == hidden, complement=complement) for cell, size in SIZES.items()
    )
    return Publication(SIZES, said, groups)


def exactly(number: int, *names: str) -> Said:
    return Said(f"{names}: {number}", {(name,): 1.0 for name in names}, number, number)


def test_what_the_total_leaves_is_found() -> None:
    found = audit(
        [publication(exactly(14, *(name for (name,) in SIZES)), exactly(6, "desk"), exactly(5, "nursing"))],
        minimum=5,
    )
    assert [(f.group.name, f.lower, f.upper) for f in found if f.group.hidden] == [("billing", 3, 3)]


def test_two_hidden_teams_protect_each_other() -> None:
    statements = (exactly(12, *(name for (name,) in SIZES)), exactly(6, "desk"))
    assert [f for f in audit([publication(*statements)], minimum=5) if f.group.hidden] == []


def test_a_band_narrows_too() -> None:
    some = Said("some, but few", {("billing",): 1.0}, 1, 4)
    assert [f.sentence for f in audit([publication(some)], minimum=5)] == ["billing: some, yet fewer than 5"]


def test_few_who_did_not_answer_are_a_small_group_as_well() -> None:
    all_but_one = exactly(10, "desk")
    assert [f.sentence for f in audit([publication(all_but_one)], minimum=5)] == ["desk: all but 1 to 1"]


def test_where_a_complement_is_nobody_s_business_it_is_not_looked_at() -> None:
    assert audit([publication(exactly(10, "desk"), complement=False)], minimum=5) == []


def test_two_publications_are_put_together() -> None:
    first = publication(exactly(14, "desk", "billing"))
    second = publication(exactly(11, "desk"))
    assert [f for f in audit([first], minimum=5) if f.group.hidden] == []
    assert [f.lower for f in audit([first, second], minimum=5) if f.group.hidden] == [3, 3]


def test_what_is_known_of_nothing_is_the_roster() -> None:
    assert bounds([publication()]).tolist() == [[0, 11], [0, 8], [0, 6]]


def test_a_group_without_cells_is_empty() -> None:
    assert bounds([Publication({}, (Said("nothing", {}, 0, 0),), (Group("nobody", (), 0),))]).tolist() == [[0, 0]]


def test_statements_that_cannot_all_be_true_are_refused() -> None:
    with pytest.raises(Contradiction):
        bounds([publication(exactly(9, "billing"))])


def test_many_small_ones_are_as_good_as_one_at_a_time() -> None:
    dice = np.random.default_rng(1)
    many = []
    for number in range(300):
        sizes = dice.integers(3, 15, 5)
        n = dice.binomial(sizes, 0.6)
        cells = [(str(number), str(team)) for team in range(5)]
        said = Said("total", dict.fromkeys(cells, 1.0), int(n.sum()), int(n.sum()))
        shown = [Said("team", {cell: 1.0}, int(x), int(x)) for cell, x in zip(cells, n, strict=True) if x >= 5]
        groups = tuple(Group("team", (cell,), int(size)) for cell, size in zip(cells, sizes, strict=True))
        many.append(Publication(dict(zip(cells, sizes.tolist(), strict=True)), (said, *shown), groups))
    together = bounds(many)
    assert together.tolist() == [row for one in many for row in bounds([one]).tolist()]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_bounds_of_two_margins_are_those_of_whole_counts(data: st.DataObject) -> None:
    """Tried against every table there is."""
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=4, max_size=4))
    truth = [data.draw(st.integers(0, size)) for size in sizes]
    cells = [(row, column) for row in "ab" for column in "cd"]
    lines = [[0, 1], [2, 3], [0, 2], [1, 3]]
    said = tuple(
        Said("margin", {cells[i]: 1.0 for i in line}, sum(truth[i] for i in line), sum(truth[i] for i in line))
        for line in lines
    )
    groups = tuple(Group("cell", (cell,), size) for cell, size in zip(cells, sizes, strict=True))
    possible = [
        n
        for n in product(*(range(size + 1) for size in sizes))
        if all(sum(n[i] for i in line) == sum(truth[i] for i in line) for line in lines)
    ]
    found = bounds([Publication(dict(zip(cells, sizes, strict=True)), said, groups)])
    assert found.tolist() == [[min(n[i] for n in possible), max(n[i] for n in possible)] for i in range(4)]
