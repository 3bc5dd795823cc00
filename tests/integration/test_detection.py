"""From closed pulses to an alert, and from better ones to its end: the bot looks by itself."""

import re
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select, update

from analytics.family import detect_all
from analytics.frames import STREAMS
from bot.delivery.outbox import Delivery, DeliveryState
from bot.insight import cells
from bot.insight.alerts import Alert
from bot.insight.cells import Cell, CellRow
from bot.insight.detection import close_waves, look, waves_to_count
from bot.insight.frames import count, history
from bot.insight.published import PublishedFigure
from surveys.golives import strata_of
from surveys.invitations import Turnout
from surveys.waves import Wave, WaveState
from tests.integration.conftest import DESK, NURSES, SUNDAY, Clinic

GO_LIVE = date(2027, 3, 1)
TEAMS = ("Front desk", "Nursing", "Billing")
OF_ROUTES = ("first_report", "report")
COUNTED = [(stream, "") for stream in STREAMS if stream not in {"nonresponse", *OF_ROUTES}] + [
    (stream, route) for stream in OF_ROUTES for route in ("paper", "old_system")
]


def working_days(number: int) -> list[date]:
    days = (GO_LIVE + timedelta(days=n) for n in range(2 * number + 4))
    return [day for day in days if day.weekday() < 5][:number]


def keep_wave(session: Session, on: date, *, wrong: dict[str, int]) -> None:
    """A counted pulse of eight people in each team, so many of whom chose a wrong first step."""
    wave = Wave(golive_id=1, on=on, phase="cutover", day=0, closes=SUNDAY, reminder=False, state=WaveState.SEALED)
    session.add(wave)
    session.flush()
    rows: list[CellRow] = []
    for stratum in strata_of(session, 1).values():
        x = wrong.get(stratum.name, 1)
        day = on.isoformat()
        rows += [(day, stratum.name, "nonresponse", "", 1, 9), (day, stratum.name, "wrong", "", x, 8)]
        rows += [(day, stratum.name, "fine_but_wrong", "", max(x - 1, 0), 8), (day, stratum.name, "low", "", 1, 16)]
    cells.keep_cells(session, wave, rows)
    wave.state = WaveState.COUNTED
    session.add(wave)


@pytest.fixture
def three_teams(clinic: Clinic) -> Clinic:
    clinic.files.teams = {
        team: tuple(f"{first} {team.split()[0]}{place}" for place, first in enumerate("ABCDEFGHI")) for team in TEAMS
    }
    clinic.files.addresses = {
        name: f"memory:{team.split()[0].lower()}-{place}"
        for team, names in clinic.files.teams.items()
        for place, name in enumerate(names)
    }
    clinic.load()
    return clinic


async def test_a_team_that_gets_it_wrong_is_found_and_its_alert_ends_when_it_gets_it_right(
    three_teams: Clinic,
) -> None:
    clinic = three_teams
    states = []
    for place, day in enumerate(working_days(34)):
        with clinic.database.begin() as session:
            keep_wave(session, day, wrong={"Nursing": 7} if 4 <= place < 14 else {})
        clinic.clock.set(SUNDAY.replace(year=day.year, month=day.month, day=day.day))
        await look(clinic.database, 1, now=clinic.clock.now())
        with clinic.database.session() as session:
            found = session.exec(select(Alert)).all()
            names = strata_of(session, 1)
            states.append([(names[alert.stratum_id].name, alert.state) for alert in found])
    assert states[3] == []
    assert [("Nursing", "raised")] in states
    assert states[-1] == [("Nursing", "closed")]


async def test_nothing_is_looked_for_before_the_first_pulse_is_counted(loaded: Clinic) -> None:
    await look(loaded.database, 1, now=loaded.clock.now())
    assert loaded.rows(Alert) == 0


async def test_a_pulse_is_sealed_and_counted_once(day_one: Clinic) -> None:
    for name in (*DESK, *NURSES):
        await day_one.answer(name)
    await day_one.at("2027-03-02 12:00")
    counted = day_one.rows(Cell)
    assert counted
    assert await close_waves(day_one.database, 1, now=day_one.clock.now()) is False
    assert day_one.rows(Cell) == counted


