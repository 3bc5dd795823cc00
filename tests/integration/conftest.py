"""For tests of the bot as people meet it: a clinic reached in memory, whose clock is set by the test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, func, select

from adapters.chat import Address, Card, Reply
from adapters.memory import MemoryAdapter
from bot.application import Application
from bot.clock import SetClock
from bot.loading import Loaded, load
from bot.storage.database import Database
from bot.storage.keys import Keys
from surveys.golive_file import GoLiveFile, read_golive
from tests.conftest import copy_to

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY = datetime(2027, 2, 28, 12, tzinfo=NEW_YORK)  #: the day before the go-live, between two pulses
DESK = ("Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Dina Vogt", "Emil Strand", "Fay Ito")
NURSES = ("Gus Hale", "Hana Novak", "Ivo Petrov", "Jia Chen", "Kofi Mensah", "Lena Brandt")


@dataclass(slots=True)
class Files:
    """A go-live and its roster, to be changed by a test and written out."""

    folder: Path
    date: str = "2027-03-01"
    organisation: str = "Riverside Family Practice"
    system: str = "Northstar"
    leads: Sequence[str] = ("lead",)
    teams: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"Front desk": DESK, "Nursing": NURSES})
    managers: Mapping[str, str] = field(default_factory=dict)  #: team -> address
    sources: Mapping[str, str] = field(default_factory=dict)  #: team -> channel
    people_in_file: bool = True  #: else there is no roster beside the file
    head: str = ""  #: further lines of the file
    deliver: str = ""
    rest: str = ""  #: further tables
    people: Mapping[str, str] = field(default_factory=dict)  #: name -> role,timezone,shift_end,leave
    addresses: Mapping[str, str] = field(default_factory=dict)  #: name -> another address than memory:<first name>

    def read(self, *, now: datetime = SUNDAY) -> GoLiveFile:
        self.folder.mkdir(exist_ok=True)
        return read_golive(self.write(), today=now.date())

    def write(self) -> Path:
        self.folder.mkdir(exist_ok=True)
        lead_tables = "\n".join(f'[[lead]]\nname = "{name.title()}"\naddress = "memory:{name}"' for name in self.leads)
        path = self.folder / "golive.toml"
        path.write_text(
            f'name = "{self.system}"\norganisation = "{self.organisation}"\nsystem = "{self.system}"\n'
            f'date = {self.date}\ntimezone = "America/New_York"\n{self.head}\n{lead_tables}\n'
            f"[deliver]\n{self.deliver}\n[teams]\n"
            + "\n".join(f'"{team}" = {{{self.entry(team)}}}' for team in self.teams)
            + f"\n{self.rest}\n",
        )
        if not self.people_in_file:
            return path
        lines = ["person,team,address,role,timezone,shift_end,leave"]
        for team, names in self.teams.items():
            lines += [f"{name},{team},{self.address(name)},{self.people.get(name, 'staff,,,')}" for name in names]
        (self.folder / "roster.csv").write_text("\n".join(lines) + "\n")
        return path

    def entry(self, team: str) -> str:
        keys = {"manager": self.managers.get(team), "source": self.sources.get(team)}
        return ", ".join(f'{key} = "{value}"' for key, value in keys.items() if value)

    def address(self, name: str) -> str:
        return self.addresses.get(name, f"memory:{account(name)}")


def account(name: str) -> str:
    return name.split(maxsplit=1)[0].lower()


class Clinic:
    """People in memory, the bot before them, and a clock."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = SetClock(SUNDAY)
        self.chat = MemoryAdapter()
        self.bot = Application(database, adapters=[self.chat], clock=self.clock)
        self.files = Files(folder)

    def load(self, files: Files | None = None) -> Loaded:
        now = self.clock.now()
        with self.database.begin() as session:
            return load(session, (files or self.files).read(now=now), now=now, platforms={"memory"})

    async def at(self, local: str) -> None:
        """Let it be this time in New York, and tick."""
        self.clock.set(datetime.fromisoformat(local).replace(tzinfo=NEW_YORK))
        await self.bot.tick()

    def cards(self, name: str) -> tuple[Card, ...]:
        return self.chat.cards(at(name))

    def newest(self, name: str) -> Card:
        return self.cards(name)[-1]

    def prompt(self, name: str) -> Card:
        """The newest prompt that this person has in front of them."""
        return self.offering(name, "answer")[-1]

    def offering(self, name: str, action: str) -> list[Card]:
        """The messages of this person that offer something to press, oldest first."""
        return [card for card in self.cards(name) if any(offered.name == action for offered in card.actions)]

    async def answer(self, name: str, *, pick: int = 0, text: str = "", id: str = "") -> Card:  # noqa: A002  # the word of the adapters
        """Pick the same place of every question's options, and send."""
        prompt = self.prompt(name)
        values = picks(prompt, pick)
        if text:
            values["remark"] = (text,)
        return card_of(await self.chat.submit(at(name), "answer", ref=prompt.ref, values=values, id=id))

    async def says(self, name: str, line: str) -> Card:
        return card_of(await self.chat.say(at(name), line))

    async def presses(self, name: str, action: str, *, ref: str = "") -> Card:
        return card_of(await self.chat.press(at(name), action, ref=ref))

    async def submits(self, name: str, action: str, *, ref: str = "", id: str = "", **values: str) -> Card:  # noqa: A002  # as above
        given = {key: (value,) for key, value in values.items()}
        return card_of(await self.chat.submit(at(name), action, ref=ref, values=given, id=id))

    async def asks(self, name: str, text: str) -> str:
        """Ask, confirm, and keep the four words."""
        await self.submits(name, "ask-preview", question=text)
        return words_in(await self.submits(name, "ask-confirm", question=text))

    def rows(self, table: type[SQLModel]) -> int:
        with self.database.session() as session:
            return session.exec(select(func.count()).select_from(table)).one()


def at(name: str) -> Address:
    return Address("memory", account(name))


def card_of(reply: Reply | None) -> Card:
    assert reply is not None
    return reply.card


def picks(prompt: Card, place: int = 0) -> dict[str, tuple[str, ...]]:
    return {field.name: (field.choices[place].value,) for field in prompt.fields if field.choices}


def words_in(receipt: Card) -> str:
    return receipt.text.split("**")[1]


@pytest.fixture
def clinic_database(
    sqlite_templates: dict[str, str], sqlite_url: str, keys: Keys, engines: Callable[[str], Engine]
) -> Iterator[Database]:
    """On SQLite alone, which is quick; a file of tests that should run on PostgreSQL as well says so."""
    database = Database(engines(copy_to(sqlite_url, sqlite_templates["migrated"])), keys=keys)
    yield database
    database.close()


@pytest.fixture
async def clinic(clinic_database: Database, tmp_path: Path) -> AsyncIterator[Clinic]:
    """Twelve people in two teams, live on Monday 1 March 2027; loaded by whoever asks for `loaded`."""
    clinic = Clinic(clinic_database, tmp_path / "files")
    listening = asyncio.create_task(clinic.chat.run(clinic.bot.conversation.hear))
    await asyncio.sleep(0)  # it begins to listen
    yield clinic
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.fixture
def loaded(clinic: Clinic) -> Clinic:
    clinic.load()
    return clinic


@pytest.fixture
async def day_one(loaded: Clinic) -> Clinic:
    """The evening of the first day: everybody has a prompt."""
    await loaded.at("2027-03-01 17:05")
    return loaded


def moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=NEW_YORK).astimezone(UTC)
