"""Playing a go-live: the real bot and its web chat, a clock that runs fast, and people who are simulated."""

import asyncio
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlmodel import Session

import bot
from adapters.chat import Address, Card, Incoming, Reply
from adapters.web.adapter import WebAdapter
from adapters.web.links import enter_path
from bot import logs
from bot.application import Application
from bot.clock import SetClock, local_date
from bot.errors import NoExample
from bot.loading import load
from bot.rehearsal.company import Company
from bot.rehearsal.findings import Findings, as_table, findings
from bot.rehearsal.keyboard import Keyboard
from bot.rehearsal.lead import Lead
from bot.rehearsal.staff import Staff
from bot.rehearsal.stage import Stage, Venue
from bot.rehearsal.story import Story, story_for
from bot.server import bind, serve
from bot.settings import Settings
from bot.setup import open_database, site, web_adapter
from bot.storage.alone import alone
from bot.storage.database import Database
from surveys.bank import Bank, load_bank
from surveys.cadence import is_working_day, next_working_day
from surveys.golive_file import GoLiveFile, read_golive
from surveys.golives import GoLive, find_golive

PRACTICE = Path(bot.__file__).parents[1] / "docs" / "example" / "golive.toml"
BEFORE = 30  # days before the go-live on which play begins
SEATS = 5  # staff chats that are left to the newcomer at the end
LEFT_BEHIND = ("pulse.db", "pulse.db-wal", "pulse.db-shm", "pulse.audit")  # what a play before wrote
LEFT_OPEN = 4  # last days on which their pulses stay unanswered; a weekly one is open as long

