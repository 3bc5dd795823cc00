"""The table of `make attack` fits the code: each old text stands exactly once, and the tests it names exist."""

from pathlib import Path

from tests.attack.weakenings import PROMISES, WEAKENINGS

ROOT = Path(__file__).parents[2]

#: Promises whose tests carry their own control, so that nothing has to be taken out to see that they see.
OWN_CONTROL = {"test_published_numbers.py"}


def test_what_it_takes_out_stands_there_once() -> None:
    counts = {
        f"{one.file}: {old}": (ROOT / one.file).read_text().count(old)
        for one in WEAKENINGS
        for old in (one.old, *(old for old, _ in one.also))
    }
    assert {what: n for what, n in counts.items() if n != 1} == {}


def test_the_tests_it_names_exist() -> None:
    named = {name for weakening in WEAKENINGS for name in weakening.tests}
    assert [name for name in sorted(named) if not stands(name)] == []


def stands(named: str) -> bool:
    path, _, test = named.partition("::")
    return (ROOT / path).is_file() and (not test or f"def {test}(" in (ROOT / path).read_text())


def test_no_two_weaken_the_same() -> None:
    assert len({(weakening.file, weakening.old) for weakening in WEAKENINGS}) == len(WEAKENINGS)


def test_every_file_of_promises_is_attacked() -> None:
    attacked = {Path(name.partition("::")[0]).name for weakening in WEAKENINGS for name in weakening.tests}
    files = {path.name for path in (ROOT / PROMISES).glob("test_*.py")}
    assert files - attacked - OWN_CONTROL == set()
