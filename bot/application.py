"""The bot, put together: database, platforms, conversation, deliveries, detection."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from adapters.chat import ChatAdapter, Directory
from bot.api import webhooks
from bot.clock import Clock
from bot.conversation.answering import compose_question
from bot.conversation.digesting import compose_digest
from bot.conversation.greeting import compose_hello
from bot.conversation.listen import Conversation
from bot.conversation.news import compose_news
from bot.conversation.pulses import compose_prompts, prompts_before
from bot.delivery.drain import Composer, Drain, Outlet, one_by_one
from bot.delivery.notices import compose_notice
from bot.delivery.outbox import DeliveryKind, lines
from bot.insight.alert_card import compose_alert
from bot.insight.detection import close_waves, look
from bot.keep import Keep
from bot.retention import keep_house, night_of
from bot.roster_sync import RosterSync
from bot.storage.database import Database
from bot.timetable.agenda import advance, golives
from bot.who_sets_up import SetUpBy
from surveys.bank import Bank, load_bank

log = structlog.get_logger()

OVERDUE = timedelta(minutes=5)  #: since the last tick that came through; one takes seconds

COMPOSERS: Mapping[str, Composer] = {
    DeliveryKind.PROMPT: compose_prompts,
    DeliveryKind.REMINDER: compose_prompts,
    DeliveryKind.ALERT: one_by_one(compose_alert),
    DeliveryKind.DIGEST: one_by_one(compose_digest),
    DeliveryKind.QUESTION: one_by_one(compose_question),
    DeliveryKind.NOTICE: one_by_one(compose_notice),
    DeliveryKind.HELLO: one_by_one(compose_hello),
    DeliveryKind.NEWS: one_by_one(compose_news),
}


class Application:
    def __init__(
        self,
        database: Database,
        *,
        adapters: Sequence[ChatAdapter],
        clock: Clock,
        bank: Bank | None = None,
        keep: Keep | None = None,
        base_url: str = "",
        set_up_by: SetUpBy = SetUpBy(),  # noqa: B008  # frozen, and the usual rule
    ) -> None:
        self.database = database
        self.adapters = {adapter.platform: adapter for adapter in adapters}
        self.clock = clock
        directories = {one.platform: one for one in adapters if isinstance(one, Directory)}
        self.conversation = Conversation(
            database,
            clock=clock,
            base_url=base_url,
            platforms=self.adapters.keys(),
            directories=directories,
            set_up_by=set_up_by,
        )
        self._bank = bank or load_bank()
        self._drain = Drain(database, self.adapters, composers=COMPOSERS, takes_place_of=prompts_before)
        self._rosters = RosterSync(database, directories)
        self._keep = keep or Keep()
        self._night = date.min  #: the last one whose round was made
        self._clean = True  #: the last round left nothing in old pages
        self._ticking = asyncio.Lock()
        self._ticked: datetime | None = None  #: when everything that was due had last been done

    async def waiting_for(self, *, ticks: bool = True) -> list[str]:
        """What keeps the bot from being ready: "database", "timetable" where it ticks itself; nothing when it is."""
        waits = []
        try:
            await self.database.read(golives)
        except DBAPIError:
            waits.append("database")
        if ticks and (self._ticked is None or self.clock.now() - self._ticked > OVERDUE):
            waits.append("timetable")
        return waits

    async def tick(self) -> None:
        """Do everything that has come due: plan, close, look, send. Safe to call at any time, and to interrupt."""
        async with self._ticking:
            self.conversation.forget()
            for golive_id in await self.golives():
                await self.tend(golive_id)
            await self.rescue()
            await self._drain.drain(self.clock.now())
            await self.database.empty_log()  # which shows the order of answers: minutes of it, not hours
            await self.keep_house()
            self._ticked = self.clock.now()

    async def stay_honest(self) -> None:
        """What a process that only listens must do as time passes: let go of who counted for what."""
        self.conversation.forget()

    # The pieces of a tick, as `bot.timetable.work.Work` names them, so that several machines can share them out.

    async def golives(self) -> list[int]:
        return await self.database.read(golives)

    async def tend(self, golive_id: int) -> None:
        now = self.clock.now()
        await self._rosters.follow(golive_id, now=now)
        await self.database.transact(advance, golive_id, now=now, bank=self._bank)
        if await close_waves(self.database, golive_id, now=now):
            await look(self.database, golive_id, now=now)
        await webhooks.send_due(self.database, golive_id, now=now)

    async def outlets(self) -> list[Outlet]:
        return sorted({line.outlet for line in await self.database.read(lines, now=self.clock.now())})

    async def send(self, outlet: Outlet) -> int:
        return await self._drain.drain(self.clock.now(), outlet=outlet)

    async def rescue(self) -> None:
        await self._drain.recover(self.clock.now(), leased=True)

    async def keep_house(self) -> None:
        now = self.clock.now()
        if self._night == (night := night_of(now)):
            return
        made = await keep_house(self.database, self._keep, now=now, rewrites=not self._clean)
        self._clean = made.clean
        self._night = night if made.clean else self._night
        log.info("kept house", rows=sum(made.taken.values()), keys=len(made.drawers))

    @asynccontextmanager
    async def running(self, *, alone: bool = True) -> AsyncIterator[None]:
        """Listen on every platform; where nobody else sends, first look up what the last stop left unfinished."""
        if alone:
            await self._drain.recover(self.clock.now())
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(adapter.run(self.conversation.hear)) for adapter in self.adapters.values()]
            await asyncio.sleep(0)  # the adapters begin to listen
            log.info("running", platforms=sorted(self.adapters))
            try:
                yield
            finally:
                for task in listening:
                    task.cancel()
