"""From files to rows: loading a go-live again changes what the files change, and moves what was not yet sent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.audit import ADMINISTRATOR, About, Act, Actor, append
from bot.clock import local_date
from bot.delivery.contacts import Contact, parse_address
from bot.delivery.reach import attach, contact_of
from bot.erasure import is_erased
from bot.grouping import fielded_before, group
from bot.rescheduling import Dates, unsend, upcoming
from surveys.cadence import Moved, Occurrence, moved
from surveys.errors import Locked
from surveys.golive_file import GoLiveFile
from surveys.golives import GoLive, PlannedCheck, Team, find_golive
from surveys.roster import Participant, Reader, set_leaves
from surveys.roster_file import RosterLine

LEAD = "lead"


class CommentsLocked(Locked):
    """The minimum for comments stays as it is while the go-live runs: people have written under it."""

    key = "error-comments-locked"


@dataclass(slots=True)
class Loaded:
    """What loading a file changed, for the person who loaded it."""

    golive_id: int
    is_new: bool
    people: int = 0
    joined: int = 0
    left: int = 0
    erased: int = 0  #: people on the roster who had asked to be erased and were left out
    moved: Moved | None = None
    unreached: list[str] = field(default_factory=list)  #: platforms that addresses name and nobody has set up


def load(
    session: Session, file: GoLiveFile, *, now: datetime, platforms: Collection[str], by: Actor = ADMINISTRATOR
) -> Loaded:
    """Bring the rows in line with the file. Whom channels and groups list comes with the next tick.

    Raises
    ------
    Locked
        when the group minimum differs, or the minimum for comments is lower, and a pulse is out already.
    """
    golive = find_golive(session, organisation=file.organisation, system=file.system)
    today = local_date(now, file.timezone)
    is_new = golive is None
    before: list[Occurrence] = []
    minimum = golive.group_minimum if golive else 0
    if golive is None:
        golive = GoLive(**header(file), ticked=now)
    else:
        check_minimums(session, golive, file)
        unsend(session, golive, Dates(file.date, file.plan, frozenset(file.closed)))
        before = upcoming(session, golive, since=today)
        golive.sqlmodel_update(header(file))
    session.add(golive)
    session.flush()
    assert golive.id is not None
    loaded = Loaded(golive_id=golive.id, is_new=is_new)
    set_teams(session, golive, file)
    set_checks(session, golive, file)
    set_people(session, golive, file, loaded)
    set_readers(session, golive, file)
    if not is_new:
        loaded.moved = moved(before, upcoming(session, golive, since=today))
    named = set(session.exec(select(Contact.platform).where(Contact.golive_id == golive.id)))
    named |= {team.source.partition(":")[0] for team in file.teams if team.source}
    loaded.unreached = sorted(named - set(platforms))
    write_down(session, golive, loaded, minimum=minimum, by=by, now=now)
    return loaded


def write_down(session: Session, golive: GoLive, loaded: Loaded, *, minimum: int, by: Actor, now: datetime) -> None:
    about = About("go-live", str(golive.id))
    append(session, Act.LOADED, about, by=by, now=now, count=loaded.people)
    if golive.group_minimum != minimum:
        append(session, Act.MINIMUM, about, by=by, now=now, count=golive.group_minimum)
    if loaded.moved is not None and loaded.moved.pairs:
        append(session, Act.MOVED, about, by=by, now=now, count=len(loaded.moved.pairs))


def header(file: GoLiveFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "organisation": file.organisation,
        "system": file.system,
        "date": file.date,
        "timezone": file.timezone,
        "language": file.language,
        "plan": file.plan,
        "group_minimum": file.group_minimum,
        "comment_minimum": file.comment_minimum,
        "pulse_at": file.deliver.pulse,
        "reminder": file.deliver.reminder,
        "digest_at": file.deliver.digest,
        "quiet_from": file.deliver.quiet.start,
        "quiet_until": file.deliver.quiet.end,
        "guests": file.guests,
        "rostered_on": None,  # channels are read again at once
        "closed": [day.isoformat() for day in file.closed],
    }


def check_minimums(session: Session, golive: GoLive, file: GoLiveFile) -> None:
    """People answered under what their prompts and the privacy page said: that holds as long as the go-live runs."""
    if not fielded_before(session, golive):
        return
    if golive.group_minimum != file.group_minimum:
        raise Locked(minimum=golive.group_minimum)
    if golive.comment_minimum > file.comment_minimum:
        raise CommentsLocked(minimum=golive.comment_minimum)


def set_teams(session: Session, golive: GoLive, file: GoLiveFile) -> None:
    """Teams with their sources; whoever a source brought before counts as well where it is still the same."""
    sizes = dict(file.team_sizes)
    sources = {team.source for team in file.teams if team.source}
    for team, source in brought(session, golive):
        if source in sources and team in sizes:
            sizes[team] += 1
    teams = group(session, golive, [entry.name for entry in file.teams], sizes=sizes)
    for entry in file.teams:
        team_row = teams[entry.name]
        team_row.deliver_pulse, team_row.source = entry.deliver_pulse, entry.source
        session.add(team_row)
    # A channel that a team no longer names lists nobody any more.
    for old in session.exec(select(Team).where(Team.golive_id == golive.id, col(Team.name).not_in(teams))):
        old.source = ""
        session.add(old)
    session.flush()


def brought(session: Session, golive: GoLive) -> list[tuple[str, str]]:
    """Team and source of everybody on the roster whom a channel or group brought."""
    rows = (
        select(Team.name, Participant.source)
        .join(Participant, col(Participant.team_id) == col(Team.id))
        .where(Team.golive_id == golive.id, col(Participant.on_roster), Participant.source != "")
    )
    return list(session.exec(rows))


def set_checks(session: Session, golive: GoLive, file: GoLiveFile) -> None:
    assert golive.id is not None
    teams = team_ids(session, golive)
    session.exec(delete(PlannedCheck).where(col(PlannedCheck.golive_id) == golive.id))
    for check in file.knowledge_checks:
        session.add(
            PlannedCheck(
                golive_id=golive.id,
                team_id=teams[check.team] if check.team else None,
                text=check.text,
                right=check.right,
                wrong=list(check.wrong),
            )
        )
        session.flush()  # keeps the order in which the lead wrote them


def team_ids(session: Session, golive: GoLive) -> dict[str, int]:
    rows = session.exec(select(Team).where(Team.golive_id == golive.id))
    return {team.name: team.id for team in rows if team.id is not None}


def set_people(session: Session, golive: GoLive, file: GoLiveFile, loaded: Loaded) -> None:
    """Bring the roster in line; whoever is missing leaves it and is asked no more."""
    teams = team_ids(session, golive)
    staff = [line for line in file.roster if line.role != LEAD]
    listed = [line for line in staff if not is_erased(session, golive, line.address)]
    loaded.erased = len(staff) - len(listed)
    known = known_again(session, golive, listed)
    everybody = list(session.exec(select(Participant).where(Participant.golive_id == golive.id)))
    free_names(session, everybody, listed, known)
    sources = {team.source for team in file.teams if team.source}
    staying = {person.id for person in known.values()} | {person.id for person in everybody if person.source in sources}
    for person in everybody:
        if person.id not in staying and person.on_roster:
            person.on_roster = False
            session.add(person)
            loaded.left += 1
    for line in listed:
        team_id = teams[line.team]
        member = known.get(line.line)
        if member is None or not member.on_roster:
            loaded.joined += 1
        if member is None:
            member = Participant(golive_id=golive.id or 0, team_id=team_id, name=line.person, timezone="UTC")
        write_person(session, member, line, team_id=team_id)
        contact = attach(session, golive.id or 0, parse_address(line.address), participant_id=member.id)
        contact.reachable = True  # whoever loads the file says so; a platform may say otherwise again
        if contact.timezone and not line.own_zone:
            member.timezone = contact.timezone
    loaded.people = len(listed)


def known_again(session: Session, golive: GoLive, listed: list[RosterLine]) -> dict[int, Participant]:
    """Who stands on which line: known again by address, which is where their own wishes came from, else by name."""
    people = {row.id: row for row in session.exec(select(Participant).where(Participant.golive_id == golive.id))}
    found: dict[int, Participant] = {}
    for line in listed:
        contact = contact_of(session, golive.id or 0, parse_address(line.address))
        if contact is not None and contact.participant_id in people:
            found[line.line] = people.pop(contact.participant_id)
    by_name = {person.name: person for person in people.values()}
    for line in listed:
        if line.line not in found and line.person in by_name:
            found[line.line] = by_name.pop(line.person)
    return found


def free_names(
    session: Session, everybody: list[Participant], listed: list[RosterLine], known: dict[int, Participant]
) -> None:
    """Give a number to whoever bears a name that somebody else bears from now on: two people may have swapped."""
    bearers = {line.person: known.get(line.line) for line in listed}
    for person in everybody:
        if person.name in bearers and bearers[person.name] is not person:
            person.name = f"{person.name} {person.id}"
            session.add(person)
    session.flush()


def write_person(session: Session, person: Participant, line: RosterLine, *, team_id: int) -> None:
    person.name = line.person
    person.team_id = team_id
    person.role = line.role
    person.source = ""
    person.timezone, person.own_zone = line.timezone, line.own_zone
    person.shift_end = line.shift_end if isinstance(line.shift_end, time) else None
    person.on_roster = True
    session.add(person)
    session.flush()
    assert person.id is not None
    set_leaves(session, person.id, tuple((leave.first, leave.last) for leave in line.leave))


def set_readers(session: Session, golive: GoLive, file: GoLiveFile) -> None:
    """Leads in the order of the file, managers by team; whoever is no longer named reads no more."""
    teams = team_ids(session, golive)
    for contact in session.exec(select(Contact).where(Contact.golive_id == golive.id)):
        contact.reader_id = None
        session.add(contact)
    session.flush()
    for rank, lead in enumerate(file.leads):
        reader = reader_named(session, golive, role=LEAD, name=lead.name)
        reader.rank = rank
        session.add(reader)
        session.flush()
        attach(session, golive.id or 0, parse_address(lead.address), reader_id=reader.id).reachable = True
    leads = {lead.address for lead in file.leads}
    for team in file.teams:
        if team.manager is not None and team.manager not in leads:
            reader = reader_named(session, golive, role="manager", name=team.name)
            reader.team_id = teams[team.name]
            session.add(reader)
            session.flush()
            attach(session, golive.id or 0, parse_address(team.manager), reader_id=reader.id).reachable = True


def reader_named(session: Session, golive: GoLive, *, role: str, name: str) -> Reader:
    found = session.exec(
        select(Reader).where(Reader.golive_id == golive.id, Reader.role == role, Reader.name == name)
    ).first()
    return found or Reader(golive_id=golive.id or 0, role=role, name=name)
