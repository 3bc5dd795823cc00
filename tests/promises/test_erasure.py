"""After erasure nothing of a person is left: no name and no account, in no page, write-ahead log or later backup.

To see it fail: take the line that deletes `Contact` out of `bot.erasure.erase_one`, or the one that deletes
`ChatMessage`, or the keyed `mark_of` for a plain hash.
"""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select, update

from adapters.chat import Card
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.erasure import TABLES, Erased, erase
from bot.loading import load
from bot.storage import transcript
from bot.storage.database import Database
from surveys import roster
from surveys.golive_file import GoLiveFile, read_golive
from surveys.golives import GoLive
from surveys.invitations import Invitation
from surveys.responses import Response
from surveys.roster import Participant
from tests.conftest import EXAMPLE, LOADED
from tests.promises.conftest import Practice
from tests.promises.on_disk import on_disk

NAME, ACCOUNT = "Zora Quillfeather", "zora-9f3a"


@pytest.fixture
def zora(database: Database, golive: GoLive, evening: datetime) -> int:
    """Somebody whose name and account occur nowhere else, with leave and a chat."""
    with database.begin() as session:
        person = session.exec(select(Participant).order_by(col(Participant.id))).first()
        assert person is not None
        assert person.id is not None
        session.exec(update(Participant).where(col(Participant.id) == person.id).values(name=NAME))
        session.exec(update(Contact).where(col(Contact.participant_id) == person.id).values(account=ACCOUNT))
        roster.take_leave(
            session, person.id, first=evening.date().replace(month=6), last=evening.date().replace(month=7)
        )
        transcript.put(session, ACCOUNT, "welcome", Card(f"Hello {NAME}"))
        return person.id


@pytest.fixture
def practice_file(tmp_path: Path) -> GoLiveFile:
    """The file that the loaded rows came from."""
    for name in ("golive.toml", "roster.csv"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text().replace("web:", "memory:"))
    return read_golive(tmp_path / "golive.toml", today=LOADED.date())


def taken_out(database: Database, person: str, *, now: datetime) -> None:
    """As `pulse erase` does."""
    with database.begin() as session:
        erase(session, person, now=now)
    database.rewrite_now(TABLES)


def count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


async def test_name_and_account_are_nowhere(
    database: Database, zora: int, practice: Practice, tmp_path: Path, evening: datetime
) -> None:
    before = on_disk(database, tmp_path)
    assert NAME.encode() in before
    assert ACCOUNT.encode() in before
    taken_out(database, NAME, now=evening)
    after = on_disk(database, tmp_path)
    assert NAME.encode() not in after
    assert ACCOUNT.encode() not in after


async def test_the_invitation_and_every_message_go(
    database: Database, zora: int, practice: Practice, evening: datetime
) -> None:
    with database.session() as session:
        contact = session.exec(select(Contact.id).where(Contact.participant_id == zora)).one()
    taken_out(database, f"memory:{ACCOUNT}", now=evening)
    with database.session() as session:
        assert session.exec(select(Invitation).where(Invitation.participant_id == zora)).all() == []
        assert session.exec(select(Delivery).where(Delivery.contact_id == contact)).all() == []
        assert transcript.messages(session, ACCOUNT) == []


async def test_an_answer_stays_because_nobody_can_tell_whose_it_is(
    database: Database, zora: int, practice: Practice, evening: datetime
) -> None:
    for person in practice.staff[:6]:
        await practice.answer(person)
    with database.session() as session:
        before = count(session, Response)
    taken_out(database, NAME, now=evening)
    with database.session() as session:
        assert count(session, Response) == before == 6


def test_the_same_roster_does_not_bring_anybody_back(
    database: Database, golive: GoLive, practice_file: GoLiveFile, evening: datetime
) -> None:
    line = practice_file.roster[0]
    taken_out(database, line.address, now=evening)
    with database.begin() as session:
        loaded = load(session, practice_file, now=evening, platforms={"memory"})
        names = set(session.exec(select(Participant.name)))
    assert loaded.erased == 1
    assert line.person not in names


def test_whoever_has_the_database_cannot_look_an_address_up(
    database: Database, golive: GoLive, practice_file: GoLiveFile, evening: datetime
) -> None:
    """The mark is keyed: without the key file nobody can try the addresses of a company one by one."""
    address = practice_file.roster[0].address
    platform, _, account = address.partition(":")
    taken_out(database, address, now=evening)
    guesses = [address, account, f"{golive.id}\0{platform}\0{account}"]
    with database.session() as session:
        mark = session.exec(select(Erased.mark)).one()
    assert mark not in {sha256(guess.encode()).hexdigest() for guess in guesses}