async def test_a_pulse_that_was_sealed_and_not_counted_before_a_stop_is_counted_afterwards(day_one: Clinic) -> None:
    await day_one.answer("Ana Ruiz")
    await day_one.at("2027-03-02 12:00")
    counted = day_one.rows(Cell)
    with day_one.database.begin() as session:
        for kept in (*session.exec(select(Cell)), *session.exec(select(PublishedFigure))):
            session.delete(kept)
        wave = session.exec(select(Wave).where(Wave.state == WaveState.COUNTED)).one()
        wave.state = WaveState.SEALED
        session.add(wave)
    assert await close_waves(day_one.database, 1, now=day_one.clock.now()) is True
    assert day_one.rows(Cell) == counted
    with day_one.database.session() as session:
        assert waves_to_count(session, 1) == []


async def test_whose_prompt_never_left_is_not_silent_but_out_of_the_count(day_one: Clinic) -> None:
    """The bot was down for the whole time of a pulse: its prompts were still waiting when it closed."""
    with day_one.database.begin() as session:
        session.exec(update(Delivery).values(state=DeliveryState.PENDING))
        closes = session.exec(select(Wave)).one().closes
    await close_waves(day_one.database, 1, now=closes + timedelta(minutes=1))
    with day_one.database.session() as session:
        assert {(row.reachable, row.expired) for row in session.exec(select(Turnout))} == {(0, 0)}


async def test_the_messages_of_a_sealed_pulse_are_forgotten(day_one: Clinic) -> None:
    from bot.delivery.outbox import Delivery

    await day_one.at("2027-03-02 12:00")
    with day_one.database.session() as session:
        assert session.exec(select(Delivery).where(Delivery.kind == "prompt")).all() == []


def test_rows_go_into_frames_and_come_back() -> None:
    answers = [("2027-03-01", "Nursing", f"r{n}", "k1", "knowledge", "a", n > 2, 1) for n in range(5)]
    rows = count(answers, [("2027-03-01", "Nursing", 6, 5)])
    assert ("2027-03-01", "Nursing", "nonresponse", "", 1, 6) in rows
    assert ("2027-03-01", "Nursing", "wrong", "", 3, 5) in rows
    assert all(type(x) is int and type(n) is int for *_, x, n in rows)
    frame = history(rows, golive=GO_LIVE, through=GO_LIVE).cells
    assert len(frame) == len(rows)


def test_a_pulse_that_nobody_answered_is_counted_as_silence() -> None:
    assert count([], [("2027-03-01", "Nursing", 6, 0)]) == [("2027-03-01", "Nursing", "nonresponse", "", 6, 6)]


@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking it takes minutes
@given(seed=st.integers(0, 10**6), minimum=st.integers(3, 8))
def test_no_alert_tells_of_fewer_than_the_minimum(seed: int, minimum: int) -> None:
    """Small teams, any answers: whatever the detectors find, every "x of n" stands on enough."""
    through = working_days(12)[-1] + timedelta(days=1)
    for signal in detect_all(history(any_cells(Random(seed)), golive=GO_LIVE, through=through), least=minimum):
        told = re.findall(r"of (\d+)", signal.because)
        assert all(int(n) >= minimum for n in told)


def any_cells(dice: Random) -> list[CellRow]:
    """Twelve pulses of three small teams, with more or less trouble in each."""
    rows: list[CellRow] = []
    for team in TEAMS:
        size, trouble = dice.randint(3, 9), dice.random()
        for day in working_days(12):
            answered = dice.randint(size // 2, size)
            rows.append((day.isoformat(), team, "nonresponse", "", size - answered, size))
            for stream, route in COUNTED:
                x = sum(dice.random() < trouble for _ in range(answered))
                rows += [(day.isoformat(), team, stream, route, x, answered)] if answered else []
    return rows
