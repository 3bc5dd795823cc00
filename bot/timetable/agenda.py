"""What is due in one go-live at one moment, put into the outbox in one transaction."""

from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from bot.clock import local_date
from bot.delivery.contacts import contacts_of_participants
from bot.delivery.letters import to_leads
from bot.delivery.notices import announce
from bot.delivery.outbox import Delivery, DeliveryKind, enqueue
from bot.hours import awake, came, prompt_due
from surveys import actions, questions
from surveys.bank import Bank
from surveys.cadence import Occurrence, closing_instant, next_working_day, occurrences, phase_of
from surveys.golives import GoLive, PlannedCheck, Team
from surveys.instruments import KNOWLEDGE, Instrument, build_instrument
from surveys.invitations import invite
from surveys.knowledge_checks import KnowledgeCheck
from surveys.plans import Plan, load_plan
from surveys.roster import to_be_asked
from surveys.waves import Fielded, Wave, open_wave

REMIND_AT = time(9)  # the next working day, in the person's own zone
RELEASE_AT = (time(12), time(16))  # questions leave at these hours if they are enough; at the digest's hour the rest
LONGEST_OPEN = timedelta(days=14)
DAILY = 5  # weekdays with a pulse that make a phase daily


def advance(session: Session, golive_id: int, *, now: datetime, bank: Bank) -> None:
    """Do everything that has come due since the last tick. Whoever ticks, and however often: it happens once."""
    golive = session.get_one(GoLive, golive_id, with_for_update=True)
    since = golive.ticked or now - timedelta(minutes=1)
    if since >= now:
        return
    plan = load_plan(golive.plan)
    open_due_waves(session, golive, plan, now=now, bank=bank)
    release_questions(session, golive, since=since, now=now)
    announce(session, golive, since=since, now=now)
    write_digest(session, golive, plan, since=since, now=now)
    golive.ticked = now
    session.add(golive)


def open_due_waves(session: Session, golive: GoLive, plan: Plan, *, now: datetime, bank: Bank) -> None:
    """Open every wave of which somebody's prompt is due and that has not closed yet."""
    today = local_date(now, golive.timezone)
    # People may live a date ahead of the go-live, and a pulse may stay open for a week and some closed days.
    near = occurrences(
        plan,
        golive=golive.date,
        since=today - LONGEST_OPEN,
        until=today + timedelta(days=1),
        closed=golive.closed_days,
    )
    opened = set(session.exec(select(col(Wave.on)).where(Wave.golive_id == golive.id)))
    for occurrence in near:
        if occurrence.on not in opened and closing_instant(occurrence, golive.timezone) > now:
            open_one(session, golive, occurrence, now=now, bank=bank)


def open_one(session: Session, golive: GoLive, occurrence: Occurrence, *, now: datetime, bank: Bank) -> None:
    assert golive.id is not None
    teams = {team.id: team for team in session.exec(select(Team).where(Team.golive_id == golive.id))}
    closes = closing_instant(occurrence, golive.timezone)
    due = {
        person.id: (person, moment)
        for person in to_be_asked(session, golive.id, on=occurrence.on)
        # Whose shift ends only after the close could not answer, and is not counted as silent.
        if (moment := prompt_due(golive, teams[person.team_id], person, on=occurrence.on)) < closes
    }
    if not due or min(moment for _, moment in due.values()) > now:
        return
    wave = open_wave(
        session,
        Wave(
            golive_id=golive.id,
            on=occurrence.on,
            phase=occurrence.phase,
            day=occurrence.day,
            closes=closes,
            reminder=occurrence.reminder,
        ),
        instruments=instruments(session, golive, occurrence, bank=bank),
    )
    if wave is None:
        return
    assert wave.id is not None
    actions.tell(session, golive.id, on=wave.on)
    contacts = contacts_of_participants(session, golive.id)
    reminds = wave.reminder and golive.reminder != "none"
    following = next_working_day(wave.on, closed=golive.closed_days)
    messages: list[Delivery] = []
    for invitation in invite(session, wave.id, [person for person, _ in due.values() if person.id in contacts]):
        person, moment = due[invitation.participant_id]
        contact = contacts[invitation.participant_id]
        assert contact.id is not None
        key = f"wave:{wave.id}:{invitation.key}"
        prompt = Delivery(
            key=f"{key}:prompt",
            kind=DeliveryKind.PROMPT,
            golive_id=golive.id,
            contact_id=contact.id,
            subject=invitation.key,
            due=moment,
            expires=closes,
        )
        messages.append(prompt)
        if reminds:
            changes = {
                "key": f"{key}:reminder",
                "kind": DeliveryKind.REMINDER,
                "due": awake(golive, following, REMIND_AT, zone=person.timezone, person=person),
            }
            messages.append(prompt.model_copy(update=changes))
    enqueue(session, messages)


