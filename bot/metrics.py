"""What Prometheus may ask: how deliveries stand, how late they are, whether the bot ticks. No person and no group.

Figures that move with one person's press would be a clock to watch people by: answers are counted only once their
wave is sealed, questions not at all.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import ColumnElement
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState
from bot.errors import PortTaken
from bot.logs import Tally
from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.responses import Response
from surveys.waves import Wave, WaveState


class Gauges:
    """Reads the database when it is asked; what it cannot read is told as `pulse_database_up 0`."""

    def __init__(self, database: Database, *, tally: Tally, now: Callable[[], datetime]) -> None:
        self._database = database
        self._tally = tally
        self._now = now

    def collect(self) -> Iterable[Metric]:
        yield logged(self._tally)
        up = GaugeMetricFamily("pulse_database_up", "1 while the database answers")
        try:
            with self._database.session() as session:
                yield from figures(session, now=self._now())
        except DBAPIError:
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
        yield up


def figures(session: Session, *, now: datetime) -> list[Metric]:
    deliveries = GaugeMetricFamily("pulse_deliveries", "Messages in the outbox", labels=["state"])
    counted = dict(session.exec(select(Delivery.state, func.count()).where(not_told()).group_by(Delivery.state)).all())
    for state in DeliveryState:
        deliveries.add_metric([state], counted.get(state, 0))
    lag = GaugeMetricFamily("pulse_delivery_lag_seconds", "How long the message that waits longest has been due")
    lag.add_metric([], longest_wait(session, now=now).total_seconds())
    ticked = GaugeMetricFamily("pulse_tick_age_seconds", "Since the timetable last went through a go-live")
    last = session.exec(select(func.max(col(GoLive.ticked)))).one()
    if last is not None:
        ticked.add_metric([], (now - as_utc(last)).total_seconds())
    golives = GaugeMetricFamily("pulse_golives", "Go-lives that are loaded")
    golives.add_metric([], session.exec(select(func.count()).select_from(GoLive)).one())
    waves = GaugeMetricFamily("pulse_waves_open", "Pulses that take answers now")
    open_ = select(func.count()).select_from(Wave).where(Wave.state == WaveState.OPEN)
    waves.add_metric([], session.exec(open_).one())
    answers = CounterMetricFamily("pulse_responses_sealed", "Filled-in pulses of sealed waves that are kept")
    sealed = select(func.count()).select_from(Response).join(Wave, col(Wave.id) == col(Response.wave_id))
    answers.add_metric([], session.exec(sealed.where(Wave.state != WaveState.OPEN)).one())
    return [deliveries, lag, ticked, golives, waves, answers]


def longest_wait(session: Session, *, now: datetime) -> timedelta:
    waiting = select(func.min(col(Delivery.due))).where(Delivery.state == DeliveryState.PENDING, not_told())
    due = session.exec(waiting).one()
    return max(now - as_utc(due), timedelta()) if due is not None else timedelta()


def not_told() -> ColumnElement[bool]:
    """All but the notices that a reply is there: each of them would tell that somebody asked."""
    return col(Delivery.kind) != DeliveryKind.NOTICE


def as_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def logged(tally: Tally) -> Metric:
    family = CounterMetricFamily("pulse_log_events", "Warnings and errors in the log", labels=["level", "event"])
    for (level, event), times in sorted(tally.counts.items()):
        family.add_metric([level, event], times)
    return family


@contextmanager
def exposed(gauges: Gauges, *, host: str, port: int) -> Iterator[None]:
    """Serve the figures on a port of their own, which no chat is on.

    Raises
    ------
    PortTaken
    """
    collected = CollectorRegistry(auto_describe=False)
    collected.register(gauges)
    try:
        server, thread = start_http_server(port, addr=host, registry=collected)
    except OSError as error:
        message = f"Port {port} on {host} is not free ({error.strerror}). Set PULSE_METRICS_PORT to another one."
        raise PortTaken(message) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
