"""Ready plans: what is asked in which phase of a go-live, kept as data in `plans/*.toml`."""

import difflib
import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib import resources
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONSTRUCTS: Mapping[str, frozenset[str]] = {
    "readiness": frozenset({"why", "own_work", "mapped", "informed", "unwritten_step"}),
    "preparation": frozenset({"training_fit", "unaided", "whom_to_ask", "asking_ok", "makes_no_sense"}),
    "eve": frozenset({"access", "practice", "confidence", "fallback"}),
    "cutover": frozenset(
        {"got_through", "clarity", "stuck", "knowledge", "route", "route_new", "peers", "answered"},
    ),
    "hypercare": frozenset({"ease", "fit", "route", "route_new", "knowledge", "clarity", "workload", "peers"}),
    "stabilisation": frozenset({"route", "route_new", "cause", "trust", "heard", "fix_next", "clarity"}),
}  #: what may be asked in each phase; the order of the phases is the order of a plan
FEWEST, MOST = 2, 4  #: constructs in one pulse: more than four take longer than a minute

Round = tuple[str, ...]


class UnknownPlan(LookupError):
    """There is no ready plan of that name; the text lists those that exist."""


class PlanBroken(ValueError):
    """A plan file contradicts itself; the text says where."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A round of its own for one day; if nobody works that day, for the next pulse of the phase."""

    day: int  #: days from the go-live date
    constructs: Round


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """One phase: its days, its rhythm, and what is asked in turn."""

    name: str
    first: int  #: days from the go-live date, included
    last: int  #: days from the go-live date, included
    weekdays: tuple[int, ...]  #: 0 is Monday
    every_weeks: int  #: counted in whole weeks from the week of the go-live date
    closes: int  #: working days after which a pulse closes
    closes_at: time  #: local
    reminder: bool
    rounds: tuple[Round, ...]
    special_days: tuple[SpecialDay, ...] = ()  #: in the order of their days


@dataclass(frozen=True, slots=True)
class Plan:
    """The phases of a go-live, in order and without overlap."""

    name: str
    phases: tuple[PlannedPhase, ...]

    @property
    def working_week(self) -> frozenset[int]:
        """The weekdays on which people work: Monday to Friday, and whatever else the plan asks on."""
        return frozenset(range(5)).union(*(phase.weekdays for phase in self.phases))


def plan_names() -> tuple[str, ...]:
    """The names of the ready plans, sorted."""
    folder = resources.files(__package__) / "plans"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
@cache
def load_plan(name: str) -> Plan:
    """The ready plan of that name. Raises UnknownPlan, which lists those that exist."""
    names = plan_names()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        guess = f'Did you mean "{near[0]}"? ' if near else ""
        listed = ", ".join(f'"{known}"' for known in names)
        raise UnknownPlan(f'There is no plan named "{name}". {guess}The plans are {listed}.')
    text = (resources.files(__package__) / "plans" / f"{name}.toml").read_text(encoding="utf-8")
    return read_plan(name, text)


def read_plan(name: str, text: str) -> Plan:
    """Parse one plan. Raises PlanBroken (or tomllib.TOMLDecodeError) with the place and the reason."""
    try:
        phases = tuple(_phase(raw) for raw in tomllib.loads(text)["phase"])
    except KeyError as missing:
        raise PlanBroken(f"{name}: {missing} is missing.") from missing
    except PlanBroken as broken:
        raise PlanBroken(f"{name}, {broken}") from broken
    order = [phase.name for phase in phases]
    if order != [known for known in CONSTRUCTS if known in order]:
        raise PlanBroken(f"{name}: the phases must come once each, in the order {', '.join(CONSTRUCTS)}.")
    for earlier, later in itertools.pairwise(phases):
        if later.first <= earlier.last:
            raise PlanBroken(f"{name}: {later.name} begins before {earlier.name} has ended.")
    return Plan(name, phases)


def _phase(raw: dict[str, Any]) -> PlannedPhase:
    days = sorted(raw.get("day", ()), key=lambda day: int(day["day"]))
    phase = PlannedPhase(
        name=raw["name"],
        first=raw["first"],
        last=raw["last"],
        weekdays=tuple(sorted(_weekday(raw["name"], day) for day in raw["weekdays"])),
        every_weeks=raw.get("every_weeks", 1),
        closes=raw["closes"],
        closes_at=time.fromisoformat(raw.get("closes_at", "12:00")),
        reminder=raw["reminder"],
        rounds=tuple(tuple(constructs) for constructs in raw["rounds"]),
        special_days=tuple(SpecialDay(day["day"], tuple(day["round"])) for day in days),
    )
    _check(phase)
    return phase


def _weekday(phase: str, name: str) -> int:
    if name not in WEEKDAYS:
        raise PlanBroken(f'{phase}: "{name}" is not a weekday; they are {", ".join(WEEKDAYS)}.')
    return WEEKDAYS.index(name)


def _check(phase: PlannedPhase) -> None:
    if phase.name not in CONSTRUCTS:
        raise PlanBroken(f'"{phase.name}" is not a phase; they are {", ".join(CONSTRUCTS)}.')
    if phase.first > phase.last or phase.every_weeks < 1 or phase.closes < 1 or not phase.weekdays or not phase.rounds:
        raise PlanBroken(f"{phase.name}: it needs days in order, a weekday, a round, and at least 1 for the others.")
    if any(not phase.first <= special.day <= phase.last for special in phase.special_days):
        raise PlanBroken(f"{phase.name}: a special day lies outside of the phase.")
    for constructs in (*phase.rounds, *(special.constructs for special in phase.special_days)):
        _check_round(phase.name, constructs)


def _check_round(phase: str, constructs: Round) -> None:
    if not FEWEST <= len(constructs) <= MOST or len(set(constructs)) < len(constructs):
        raise PlanBroken(f"{phase}: a round asks {FEWEST} to {MOST} different things, not {list(constructs)}.")
    if unknown := set(constructs) - CONSTRUCTS[phase]:
        raise PlanBroken(f"{phase}: {sorted(unknown)} cannot be asked in this phase.")
    # "New for you?" means nothing without the route it follows, and first reports need both.
    pairs = list(itertools.pairwise(constructs))
    if ("route" in constructs or "route_new" in constructs) and ("route", "route_new") not in pairs:
        raise PlanBroken(f"{phase}: route is always followed by route_new, not as in {list(constructs)}.")
