"""What a lead does about an alert: take it on, give it to somebody, write down what was done, agree, put it aside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from adapters.chat import Action, Card, Choice, Field, Reply
from bot import leading
from bot.conversation.forms import again, filled, to_mend
from bot.conversation.masking import masked
from bot.conversation.turn import Turn
from bot.conversation.whose import alert_of, is_number
from bot.insight import alerts as register
from bot.insight.alert_card import LONGEST_NOTE, NOTE, WAITING, alert_card, ref_of
from bot.insight.alerts import OPEN, Alert, AlertState, AlertTaken, AlertTakenBy, AlertYours, Dismissal
from bot.insight.digest import name_of
from bot.leading import Deed, NobodyPicked
from surveys.errors import SurveyError
from surveys.roster import Reader

TO, WHO, WHEN, REASON = "to", "who", "when", "reason"


class NothingNoted(SurveyError):
    """Please write in one sentence what was done."""

    key = "alert-note-empty"


class NoDay(SurveyError):
    """I could not read that as a date."""

    key = "error-no-day"


async def alerts(turn: Turn) -> Reply:
    """What is open; the newest that nobody has taken on comes first, ready to act on."""

    def first(session: Session) -> tuple[int, Card] | None:
        found = register.open_alerts(session, turn.golive_id)
        found.sort(key=lambda alert: OPEN.index(AlertState(alert.state)))
        return (
            (len(found), alert_card(session, found[0], turn.texts, reader_id=turn.leader.reader_id)) if found else None
        )

    opened = await turn.database.read(first)
    if opened is None:
        return turn.say("alerts-none")
    count, card = opened
    if count == 1:
        return Reply(card)
    return Reply(replace(card, text=f"{turn.texts('alerts-open', count=count)}\n\n{card.text}"))


async def acknowledge(turn: Turn) -> Reply:
    return await moved(turn, AlertState.ACKNOWLEDGED)


async def sanction(turn: Turn) -> Reply:
    return await moved(turn, AlertState.SANCTIONED)


async def dismiss(turn: Turn) -> Reply:
    """Ask why, or take the reason that was picked."""
    picked, say = turn.written(REASON), turn.texts
    if picked in set(Dismissal):
        return await moved(turn, AlertState.DISMISSED, reason=Dismissal(picked))
    choices = tuple(Choice(reason, say(f"dismiss-{reason}")) for reason in Dismissal)
    asks = Field(REASON, say("dismiss-field"), choices=choices, optional=False)
    return await form(
        turn,
        Card(
            say("dismiss-intro"),
            fields=(asks,),
            actions=(Action("dismiss", say("dismiss-confirm"), submits=True, primary=True),),
        ),
    )


async def assign(turn: Turn) -> Reply:
    """Ask to whom, or give it to whoever was picked."""
    number, seen = alert_of(turn.ref)
    picked, say = turn.written(TO), turn.texts
    if is_number(picked):
        to = int(picked)
        return await shown_or_told(
            turn, lambda session: (leading.assign(session, number, to=to, by=turn.leader, seen=seen), "")
        )

    def candidates(session: Session) -> tuple[Choice, ...]:
        alert = leading.of_golive(session, number, by=turn.leader)
        return tuple(Choice(str(one.id), called(turn, one)) for one in leading.assignable(session, alert))

    choices = await turn.database.read(candidates)
    return await form(
        turn,
        Card(
            say("assign-intro"),
            fields=(Field(TO, say("assign-field"), choices=choices, optional=False),),
            actions=(Action("assign", say("assign-confirm"), submits=True, primary=True),),
        ),
    )


async def note(turn: Turn) -> Reply:
    """Ask what was done, or take what was written; the pulse after it is done tells everybody."""
    empty = await note_form(turn)
    if NOTE not in turn.values:
        return Reply(empty)
    return await written_down(turn, empty)


async def done(turn: Turn) -> Reply:
    """What somebody did to whom the alert was given, who may be no lead."""
    number, _ = alert_of(turn.ref)

    def theirs(session: Session) -> bool:
        alert = leading.of_golive(session, number, by=turn.leader)
        return alert.assigned_to is not None and alert.assigned_to == turn.leader.reader_id

    if not await turn.database.read(theirs):
        raise AlertTaken
    say = turn.texts
    field = Field(NOTE, say("note-field"), hint=say("note-hint"), optional=False, max_length=LONGEST_NOTE)
    button = Action("done", say("note-button"), submits=True, primary=True)
    form = Card(say("note-intro"), fields=(field,), actions=(button,), ref=turn.ref)
    return await written_down(turn, form) if NOTE in turn.values else Reply(form)


async def written_down(turn: Turn, card: Card) -> Reply:
    """Take what was written into a form; the form comes again where there is something to look at once more."""
    try:
        kept = await masked(turn, turn.written(NOTE), longest=LONGEST_NOTE)
        if not kept.text:
            raise NothingNoted  # all that is wrong with the text is told in one place
    except SurveyError as error:
        return to_mend(turn, card, error)
    if shown := again(turn, kept, card, name=NOTE):
        return shown
    number, seen = alert_of(turn.ref)
    who = turn.written(WHO)

    def write(session: Session) -> tuple[Alert, str]:
        deed = Deed(kept.text, int(who) if is_number(who) else None, day_written(turn))
        alert, action = leading.note(session, number, deed, by=turn.leader, seen=seen)
        facts = {"text": kept.text, "name": name_of(session, action.owner_id)}
        if action.due is None:
            return alert, turn.texts("alert-state-acted_on", **facts)
        return alert, turn.texts("alert-state-promised", date=turn.texts.day(action.due), **facts)

    form = filled(turn, card, **{NOTE: kept.text})
    try:
        return await shown_or_told(turn, write, form=form)
    except (NoDay, NobodyPicked) as error:
        return to_mend(turn, form, error, **{NOTE: kept.text})


async def note_form(turn: Turn) -> Card:
    """What was done, by whom, and when; a day ahead makes it a promise."""
    number, _ = alert_of(turn.ref)
    say = turn.texts

    def owners(session: Session) -> list[Reader]:
        leading.of_golive(session, number, by=turn.leader)
        return leading.readers(session, turn.golive_id)

    known = await turn.database.read(owners)
    fields = [Field(NOTE, say("note-field"), hint=say("note-hint"), optional=False, max_length=LONGEST_NOTE)]
    if len(known) > 1:
        me = str(turn.leader.reader_id or "")
        choices = tuple(Choice(str(one.id), called(turn, one)) for one in known)
        fields.append(Field(WHO, say("note-who"), choices=choices, value=turn.written(WHO) or me))
    when = turn.written(WHEN) or turn.today.isoformat()
    fields.append(Field(WHEN, say("note-when"), hint=say("note-when-hint"), kind="date", max_length=10, value=when))
    button = Action("note", say("note-button"), submits=True, primary=True)
    return Card(say("note-intro"), fields=tuple(fields), actions=(button,), ref=turn.ref)


def called(turn: Turn, reader: Reader) -> str:
    """A name on a list: oneself, a lead, or the manager of a team, who bears its name."""
    if reader.id == turn.leader.reader_id:
        return turn.texts("assign-me")
    return reader.name if reader.role == "lead" else turn.texts("assign-manager", team=reader.name)


def day_written(turn: Turn) -> date | None:
    """Raises NoDay."""
    try:
        return date.fromisoformat(turn.written(WHEN)) if turn.written(WHEN) else None
    except ValueError as error:
        raise NoDay from error


async def moved(turn: Turn, state: AlertState, *, reason: Dismissal | None = None) -> Reply:
    number, seen = alert_of(turn.ref)
    return await shown_or_told(
        turn,
        lambda session: (leading.move_on(session, number, state, by=turn.leader, seen=seen, reason=reason), ""),
    )


async def form(turn: Turn, card: Card) -> Reply:
    """A form about an alert of this go-live. Raises AlertTaken."""
    number, _ = alert_of(turn.ref)
    await turn.database.read(leading.of_golive, number, by=turn.leader)
    return Reply(replace(card, ref=turn.ref))


async def shown_or_told(turn: Turn, act: Callable[[Session], tuple[Alert, str]], *, form: Card | None = None) -> Reply:
    """Act, and show the alert as it stands then; where another lead was quicker, say who, and what they did.

    What was written into a `form` is not lost: it comes again while there is something to be done.
    """
    reader_id = turn.leader.reader_id

    def run(session: Session) -> Card:
        alert, said = act(session)
        return alert_card(session, alert, turn.texts, reader_id=reader_id, said=said)

    def as_it_stands(session: Session) -> Card:
        alert = session.get_one(Alert, alert_of(turn.ref)[0])
        if form is not None and alert.state in WAITING:
            return replace(form, ref=ref_of(alert))
        return alert_card(session, alert, turn.texts, reader_id=reader_id)

    try:
        card = await turn.database.transact(run)
    except (AlertTakenBy, AlertYours) as error:
        stands = await turn.database.read(as_it_stands)
        return Reply(replace(stands, text=f"{turn.texts(error.key, **error.facts)}\n\n{stands.text}"))
    return Reply(card if turn.sender.is_lead else replace(card, actions=()), replaces=True)
