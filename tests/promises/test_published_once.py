"""What is published of a wave is decided once, kept, and remembered when the next wave is decided on.

To see it fail: let `bot.insight.publishing.evidence` hand on an empty `Ledger()`.
"""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from analytics.publication import AlreadyPublished
from bot.insight.detection import close_waves
from bot.insight.published import ANSWERED, PublishedFigure, figures, latest, ledger_of
from bot.insight.publishing import decide, evidence
from bot.storage.database import Database
from surveys.golives import GoLive, Team
from surveys.invitations import Turnout
from surveys.membership import Member, came_and_went
from surveys.roster import Participant
from surveys.waves import Wave, WaveState
from tests.promises.conftest import Practice


@pytest.fixture
async def closed(practice: Practice) -> Practice:
    """The first pulse, answered by thirty, published."""
    for person in practice.staff[:30]:
        await practice.answer(person)
    await practice.close()
    return practice


async def test_every_group_and_everybody_has_a_figure_for_what_was_asked(closed: Practice, database: Database) -> None:
    with database.session() as session:
        found = figures(session, closed.wave.golive_id, measures=[ANSWERED])
        groups = set(session.exec(select(Team.stratum_id)))
    assert {figure.stratum_id for figure in found} == {None, *groups}
    total = next(figure for figure in found if figure.stratum_id is None)
    assert (total.low, total.high, total.asked) == (30, 30, 42)


async def test_a_wave_that_is_counted_is_not_published_again(closed: Practice, database: Database) -> None:
    def rows() -> int:
        with database.session() as session:
            return len(session.exec(select(PublishedFigure)).all())

    before = rows()
    await close_waves(database, closed.wave.golive_id, now=closed.clock.now())
    assert before
    assert rows() == before


async def test_a_second_cut_of_the_same_wave_is_refused(closed: Practice, database: Database) -> None:
    with database.session() as session:
        wave = session.exec(select(Wave).where(Wave.state == WaveState.COUNTED)).one()
        found = evidence(session, wave)
    with pytest.raises(AlreadyPublished):
        decide(found)


async def test_the_next_wave_is_decided_on_after_all_that_was_published(closed: Practice, database: Database) -> None:
    with database.session() as session:
        wave = session.exec(select(Wave).where(Wave.state == WaveState.COUNTED)).one()
        before = ledger_of(session, wave.golive_id)
        kept = session.exec(select(PublishedFigure)).all()
        assert before.waves == {(wave.on.isoformat(), row.measure) for row in kept}
        assert sum(len(steps) for steps in before.steps.values()) == len(kept)
        for row in kept:
            session.delete(row)
        session.flush()
        again = {row.step for row in decide(evidence(session, wave))}
        assert again == {step for steps in before.steps.values() for step in steps}


async def test_only_the_newest_wave_of_each_measure_is_the_latest(closed: Practice, database: Database) -> None:
    with database.session() as session:
        first = latest(session, closed.wave.golive_id)
    closed.clock.advance(timedelta(hours=7))  # the evening of the same day, when the next pulse is out
    await closed.bot.tick()
    asked = [person for person in closed.staff if any(card.fields for card in closed.chat.cards(person))]
    for person in asked:
        await closed.answer(person)
    closed.clock.advance(timedelta(hours=17))
    await closed.bot.tick()
    with database.session() as session:
        found = latest(session, closed.wave.golive_id)
        days = {figure.measure: figure.on for figure in found}
        assert len(figures(session, closed.wave.golive_id)) > len(found)
        last = max(session.exec(select(col(Wave.on)).where(Wave.state == WaveState.COUNTED)))
        one = figures(session, closed.wave.golive_id, of=[None])
        assert {figure.stratum_id for figure in one} == {None}
    assert days[ANSWERED] == last
    assert set(days) >= {figure.measure for figure in first}


def test_whoever_comes_and_goes_is_counted_and_nobody_is_named(database: Database, golive: GoLive) -> None:
    number = golive.id or 0
    with database.begin() as session:
        first = came_and_went(session, number)
        person = session.exec(select(Participant)).first()
        assert person is not None
        stratum = session.get_one(Team, person.team_id).stratum_id
        person.on_roster = False
        session.add(person)
        session.flush()
        second = came_and_went(session, number)
        person.on_roster = True
        session.flush()
        third = came_and_went(session, number)
    assert {(flow.joined, flow.departed) for flow in first.values()} == {(0, 0)}
    assert (second[stratum].joined, second[stratum].departed) == (0, 1)
    assert (third[stratum].joined, third[stratum].departed) == (1, 0)
    assert third[stratum].members == first[stratum].members
    with database.session() as session:
        assert set(Turnout.model_fields) & set(Member.model_fields) == {"stratum_id"}
