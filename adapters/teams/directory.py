"""Somebody in the list of a team's members, as the bot understands it."""

from collections.abc import Mapping
from typing import Any

from adapters.chat import Address, Person
from adapters.teams.incoming import member, text_of
from adapters.teams.references import Reference

GUEST = "guest"
PROGRAM = "28:"  # before the number of a bot
EXTERNAL = "#EXT#"  # in the sign-in name of whoever is invited from elsewhere


def person(raw: Mapping[str, Any], *, tenant: str) -> Person | None:
    """One member; None for a line that names nobody. Teams tells no time zones here."""
    who = member(raw)
    if not who.id:
        return None
    home = text_of(raw, "tenantId")
    guest = (
        text_of(raw, "userRole").casefold() == GUEST
        or EXTERNAL in text_of(raw, "userPrincipalName").upper()
        or (bool(home and tenant) and home != tenant)
    )
    name = text_of(raw, "name") or f"{text_of(raw, 'givenName')} {text_of(raw, 'surname')}".strip()
    address = Address("teams", who.account, tenant, str(Reference(user=who.id)))
    return Person(address, name or who.account, guest=guest, program=who.id.startswith(PROGRAM))
