"""The table of `make attack` fits the code: each old text stands exactly once, and the tests it names exist."""

from pathlib import Path

import pytest

from tests.attack.weakenings import PROMISES, WEAKENINGS, Weakening

ROOT = Path(__file__).parents[2]
NAMES = [weakening.what for weakening in WEAKENINGS]

#: Promises whose tests carry their own control, so that nothing has to be taken out to see that they see.
OWN_CONTROL = {"test_published_numbers.py"}


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=NAMES)
def test_what_it_takes_out_stands_there_once(weakening: Weakening) -> None:
    text = (ROOT / weakening.file).read_text()
    assert [text.count(old) for old, _ in ((weakening.old, ""), *weakening.also)] == [1] * (1 + len(weakening.also))


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=NAMES)
def test_the_tests_it_names_exist(weakening: Weakening) -> None:
    assert [name for name in weakening.tests if not (ROOT / name.partition("::")[0]).is_file()] == []


def test_no_two_weaken_the_same() -> None:
    assert len({(weakening.file, weakening.old) for weakening in WEAKENINGS}) == len(WEAKENINGS)


def test_every_file_of_promises_is_attacked() -> None:
    attacked = {Path(name.partition("::")[0]).name for weakening in WEAKENINGS for name in weakening.tests}
    files = {path.name for path in (ROOT / PROMISES).glob("test_*.py")}
    assert files - attacked - OWN_CONTROL == set()
