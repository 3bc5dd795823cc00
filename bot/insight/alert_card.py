"""An alert as a lead reads it: one sentence of evidence, one first move, and what can be done about it."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from adapters.chat import Action, Card, Field
from analytics.family import BUDGET
from bot.delivery.contacts import Contact, language_for
from bot.delivery.outbox import Delivery
from bot.insight.alerts import Alert, AlertState
from bot.insight.digest import facts, name_of, whose_it_is
from bot.texts import Texts, texts
from surveys.golives import Stratum
from surveys.roster import Reader

NOTE = "note"
LONGEST_NOTE = 300  # characters: one sentence
WORKAROUND = "workaround"
WAITING = {AlertState.RAISED, AlertState.ACKNOWLEDGED}  #: nothing has been done yet


def compose_alert(session: Session, delivery: Delivery, contact: Contact, now: datetime) -> Card | None:
    """The alert as it stands when its message leaves; None when it was settled meanwhile."""
    del now
    number, _, about = delivery.subject.partition(":")
    alert = session.get(Alert, int(number))
    if alert is None:
        return None
    if about == "closed":
        say = texts(language_for(session, contact))
        return Card(say(f"alert-closed-{alert.kind}", **facts(session, alert, say)))
    if about:
        return given_card(session, alert, to=contact)
    if alert.state != AlertState.RAISED:
        return None
    return alert_card(session, alert, texts(language_for(session, contact)), reader_id=contact.reader_id)


def given_card(session: Session, alert: Alert, *, to: Contact) -> Card | None:
    """What somebody reads to whom an alert was given; None when it went to somebody else or is done."""
    if alert.assigned_to != to.reader_id or alert.state not in WAITING or to.reader_id is None:
        return None
    say = texts(language_for(session, to))
    asks = say("alert-given", name=name_of(session, alert.dealt_by))
    if session.get_one(Reader, to.reader_id).role == "lead":
        card = alert_card(session, alert, say, reader_id=to.reader_id)
        return Card(f"{asks}\n\n{card.text}", actions=card.actions, ref=card.ref)
    return Card(
        "\n\n".join([asks, *evidence(session, alert, say)]),
        fields=(Field(NOTE, say("note-field"), hint=say("note-hint"), optional=False, max_length=LONGEST_NOTE),),
        actions=(Action("done", say("note-button"), submits=True, primary=True),),
        ref=ref_of(alert),
    )


def alert_card(session: Session, alert: Alert, say: Texts, *, reader_id: int | None, said: str = "") -> Card:
    """The alert with what can still be done about it, for one reader; `said` tells what was just written down."""
    parts = evidence(session, alert, say)
    if said:
        parts.append(said)
    elif alert.state == AlertState.ACKNOWLEDGED:
        parts.append(whose_it_is(session, alert, say, reader_id=reader_id))
    elif alert.state == AlertState.ACTED_ON:
        parts.append(say("alert-done"))
    elif alert.state != AlertState.RAISED:
        parts.append(say(f"alert-state-{alert.state}"))
    return Card("\n\n".join(parts), actions=buttons(alert, say), ref=ref_of(alert))


def evidence(session: Session, alert: Alert, say: Texts) -> list[str]:
    known = facts(session, alert, say)
    return [
        say(f"alert-title-{alert.kind}", **known),
        alert.because,
        budget_line(session, alert, say),
        say("alert-first-move", move=known["move"]),
    ]


def ref_of(alert: Alert) -> str:
    """The number, and the turn that the card shows: somebody else may act before this card is used."""
    return f"alert:{alert.id}.{alert.turns}"


def buttons(alert: Alert, say: Texts) -> tuple[Action, ...]:
    if alert.state not in WAITING:
        return ()
    offered = [Action("assign", say("alert-assign")), Action("note", say("alert-note"))]
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
