"""From files to rows: loading a go-live again changes what the files change, and moves what was not yet sent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, delete, func, select

from bot.clock import local_date
from bot.delivery.contacts import Contact, parse_address
from bot.delivery.outbox import Delivery, DeliveryState, withdraw
from surveys.cadence import Moved, Occurrence, moved, occurrences
from surveys.errors import Locked
from surveys.golive_file import GoLiveFile
from surveys.golives import GoLive, PlannedCheck, Stratum, Team, find_golive
from surveys.invitations import Invitation
from surveys.plans import load_plan
from surveys.roster import Participant, Reader, set_leaves
from surveys.roster_file import RosterLine
from surveys.strata import explain, merge
from surveys.waves import Fielded, Wave, open_waves

LEAD = "lead"


@dataclass(slots=True)
class Loaded:
    """What loading a file changed, for the person who loaded it."""

    golive_id: int
    is_new: bool
    people: int = 0
    joined: int = 0
    left: int = 0
    moved: Moved | None = None
    merges: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)  #: platforms that addresses name and nobody has set up


def load(session: Session, file: GoLiveFile, *, now: datetime, platforms: Collection[str]) -> Loaded:
    """Bring the rows in line with the file.

    Raises
    ------
    Locked
        when the group minimum differs and a pulse is out already.
    """
    golive = find_golive(session, organisation=file.organisation, system=file.system)
    today = local_date(now, file.timezone)
    is_new = golive is None
    before: list[Occurrence] = []
    if golive is None:
        golive = GoLive(**header(file), ticked=now)
    else:
        if golive.group_minimum != file.group_minimum and fielded_before(session, golive):
            raise Locked(minimum=golive.group_minimum)
        unsend(session, golive, file)
        before = upcoming(session, golive, since=today)
        golive.sqlmodel_update(header(file))
    session.add(golive)
    session.flush()
    assert golive.id is not None
    loaded = Loaded(golive_id=golive.id, is_new=is_new)
    loaded.merges = set_teams(session, golive, file)
    set_checks(session, golive, file)
    set_people(session, golive, file, loaded)
    set_readers(session, golive, file)
    if not is_new:
        loaded.moved = moved(before, upcoming(session, golive, since=today))
    named = set(session.exec(select(Contact.platform).where(Contact.golive_id == golive.id)))
    loaded.unreached = sorted(named - set(platforms))
    return loaded


def header(file: GoLiveFile) -> dict[str, object]:
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
        "closed": [day.isoformat() for day in file.closed],
    }


def fielded_before(session: Session, golive: GoLive) -> bool:
    return session.exec(select(func.count()).select_from(Wave).where(Wave.golive_id == golive.id)).one() > 0


def upcoming(session: Session, golive: GoLive, *, since: datetime | object) -> list[Occurrence]:
    """The pulses that have not been opened."""
    opened = set(session.exec(select(Wave.on).where(Wave.golive_id == golive.id)))
    plan = load_plan(golive.plan)
    last = golive.date + timedelta(days=plan.phases[-1].last)
    listed = occurrences(plan, golive=golive.date, since=since, until=last, closed=golive.closed_days)  # type: ignore[arg-type]
    return [occurrence for occurrence in listed if occurrence.on not in opened]


def unsend(session: Session, golive: GoLive, file: GoLiveFile) -> None:
    """Take back waves of which nothing has left yet, when the date or the plan has changed."""
    if (golive.date, golive.plan) == (file.date, file.plan):
        return
    assert golive.id is not None
    for wave in open_waves(session, golive.id):
        left = (
            select(func.count())
            .select_from(Delivery)
            .where(
                col(Delivery.key).startswith(f"wave:{wave.id}:", autoescape=True),
                col(Delivery.state) != DeliveryState.PENDING,
            )
        )
        if session.exec(left).one() == 0:
            withdraw(session, f"wave:{wave.id}:")
            session.exec(delete(Invitation).where(col(Invitation.wave_id) == wave.id))
            session.exec(delete(Fielded).where(col(Fielded.wave_id) == wave.id))
            session.delete(wave)
    session.flush()


def set_teams(session: Session, golive: GoLive, file: GoLiveFile) -> list[str]:
    """Teams, and which of them are read together: decided anew until the first pulse is out, then fixed."""
    assert golive.id is not None
    sizes = {team: size for team, size in file.team_sizes.items() if size}
    plan = merge(sizes, minimum=file.group_minimum)
    planned = {team: stratum.name for stratum in plan for team in stratum.teams}
    existing = {team.name: team for team in session.exec(select(Team).where(Team.golive_id == golive.id))}
    strata = {row.name: row for row in session.exec(select(Stratum).where(Stratum.golive_id == golive.id))}
    locked = fielded_before(session, golive)
    for entry in file.teams:
        name = planned.get(entry.name, entry.name)
        if locked and name not in strata and sizes.get(entry.name, 0) < file.group_minimum:
            name = min(strata)  # a small team that comes late is read with the first group, for good
        if name not in strata:
            strata[name] = Stratum(golive_id=golive.id, name=name)
            session.add(strata[name])
            session.flush()
        team = existing.get(entry.name)
        stratum_id = strata[name].id
        assert stratum_id is not None
        if team is None:
            team = Team(golive_id=golive.id, stratum_id=stratum_id, name=entry.name)
        elif not locked:
            team.stratum_id = stratum_id
        team.deliver_pulse = entry.deliver_pulse
        session.add(team)
    session.flush()
    if not locked:
        forget_empty_strata(session, golive)
    return explain(plan, minimum=file.group_minimum)


def forget_empty_strata(session: Session, golive: GoLive) -> None:
    used = select(Team.stratum_id).where(Team.golive_id == golive.id)
    session.exec(delete(Stratum).where(col(Stratum.golive_id) == golive.id, col(Stratum.id).not_in(used)))


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
    """Known again by address, else by name; whoever is missing leaves the roster and is asked no more."""
    teams = team_ids(session, golive)
    people = {row.name: row for row in session.exec(select(Participant).where(Participant.golive_id == golive.id))}
    by_id = {row.id: row for row in people.values()}
    listed = [line for line in file.roster if line.role != LEAD]
    kept: set[int] = set()
    for line in listed:
        contact = contact_at(session, golive, line.address)
        person = by_id.get(contact.participant_id) if contact and contact.participant_id else None
        person = person or people.get(line.person)
        if person is None:
            person = Participant(golive_id=golive.id or 0, team_id=teams[line.team], name=line.person, timezone="UTC")
            loaded.joined += 1
        elif not person.on_roster:
            loaded.joined += 1
        write_person(session, person, line, team_id=teams[line.team])
        assert person.id is not None
        kept.add(person.id)
        attach(session, golive, line.address, participant_id=person.id)
    for person in by_id.values():
        if person.id not in kept and person.on_roster:
            person.on_roster = False
            session.add(person)
            loaded.left += 1
    loaded.people = len(listed)


def write_person(session: Session, person: Participant, line: RosterLine, *, team_id: int) -> None:
    person.name = line.person
    person.team_id = team_id
    person.role = line.role
    person.timezone = line.timezone
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
        attach(session, golive, lead.address, reader_id=reader.id)
    leads = {lead.address for lead in file.leads}
    for team in file.teams:
        if team.manager is not None and team.manager not in leads:
            reader = reader_named(session, golive, role="manager", name=team.name)
            reader.team_id = teams[team.name]
            session.add(reader)
            session.flush()
            attach(session, golive, team.manager, reader_id=reader.id)


def reader_named(session: Session, golive: GoLive, *, role: str, name: str) -> Reader:
    found = session.exec(
        select(Reader).where(Reader.golive_id == golive.id, Reader.role == role, Reader.name == name)
    ).first()
    return found or Reader(golive_id=golive.id or 0, role=role, name=name)


def contact_at(session: Session, golive: GoLive, address: str) -> Contact | None:
    at = parse_address(address)
    return session.exec(
        select(Contact).where(
            Contact.golive_id == golive.id,
            Contact.platform == at.platform,
            Contact.workspace == at.workspace,
            Contact.account == at.account,
        )
    ).first()


def attach(
    session: Session, golive: GoLive, address: str, *, participant_id: int | None = None, reader_id: int | None = None
) -> None:
    """Link a person to an address; the link of the same person to an older address goes."""
    at = parse_address(address)
    contact = contact_at(session, golive, address)
    if contact is None:
        contact = Contact(golive_id=golive.id or 0, platform=at.platform, workspace=at.workspace, account=at.account)
    if participant_id is not None:
        older = select(Contact).where(Contact.participant_id == participant_id, col(Contact.account) != at.account)
        for other in session.exec(older):
            other.participant_id = None
            session.add(other)
        contact.participant_id = participant_id
    if reader_id is not None:
        contact.reader_id = reader_id
    session.add(contact)
    session.flush()
