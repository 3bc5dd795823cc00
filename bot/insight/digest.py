"""The regular letter to the lead: one headline, at most three things to do, and what the figures stand on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from adapters.chat import Action, Card
from bot.delivery.contacts import Contact
from bot.delivery.reach import unreachable
from bot.insight import alerts
from bot.insight.alerts import Alert, AlertState
from bot.insight.digest_pictures import pictures
from bot.insight.published import ANSWERED, Figure, latest
from bot.texts import Texts, texts
from surveys import actions, questions
from surveys.golives import GoLive, strata_of
from surveys.roster import Reader

THINGS = 3  # to do, at the most


def write_digest(session: Session, golive: GoLive, *, on: date, contact: Contact | None = None) -> Card:
    """The digest as of now, dated `on`, for one reader."""
    assert golive.id is not None
    say = texts((contact and contact.language) or golive.language)
    reader_id = contact.reader_id if contact else None
    things = things_to_do(session, golive, say, on=on, reader_id=reader_id)
    headline = say("digest-things", count=len(things)) if things else say("digest-quiet")
    parts = [f"**{day_of(golive, on, say)} {headline}**"]
    if things:
        parts.append("\n".join(f"- {thing}" for thing in things))
    parts += closing_lines(session, golive, say, on=on)
    buttons = [Action("alerts", say("digest-open-alerts"))] if alerts.open_alerts(session, golive.id) else []
    if questions.waiting(session, golive.id):
        buttons.append(Action("questions", say("digest-open-questions")))
    if any(promise.due is not None and promise.due <= on for promise in actions.promised(session, golive.id)):
        buttons.append(Action("promises", say("digest-open-promises")))
    platform = contact.platform if contact else "memory"
    return Card("\n\n".join(parts), actions=tuple(buttons), pictures=pictures(session, golive, say, platform=platform))


def day_of(golive: GoLive, on: date, say: Texts) -> str:
    day = (on - golive.date).days
    if day < 0:
        return say("digest-day-before", days=-day)
    return say("digest-day", day=day) if day else say("digest-first-day")


def things_to_do(session: Session, golive: GoLive, say: Texts, *, on: date, reader_id: int | None) -> list[str]:
    """Alerts that nobody has acted on come first, then what was promised for today, then questions."""
    assert golive.id is not None
    waiting_alerts = [alert for alert in alerts.open_alerts(session, golive.id) if alert.state != AlertState.ACTED_ON]
    things = [alert_line(session, alert, say, reader_id=reader_id) for alert in waiting_alerts]
    if due := [promise for promise in actions.promised(session, golive.id) if promise.due and promise.due <= on]:
        things = [*things[: THINGS - 1], say("digest-promise-due", count=len(due))]
    waiting = questions.waiting(session, golive.id)
    if waiting:
        line = say("digest-question-wait", count=len(waiting), oldest=say.day(waiting[0].day))
        things = [*things[: THINGS - 1], line]
    return things[:THINGS]


def alert_line(session: Session, alert: Alert, say: Texts, *, reader_id: int | None) -> str:
    line = say(f"digest-alert-{alert.kind}", **facts(session, alert, say))
    if alert.state != AlertState.ACKNOWLEDGED:
        return line
    return f"{line} {whose_it_is(session, alert, say, reader_id=reader_id)}"


def whose_it_is(session: Session, alert: Alert, say: Texts, *, reader_id: int | None) -> str:
    """Who is on it, in one sentence to one reader."""
    who = alert.assigned_to or alert.dealt_by
    if who is None or who == reader_id:
        return say("alert-yours")
    return say("alert-somebodys", name=name_of(session, who))


def name_of(session: Session, reader_id: int | None) -> str:
    reader = session.get(Reader, reader_id) if reader_id else None
    return reader.name if reader else ""


def facts(session: Session, alert: Alert, say: Texts) -> dict[str, str | float]:
    """What every sentence about an alert may mention."""
    return {
        "team": strata_of(session, alert.golive_id)[alert.stratum_id].name,
        "since": say.day(alert.since),
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
    last = [figure for figure in latest(session, golive.id) if figure.measure == ANSWERED]
    if last:
        lines.append(rate_line(last, say, {key: row.name for key, row in strata_of(session, golive.id).items()}))
    if away := unreachable(session, golive.id):
        lines.append(say("unreachable-count", count=away))
    return lines


def rate_line(last: Sequence[Figure], say: Texts, names: Mapping[int, str]) -> str:
    """Who answered the last wave, as it was published."""
    total = next(figure for figure in last if figure.stratum_id is None)
    when = say.day(total.on)
    if total.is_hidden:
        return say("digest-rate-few", date=when)
    if total.said == "most":
        line = say("digest-rate-most", invited=total.asked, date=when)
    elif total.said == "some":
        line = say("digest-rate-some", answered=total.low or 0, invited=total.asked, date=when)
    else:
        line = say("digest-rate", answered=total.low or 0, invited=total.asked, date=when)
    hidden = sorted(names[one.stratum_id] for one in last if one.stratum_id is not None and one.is_hidden)
    return f"{line} {say('digest-hidden', teams=', '.join(hidden))}" if hidden else line
