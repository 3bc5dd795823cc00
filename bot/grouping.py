"""Which teams are read together: decided anew until the first pulse is out, then fixed, so that nobody can subtract."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, delete, func, select

from surveys.golives import GoLive, Stratum, Team
from surveys.roster import Participant
from surveys.strata import merge
from surveys.waves import Fielded, Wave


def fielded_before(session: Session, golive: GoLive) -> bool:
    return session.exec(select(func.count()).select_from(Wave).where(Wave.golive_id == golive.id)).one() > 0


def group(session: Session, golive: GoLive, names: Sequence[str], *, sizes: Mapping[str, int]) -> dict[str, Team]:
    """The teams of these names, made where they are new, each in the group that it is read with.

    `sizes` are the people who are to be in each team, before they are put there.
    """
    assert golive.id is not None
    together = merge({team: size for team, size in sizes.items() if size}, minimum=golive.group_minimum)
    planned = {team: stratum.name for stratum in together for team in stratum.teams}
    locked = fielded_before(session, golive)
    teams = {team.name: team for team in session.exec(select(Team).where(Team.golive_id == golive.id))}
    strata = {row.name: row for row in session.exec(select(Stratum).where(Stratum.golive_id == golive.id))}
    for team_name in names:
        team = teams.get(team_name)
        if team is None or not (locked and has_people(session, team)):
            name = planned.get(team_name, team_name)
            if locked:
                # A small team that comes late is read with the first group, for good.
                name = team_name if sizes.get(team_name, 0) >= golive.group_minimum else min(strata)
            stratum = strata.setdefault(name, Stratum(golive_id=golive.id, name=name))
            session.add(stratum)
            session.flush()
            assert stratum.id is not None
            team = team or Team(golive_id=golive.id, stratum_id=stratum.id, name=team_name)
            team.stratum_id = stratum.id
        teams[team_name] = team
        session.add(team)
    session.flush()
    forget_empty_strata(session, golive)
    return {name: teams[name] for name in names}


def has_people(session: Session, team: Team) -> bool:
    return session.exec(select(Participant.id).where(Participant.team_id == team.id)).first() is not None


def forget_empty_strata(session: Session, golive: GoLive) -> None:
    """Drop groups without a team, but never one that was asked something."""
    used = select(Team.stratum_id).where(Team.golive_id == golive.id)
    asked = select(Fielded.stratum_id)
    session.exec(
        delete(Stratum).where(
            col(Stratum.golive_id) == golive.id, col(Stratum.id).not_in(used), col(Stratum.id).not_in(asked)
        )
    )
