"""An alert as a lead reads it: one sentence of evidence, one first move, and buttons."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from adapters.chat import Action, Card, Field
from analytics.family import BUDGET
from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery
from bot.insight.alerts import Alert, AlertState
from bot.insight.digest import facts
from bot.texts import Texts, texts
from surveys.golives import GoLive, Stratum

NOTE = "note"
LONGEST_NOTE = 300  # characters: one sentence
WORKAROUND = "workaround"


def compose_alert(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """The alert as it stands when its message leaves; None when it was settled meanwhile."""
    del contact, now
    number, _, closed = delivery.subject.partition(":")
    alert = session.get(Alert, int(number))
    if alert is None:
        return None
    if closed:
        say = texts(session.get_one(GoLive, alert.golive_id).language)
        return Card(say(f"alert-closed-{alert.kind}", **facts(session, alert, say)))
    if alert.state != AlertState.RAISED:
        return None
    return alert_card(session, alert)


def alert_card(session: Session, alert: Alert, *, said: str = "") -> Card:
    """The alert with what can still be done about it; `said` is what was noted for everybody."""
    golive = session.get_one(GoLive, alert.golive_id)
    say = texts(golive.language)
    known = facts(session, alert, say)
    parts = [
        say(f"alert-title-{alert.kind}", **known),
        alert.because,
        budget_line(session, alert, say),
        say("alert-first-move", move=known["move"]),
    ]
    if alert.state == AlertState.ACTED_ON:
        parts.append(say("alert-state-acted_on", text=said))
    elif alert.state != AlertState.RAISED:
        parts.append(say(f"alert-state-{alert.state}"))
    return Card("\n\n".join(parts), fields=fields(alert, say), actions=buttons(alert, say), ref=f"alert:{alert.id}")


def fields(alert: Alert, say: Texts) -> tuple[Field, ...]:
    if alert.state not in {AlertState.RAISED, AlertState.ACKNOWLEDGED}:
        return ()
    return (Field(NOTE, say("alert-note-field"), hint=say("alert-note-hint"), max_length=LONGEST_NOTE),)


def buttons(alert: Alert, say: Texts) -> tuple[Action, ...]:
    if alert.state not in {AlertState.RAISED, AlertState.ACKNOWLEDGED}:
        return ()
    offered = [Action("note", say("alert-note-button"), submits=True)]
    if alert.state == AlertState.RAISED:
        offered.insert(0, Action("acknowledge", say("alert-acknowledge"), primary=True))
    if alert.kind == WORKAROUND:
        offered.append(Action("sanction", say("alert-sanction")))
    offered.append(Action("dismiss", say("alert-dismiss")))
    return tuple(offered)


def budget_line(session: Session, alert: Alert, say: Texts) -> str:
    """How often an alarm of this family is false, in the reader's own terms."""
    teams = session.exec(select(func.count(col(Stratum.id))).where(Stratum.golive_id == alert.golive_id)).one()
    return say("alert-budget", teams=teams, months=round(1 / (BUDGET * max(teams, 1))))
