"""How the code is laid out: every file says what it is, is short, and is named for one concept."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "surveys", "analytics")
FILES = sorted(path for package in (*PACKAGES, "tests") for path in (ROOT / package).rglob("*.py"))
OURS = [path for path in FILES if path.relative_to(ROOT).parts[0] in PACKAGES]
HAND_WRITTEN = [path for path in FILES if path.parent.name != "versions"]
LONGEST = 400
LONGEST_TEST = 600  # a list of examples may be longer than what it tests
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "handler", "base", "misc"}
BANNED_VERBS = re.compile(r"_*(process|handle|manage|do|execute|perform)(_|$)")
#: Names that a library asks for.
GIVEN = {"handle_exit", "process_bind_param", "process_result_value"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", [path for path in FILES if path.read_text("utf-8")], ids=name)
def test_the_first_line_says_what_the_file_is(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert re.match(r'r?"""\S.*[\w`)“”".:?!]', first), first


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name)
def test_no_file_is_too_long_to_read(path: Path) -> None:
    lines = path.read_text("utf-8").count("\n")
    assert lines <= (LONGEST if path in OURS else LONGEST_TEST)


@pytest.mark.parametrize("path", OURS, ids=name)
def test_no_file_is_named_for_nothing(path: Path) -> None:
    parts = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    assert not parts & BANNED_NAMES


@pytest.mark.parametrize("path", OURS, ids=name)
def test_functions_are_named_for_what_they_do(path: Path) -> None:
    assert [found for found in functions(path) if BANNED_VERBS.match(found) and found not in GIVEN] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith("test_")], ids=name)
def test_no_test_patches_our_own_code(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "unittest" + ".mock" not in text
    assert "monkeypatch" + ".setattr" not in text


def test_tests_are_no_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_top_level_holds_what_it_always_holds() -> None:
    python = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert python <= {*PACKAGES, "tests", "docs"}
