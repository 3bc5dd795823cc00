"""What stands on the bot's home page: the next pulse, what others asked, and everything one may wish as a button."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from adapters.chat import Action, Card, Reply
from bot.conversation.asking import shown
from bot.conversation.pulses import who_sees_what
from bot.conversation.turn import Turn
from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState
from bot.texts import languages
from bot.timetable.ahead import next_pulse
from surveys import questions
from surveys.invitations import Disposition, Invitation
from surveys.questions import Published
from surveys.roster import Participant
from surveys.waves import Wave, WaveState

MOST_ANSWERS = 5  # of questions on the page; "answers" shows more
LONGEST_REPLY = 300  # characters of one reply on the page
FOR_LEADS = ("digest", "alerts", "questions", "promises", "dashboard", "reschedule", "new")


async def home(turn: Turn) -> Reply:
    return Reply(await turn.database.read(page, turn))


def page(session: Session, turn: Turn) -> Card:
    sender, say = turn.sender, turn.texts
    golive = sender.golive
    parts = [say("home-title", system=golive.system, organisation=golive.organisation)]
    if sender.is_lead:
        parts.append(say("home-reads"))
    if sender.participant is not None:
        parts.append("\n".join(of_pulses(session, turn, sender.participant)))
    if answered := questions.published(session, turn.golive_id, limit=MOST_ANSWERS):
        parts.append(say("home-answered"))
        parts += [shown(Published(one.text, clipped(one.reply), one.day)) for one in answered]
        helped, asked = questions.helped(session, turn.golive_id)
        if asked >= golive.group_minimum:  # of fewer, each could be made out
            parts.append(say("home-helped", helped=helped, asked=asked))
    return Card("\n\n".join(parts), actions=buttons(turn), note=who_sees_what(golive, say))


def clipped(reply: str) -> str:
    return reply if len(reply) <= LONGEST_REPLY else f"{reply[: LONGEST_REPLY - 1].rstrip()}…"


def of_pulses(session: Session, turn: Turn, person: Participant) -> list[str]:
    """When the next pulse comes to this person, and what they wished for."""
    say, golive = turn.texts, turn.sender.golive
    lines = []
    if waits(session, person, now=turn.now):
        lines.append(say("home-open"))
    if person.opted_out:
        lines.append(say("home-stopped"))
    elif person.paused_until is not None and person.paused_until > turn.today:
        lines.append(say("home-paused", until=say.day(person.paused_until)))
    elif coming := next_pulse(session, golive, person, now=turn.now):
        local = coming.astimezone(ZoneInfo(person.timezone))
        lines.append(say("home-next", day=say.day(local.date()), time=f"{local:%H:%M}"))
    else:
        lines.append(say("home-none"))
    if person.quiet_from is not None and person.quiet_until is not None:
        hours = {"from": f"{person.quiet_from:%H:%M}", "until": f"{person.quiet_until:%H:%M}"}
        lines.append(say("home-quiet", **hours))
    return lines


def waits(session: Session, person: Participant, *, now: datetime) -> bool:
    """Whether this person has a pulse in front of them that is open and not answered."""
    rows = session.exec(
        select(Wave.closes)
        .join(Invitation, col(Invitation.wave_id) == col(Wave.id))
        .join(Delivery, col(Delivery.subject) == col(Invitation.key))
        .where(
            Invitation.participant_id == person.id,
            Invitation.disposition == Disposition.PENDING,
            Delivery.kind == DeliveryKind.PROMPT,
            Delivery.state == DeliveryState.SENT,
            Wave.state == WaveState.OPEN,
        )
    )
    return any(closes > now for closes in rows)


def buttons(turn: Turn) -> tuple[Action, ...]:
    sender, say = turn.sender, turn.texts
    names = [name for name in FOR_LEADS if sender.is_lead] + ["ask", "find", "answers"]
    if sender.participant is not None:
        person = sender.participant
        away = person.paused_until is not None and person.paused_until > turn.today
        names += ["start"] if person.opted_out else ["resume" if away else "pause", "leave", "stop"]
        names += ["quiet", *(["language"] if len(languages()) > 1 else []), "delete"]
    names += ["privacy", "help"]
    return tuple(Action(name, say(f"menu-{name}"), primary=name == "ask") for name in names)
