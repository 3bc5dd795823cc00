"""Takes each mechanism out of a copy of the code and runs its tests there: each must fail, or the promise is not held.

Run with `make attack`. A word or two select some: python -m tests.attack --only sealing
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.attack.weakenings import WEAKENINGS, Weakening

ROOT = Path(__file__).parents[2]
PARTS = ("bot", "adapters", "surveys", "analytics", "tests", "docs", "pyproject.toml")
FAILED = 1  # pytest's code for tests that ran and failed; others mean that nothing ran
PATIENCE = 300  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    weakening: Weakening
    broken: bool
    seconds: float
    said: str = ""  #: the end of what pytest said, where the promise held without its mechanism


def weaken(weakening: Weakening, root: Path) -> None:
    """Raises ValueError where the old text does not stand exactly once."""
    path = root / weakening.file
    text = path.read_text()
    for old, new in ((weakening.old, weakening.new), *weakening.also):
        if text.count(old) != 1:
            raise ValueError(f"{weakening.file} does not hold exactly once: {old}")
        text = text.replace(old, new)
    path.write_text(text)


def attack(weakening: Weakening) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weak") as folder:
        root = Path(folder)
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, root / part)
        try:
            weaken(weakening, root)
        except (OSError, ValueError) as error:
            return Outcome(weakening, broken=False, seconds=0, said=str(error))
        only = ["-k", weakening.only] if weakening.only else []
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *only, *weakening.tests]
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    # An error while something is set up is no failed promise.
    broken = ran.returncode == FAILED and " failed" in ran.stdout.splitlines()[-1]
    return Outcome(weakening, broken, time.monotonic() - began, "" if broken else ran.stdout[-1500:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="part of a file's name or of what is weakened")
    wish = parser.parse_args()
    chosen = [one for one in WEAKENINGS if wish.only.casefold() in f"{one.what} {one.file} {one.tests}".casefold()]
    out = Console()
    table = Table("weakened so that", "broken", "seconds")
    with ThreadPoolExecutor(wish.workers) as threads:
        outcomes = []
        for outcome in threads.map(attack, chosen):
            outcomes.append(outcome)
            out.print("." if outcome.broken else "!", end="")
    out.print()
    for outcome in outcomes:
        table.add_row(outcome.weakening.what, "yes" if outcome.broken else "NO", f"{outcome.seconds:.0f}")
    out.print(table)
    surviving = [outcome for outcome in outcomes if not outcome.broken]
    for outcome in surviving:
        out.print(f"\n{outcome.weakening.what}: no test of {outcome.weakening.tests} fails.", style="bold")
        out.print(outcome.said, markup=False)
    out.print(f"{len(outcomes) - len(surviving)} of {len(outcomes)} weakened copies are broken.")
    return 1 if surviving else 0


if __name__ == "__main__":
    sys.exit(main())
