"""Sending what is due: claim, send outside any transaction, write down what became of it."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from adapters.chat import Card, ChatAdapter, DeliveryError
from bot.delivery.contacts import Contact
from bot.delivery.outbox import (
    ASKING,
    LEASE,
    Claimed,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Line,
    Mark,
    claim,
    expire,
    forget_notices,
    lines,
    mark,
    unfinished,
)
from bot.delivery.willing import asked_today, people_asked
from bot.hours import awake_after
from bot.storage.database import Database
from surveys.errors import SurveyError
from surveys.golives import GoLive
from surveys.invitations import Disposition, settle
from surveys.roster import Participant

log = structlog.get_logger()

DEADLINE = timedelta(seconds=30)  # for one message, its turn in the platform's pace included
LOOK_AFTER = timedelta(seconds=30)  # platforms show a message late that they took just before a connection broke
BATCH = 50  # messages claimed and sent side by side
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)

#: Says what messages of one kind read now, by their number; leaves out what is no longer wanted. Runs in the
#: transaction that claims, for all messages of that kind at once: most of what it reads is the same for all of them.
Composer = Callable[[Session, Sequence[Claimed], datetime], Mapping[int, Card]]

#: A platform and a workspace: what shares one pace.
Outlet = tuple[str, str]

#: An earlier message's id, and what stands there from now on.
Before = tuple[str, Card]

#: The messages whose place those of a batch take, by the number of the later one.
TakesPlace = Callable[[Session, Sequence[Delivery]], Mapping[int, Before]]


def one_by_one(compose: Callable[[Session, Delivery, Contact, datetime], Card | None]) -> Composer:
    """A composer for messages of which each says something else, or of which there are few."""

    def compose_all(session: Session, claimed: Sequence[Claimed], now: datetime) -> dict[int, Card]:
        cards = {number(delivery): compose(session, delivery, contact, now) for delivery, contact in claimed}
        return {key: card for key, card in cards.items() if card is not None}

    return compose_all


def takes_no_place(_session: Session, _deliveries: Sequence[Delivery]) -> dict[int, Before]:
    return {}


def number(delivery: Delivery) -> int:
    assert delivery.id is not None
    return delivery.id


@dataclass(frozen=True, slots=True)
class Outgoing:
    delivery: Delivery
    contact: Contact
    card: Card
    before: Before | None  #: the message whose place this one takes
    until: float  #: on the monotonic clock, when it is too late to begin: somebody else may have taken it over


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message, still to be written down."""

    outgoing: Outgoing
    mark: Mark
    gone: bool = False  #: its address will never work again

    @property
    def arrived(self) -> bool:
        return self.mark.state == DeliveryState.SENT