#: Local times at which the clock stops on a working day: every hour, and the half hours at which most shifts end.
STOPS = tuple(sorted([time(hour) for hour in range(7, 21)] + [time(7, 30), time(12, 30), time(16, 30), time(19, 30)]))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What somebody wishes to see played."""

    path: Path | None = None  #: a go-live file; else the family practice of the examples
    speed: float = 0.0  #: days a second; 0 is as fast as it goes
    seed: int = 1
    until: int = 60  #: day, counted from the go-live, on which play ends
    before: int = BEFORE  #: days before the go-live on which it begins
    fresh: bool = False
    stay: bool = True


class Play:
    """One rehearsal that runs: a bot on a database of its own, and a company that acts in its chats."""

    def __init__(
        self,
        wish: Rehearsal,
        file: GoLiveFile,
        *,
        database: Database,
        bank: Bank,
        base_url: str = "",
        venue: Venue | None = None,
    ) -> None:
        self.wish = wish
        self.file = file
        self.database = database
        self.story: Story = story_for(file)
        self.web: WebAdapter = web_adapter(database)
        self.venue = venue or Venue(self.web)
        with database.begin() as session:
            self.golive_id, begin = begin_or_go_on(session, reached_at(self.venue, file), before=wish.before)
        self.clock = SetClock(begin)
        self.company = company(file, self.story, self.venue, bank=bank, seed=wish.seed)
        self.stage = Stage(self.venue, audience=self._see)
        self.application = Application(database, adapters=[self.stage], clock=self.clock, bank=bank, base_url=base_url)

    @property
    def today(self) -> date:
        """The date where the go-live is."""
        return local_date(self.clock.now(), self.file.timezone)

    @property
    def day(self) -> int:
        """Days from the go-live."""
        return (self.today - self.file.date).days

    def moments(self, *, until: date) -> Iterator[datetime]:
        """Every stop of the clock that is still to come. Days without work pass at once: nothing is due on them."""
        zone = ZoneInfo(self.file.timezone)
        day = self.clock.now().astimezone(zone).date()
        while day <= until:
            for stop in STOPS if is_working_day(day, closed=self.file.closed) else ():
                moment = datetime.combine(day, stop, tzinfo=zone).astimezone(UTC)
                if moment > self.clock.now():
                    yield moment
            day += timedelta(days=1)

    async def step(self, moment: datetime) -> None:
        """Let time come, the bot do what is due, and people what they got round to."""
        self.clock.set(moment)
        if self.day > self.wish.until - LEFT_OPEN:
            self.company.resting = {address for _, address in self.seats()}
        await self.application.tick()
        await self.company.play(self.act, now=moment, day=self.day)

    async def act(self, incoming: Incoming) -> Reply | None:
        return await self.stage.act(incoming, self.application.conversation.hear)

    def findings(self) -> Findings:
        with self.database.session() as session:
            return findings(session, self.golive_id, self.story)

    def seats(self) -> list[tuple[str, Address]]:
        """A person of each team, for the newcomer, by name."""
        first: dict[str, tuple[str, Address]] = {}
        for line in self.file.roster:
            if line.role != "lead":
                first.setdefault(line.team, (line.person, self.venue.address(as_web(line.address))))
        others = [(line.person, self.venue.address(as_web(line.address))) for line in self.file.roster]
        return list(dict.fromkeys([*first.values(), *others]))[:SEATS]

    def _see(self, to: Address, card: Card) -> None:
        self.company.receive(to, card, now=self.clock.now(), day=self.day)


def date_in(path: Path) -> date | None:
    """The date in a go-live file: one that is rehearsed may lie in the past."""
    try:
        written = tomllib.loads(path.read_text("utf-8")).get("date")
    except (OSError, ValueError):
        return None  # reading it properly says what is wrong
    return written if isinstance(written, date) else None


def as_web(address: str) -> Address:
    """In a rehearsal everybody is in the web chat, wherever they will be."""
    platform, _, account = address.partition(":")
    return Address("web", account if platform == "web" else address.replace(":", "-"))


def in_the_web_chat(file: GoLiveFile) -> GoLiveFile:
    """The same go-live with everybody in the web chat."""
    return moved(file, lambda address: str(as_web(address)))


def reached_at(venue: Venue, file: GoLiveFile) -> GoLiveFile:
    """The same go-live with everybody on the platform that the rehearsal takes place on."""
    return moved(file, lambda address: str(venue.address(as_web(address))))


def moved(file: GoLiveFile, to: Callable[[str], str]) -> GoLiveFile:
    return replace(
        file,
        leads=tuple(replace(lead, address=to(lead.address)) for lead in file.leads),
        teams=tuple(replace(team, manager=to(team.manager) if team.manager else None) for team in file.teams),
        roster=tuple(replace(line, address=to(line.address)) for line in file.roster),
    )


def company(file: GoLiveFile, story: Story, venue: Venue, *, bank: Bank, seed: int) -> Company:
    rights = {check.text: check.right for check in file.knowledge_checks}
    staff = {
        venue.address(as_web(line.address)): Staff(
            account=line.address, team=line.team, rights=rights, bank=bank, story=story, seed=seed
        )
        for line in file.roster
        if line.role != "lead"
    }
    lead = Lead(venue.address(as_web(file.leads[0].address)), confused_team=story.planted[0].team)
    return Company(staff=staff, lead=lead, seed=seed)


def begin_or_go_on(session: Session, file: GoLiveFile, *, before: int = BEFORE) -> tuple[int, datetime]:
    """Load the go-live as of its first day of play, or find where an earlier play stopped."""
    golive: GoLive | None = find_golive(session, organisation=file.organisation, system=file.system)
    if golive is not None and golive.id is not None and golive.ticked is not None:
        return golive.id, golive.ticked
    zone = ZoneInfo(file.timezone)
    begin = datetime.combine(file.date - timedelta(days=before), time(6), tzinfo=zone).astimezone(UTC)
    return load(session, file, now=begin, platforms={"web"}).golive_id, begin


async def rehearse(settings: Settings, wish: Rehearsal, *, out: Console) -> None:
    """Play, show what was found, and stay up for the newcomer."""
    folder = Path("var") / "rehearsal"
    path = wish.path or PRACTICE
    if not path.exists() and wish.path is None:
        message = "The example is not installed here. Name a go-live file of your own: pulse rehearse golive.toml"
        raise NoExample(message)
    golive = in_the_web_chat(read_golive(path, today=datetime.now(UTC).date(), known_date=date_in(path)))
    own = settings.model_copy(
        update={"database_url": f"sqlite:///{folder / 'pulse.db'}", "keys": folder / "pulse.keys"}
    )
    with alone(own.database_url):
        for name in LEFT_BEHIND if wish.fresh else ():
            (folder / name).unlink(missing_ok=True)
        await rehearse_alone(own, wish, golive, out=out)


async def rehearse_alone(settings: Settings, wish: Rehearsal, golive: GoLiveFile, *, out: Console) -> None:
    database = open_database(settings)
    try:
        with settings.keys.with_name("pulse.log").open("a") as log:
            logs.configure(settings.log_level, stream=log)
            play = Play(wish, golive, database=database, bank=load_bank(), base_url=settings.base_url)
            listener = bind(settings.host, settings.port)
            async with play.application.running():
                pages = site(database, play.web, clock=play.clock, base_url=settings.base_url)
                beside = show(play, base_url=settings.base_url, out=out)
                await serve(pages, listener=listener, hang_up=play.web.hang_up, beside=beside)
    finally:
        database.close()


async def show(play: Play, *, base_url: str, out: Console) -> None:
    doors = [("Transition lead", as_web(play.file.leads[0].address)), *play.seats()]
    out.print(
        f"[bold]{play.file.name}[/bold]: {len(play.company.staff)} people, {len(play.file.teams)} teams, played fast."
    )
    for name, address in doors:
        link = base_url + enter_path(play.database.keys.links, address.account)
        out.print(f"  open {link}  [dim]{name}[/dim]", soft_wrap=True)
    await play_days(play, out=out)
    out.print(as_table(play.findings(), day=play.day))
    if play.wish.stay:
        out.print("Play has ended and the bot stays up: answer as one of the five, ask something, reply as the lead.")
        await take_part(play, out=out)


async def play_days(play: Play, *, out: Console) -> None:
    """Let the days pass, the last pulse left open for the five seats."""
    last = play.file.date + timedelta(days=play.wish.until)
    total = play.wish.until + BEFORE
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task(f"day {play.day}", total=total, completed=play.day + BEFORE)
        for moment in play.moments(until=last):
            before = play.day
            await play.step(moment)
            if play.day != before:
                progress.update(bar, completed=play.day + BEFORE, description=f"day {play.day}")
                if play.wish.speed:
                    await asyncio.sleep(1 / play.wish.speed)


async def take_part(play: Play, *, out: Console) -> None:
    """Stay up. Enter lets time pass to the evening of the next working day; the lead is now whoever sits there."""
    play.company.lead = replace(play.company.lead, address=Address("web", ""))
    keyboard = Keyboard()
    try:
        while True:
            out.print("[dim]Enter: on to the next working day. Ctrl-C: stop; the same command goes on from here.[/dim]")
            await keyboard.line()
            for moment in play.moments(until=next_working_day(play.today, closed=play.file.closed)):
                await play.step(moment)
            out.print(f"It is the evening of {play.today:%A}, day {play.day}.")
    finally:
        keyboard.close()
