"""Sending what is due: claim, send outside any transaction, write down what became of it."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from adapters.chat import Card, ChatAdapter, DeliveryError
from bot.clock import local_date
from bot.delivery.contacts import Contact
from bot.delivery.outbox import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    claim,
    expire,
    forget_notices,
    mark,
    unfinished,
)
from bot.hours import awake_after
from bot.storage.database import Database
from surveys.errors import SurveyError
from surveys.golives import GoLive
from surveys.invitations import Disposition, settle
from surveys.roster import Participant, to_be_asked

log = structlog.get_logger()

BATCH = 50  # messages claimed and sent side by side
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
ASKING = frozenset({DeliveryKind.PROMPT, DeliveryKind.REMINDER})  #: never sent twice, and never to whoever is away

#: Says what a message reads now, or None when it is no longer wanted. Runs in the transaction that claims.
Composer = Callable[[Session, Delivery, Contact, datetime], Card | None]


#: An earlier message's id, and what stands there from now on.
Before = tuple[str, Card]


@dataclass(frozen=True, slots=True)
class Outgoing:
    delivery: Delivery
    contact: Contact
    card: Card
    before: Before | None  #: the message whose place this one takes


class Drain:
    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, ChatAdapter],
        *,
        composers: Mapping[str, Composer],
        takes_place_of: Callable[[Session, Delivery], Before | None] = lambda _session, _delivery: None,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._composers = composers
        self._takes_place_of = takes_place_of

    async def drain(self, now: datetime) -> int:
        """Send everything that is due; how many messages left."""
        await self._database.transact(expire, now=now)
        sent = 0
        while batch := await self._database.transact(self._claim_and_compose, now=now):
            results = await asyncio.gather(*(self._send(outgoing, now=now) for outgoing in batch))
            sent += sum(results)
        if sent:
            await self._database.transact(forget_notices)
        return sent

    async def recover(self, now: datetime) -> None:
        """After a start: what was handed over and never confirmed is looked up where the platform can be read.

        A prompt whose fate cannot be read counts as sent, and the reminder covers it; an alert, a digest or a question
        is sent again, because a lead would rather read it twice than never.
        """
        for delivery, contact in await self._database.read(unfinished):
            state, message_id = DeliveryState.PENDING, None
            try:
                adapter = self._adapters[contact.platform]
                message_id = await adapter.find(contact.address, key=delivery.key)
                if message_id is not None:
                    state = DeliveryState.SENT
            except (KeyError, DeliveryError):
                if delivery.kind in ASKING:
                    state = DeliveryState.UNKNOWN
            await self._mark(delivery, state=state, message_id=message_id, due=now)
            log.info("recovered", delivery=delivery.id, state=state)

    def _claim_and_compose(self, session: Session, *, now: datetime) -> list[Outgoing]:
        outgoing: list[Outgoing] = []
        # Whatever is no longer wanted must not end the drain: claim on until something is left to send.
        while not outgoing and (claimed := claim(session, now=now, limit=BATCH)):
            for delivery, contact in claimed:
                card = self._composers[delivery.kind](session, delivery, contact, now)
                person = person_asked(session, delivery, contact)
                if card is None or (person is not None and not asked_today(session, person, now=now)):
                    drop(session, delivery, state=DeliveryState.EXPIRED)
                elif not contact.reachable:
                    drop(session, delivery, state=DeliveryState.FAILED, reason="unreachable")
                elif (awake := awake_at(session, delivery, person, now=now)) > now:
                    mark(session, delivery.id or 0, state=DeliveryState.PENDING, due=awake)
                else:
                    before = self._takes_place_of(session, delivery)
                    outgoing.append(Outgoing(delivery=delivery, contact=contact, card=card, before=before))
        return outgoing

    async def _send(self, outgoing: Outgoing, *, now: datetime) -> bool:
        delivery, contact = outgoing.delivery, outgoing.contact
        adapter = self._adapters.get(contact.platform)
        if adapter is None:
            await self._database.transact(drop, delivery, state=DeliveryState.FAILED, reason="platform_not_configured")
            return False
        try:
            message_id = await adapter.send(contact.address, outgoing.card, key=delivery.key)
        except DeliveryError as error:
            await self._after_error(outgoing, error, now=now)
            return False
        await self._mark(delivery, state=DeliveryState.SENT, message_id=message_id)
        if outgoing.before is not None:
            await self._replace(adapter, outgoing, *outgoing.before)
        log.debug("delivered", delivery=delivery.id, kind=delivery.kind, platform=contact.platform)
        return True

    async def _replace(self, adapter: ChatAdapter, outgoing: Outgoing, message_id: str, card: Card) -> None:
        try:
            await adapter.replace(outgoing.contact.address, message_id, card)
        except DeliveryError as error:  # two forms stand there instead of one, and either takes the answer
            log.warning("not replaced", delivery=outgoing.delivery.id, reason=error.reason)

    async def _after_error(self, outgoing: Outgoing, error: DeliveryError, *, now: datetime) -> None:
        delivery = outgoing.delivery
        log.warning("not delivered", delivery=delivery.id, kind=delivery.kind, reason=error.reason)
        if error.permanent:
            await self._database.transact(lose, delivery, reason=error.reason)
        elif error.unknown and delivery.kind in ASKING:
            await self._mark(delivery, state=DeliveryState.UNKNOWN, reason=error.reason)
        else:
            wait = timedelta(seconds=error.retry_after) if error.retry_after else back_off(delivery.attempts)
            await self._mark(delivery, state=DeliveryState.PENDING, reason=error.reason, due=now + wait)

    async def _mark(
        self,
        delivery: Delivery,
        *,
        state: DeliveryState,
        message_id: str | None = None,
        reason: str | None = None,
        due: datetime | None = None,
    ) -> None:
        await self._database.transact(
            mark, delivery.id or 0, state=state, message_id=message_id, reason=reason, due=due
        )


def back_off(attempts: int) -> timedelta:
    """Doubles with every attempt, capped, with jitter so that many do not come back at once."""
    doublings = min(attempts - 1, 10)  # far beyond the cap, far below what a timedelta can hold
    jitter = random.uniform(0.75, 1.25)  # noqa: S311  # spreads load; nothing secret
    return min(FIRST_RETRY * int(2**doublings), LONGEST_RETRY) * jitter


def person_asked(session: Session, delivery: Delivery, contact: Contact) -> Participant | None:
    """Whom a prompt or a reminder asks; None for whoever reads a letter."""
    if delivery.kind not in ASKING or contact.participant_id is None:
        return None
    return session.get_one(Participant, contact.participant_id)


def asked_today(session: Session, person: Participant, *, now: datetime) -> bool:
    """Whether this person may be asked on the day it is where they are; they may have gone on leave since the pulse."""
    today = local_date(now, person.timezone)
    return bool(to_be_asked(session, person.golive_id, on=today, only=person.id))


def awake_at(session: Session, delivery: Delivery, person: Participant | None, *, now: datetime) -> datetime:
    """Now, or the end of quiet hours: what was late, or tried again, must not wake anybody."""
    golive = session.get_one(GoLive, delivery.golive_id)
    return awake_after(golive, now, zone=person.timezone if person else golive.timezone)


def lose(session: Session, delivery: Delivery, *, reason: str) -> None:
    """The platform says this address will never work: remember it."""
    contact = session.get(Contact, delivery.contact_id)
    if contact is not None:  # else the person was erased while the message was on its way
        contact.reachable = False
    drop(session, delivery, state=DeliveryState.FAILED, reason=reason)


def drop(session: Session, delivery: Delivery, *, state: DeliveryState, reason: str | None = None) -> None:
    """A message that will not be sent. Whoever was never asked is not counted among those who did not answer."""
    mark(session, delivery.id or 0, state=state, reason=reason)
    if delivery.kind == DeliveryKind.PROMPT:
        with suppress(SurveyError):  # answered already, or closed
            settle(session, delivery.subject, Disposition.UNREACHABLE)
