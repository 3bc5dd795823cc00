"""The parts of a go-live file - leads, deliveries, teams, knowledge checks - and how each is read from its table."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from surveys import written
from surveys.knowledge_checks import FEWEST_WRONG, LONGEST_OPTION, LONGEST_QUESTION, MOST_WRONG, KnowledgeCheck
from surveys.mistakes import Unreadable, did_you_mean, shown
from surveys.roster_file import NAME_LIMIT
from surveys.toml_table import Table

REMINDERS = ("unanswered", "everybody", "none")
_TOO_LONG_AGO = timedelta(days=90)  # the plans end then
_TOO_FAR = timedelta(days=3 * 365)  # rather a slip of the finger
_BOTH_ENDS = 2


@dataclass(frozen=True, slots=True)
class Lead:
    name: str
    address: str  #: platform:account, or an e-mail


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours in which nothing is sent, over midnight if they end before they begin."""

    start: time  #: included
    end: time  #: not included

    def covers(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M} to {self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Deliver:
    """When things arrive, in everybody's own local time."""

    pulse: str = written.END_OF_SHIFT  #: "end_of_shift", or "HH:MM"
    digest: time = time(7, 30)
    quiet: Quiet = Quiet(time(20), time(7))
    reminder: str = "unanswered"  #: one reminder to those who have not answered, to "everybody", or to "none"


@dataclass(frozen=True, slots=True)
class TeamEntry:
    name: str
    manager: str | None = None  #: an address
    deliver_pulse: str | None = None  #: "end_of_shift" or "HH:MM"; None: as the go-live
    source: str = ""  #: the channel or group that its people come from, as `platform:source`; "": the roster


def check_date(root: Table, on: date, *, today: date, known: date | None) -> None:
    """A go-live is ahead, or is the one that was loaded before and has not moved."""
    wrong = wrong_date(on, today=today, known=known)
    if wrong is not None:
        root.note("date", wrong.found, wrong.expected)


def wrong_date(on: date, *, today: date, known: date | None) -> Unreadable | None:
    """What is wrong with the date of a go-live; `known` is the one it has."""
    if on == known:
        return None
    if on < today - _TOO_LONG_AGO:
        mend = "The plan ends 90 days after the go-live; write the date of the next one."
        return Unreadable(f"is {(today - on).days} days ago.", mend)
    if on < today:
        return Unreadable("is in the past.", f"Write the first working day on the new system, {today} or later.")
    if on > today + _TOO_FAR:
        return Unreadable("is more than three years ahead.", "Check the year.")
    return None


def read_leads(root: Table) -> tuple[Lead, ...]:
    leads: list[Lead] = []
    tables = root.tables("lead")
    if not tables and root.notes.unread is None:
        mend = 'Add [[lead]] and below it name = "Transition lead" and address = "web:lead".'
        root.notes.add(root.path, "There is no lead.", mend)
    for table in tables:
        name = table.take("name", written.name(NAME_LIMIT), otherwise="", example='"Transition lead"')
        address = table.take("address", written.address, otherwise="", example='"web:lead"')
        table.end()
        same = next((lead for lead in leads if lead.address.casefold() == address.casefold()), None)
        if same and address:
            table.note("address", f"is the address of {same.name} too.", "Give every lead an address of their own.")
        leads.append(Lead(name, address))
    return tuple(leads)


def read_deliver(root: Table) -> Deliver:
    table, usual = root.table("deliver"), Deliver()
    found = Deliver(
        pulse=table.take("pulse", written.delivery, otherwise=usual.pulse),
        digest=table.take("digest", written.clock, otherwise=usual.digest),
        quiet=table.take("quiet", _quiet, otherwise=usual.quiet),
        reminder=table.take("reminder", written.one_of(REMINDERS), otherwise=usual.reminder),
    )
    table.end()
    _heard(table, "pulse", found.pulse, found.quiet)
    _heard(table, "digest", f"{found.digest:%H:%M}", found.quiet)
    return found


def _quiet(value: object) -> Quiet:
    if not isinstance(value, list) or len(value) != _BOTH_ENDS:
        raise Unreadable("is not a begin and an end.", 'Write two times, for example ["20:00", "07:00"].')
    try:
        quiet = Quiet(written.clock(value[0]), written.clock(value[1]))
    except Unreadable as problem:
        raise Unreadable("does not hold two times.", problem.expected) from problem
    if quiet.start == quiet.end:
        raise Unreadable("leaves no hour of the day.", "Let the quiet hours end at another time than they begin.")
    return quiet


def _heard(table: Table, key: str, at: str, quiet: Quiet) -> None:
    if at != written.END_OF_SHIFT and quiet.covers(time.fromisoformat(at)):
        found = f'{key} = "{at}" falls into the quiet hours, {quiet}.'
        # Where nobody wrote the usual time down, it is the quiet hours that are in its way.
        path = (*table.path, key if table.has(key) else "quiet")
        table.notes.add(path, found, "Choose another time, or shorten the quiet hours.")


def read_teams(root: Table, *, quiet: Quiet) -> tuple[TeamEntry, ...]:
    table = root.table("teams")
    teams: dict[str, TeamEntry] = {}
    for key in table:
        team = _team(table, key, quiet)
        twice = next((other.name for other in teams.values() if team.source and other.source == team.source), None)
        if twice is not None:
            mend = "Everybody is in one team: give each team a channel or group of its own."
            table.notes.add((*table.path, key, "source"), f"{shown(team.source)} is the source of {twice} too.", mend)
        if team.name.casefold() in teams:
            mend = "Keep one of the two, or tell them apart by more than capital letters."
            table.notes.add((*table.path, key), f"The team {shown(key)} is there twice.", mend)
        teams[team.name.casefold()] = team
    return tuple(teams.values())


def _team(teams: Table, name: str, quiet: Quiet) -> TeamEntry:
    table = teams.table(name)
    try:
        name = written.name(NAME_LIMIT)(name)
    except Unreadable as problem:
        table.notes.add(table.path, f"The team name {shown(name)} {problem.found}", problem.expected)
    manager: str | None = table.take("manager", written.address, otherwise=None)
    deliver_pulse: str | None = table.take("deliver_pulse", written.delivery, otherwise=None)
    source: str = table.take("source", written.source, otherwise="")
    table.end()
    if deliver_pulse is not None:
        _heard(table, "deliver_pulse", deliver_pulse, quiet)
    return TeamEntry(name, manager, deliver_pulse, source)


def read_checks(root: Table, *, teams: Collection[str] | None) -> tuple[KnowledgeCheck, ...]:
    """`teams` are the names that may occur; None where they are not known."""
    checks: list[KnowledgeCheck] = []
    seen: dict[tuple[str | None, str], int] = {}
    for table in root.tables("knowledge_check"):
        check = _check(table, teams)
        if check is None:
            continue
        first = seen.setdefault((check.team, check.text.casefold()), table.line("text"))
        if first == table.line("text"):
            checks.append(check)
        else:
            table.note("text", f"is asked in line {first} already.", "Change one of the two, or take it out.")
    return tuple(checks)


def _check(table: Table, teams: Collection[str] | None) -> KnowledgeCheck | None:
    before = len(table.notes.mistakes)
    option = written.text(LONGEST_OPTION)
    team: str | None = table.take("team", written.text(NAME_LIMIT), otherwise=None)
    text = table.take("text", written.text(LONGEST_QUESTION), otherwise="", example='"What comes first?"')
    right = table.take("right", option, otherwise="", example='"the planned way"')
    wrong = table.each("wrong", option, example='["another way", "a third way"]')
    table.end()
    if team is not None and teams is not None and team not in teams:
        mend = "Write a team as it stands under [teams], or leave team out to ask everybody."
        table.note("team", "is not one of the teams.", f"{did_you_mean(team, teams)}{mend}")
    if len(table.notes.mistakes) == before and not table.unread:
        _check_options(table, right, wrong)
    return (
        None
        if len(table.notes.mistakes) > before or not text or not right
        else KnowledgeCheck(team, text, right, wrong)
    )


def _check_options(table: Table, right: str, wrong: tuple[str, ...]) -> None:
    folded = [one.casefold() for one in wrong]
    if not FEWEST_WRONG <= len(wrong) <= MOST_WRONG:
        table.note("wrong", f"holds {len(wrong)} answers.", f"Give {FEWEST_WRONG} to {MOST_WRONG} wrong answers.")
    elif right.casefold() in folded:
        table.note("wrong", "holds the right answer too.", "Take it out there; an answer is either right or wrong.")
    elif len(set(folded)) < len(folded):
        table.note("wrong", "holds the same answer twice.", "Change one of the two, or take it out.")
