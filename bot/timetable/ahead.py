"""When somebody's next pulse comes, as far as it can be known today."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.clock import local_date
from bot.hours import prompt_due
from surveys.cadence import closing_instant, occurrences
from surveys.golives import GoLive, Team
from surveys.plans import load_plan
from surveys.roster import Participant, to_be_asked


def next_pulse(session: Session, golive: GoLive, person: Participant, *, now: datetime) -> datetime | None:
    """The moment of the next prompt that this person may be sent; None when the plan holds none for them."""
    assert golive.id is not None
    assert person.id is not None
    plan, team = load_plan(golive.plan), session.get_one(Team, person.team_id)
    coming = occurrences(
        plan,
        golive=golive.date,
        since=local_date(now, person.timezone) - timedelta(days=1),
        until=golive.date + timedelta(days=plan.phases[-1].last),
        closed=golive.closed_days,
    )
    for occurrence in coming:
        due = prompt_due(golive, team, person, on=occurrence.on)
        if due <= now or due >= closing_instant(occurrence, golive.timezone):
            continue
        if to_be_asked(session, golive.id, on=occurrence.on, only={person.id}):
            return due
    return None