def instruments(session: Session, golive: GoLive, occurrence: Occurrence, *, bank: Bank) -> dict[int, Instrument]:
    """What each stratum is asked. Teams that are read together are asked the same, so that nothing tells them apart."""
    checks = list(session.exec(select(PlannedCheck).where(PlannedCheck.golive_id == golive.id)))
    members: dict[int, list[Team]] = {}
    for team in session.exec(select(Team).where(Team.golive_id == golive.id)):
        members.setdefault(team.stratum_id, []).append(team)
    fielded = {}
    for stratum_id, teams in members.items():
        alone = teams[0] if len(teams) == 1 else None
        fitting = [
            KnowledgeCheck(alone.name if row.team_id and alone else None, row.text, row.right, tuple(row.wrong))
            for row in checks
            if row.team_id is None or (alone is not None and row.team_id == alone.id)
        ]
        fielded[stratum_id] = build_instrument(
            bank,
            phase=occurrence.phase,
            constructs=occurrence.constructs,
            round_index=occurrence.round_index,
            team_checks=fitting,
            language=golive.language,
            system=golive.system,
            seed=f"{golive.id} {occurrence.on}",
            checks_before=checks_asked(session, stratum_id),
        )
    return fielded


def checks_asked(session: Session, stratum_id: int) -> int:
    """How many waves have put a knowledge check to this stratum."""
    rows = session.exec(select(Fielded.instrument).where(Fielded.stratum_id == stratum_id))
    return sum(any(q["construct"] == KNOWLEDGE for q in instrument["questions"]) for instrument in rows)


def release_questions(session: Session, golive: GoLive, *, since: datetime, now: datetime) -> None:
    """Let questions go to the leads at fixed hours, shuffled, never because one has just come in."""
    assert golive.id is not None
    released = []
    if morning := came(golive.digest_at, zone=golive.timezone, since=since, now=now):
        released += questions.release(session, golive.id, before=morning)
    if any(came(hour, zone=golive.timezone, since=since, now=now) for hour in RELEASE_AT):
        released += questions.release(session, golive.id)
    to_leads(session, golive, DeliveryKind.QUESTION, [question.key for question in released], now=now)


def write_digest(session: Session, golive: GoLive, plan: Plan, *, since: datetime, now: datetime) -> None:
    """Every working day while pulses are daily, else on the first working day of the week."""
    day = came(golive.digest_at, zone=golive.timezone, since=since, now=now)
    if day is None or (phase := phase_of(plan, (day - golive.date).days)) is None:
        return
    before = day - timedelta(days=1)
    works = next_working_day(before, closed=golive.closed_days) == day
    monday = day - timedelta(days=day.weekday())
    first_of_week = next_working_day(monday - timedelta(days=1), closed=golive.closed_days) == day
    if works and (len(phase.weekdays) >= DAILY or first_of_week):
        to_leads(session, golive, DeliveryKind.DIGEST, [day.isoformat()], now=now)


def golives(session: Session) -> list[int]:
    return [key for key in session.exec(select(GoLive.id).order_by(col(GoLive.id))) if key is not None]
