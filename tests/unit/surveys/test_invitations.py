"""Invitations: settled once while the wave is open, then counted and forgotten."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, func, select

from bot.storage.database import Database
from surveys.errors import AlreadyAnswered, WaveClosed
from surveys.invitations import (
    Disposition,
    Invitation,
    Turnout,
    count_and_forget,
    settle,
    turnout_so_far,
    turnouts,
)
from surveys.sealing import seal
from surveys.waves import Wave, WaveState

SETTLED = [Disposition.COMPLETE, Disposition.PARTIAL, Disposition.REFUSED, Disposition.UNREACHABLE]


def keys_of(session: Session, wave: Wave) -> list[str]:
    return list(session.exec(select(Invitation.key).where(Invitation.wave_id == wave.id)))


def test_everybody_is_invited_with_their_own_stratum(database: Database, wave: Wave) -> None:
    with database.session() as session:
        rows = session.exec(select(Invitation.stratum_id, func.count()).group_by(Invitation.stratum_id)).all()
    assert sorted(count for _, count in rows) == [5, 7, 8, 11, 11]


@pytest.mark.parametrize("disposition", SETTLED)
def test_a_pending_invitation_can_be_settled(database: Database, wave: Wave, disposition: Disposition) -> None:
    with database.begin() as session:
        key = keys_of(session, wave)[0]
        settle(session, key, disposition)
    with database.session() as session:
        assert session.get_one(Invitation, key).disposition == disposition


@pytest.mark.parametrize("before", SETTLED)
def test_a_settled_one_stays_as_it_is(database: Database, wave: Wave, before: Disposition) -> None:
    with database.begin() as session:
        key = keys_of(session, wave)[0]
        settle(session, key, before)
        with pytest.raises(AlreadyAnswered):
            settle(session, key, Disposition.COMPLETE)
    with database.session() as session:
        assert session.get_one(Invitation, key).disposition == before


@pytest.mark.parametrize("state", [WaveState.SEALED, WaveState.COUNTED])
def test_nothing_is_settled_in_a_wave_that_is_not_open(database: Database, wave: Wave, state: WaveState) -> None:
    with database.begin() as session:
        session.get_one(Wave, wave.id).state = state
        session.flush()
        with pytest.raises(WaveClosed):
            settle(session, keys_of(session, wave)[0], Disposition.COMPLETE)


def test_an_unknown_invitation_reads_as_closed(database: Database, wave: Wave) -> None:
    with database.begin() as session, pytest.raises(WaveClosed):
        settle(session, "0" * 32, Disposition.COMPLETE)


def test_of_eight_that_settle_at_once_one_succeeds(database: Database, wave: Wave) -> None:
    with database.session() as session:
        key = keys_of(session, wave)[0]

    def attempt(_: int) -> bool:
        try:
            with database.begin() as session:
                settle(session, key, Disposition.COMPLETE)
        except AlreadyAnswered:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


def test_counting_keeps_every_disposition_and_forgets_who(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        stratum = session.exec(
            select(Invitation.stratum_id).group_by(Invitation.stratum_id).having(func.count() == 11)
        ).first()
        keys = session.exec(select(Invitation.key).where(Invitation.stratum_id == stratum)).all()
        for key, disposition in zip(keys, [*SETTLED, Disposition.COMPLETE], strict=False):
            settle(session, key, disposition)
        count_and_forget(session, wave.id)
    with database.session() as session:
        row = turnouts(session, wave.id)[stratum]
        counted = row.model_dump(exclude={"wave_id", "stratum_id", "members", "joined", "departed"})
        assert counted == {
            "invited": 11, "complete": 2, "partial": 1, "refused": 1, "unreachable": 1, "expired": 6
        }  # fmt: skip
        assert keys_of(session, wave) == []


def test_the_response_rate_leaves_out_whom_nobody_could_reach() -> None:
    row = Turnout(wave_id=1, stratum_id=1, invited=10, complete=4, partial=1, unreachable=2, expired=3)
    assert (row.answered, row.reachable) == (5, 8)


def test_figures_of_an_open_wave_are_of_all_teams_together(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        for key, disposition in zip(keys_of(session, wave), SETTLED, strict=False):
            settle(session, key, disposition)
    with database.session() as session:
        assert turnout_so_far(session, wave.id) == (2, 41)


def test_sealing_a_second_time_changes_nothing(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        seal(session, wave.id)
        seal(session, wave.id)
    with database.session() as session:
        assert sum(row.invited for row in turnouts(session, wave.id).values()) == 42
