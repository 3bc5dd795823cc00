"""Who may set up a go-live in a chat: whom the installation names, else the first of all and whoever leads one."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from adapters.chat import Address
from bot.delivery.contacts import Contact, is_at, parse_address
from surveys.golives import GoLive
from surveys.roster import Reader


@dataclass(frozen=True, slots=True)
class SetUpBy:
    """The addresses that a setting names; without any, the usual rule."""

    addresses: frozenset[str] = frozenset()

    def allows(self, session: Session, sender: Address) -> bool:
        """Whether this account may put together a go-live.

        Where nobody is named: anybody while there is no go-live at all, then those who lead one.
        """
        if self.addresses:
            return any(is_named(sender, parse_address(written)) for written in self.addresses)
        if session.exec(select(GoLive.id)).first() is None:
            return True
        leads = (
            select(Contact.id)
            .join(Reader, col(Reader.id) == col(Contact.reader_id))
            .where(is_at(sender), Reader.role == "lead")
        )
        return session.exec(leads).first() is not None


def is_named(sender: Address, named: Address) -> bool:
    same = (sender.platform, sender.account) == (named.platform, named.account)
    return same and named.workspace in {"", sender.workspace}


def named(written: Collection[str]) -> SetUpBy:
    return SetUpBy(frozenset(one.strip() for one in written if one.strip()))
