"""What is held about one person, for that person; and why their answers are not in it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.audit import ADMINISTRATOR, About, Act, append
from bot.delivery.outbox import Delivery, DeliveryKind, DeliveryState
from bot.whom import Standing, standings
from surveys.golives import Team
from surveys.invitations import Invitation
from surveys.roster import Leave
from surveys.waves import Wave

WHY_NO_ANSWERS = (
    "Answers, remarks and questions are kept without a name, an account or a time. Nobody can tell which are yours, "
    "so they can be neither shown nor taken out here. A question and its reply open with the four words of its receipt."
)
WHY_NO_DISPOSITION = (
    "While a pulse is open, it is also kept whether your invitation to it is done, so that you are asked once; "
    "it is erased when the pulse closes. It is left out here, and so are the reminders and what stands in your chat: "
    "whoever runs this command must not learn from it whether you answered. Your own chat shows it to you."
)
LETTERS = (DeliveryKind.ALERT, DeliveryKind.DIGEST, DeliveryKind.QUESTION, DeliveryKind.NEWS)


def export(session: Session, person: str, *, now: datetime) -> dict[str, Any]:
    """Everything that may be said, ready for JSON; an entry in the audit log that it was.

    Raises
    ------
    NobodyMeant
    """
    found = standings(session, person)
    held = {
        "held_about": person,
        "on": now.date().isoformat(),
        "go_lives": [of_one(session, one) for one in found],
        "answers": WHY_NO_ANSWERS,
        "left_out": WHY_NO_DISPOSITION,
    }
    for one in found:
        kind = "participant" if one.participant else "reader" if one.reader else "contact"
        row = one.participant or one.reader or one.contact
        append(session, Act.EXPORTED, About(kind, str(row.id if row else "")), by=ADMINISTRATOR, now=now)
    return held


def of_one(session: Session, one: Standing) -> dict[str, Any]:
    held: dict[str, Any] = {"go_live": one.golive.name, "organisation": one.golive.organisation}
    if one.participant is not None:
        person = one.participant
        held["roster"] = {
            "name": person.name,
            "team": team_of(session, person.team_id),
            "role": person.role,
            "timezone": person.timezone,
            "shift_end": person.shift_end.isoformat("minutes") if person.shift_end else None,
            "on_roster": person.on_roster,
        }
        held["wishes"] = {
            "no_pulses": person.opted_out,
            "paused_until": person.paused_until.isoformat() if person.paused_until else None,
            "leave": leave_of(session, person.id),
            "quiet_hours": [at.isoformat("minutes") for at in (person.quiet_from, person.quiet_until) if at],
        }
        held["asked_in_open_pulses"] = asked(session, person.id)
    if one.contact is not None:
        held["contact"] = {
            "platform": one.contact.platform,
            "workspace": one.contact.workspace,
            "account": one.contact.account,
            "conversation": one.contact.conversation,
            "timezone": one.contact.timezone,
            "language": one.contact.language,
            "reachable": one.contact.reachable,
        }
    if one.reader is not None:
        held["reads"] = {"as": one.reader.role, "name": one.reader.name}
        held["letters"] = letters(session, one)
    return held


def team_of(session: Session, team_id: int) -> str:
    return session.get_one(Team, team_id).name


def leave_of(session: Session, participant_id: int | None) -> list[dict[str, Any]]:
    rows = session.exec(select(Leave).where(Leave.participant_id == participant_id).order_by(col(Leave.first)))
    return [
        {
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "said_by": "the roster" if row.from_roster else "you",
        }
        for row in rows
    ]


def asked(session: Session, participant_id: int | None) -> list[str]:
    """The days of the open pulses that this person was asked in, whatever became of it."""
    rows = session.exec(
        select(col(Wave.on))
        .join(Invitation, col(Invitation.wave_id) == col(Wave.id))
        .where(Invitation.participant_id == participant_id)
        .order_by(col(Wave.on))
    )
    return [on.isoformat() for on in rows]


def letters(session: Session, one: Standing) -> list[dict[str, str]]:
    """What was sent to somebody who reads: kinds and days. Their texts stand in the chat."""
    if one.contact is None:
        return []
    rows = session.exec(
        select(Delivery)
        .where(
            Delivery.contact_id == one.contact.id,
            col(Delivery.kind).in_(LETTERS),
            Delivery.state == DeliveryState.SENT,
        )
        .order_by(col(Delivery.due), col(Delivery.id))
    )
    return [{"kind": row.kind, "day": row.due.date().isoformat()} for row in rows]
