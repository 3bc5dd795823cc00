"""Who belonged to which group when the last pulse was sealed: to know how many came and went, and nothing else."""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Field, Session, col, delete, select

from surveys.golives import Stratum, Team
from surveys.records import UNORDERED, Record
from surveys.roster import Participant


class Member(Record, table=True):
    """Everybody on the roster then, whether or not they were asked or answered."""

    __tablename__ = "member"
    __table_args__ = (UNORDERED,)

    participant_id: int = Field(foreign_key="participant.id", primary_key=True)
    stratum_id: int = Field(foreign_key="stratum.id", index=True)


@dataclass(frozen=True, slots=True)
class Flow:
    """One group, in people."""

    members: int = 0
    joined: int = 0
    departed: int = 0


def came_and_went(session: Session, golive_id: int) -> dict[int, Flow]:
    """Size of every group, who came and who went since the last call; from now on today's roster counts as before.

    The first time nobody came or went: there is nothing to compare with.
    """
    strata = select(Stratum.id).where(Stratum.golive_id == golive_id)
    rows = session.exec(select(Member).where(col(Member.stratum_id).in_(strata)))
    before = {(row.participant_id, row.stratum_id) for row in rows}
    roster = session.exec(
        select(Participant.id, Team.stratum_id)
        .join(Team, col(Team.id) == col(Participant.team_id))
        .where(Participant.golive_id == golive_id, col(Participant.on_roster))
    )
    now = {(person, stratum) for person, stratum in roster if person is not None}
    members = Counter(stratum for _, stratum in now)
    joined = Counter(stratum for _, stratum in now - before) if before else Counter[int]()
    departed = Counter(stratum for _, stratum in before - now)
    session.exec(delete(Member).where(col(Member.stratum_id).in_(strata)))
    session.add_all(Member(participant_id=person, stratum_id=stratum) for person, stratum in now)
    session.flush()
    return {
        stratum: Flow(members[stratum], joined[stratum], departed[stratum])
        for stratum in {*members, *joined, *departed}
    }
