"""Whom a command line means by a name or an address, and where they stand in every go-live."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.delivery.contacts import Contact
from bot.errors import Unusable
from surveys.golives import GoLive
from surveys.roster import Participant, Reader


class NobodyMeant(Unusable):
    """Nobody is known by that name or address, or more than one person is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one go-live: asked, reading, both, or only an address that was theirs."""

    golive: GoLive
    contact: Contact | None = None
    participant: Participant | None = None
    reader: Reader | None = None

    @property
    def address(self) -> str | None:
        return f"{self.contact.platform}:{self.contact.account}" if self.contact else None

    @property
    def name(self) -> str | None:
        found = self.participant or self.reader
        return found.name if found else None


def standings(session: Session, person: str) -> list[Standing]:
    """Everywhere that a person stands; an address in one go-live finds the same address in the others.

    Raises
    ------
    NobodyMeant
    """
    everybody = everyone(session)
    wanted = person.strip().casefold()
    meant = [one for one in everybody if wanted in names_of(one)]
    addresses = {one.address for one in meant if one.address}
    if not meant:
        known = "is not on any roster"
        if not everybody:
            raise NobodyMeant("Nobody is on the roster yet. Load a go-live first: pulse load golive.toml")
        raise NobodyMeant(f'"{person}" {known}. Write a name or an address as it stands in the roster.')
    if len(addresses) > 1:
        some = ", ".join(sorted(addresses))
        raise NobodyMeant(f'"{person}" may be any of {some}. Say which one by the address.')
    return meant + [one for one in everybody if one.address in addresses and one not in meant]


def names_of(one: Standing) -> set[str]:
    names = {one.name, one.address, one.contact.account if one.contact else None}
    return {name.casefold() for name in names if name}


def everyone(session: Session) -> list[Standing]:
    golives = {golive.id: golive for golive in session.exec(select(GoLive))}
    people = {row.id: row for row in session.exec(select(Participant))}
    readers = {row.id: row for row in session.exec(select(Reader))}
    found = []
    for contact in session.exec(select(Contact).order_by(col(Contact.id))):
        person = people.pop(contact.participant_id, None) if contact.participant_id else None
        reader = readers.pop(contact.reader_id, None) if contact.reader_id else None
        found.append(Standing(golives[contact.golive_id], contact, person, reader))
    found += [Standing(golives[person.golive_id], participant=person) for person in people.values()]
    found += [Standing(golives[reader.golive_id], reader=reader) for reader in readers.values()]
    return found
