"""What one person prefers for themselves: quiet hours of their own, and the language that the bot speaks to them."""

from datetime import time

from sqlmodel import Session

from adapters.chat import Action, Card, Choice, Field, Reply
from bot.conversation.forms import to_mend
from bot.conversation.turn import Turn
from bot.conversation.wishes import participant_of
from bot.delivery.contacts import Contact
from bot.hours import awake_minutes
from bot.texts import languages, texts
from surveys import roster
from surveys.errors import SurveyError

FROM, UNTIL, LANGUAGE = "from", "until", "language"
LEAST_AWAKE = 60  # minutes of a day in which somebody may still be written to


class NoTimes(SurveyError):
    """I could not read that as two times."""

    key = "quiet-unclear"


class NoHourLeft(SurveyError):
    """Less than an hour of the day would be left in which anything could reach you."""

    key = "quiet-no-hour"


async def quiet(turn: Turn) -> Reply:
    """Ask for hours, or take the two that were written."""
    participant = participant_of(turn)
    form = quiet_form(turn)
    if FROM not in turn.values:
        return Reply(form)
    try:
        start, end = hours_written(turn)
    except SurveyError as error:
        return to_mend(turn, form, error)
    await turn.database.transact(roster.keep_quiet, participant, start=start, end=end)
    return turn.say("quiet-set", **{FROM: f"{start:%H:%M}", UNTIL: f"{end:%H:%M}"})


def quiet_form(turn: Turn) -> Card:
    say, person = turn.texts, turn.sender.participant
    own = {FROM: person.quiet_from, UNTIL: person.quiet_until} if person else {}
    actions = [Action("quiet", say("quiet-button"), submits=True, primary=True)]
    if own.get(FROM) is not None:
        actions.append(Action("quiet-end", say("quiet-end-button")))

    def field(name: str, label: str) -> Field:
        known = own.get(name)
        value = f"{known:%H:%M}" if known else ""
        return Field(name, label, kind="time", optional=False, max_length=5, value=value)

    return Card(
        say("quiet-intro", **golive_hours(turn)),
        fields=(field(FROM, say("quiet-from")), field(UNTIL, say("quiet-until"))),
        actions=tuple(actions),
    )


def golive_hours(turn: Turn) -> dict[str, str | float]:
    golive = turn.sender.golive
    return {FROM: f"{golive.quiet_from:%H:%M}", UNTIL: f"{golive.quiet_until:%H:%M}"}


def hours_written(turn: Turn) -> tuple[time, time]:
    """Raises NoTimes, NoHourLeft."""
    golive = turn.sender.golive
    try:
        start, end = (time.fromisoformat(turn.written(name)).replace(tzinfo=None) for name in (FROM, UNTIL))
    except ValueError as error:
        raise NoTimes from error
    if start == end:
        raise NoTimes
    if awake_minutes([(golive.quiet_from, golive.quiet_until), (start, end)]) < LEAST_AWAKE:
        raise NoHourLeft
    return start, end


async def quiet_end(turn: Turn) -> Reply:
    await turn.database.transact(roster.keep_quiet, participant_of(turn), start=None, end=None)
    return turn.say("quiet-ended", **golive_hours(turn))


async def language(turn: Turn) -> Reply:
    """Offer the languages that there are, or take the one that was picked; the answer speaks it already."""
    known = languages()
    picked = turn.written(LANGUAGE)
    if picked in known:
        await turn.database.transact(speak, turn.sender.contact.id or 0, language=picked)
        return Reply(Card(texts(picked)("language-set")))
    say = turn.texts
    if len(known) == 1:
        return turn.say("language-only")
    choices = tuple(Choice(one, texts(one)("language-name")) for one in known)
    return Reply(
        Card(
            say("language-intro"),
            fields=(Field(LANGUAGE, say("language-field"), choices, optional=False, value=turn.sender.language),),
            actions=(Action("language", say("language-button"), submits=True, primary=True),),
        )
    )


def speak(session: Session, contact_id: int, *, language: str) -> None:
    session.get_one(Contact, contact_id).language = language
