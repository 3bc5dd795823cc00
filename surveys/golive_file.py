"""A whole go-live from `golive.toml` and the roster beside it, or everything that has to be mended in them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path

from surveys import written
from surveys.file_text import read_text
from surveys.golive_parts import (
    Deliver,
    Lead,
    Quiet,
    TeamEntry,
    check_date,
    read_checks,
    read_deliver,
    read_leads,
    read_teams,
)
from surveys.knowledge_checks import KnowledgeCheck
from surveys.mistakes import FileMistakes, Mistake
from surveys.plans import plan_names
from surveys.roster_file import LeaveRange, RosterLine, parse_roster
from surveys.strata import explain, merge
from surveys.toml_lines import UNREAD, KeyPath, key_lines, line_of, read_toml
from surveys.toml_table import Notes, Table

__all__ = [
    "Deliver",
    "FileMistakes",
    "GoLiveFile",
    "KnowledgeCheck",
    "Lead",
    "LeaveRange",
    "Mistake",
    "Quiet",
    "RosterLine",
    "TeamEntry",
    "read_golive",
]

LANGUAGES = ("en",)
GROUP_MINIMUM, GROUP_FLOOR, GROUP_CEILING = 5, 3, 50
COMMENT_MINIMUM = 10
GUESTS = ("out", "in")
USUAL_SHIFT_END = time(17)  #: for those whose shift end is not said
TITLE_LIMIT = 120  #: characters in the name of a go-live, an organisation, a system
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class GoLiveFile:
    """What the two files say, all of it checked."""

    name: str
    organisation: str
    system: str
    date: dt.date
    timezone: str
    language: str
    plan: str
    group_minimum: int
    comment_minimum: int
    leads: tuple[Lead, ...]  #: at least one; the first is asked first
    deliver: Deliver
    teams: tuple[TeamEntry, ...]
    knowledge_checks: tuple[KnowledgeCheck, ...] = ()
    closed: tuple[dt.date, ...] = ()  #: days without work, sorted
    roster: tuple[RosterLine, ...] = ()
    guests: str = "out"  #: whether guests of a channel or group are asked
    warnings: tuple[str, ...] = ()  #: sentences about what is allowed and perhaps not meant
    lines: Mapping[KeyPath, int] = field(default_factory=dict, compare=False, repr=False)

    def line(self, *path: str | int) -> int:
        """The line in golive.toml of a key: `line("date")`, `line("lead", 1, "address")`."""
        return line_of(self.lines, path)

    def team(self, name: str) -> TeamEntry:
        return next(team for team in self.teams if team.name == name)

    @property
    def has_sources(self) -> bool:
        """Whether some team's people come from a platform's channel or group."""
        return any(team.source for team in self.teams)

    @property
    def team_sizes(self) -> dict[str, int]:
        """People on the roster by team, the leads not counted; teams without anybody are 0."""
        counted = Counter(person.team for person in self.roster if person.role != "lead")
        return {team.name: counted[team.name] for team in self.teams}


def read_golive(path: Path, *, today: dt.date, known_date: dt.date | None = None) -> GoLiveFile:
    """Read a go-live and its roster. Raises FileMistakes with everything that is wrong in both files.

    `known_date` is the date of the same go-live as it was loaded before, if it was: that one may lie in the past.
    """
    return parse_golive(
        read_text(path),
        file=path.name,
        today=today,
        known_date=known_date,
        beside=lambda name: read_text(path.parent / name),
        is_beside=lambda name: (path.parent / name).exists(),
    )


def parse_golive(
    text: str,
    *,
    file: str,
    today: dt.date,
    known_date: dt.date | None = None,
    beside: Callable[[str], str],
    is_beside: Callable[[str], bool],
) -> GoLiveFile:
    """The same for a text that is no file yet: `beside` gives the text of its roster, or raises FileMistakes."""
    raw, text, problems = read_toml(text)
    notes = Notes(file, key_lines(text), unread=UNREAD if problems else None)
    root = Table(raw if text else UNREAD, (), notes)
    found = _head(root, today=today, known_date=known_date)
    named = None if root.unread or not root.has("teams") else {team.name for team in found.teams}
    name = _roster_name(root)
    # Where its name cannot be known, and where every team may come from a channel, there may be none.
    needed = name is not None and not root.unread and not (found.has_sources and not root.has("roster"))
    roster: tuple[RosterLine, ...] = ()
    of_roster: tuple[Mistake, ...] = ()
    if name is not None and (needed or is_beside(name)):
        try:
            roster = parse_roster(beside(name), file=Path(name).name, teams=named, timezone=found.timezone)
        except FileMistakes as wrong:
            of_roster = wrong.mistakes
    if named is None:
        found = replace(found, teams=tuple(TeamEntry(name) for name in dict.fromkeys(one.team for one in roster)))
        named = {team.name for team in found.teams} or None
    checks = read_checks(root, teams=named)
    root.end()
    notes.mistakes += [Mistake(file, line, problem.found, problem.expected) for line, problem in problems]
    if notes.mistakes or of_roster:
        raise FileMistakes([*sorted(notes.mistakes, key=lambda mistake: mistake.line), *of_roster])
    found = replace(found, knowledge_checks=checks, roster=roster, lines=notes.lines)
    return replace(found, warnings=tuple(_warnings(found)))


def _roster_name(root: Table) -> str | None:
    name: str | None = root.take("roster", written.text(1000), otherwise=None if root.has("roster") else "roster.csv")
    return name


def _head(root: Table, *, today: dt.date, known_date: dt.date | None) -> GoLiveFile:
    """Everything but the roster and what depends on it."""
    title = written.text(TITLE_LIMIT)
    on = root.take("date", written.day, otherwise=today, example="2027-03-01")
    check_date(root, on, today=today, known=known_date)
    smallest = written.whole(GROUP_FLOOR, GROUP_CEILING, because="Groups under 3 would show who said what.")
    group_minimum = root.take("group_minimum", smallest, otherwise=GROUP_MINIMUM)
    for_comments = written.whole(group_minimum, 10 * GROUP_CEILING, because="It may not be under group_minimum.")
    deliver = read_deliver(root)
    return GoLiveFile(
        name=root.take("name", title, otherwise="", example='"New charting system at Riverside"'),
        organisation=root.take("organisation", title, otherwise="", example='"Riverside Family Practice"'),
        system=root.take("system", title, otherwise="", example='"Northstar EHR"'),
        date=on,
        timezone=root.take("timezone", written.place, otherwise="UTC", example='"America/New_York"'),
        language=root.take("language", written.one_of(LANGUAGES), otherwise="en"),
        plan=root.take("plan", written.one_of(plan_names()), otherwise="practice"),
        group_minimum=group_minimum,
        comment_minimum=root.take("comment_minimum", for_comments, otherwise=max(COMMENT_MINIMUM, group_minimum)),
        leads=read_leads(root),
        deliver=deliver,
        teams=read_teams(root, quiet=deliver.quiet),
        closed=tuple(sorted(set(root.each("closed", written.day)))),
        guests=root.take("guests", written.one_of(GUESTS), otherwise="out"),
    )


def _warnings(found: GoLiveFile) -> list[str]:
    warnings = []
    if found.date.weekday() >= _SATURDAY:
        warnings.append(f"{found.date} is a {found.date:%A}. Pulses begin on the next working day.")
    if found.date in found.closed:
        warnings.append(f"{found.date} is both the go-live and a closed day. Pulses begin on the next working day.")
    sizes = found.team_sizes
    empty = [team.name for team in found.teams if not team.source and sizes[team.name] == 0]
    warnings += [f"{team} has nobody on the roster yet." for team in empty]
    peopled = {team: size for team, size in sizes.items() if size}
    if not found.has_sources:  # else it is known once the channels have been read
        warnings += explain(merge(peopled, minimum=found.group_minimum), minimum=found.group_minimum)
    if found.deliver.pulse == written.END_OF_SHIFT:
        late = sum(found.deliver.quiet.covers(person.shift_end or USUAL_SHIFT_END) for person in found.roster)
        if late:
            whose = "1 person ends their shift" if late == 1 else f"{late} people end their shift"
            warnings.append(
                f"{whose} in the quiet hours, {found.deliver.quiet}. Their pulse waits until those are over."
            )
    return warnings
