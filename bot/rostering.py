"""The roster brought in line with whom a platform's channels and groups list: who joins, leaves, moves, is renamed."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from adapters.chat import Address, Person
from bot.delivery.contacts import Contact
from bot.delivery.news import ROSTER, TWICE, tell_leads
from bot.delivery.reach import attach, contact_of, greet
from bot.erasure import is_erased
from bot.grouping import fielded_before, group
from surveys.golives import GoLive, Team
from surveys.invitations import leave_pending
from surveys.roster import Participant, Reader
from surveys.roster_file import NAME_LIMIT
from surveys.zones import is_place

Listed = Mapping[
    str, Sequence[Person]
]  #: a team's source -> everybody there; sources that could not be read are missing


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who is to be asked, and the team that they are asked in."""

    person: Person
    team: str
    source: str


@dataclass(slots=True)
class Changes:
    joined: int = 0
    left: int = 0
    twice: int = 0  #: people whom more than one team lists

    def __bool__(self) -> bool:
        return bool(self.joined or self.left)


def bring_in(session: Session, golive_id: int, listed: Listed, *, now: datetime) -> Changes:
    """Make the roster what the sources list. Doing it again changes nothing.

    Bots and programs are out, and so are guests unless the go-live says otherwise, leads, and whoever was erased.
    Whoever stands in the roster file stays as the file says. Whoever two teams list stays in the team they are in, else
    goes into the first. People of a source that could not be read, or that lists nobody, stay as they are.
    """
    golive = session.get_one(GoLive, golive_id, with_for_update=True)
    teams = [
        team
        for team in session.exec(select(Team).where(Team.golive_id == golive_id).order_by(col(Team.id)))
        if listed.get(team.source)
    ]
    changes = Changes()
    places = placed(session, golive, teams, listed, changes)
    regroup(session, golive, teams, places)
    staying = {
        number
        for place in places.values()
        if (number := bring_one(session, golive, place, changes, now=now)) is not None
    }
    for person in roster_of(session, golive_id):
        if person.source in {team.source for team in teams} and person.id not in staying:
            let_go(session, person)
            changes.left += 1
    session.flush()
    mark_gone(session, golive, teams, listed)
    if changes:
        tell_leads(session, golive, ROSTER, now=now, joined=changes.joined, left=changes.left)
    if changes.twice:
        tell_leads(session, golive, TWICE, now=now, count=changes.twice)
    return changes


def placed(
    session: Session, golive: GoLive, teams: Sequence[Team], listed: Listed, changes: Changes
) -> dict[Address, Place]:
    """Everybody who is to be asked, once."""
    leads = set(
        session.exec(
            select(Contact.account)
            .join(Reader, col(Reader.id) == col(Contact.reader_id))
            .where(Contact.golive_id == golive.id, Reader.role == "lead")
        )
    )
    found: dict[Address, Place] = {}
    for team in teams:
        for person in listed[team.source]:
            if not is_asked(session, golive, person) or person.address.account in leads:
                continue
            place = Place(person, team.name, team.source)
            first = found.setdefault(person.address, place)
            if first is not place:
                changes.twice += 1
                known = participant_at(session, golive, person.address)
                if known is not None and known.on_roster and known.source == team.source:
                    found[person.address] = place
    return found


def is_asked(session: Session, golive: GoLive, person: Person) -> bool:
    wanted = person.active and not person.program and (golive.guests == "in" or not person.guest)
    return wanted and not is_erased(session, golive, str(person.address))


def regroup(session: Session, golive: GoLive, teams: Sequence[Team], places: Mapping[Address, Place]) -> None:
    """Decide anew which teams are read together, while that may still be decided."""
    sizes = dict.fromkeys((team.name for team in teams), 0)
    own = (
        select(Team.name, func.count(col(Participant.id)))
        .join(Participant, col(Participant.team_id) == col(Team.id))
        .where(
            Team.golive_id == golive.id,
            col(Participant.on_roster),
            col(Participant.source).not_in([team.source for team in teams]),
        )
        .group_by(col(Team.name))
    )
    sizes |= dict(session.exec(own).all())
    for place in places.values():
        sizes[place.team] += 1
    names = session.exec(select(Team.name).where(Team.golive_id == golive.id).order_by(col(Team.id))).all()
    group(session, golive, names, sizes=sizes)


def bring_one(session: Session, golive: GoLive, place: Place, changes: Changes, *, now: datetime) -> int | None:
    """The number of the person who now stands there; None for whoever stands in the roster file."""
    assert golive.id is not None
    person = participant_at(session, golive, place.person.address)
    if person is not None and person.on_roster and not person.source:
        return None
    new = person is None or not person.on_roster
    team = session.exec(select(Team).where(Team.golive_id == golive.id, Team.name == place.team)).one()
    if person is None:
        person = Participant(golive_id=golive.id, team_id=team.id or 0, name="", timezone=golive.timezone)
    person.name = name_for(session, golive, person, place.person)
    person.team_id = team.id or 0
    person.source = place.source
    person.on_roster = True
    person.own_zone = False
    session.add(person)
    session.flush()
    contact = attach(session, golive.id, place.person.address, participant_id=person.id)
    if is_place(place.person.timezone):
        contact.timezone = place.person.timezone
    person.timezone = contact.timezone or golive.timezone
    if new:
        changes.joined += 1
        contact.reachable = True  # they are there again, whatever was before
        if fielded_before(session, golive):  # else the first pulse is the first that anybody hears
            greet(session, golive, contact, person, now=now)
    session.add(contact)
    return person.id


def participant_at(session: Session, golive: GoLive, address: Address) -> Participant | None:
    contact = contact_of(session, golive.id or 0, address)
    return session.get(Participant, contact.participant_id) if contact and contact.participant_id else None


def name_for(session: Session, golive: GoLive, person: Participant, listed: Person) -> str:
    """The name as the platform has it now, fit for a list; with a number where somebody else bears it."""
    name = readable(listed.name) or listed.address.account[:NAME_LIMIT]
    others = select(Participant.name).where(Participant.golive_id == golive.id)
    if person.id is not None:
        others = others.where(Participant.id != person.id)
    taken = set(session.exec(others))
    number = 1
    found = name
    while found in taken:
        number += 1
        found = f"{name[: NAME_LIMIT - 6]} ({number})"
    return found


def readable(name: str) -> str:
    """One line without what cannot be seen, and nothing that a spreadsheet would run."""
    seen = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", name))
    return " ".join(seen.split()).lstrip("=+-@ ")[:NAME_LIMIT].strip()


def let_go(session: Session, person: Participant) -> None:
    """Whoever left is asked no more, and counted no more in what is open."""
    person.on_roster = False
    session.add(person)
    assert person.id is not None
    leave_pending(session, person.id)


def mark_gone(session: Session, golive: GoLive, teams: Sequence[Team], listed: Listed) -> None:
    """Accounts that were closed reach nobody."""
    for team in teams:
        for person in listed[team.source]:
            contact = None if person.active else contact_of(session, golive.id or 0, person.address)
            if contact is not None:
                contact.reachable = False
                session.add(contact)


def roster_of(session: Session, golive_id: int) -> list[Participant]:
    return list(session.exec(select(Participant).where(Participant.golive_id == golive_id, col(Participant.on_roster))))
