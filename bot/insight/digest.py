"""The regular letter to the lead: one headline, at most three things to do, and what the figures stand on."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from adapters.chat import Action, Card
from bot.insight import alerts
from bot.insight.alerts import Alert, AlertState
from bot.texts import Texts, texts
from surveys import actions, questions
from surveys.golives import GoLive, strata_of
from surveys.invitations import turnouts
from surveys.waves import Wave, WaveState

THINGS = 3  # to do, at the most


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who answered the last sealed wave, in numbers that may be shown."""

    on: date
    answered: int
    invited: int
    hidden: tuple[str, ...]  #: strata with fewer answers than the group minimum


def write_digest(session: Session, golive: GoLive, *, on: date) -> Card:
    """The digest as of now, dated `on`."""
    assert golive.id is not None
    say = texts(golive.language)
    things = things_to_do(session, golive, say)
    headline = say("digest-things", count=len(things)) if things else say("digest-quiet")
    parts = [f"**{day_of(golive, on, say)} {headline}**"]
    if things:
        parts.append("\n".join(f"- {thing}" for thing in things))
    parts += closing_lines(session, golive, say, on=on)
    buttons = [Action("alerts", say("digest-open-alerts"))] if alerts.open_alerts(session, golive.id) else []
    if questions.waiting(session, golive.id):
        buttons.append(Action("questions", say("digest-open-questions")))
    return Card("\n\n".join(parts), actions=tuple(buttons))


def day_of(golive: GoLive, on: date, say: Texts) -> str:
    day = (on - golive.date).days
    if day < 0:
        return say("digest-day-before", days=-day)
    return say("digest-day", day=day) if day else say("digest-first-day")


def things_to_do(session: Session, golive: GoLive, say: Texts) -> list[str]:
    """Alerts that nobody has acted on come first, then questions."""
    assert golive.id is not None
    waiting_alerts = [alert for alert in alerts.open_alerts(session, golive.id) if alert.state != AlertState.ACTED_ON]
    things = [alert_line(session, alert, say) for alert in waiting_alerts]
    waiting = questions.waiting(session, golive.id)
    if waiting:
        line = say("digest-question-wait", count=len(waiting), oldest=waiting[0].day.isoformat())
        things = [*things[: THINGS - 1], line]
    return things[:THINGS]


def alert_line(session: Session, alert: Alert, say: Texts) -> str:
    line = say(f"digest-alert-{alert.kind}", **facts(session, alert, say))
    return f"{line} {say('digest-on-it')}" if alert.state == AlertState.ACKNOWLEDGED else line


def facts(session: Session, alert: Alert, say: Texts) -> dict[str, str | float]:
    """What every sentence about an alert may mention."""
    return {
        "team": strata_of(session, alert.golive_id)[alert.stratum_id].name,
        "since": alert.since.isoformat(),
        "because": alert.because,
        "move": say(f"move-{alert.kind}"),
        "route": say(f"route-{alert.route}") if alert.route else "",
    }


def closing_lines(session: Session, golive: GoLive, say: Texts, *, on: date) -> list[str]:
    """What changed, what was promised, and who answered."""
    assert golive.id is not None
    lines = []
    closed = alerts.settled_since(session, golive.id, AlertState.CLOSED, since=on - timedelta(days=7))
    if closed:
        lines.append(say("digest-closed", count=len(closed)))
    promised = actions.untold(session, golive.id)
    if promised:
        lines.append(say("digest-untold", count=promised))
    agreed = alerts.settled_since(session, golive.id, AlertState.SANCTIONED, since=date.min)
    if agreed:
        listed = ", ".join(f"{facts(session, a, say)['route']} ({facts(session, a, say)['team']})" for a in agreed)
        lines.append(say("digest-sanctioned", list=listed))
    last = turnover(session, golive)
    if last is not None:
        lines.append(rate_line(last, say, minimum=golive.group_minimum))
    return lines


def rate_line(last: Turnover, say: Texts, *, minimum: int) -> str:
    when = last.on.isoformat()
    if last.answered < minimum:
        return say("digest-rate-few", date=when)
    line = say("digest-rate", answered=last.answered, invited=last.invited, date=when)
    return f"{line} {say('digest-hidden', teams=', '.join(last.hidden))}" if last.hidden else line


def turnover(session: Session, golive: GoLive) -> Turnover | None:
    wave = session.exec(
        select(Wave).where(Wave.golive_id == golive.id, col(Wave.state) != WaveState.OPEN).order_by(col(Wave.on).desc())
    ).first()
    if wave is None or wave.id is None:
        return None
    counted = turnouts(session, wave.id)
    strata = strata_of(session, wave.golive_id)
    return Turnover(
        on=wave.on,
        answered=sum(row.answered for row in counted.values()),
        invited=sum(row.reachable for row in counted.values()),
        hidden=tuple(sorted(strata[key].name for key, row in counted.items() if row.answered < golive.group_minimum)),
    )