class Drain:
    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, ChatAdapter],
        *,
        composers: Mapping[str, Composer],
        takes_place_of: TakesPlace = takes_no_place,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._composers = composers
        self._takes_place_of = takes_place_of

    async def drain(self, now: datetime, *, outlet: Outlet | None = None) -> int:
        """Send everything that is due, everywhere or through one outlet; how many messages left.

        Outlets send side by side, so that one that is slow or told to wait holds up nobody else. In each the go-lives
        take turns, so that a small one does not wait for a large one.
        """
        await self._database.transact(expire, now=now)
        waiting: dict[Outlet, list[Line]] = {}
        for line in await self._database.read(lines, now=now):
            waiting.setdefault(line.outlet, []).append(line)
        chosen = [found for name, found in waiting.items() if outlet in {None, name}]
        left = await asyncio.gather(*(self._drain_lines(found, now=now) for found in chosen), return_exceptions=True)
        sent = sum(one for one in left if isinstance(one, int))
        if sent:
            await self._database.transact(forget_notices)
        for broken in left:
            if isinstance(broken, BaseException):
                raise broken
        return sent

    async def _drain_lines(self, waiting: Sequence[Line], *, now: datetime) -> int:
        turns, sent = deque(waiting), 0
        while turns:
            line = turns.popleft()
            if batch := await self._database.transact(self._claim_and_compose, line, now=now):
                turns.append(line)
                sent += await self._send_all(batch, now=now)
        return sent

    async def recover(self, now: datetime, *, leased: bool = False) -> None:
        """Look up what was handed over and never confirmed, where the platform can be read.

        After a start that is everything, because nobody else sends; with `leased` only that whose sender had its time.
        What did not arrive is sent again. A prompt whose fate cannot be read counts as sent, and the reminder covers
        it; an alert, a digest or a question is sent again, because a lead would rather read it twice than never.
        """
        for delivery, contact in await self._database.read(unfinished, now=now if leased else None):
            found = await self._look_up(delivery, contact, now=now)
            if found is not None:
                await self._database.transact(mark, [found])
                log.info("recovered", delivery=delivery.id, state=found.state)

    async def _look_up(self, delivery: Delivery, contact: Contact, *, now: datetime) -> Mark | None:
        """What is known of a message's fate now; None while it may still turn up."""
        try:
            message_id = await self._adapters[contact.platform].find(contact.address, key=delivery.key)
        except (KeyError, DeliveryError):
            unread = DeliveryState.UNKNOWN if delivery.kind in ASKING else DeliveryState.PENDING
            return Mark.of(delivery, state=unread, reason=delivery.reason, due=now)
        if message_id is not None:
            return Mark.of(delivery, state=DeliveryState.SENT, message_id=message_id)
        if delivery.lease is not None and now < delivery.lease - LEASE + LOOK_AFTER:
            return None
        return Mark.of(delivery, state=DeliveryState.PENDING, due=now)

    def _claim_and_compose(self, session: Session, line: Line, *, now: datetime) -> list[Outgoing]:
        outgoing: list[Outgoing] = []
        until = time.monotonic() + (LEASE - DEADLINE).total_seconds()
        # Whatever is no longer wanted must not end the drain: claim on until something is left to send.
        while not outgoing and (claimed := claim(session, now=now, limit=BATCH, line=line)):
            cards = self._compose(session, claimed, now=now)
            people = people_asked(session, claimed)
            today = asked_today(session, people.values(), now=now)
            later: list[Mark] = []
            for delivery, contact in claimed:
                key = number(delivery)
                person = people.get(key)
                if key not in cards or (person is not None and person.id not in today):
                    drop(session, delivery, state=DeliveryState.EXPIRED)
                elif not contact.reachable:
                    drop(session, delivery, state=DeliveryState.FAILED, reason="unreachable")
                elif (awake := awake_at(session, delivery, person, now=now)) > now:
                    later.append(Mark.of(delivery, state=DeliveryState.PENDING, due=awake))
                else:
                    outgoing.append(Outgoing(delivery, contact, cards[key], before=None, until=until))
            mark(session, later)
        before = self._takes_place_of(session, [one.delivery for one in outgoing])
        return [replace(one, before=before.get(number(one.delivery))) for one in outgoing] if before else outgoing

    def _compose(self, session: Session, claimed: Sequence[Claimed], *, now: datetime) -> dict[int, Card]:
        alike: dict[Composer, list[Claimed]] = {}
        for one in claimed:
            alike.setdefault(self._composers[one[0].kind], []).append(one)
        cards: dict[int, Card] = {}
        for compose, those in alike.items():
            cards.update(compose(session, those, now))
        return cards

    async def _send_all(self, batch: Sequence[Outgoing], *, now: datetime) -> int:
        """Send side by side. Whatever has arrived is written down in one transaction while the rest is on its way."""
        going: set[asyncio.Task[Fate | None]] = {asyncio.create_task(self._send(one, now=now)) for one in batch}
        sent, broken = 0, None
        try:
            while going:
                done, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
                broken = next((error for task in done if (error := task.exception())), broken)
                fates = [fate for task in done if not task.exception() and (fate := task.result())]
                if fates:
                    await self._database.transact(write_down, fates)
                for fate in fates:
                    tell(fate)
                    if fate.arrived and fate.outgoing.before is not None:
                        going.add(asyncio.create_task(self._replace(fate.outgoing, *fate.outgoing.before)))
                sent += sum(fate.arrived for fate in fates)
        finally:
            for task in going:  # nobody waits for them any more: the bot is being stopped
                task.cancel()
        if broken is not None:  # a mistake in the code, and loud; but what had left beside it is written down
            raise broken
        return sent

    async def _send(self, outgoing: Outgoing, *, now: datetime) -> Fate | None:
        delivery, contact = outgoing.delivery, outgoing.contact
        adapter = self._adapters.get(contact.platform)
        if adapter is None:
            return Fate(outgoing, Mark.of(delivery, state=DeliveryState.FAILED, reason="platform_not_configured"))
        if time.monotonic() > outgoing.until:  # this machine stood still: what it claimed is looked up, not sent
            return None
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                message_id = await adapter.send(contact.address, outgoing.card, key=delivery.key)
        except TimeoutError:
            return Fate(outgoing, after(delivery, DeliveryError("too_slow", unknown=True), now=now))
        except DeliveryError as error:
            return Fate(outgoing, after(delivery, error, now=now), gone=error.permanent)
        return Fate(outgoing, Mark.of(delivery, state=DeliveryState.SENT, message_id=message_id))

    async def _replace(self, outgoing: Outgoing, message_id: str, card: Card) -> None:
        contact = outgoing.contact
        try:
            await self._adapters[contact.platform].replace(contact.address, message_id, card)
        except DeliveryError as error:  # two forms stand there instead of one, and either takes the answer
            log.warning("not replaced", delivery=outgoing.delivery.id, reason=error.reason)


