"""How the code is laid out: every file says what it is, is short, and is named for one concept."""

import ast
import re
from functools import cache
from pathlib import Path

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
    nodes = ast.walk(ast.parse(text_of(path)))
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def test_the_first_line_says_what_the_file_is() -> None:
    first = {name(path): text_of(path).splitlines()[0] for path in FILES if text_of(path)}
    assert [path for path, line in first.items() if not re.match(r'r?"""\S.*[\w`)“”".:?!]', line)] == []


def test_no_file_is_too_long_to_read() -> None:
    lines = {path: text_of(path).count("\n") for path in HAND_WRITTEN}
    assert [name(path) for path, n in lines.items() if n > (LONGEST if path in OURS else LONGEST_TEST)] == []


def test_no_file_is_named_for_nothing() -> None:
    parts = {name(path): {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} for path in OURS}
    assert [path for path, those in parts.items() if those & BANNED_NAMES] == []


def test_functions_are_named_for_what_they_do() -> None:
    wrong = {name(path): [found for found in functions(path) if BANNED_VERBS.match(found)] for path in OURS}
    assert {path: found for path, names in wrong.items() if (found := set(names) - GIVEN)} == {}


def test_no_test_patches_our_own_code() -> None:
    patches = ("unittest" + ".mock", "monkeypatch" + ".setattr")
    tests = [path for path in FILES if path.name.startswith("test_")]
    assert [name(path) for path in tests if any(patch in text_of(path) for patch in patches)] == []


def test_tests_are_no_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_top_level_holds_what_it_always_holds() -> None:
    python = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert python <= {*PACKAGES, "tests", "docs"}
