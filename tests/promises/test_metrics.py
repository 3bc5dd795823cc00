"""What Prometheus is told moves with nobody's press: no answer of an open wave, no question, no notice to its asker.

To see it fail: let `bot.metrics.figures` count responses of open waves, or take `not_told` out of its selections.
"""

from datetime import datetime, timedelta

import httpx
from prometheus_client import CollectorRegistry, generate_latest
from sqlmodel import Session, select

from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery, DeliveryKind
from bot.logs import Tally
from bot.metrics import Gauges, exposed
from bot.server import bind
from bot.storage.database import Database
from surveys import questions, receipts
from surveys.instruments import Answer, Instrument
from surveys.responses import submit
from surveys.roster import Participant
from surveys.sealing import seal
from surveys.waves import Fielded, Wave

NAMES = {
    *("pulse_log_events", "pulse_deliveries", "pulse_delivery_lag_seconds", "pulse_tick_age_seconds", "pulse_golives"),
    *("pulse_waves_open", "pulse_responses_sealed", "pulse_database_up"),
}
STATES = {"pending", "sending", "sent", "unknown", "failed", "expired"}


def gauges(database: Database, now: datetime) -> Gauges:
    return Gauges(database, tally=Tally(), now=lambda: now)


def told(database: Database, now: datetime) -> str:
    collected = CollectorRegistry(auto_describe=False)
    collected.register(gauges(database, now))
    return generate_latest(collected).decode()


def answer(session: Session, wave: Wave) -> None:
    fielded = session.exec(select(Fielded).where(Fielded.wave_id == wave.id).limit(1)).one()
    question = Instrument.from_json(fielded.instrument).questions[0]
    given = Answer(question.name, question.construct, question.options[0][0])
    submit(session, wave_id=wave.id or 0, stratum_id=fielded.stratum_id, answers=[given], remarks=[])


def test_an_answer_moves_no_figure_while_its_wave_is_open(database: Database, wave: Wave, evening: datetime) -> None:
    before = told(database, evening)
    with database.begin() as session:
        answer(session, wave)
    assert told(database, evening) == before
    with database.begin() as session:
        seal(session, wave.id or 0)
    assert "pulse_responses_sealed_total 1.0" in told(database, evening)


def test_a_question_moves_no_figure(database: Database, wave: Wave, evening: datetime) -> None:
    before = told(database, evening)
    with database.begin() as session:
        receipt = receipts.draw(b"0" * 32)
        questions.ask(session, golive_id=wave.golive_id, text="Where?", receipt=receipt, today=evening.date())
    assert told(database, evening) == before


def test_a_notice_that_a_reply_is_there_moves_no_figure(database: Database, wave: Wave, evening: datetime) -> None:
    before = told(database, evening)
    with database.begin() as session:
        contact = session.exec(select(Contact).limit(1)).one()
        session.add(
            Delivery(
                key="notice",
                kind=DeliveryKind.NOTICE,
                golive_id=wave.golive_id,
                contact_id=contact.id or 0,
                subject="",
                due=evening - timedelta(days=9),
                expires=evening + timedelta(days=1),
            )
        )
    assert told(database, evening) == before


def test_only_these_figures_are_told_with_these_labels_and_nobody_is_named(
    database: Database, wave: Wave, evening: datetime
) -> None:
    families = list(gauges(database, evening).collect())
    assert {family.name for family in families} == NAMES
    labels = {frozenset(sample.labels) for family in families for sample in family.samples}
    assert labels <= {frozenset(), frozenset({"state"}), frozenset({"level", "event"})}
    assert {sample.labels["state"] for f in families for sample in f.samples if "state" in sample.labels} == STATES
    text = told(database, evening)
    with database.session() as session:
        assert [person.name for person in session.exec(select(Participant)) if person.name in text] == []


def test_a_message_that_waits_shows_as_lag(database: Database, wave: Wave, evening: datetime) -> None:
    later = evening + timedelta(hours=1)
    waits = [line for line in told(database, later).splitlines() if line.startswith("pulse_delivery_lag_seconds ")]
    assert float(waits[0].split()[1]) >= 3600


def test_a_database_that_is_away_is_told_as_down(database: Database, evening: datetime) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE delivery RENAME TO elsewhere")
        connection.commit()
    try:
        assert "pulse_database_up 0.0" in told(database, evening)
    finally:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO delivery")
            connection.commit()


def test_prometheus_reads_them_on_a_port_of_their_own(database: Database, evening: datetime) -> None:
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with exposed(gauges(database, evening), host="127.0.0.1", port=port):
        page = httpx.get(f"http://127.0.0.1:{port}/metrics")
    assert "pulse_database_up 1.0" in page.text