def tell(fate: Fate) -> None:
    delivery = fate.outgoing.delivery
    if fate.arrived:
        log.debug("delivered", delivery=delivery.id, kind=delivery.kind, platform=fate.outgoing.contact.platform)
    else:
        log.warning("not delivered", delivery=delivery.id, kind=delivery.kind, reason=fate.mark.reason)


def write_down(session: Session, fates: Iterable[Fate]) -> None:
    """What became of messages that were on their way."""
    fates = list(fates)
    mark(session, [fate.mark for fate in fates])
    for fate in fates:
        if fate.gone:
            lose(session, fate.outgoing.delivery)
        if fate.mark.state == DeliveryState.FAILED:
            never_reached(session, fate.outgoing.delivery)


def after(delivery: Delivery, error: DeliveryError, *, now: datetime) -> Mark:
    """What follows from an error: never again, not again before it was looked up, or later."""
    if error.permanent:
        return Mark.of(delivery, state=DeliveryState.FAILED, reason=error.reason)
    if error.unknown and delivery.kind in ASKING:
        return Mark.of(delivery, state=DeliveryState.UNKNOWN, reason=error.reason, lease=now + LOOK_AFTER)
    wait = timedelta(seconds=error.retry_after) if error.retry_after else back_off(delivery.attempts)
    return Mark.of(delivery, state=DeliveryState.PENDING, reason=error.reason, due=now + wait)


def back_off(attempts: int) -> timedelta:
    """Doubles with every attempt, capped, with jitter so that many do not come back at once."""
    doublings = min(attempts - 1, 10)  # far beyond the cap, far below what a timedelta can hold
    jitter = random.uniform(0.75, 1.25)  # noqa: S311  # spreads load; nothing secret
    return min(FIRST_RETRY * int(2**doublings), LONGEST_RETRY) * jitter


def awake_at(session: Session, delivery: Delivery, person: Participant | None, *, now: datetime) -> datetime:
    """Now, or the end of quiet hours: what was late, or tried again, must not wake anybody."""
    golive = session.get_one(GoLive, delivery.golive_id)
    return awake_after(golive, now, zone=person.timezone if person else golive.timezone, person=person)


def drop(session: Session, delivery: Delivery, *, state: DeliveryState, reason: str | None = None) -> None:
    """A message that will not be sent."""
    mark(session, [Mark.of(delivery, state=state, reason=reason)])
    never_reached(session, delivery)


def lose(session: Session, delivery: Delivery) -> None:
    """The platform says this address will never work: remember it."""
    contact = session.get(Contact, delivery.contact_id)
    if contact is not None:  # else the person was erased while the message was on its way
        contact.reachable = False


def never_reached(session: Session, delivery: Delivery) -> None:
    """Whoever was never asked is not counted among those who did not answer."""
    if delivery.kind == DeliveryKind.PROMPT:
        with suppress(SurveyError):  # answered already, or closed
            settle(session, delivery.subject, Disposition.UNREACHABLE)
