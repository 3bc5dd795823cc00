"""From a closed wave to an alert: seal, count, look, triage."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session, col, delete, select

from analytics.family import detect_all, recovered
from analytics.sentences import LEAST
from analytics.signals import Signal
from analytics.wave_figures import WaveFigure
from bot.api.webhooks import announce
from bot.clock import local_date
from bot.delivery.letters import to_leads
from bot.delivery.outbox import DeliveryKind, never_left, withdraw
from bot.insight import alerts, cells
from bot.insight.alerts import AlertState
from bot.insight.frames import count, history
from bot.insight.publishing import decide, evidence, keep_figures
from bot.storage.database import Database
from bot.storage.transcript import ChatMessage
from surveys.golives import GoLive, strata_of
from surveys.invitations import never_asked
from surveys.sealing import SEALED_TABLES, seal
from surveys.waves import Wave, WaveState


async def close_waves(database: Database, golive_id: int, *, now: datetime) -> bool:
    """Seal and count every wave of a go-live whose time is over; whether there is news."""
    for wave_id in await database.read(waves_to_close, golive_id, now=now):
        await database.transact(seal_wave, wave_id)
    sealed = await database.read(waves_to_count, golive_id)
    if sealed:  # also those that were sealed just before the last stop
        await database.scrub((*SEALED_TABLES, "invitation", "delivery", "chat_message"))
    for wave in sealed:
        answers, participation = await database.read(rows_of, wave)
        counted = await asyncio.to_thread(count, answers, participation)
        figures = await asyncio.to_thread(decide, await database.read(evidence, wave))
        await database.transact(keep, wave.id, counted, figures)
    return bool(sealed)


def waves_to_close(session: Session, golive_id: int, *, now: datetime) -> list[int]:
    due = select(Wave.id).where(Wave.golive_id == golive_id, Wave.state == WaveState.OPEN, col(Wave.closes) <= now)
    return [key for key in session.exec(due.order_by(col(Wave.on))) if key is not None]


def waves_to_count(session: Session, golive_id: int) -> list[Wave]:
    sealed = select(Wave).where(Wave.golive_id == golive_id, Wave.state == WaveState.SEALED)
    return list(session.exec(sealed.order_by(col(Wave.on))))


def seal_wave(session: Session, wave_id: int) -> None:
    """Seal, and erase the messages that would still tell who was asked and who answered."""
    never_asked(session, never_left(session, f"wave:{wave_id}:"))  # the bot was down: that is not their silence
    withdraw(session, f"wave:{wave_id}:")
    session.exec(delete(ChatMessage).where(col(ChatMessage.key).startswith(f"wave:{wave_id}:", autoescape=True)))
    seal(session, wave_id)


def rows_of(session: Session, wave: Wave) -> tuple[list[cells.AnswerRow], list[cells.ParticipationRow]]:
    return cells.answer_rows(session, wave), cells.participation_rows(session, wave)


def keep(session: Session, wave_id: int | None, rows: list[cells.CellRow], figures: Sequence[WaveFigure]) -> None:
    wave = session.get_one(Wave, wave_id)
    if wave.state == WaveState.SEALED:
        cells.keep_cells(session, wave, rows)
        keep_figures(session, wave, figures)
        wave.state = WaveState.COUNTED
        session.add(wave)


async def look(database: Database, golive_id: int, *, now: datetime) -> None:
    """Run the detectors over the cells of a go-live, and raise or close alerts."""
    golive, rows = await database.read(
        lambda session: (session.get_one(GoLive, golive_id), cell_rows(session, golive_id))
    )
    if not rows:
        return
    through = local_date(now, golive.timezone)
    seen = history(rows, golive=golive.date, through=through)
    signals = await asyncio.to_thread(detect_all, seen, least=max(golive.group_minimum, LEAST))
    await database.transact(raise_and_close, golive_id, signals, eased=partial(recovered, seen), now=now)


def cell_rows(session: Session, golive_id: int) -> list[cells.CellRow]:
    return cells.cell_rows(session, golive_id)


def raise_and_close(
    session: Session, golive_id: int, signals: list[Signal], *, eased: Callable[..., bool], now: datetime
) -> None:
    """Alert and message in one transaction: neither can be lost without the other."""
    golive = session.get_one(GoLive, golive_id)
    today = local_date(now, golive.timezone)
    raised = alerts.triage(session, golive_id, signals, minimum=golive.group_minimum)
    to_leads(session, golive, DeliveryKind.ALERT, [str(alert.id) for alert in raised], now=now)
    announce(session, golive_id, "alert.raised", raised, now=now)
    teams = strata_of(session, golive_id)
    over = [
        alert
        for alert in alerts.open_alerts(session, golive_id)
        if eased(alert.kind, team=teams[alert.stratum_id].name, since=alert.raised_on, route=alert.route or None)
    ]
    for alert in over:
        alerts.settle_alert(session, alert.id or 0, AlertState.CLOSED, reader_id=None, today=today)
    to_leads(session, golive, DeliveryKind.ALERT, [f"{alert.id}:closed" for alert in over], now=now)
    announce(session, golive_id, "alert.closed", over, now=now)
