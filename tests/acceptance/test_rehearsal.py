"""A whole go-live of a family practice, played by simulated staff on the real bot: what it finds, what it leaves."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.delivery.outbox import Delivery, DeliveryState
from bot.insight.alerts import Alert, AlertState
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, as_web, in_the_web_chat
from bot.settings import Settings
from bot.setup import open_database
from bot.storage.transcript import messages
from surveys import actions, questions
from surveys.bank import load_bank
from surveys.golive_file import read_golive
from surveys.invitations import Invitation
from surveys.questions import Question, QuestionState
from surveys.waves import Wave, WaveState

pytestmark = pytest.mark.slow

GOLIVE = date(2027, 3, 1)
LAST_DAY = 60


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    settings = Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys")
    file = in_the_web_chat(read_golive(PRACTICE, today=GOLIVE))
    database = open_database(settings)
    play = Play(Rehearsal(until=LAST_DAY), file, database=database, bank=load_bank())

    async def run() -> None:
        async with play.application.running():
            for moment in play.moments(until=GOLIVE + timedelta(days=LAST_DAY)):
                await play.step(moment)

    asyncio.run(run())
    yield play
    database.close()


def test_both_planted_troubles_are_found_after_they_begin(played: Play) -> None:
    matched = {planted.kind: found for planted, found in played.findings().matched}
    assert set(matched) == {"silent_confusion", "workaround"}
    for planted, found in played.findings().matched:
        assert found is not None
        assert planted.begins <= found.raised <= planted.begins + 28


def test_no_other_alert_is_raised(played: Play) -> None:
    assert played.findings().others == ()


def test_what_was_done_about_the_confusion_closes_its_alert(played: Play) -> None:
    with played.database.session() as session:
        confusion = session.exec(select(Alert).where(Alert.kind == "silent_confusion")).one()
    assert confusion.state == AlertState.CLOSED
    assert confusion.settled_on is not None
    assert confusion.settled_on > confusion.raised_on


def test_the_way_round_waits_for_a_decision(played: Play) -> None:
    with played.database.session() as session:
        workaround = session.exec(select(Alert).where(Alert.kind == "workaround")).one()
    assert workaround.state == AlertState.RAISED


def test_every_wave_but_the_last_is_counted_and_its_invitations_are_forgotten(played: Play) -> None:
    with played.database.session() as session:
        waves = list(session.exec(select(Wave).order_by(col(Wave.on))))
        invited = set(session.exec(select(Invitation.wave_id)))
    assert len(waves) > 25
    assert {wave.state for wave in waves[:-1]} == {WaveState.COUNTED}
    assert invited <= {wave.id for wave in waves if wave.state == WaveState.OPEN}


def test_nothing_is_left_on_the_way_and_nothing_failed(played: Play) -> None:
    with played.database.session() as session:
        states = Counter(session.exec(select(Delivery.state)))
    assert set(states) <= {DeliveryState.SENT, DeliveryState.EXPIRED, DeliveryState.PENDING}
    with played.database.session() as session:
        due = select(Delivery).where(Delivery.state == DeliveryState.PENDING, col(Delivery.due) <= played.clock.now())
        assert list(session.exec(due)) == []


def test_the_questions_of_all_but_the_last_days_are_answered_and_published(played: Play) -> None:
    with played.database.session() as session:
        early = [q for q in session.exec(select(Question)) if q.day < GOLIVE + timedelta(days=50)]
        assert len(early) >= 3
        assert {q.state for q in early} == {QuestionState.REPLIED}
        assert len(questions.published(session, played.golive_id)) >= len(early)


def test_what_was_done_was_told_with_a_pulse(played: Play) -> None:
    with played.database.session() as session:
        told_on = set(session.exec(select(actions.Action.told_on)))
    assert told_on
    assert None not in told_on


def test_the_lead_had_a_digest_on_every_working_day_of_cutover(played: Play) -> None:
    lead = as_web(played.file.leads[0].address).account
    with played.database.session() as session:
        first_lines = [card.text.splitlines()[0] for _, card in messages(session, lead)]
    for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14):
        assert sum(line.startswith(f"**Day {day}. ") for line in first_lines) == 1, day


def test_the_five_seats_have_an_open_pulse_in_front_of_them(played: Play) -> None:
    with played.database.session() as session:
        for _, address in played.seats():
            cards = [card for _, card in messages(session, address.account)]
            assert any(action.name == "answer" for card in cards for action in card.actions), address
