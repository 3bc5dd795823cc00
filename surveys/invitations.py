"""Who was invited to a wave and what became of it: kept while it is open, counted and forgotten when it is sealed."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, UniqueConstraint, update
from sqlmodel import Field, Session, col, delete, func, select

from surveys.errors import AlreadyAnswered, WaveClosed
from surveys.golives import Team
from surveys.membership import Flow
from surveys.records import UNORDERED, Record, random_key
from surveys.roster import Participant
from surveys.waves import SHARED, Wave, WaveState


class Disposition(StrEnum):
    """What became of an invitation (AAPOR Standard Definitions)."""

    PENDING = "pending"
    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"


class Invitation(Record, table=True):
    """Without any time: when somebody answered is never written down."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("wave_id", "participant_id"), UNORDERED)

    key: str = Field(default_factory=random_key, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    participant_id: int = Field(foreign_key="participant.id", index=True)
    stratum_id: int = Field(foreign_key="stratum.id")
    disposition: str = Disposition.PENDING


class Turnout(Record, table=True):
    """What is left of a sealed wave's invitations: counts."""

    __tablename__ = "turnout"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    stratum_id: int = Field(foreign_key="stratum.id", primary_key=True)
    invited: int = 0
    complete: int = 0
    partial: int = 0
    refused: int = 0
    unreachable: int = 0
    expired: int = 0
    members: int = 0  #: on the roster when the wave was sealed, asked or not
    joined: int = 0  #: of these, who came since the wave before
    departed: int = 0  #: and who went

    @property
    def answered(self) -> int:
        return self.complete + self.partial

    @property
    def reachable(self) -> int:
        return self.invited - self.unreachable


def invite(session: Session, wave_id: int, participants: list[Participant]) -> list[Invitation]:
    strata = {team.id: team.stratum_id for team in session.exec(select(Team))}
    invitations = [
        Invitation(wave_id=wave_id, participant_id=person.id, stratum_id=strata[person.team_id])
        for person in participants
        if person.id is not None
    ]
    session.add_all(invitations)
    session.flush()
    return invitations


def invitations_of(session: Session, keys: Sequence[str]) -> dict[str, Invitation]:
    """Invitations by their keys; of a sealed wave there are none."""
    return {one.key: one for one in session.exec(select(Invitation).where(col(Invitation.key).in_(keys)))}


def settle(session: Session, key: str, disposition: Disposition) -> None:
    """Settle a pending invitation of an open wave, once.

    Raises
    ------
    AlreadyAnswered, WaveClosed
    """
    invitation = session.get(Invitation, key)
    # Wave before invitation, in the order in which sealing locks them.
    if invitation is None or session.get_one(Wave, invitation.wave_id, with_for_update=SHARED).state != WaveState.OPEN:
        raise WaveClosed
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE always gives a CursorResult
        update(Invitation)
        .where(col(Invitation.key) == key, col(Invitation.disposition) == Disposition.PENDING)
        .values(disposition=disposition)
    )
    if done.rowcount == 0:
        raise AlreadyAnswered


def never_asked(session: Session, keys: Sequence[str]) -> None:
    """Take people out of the response rate whose prompt never left, unless they answered all the same."""
    pending = update(Invitation).where(
        col(Invitation.key).in_(keys), col(Invitation.disposition) == Disposition.PENDING
    )
    session.exec(pending.values(disposition=Disposition.UNREACHABLE))


def leave_pending(session: Session, participant_id: int) -> None:
    """Take somebody who left out of the response rate of what is open, unless they answered."""
    pending = update(Invitation).where(
        col(Invitation.participant_id) == participant_id, col(Invitation.disposition) == Disposition.PENDING
    )
    session.exec(pending.values(disposition=Disposition.UNREACHABLE))


def count_and_forget(session: Session, wave_id: int, *, flows: Mapping[int, Flow] | None = None) -> None:
    """Reduce a wave's invitations to counts per stratum and erase the rows; `flows` says who came and went."""
    settled = select(Invitation.stratum_id, Invitation.disposition, func.count()).where(Invitation.wave_id == wave_id)
    counts: dict[int, dict[str, int]] = {}
    for stratum_id, disposition, n in session.exec(
        settled.group_by(col(Invitation.stratum_id), col(Invitation.disposition))
    ):
        name = Disposition.EXPIRED if disposition == Disposition.PENDING else disposition
        row = counts.setdefault(stratum_id, {"invited": 0})
        row[name] = row.get(name, 0) + n
        row["invited"] += n
    for stratum_id in {*counts, *(flows or {})}:
        flow = (flows or {}).get(stratum_id, Flow())
        turnout = Turnout(wave_id=wave_id, stratum_id=stratum_id, **counts.get(stratum_id, {}))
        turnout.members, turnout.joined, turnout.departed = flow.members, flow.joined, flow.departed
        session.add(turnout)
    session.exec(delete(Invitation).where(col(Invitation.wave_id) == wave_id))


def turnouts(session: Session, wave_id: int) -> dict[int, Turnout]:
    return {row.stratum_id: row for row in session.exec(select(Turnout).where(Turnout.wave_id == wave_id))}


def turnout_so_far(session: Session, wave_id: int) -> tuple[int, int]:
    """Answered and reachable over the whole of an open wave: the only figures that leave it before it is sealed."""
    dispositions = list(session.exec(select(Invitation.disposition).where(Invitation.wave_id == wave_id)))
    answered = sum(value in {Disposition.COMPLETE, Disposition.PARTIAL} for value in dispositions)
    return answered, sum(value != Disposition.UNREACHABLE for value in dispositions)
