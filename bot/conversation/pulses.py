"""The pulse: its prompt, its reminder, the answer, and the thank-you that takes its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from sqlmodel import Session

from adapters.chat import Action, Card, Choice, Field, Reply
from bot.conversation.masking import masked, preview
from bot.conversation.turn import Turn
from bot.delivery.contacts import Contact, language_for
from bot.delivery.outbox import Claimed, Delivery, DeliveryKind, messages_of
from bot.texts import Texts, texts
from surveys import actions, questions
from surveys.bank import Bank, load_bank
from surveys.errors import AnswerRefused, NothingAnswered, NotInvited, WaveClosed
from surveys.golives import GoLive
from surveys.instruments import LONGEST_REMARK, REMARK, Instrument, NotAnOption, parse_answers, put_in
from surveys.invitations import Disposition, Invitation, invitations_of, settle
from surveys.responses import submit
from surveys.roster import to_be_asked
from surveys.waves import Wave, WaveState, instrument_of, open_among


def who_sees_what(golive: GoLive, say: Texts) -> str:
    return say("who-sees-what", minimum=golive.group_minimum)


def compose_prompts(session: Session, claimed: Sequence[Claimed], now: datetime) -> dict[int, Card]:
    """The prompts as they read now, without those for people who are not to be asked any more.

    All who are read together are asked the same, so a form is written once and gets each one's reference.
    """
    invitations = invitations_of(session, [delivery.subject for delivery, _ in claimed])
    waves = open_among(session, {one.wave_id for one in invitations.values()}, now=now)
    willing = {
        (wave.id, person.id)
        for wave in waves.values()
        for person in to_be_asked(
            session,
            wave.golive_id,
            on=wave.on,
            only={one.participant_id for one in invitations.values() if one.wave_id == wave.id},
        )
    }
    forms: dict[tuple[int, int, str, str], Card] = {}
    cards: dict[int, Card] = {}
    for delivery, contact in claimed:
        invitation = invitations.get(delivery.subject)
        if invitation is None or (invitation.wave_id, invitation.participant_id) not in willing:
            continue
        wave = waves[invitation.wave_id]
        golive = session.get_one(GoLive, wave.golive_id)
        to_everybody = delivery.kind == DeliveryKind.REMINDER and golive.reminder == "everybody"
        if invitation.disposition != Disposition.PENDING and not to_everybody:
            continue
        language = contact.language or golive.language
        form = (invitation.wave_id, invitation.stratum_id, delivery.kind, language)
        if form not in forms:
            instrument = instrument_of(session, invitation.wave_id, stratum_id=invitation.stratum_id)
            if language != golive.language:
                instrument = put_in(instrument, bank(), language, system=golive.system)
            reminds = delivery.kind == DeliveryKind.REMINDER
            forms[form] = prompt(golive, wave, instrument, language=language, reminds=reminds)
        assert delivery.id is not None
        cards[delivery.id] = replace(forms[form], ref=invitation.key)
    return cards


@cache
def bank() -> Bank:
    """The item bank, for those who read in another language than their go-live."""
    return load_bank()


def prompt(golive: GoLive, wave: Wave, instrument: Instrument, *, language: str, reminds: bool) -> Card:
    """A form without its reference."""
    say = texts(language)
    facts: dict[str, str | float] = {"system": golive.system, "count": len(instrument.questions)}
    if wave.day < 0:
        text = say("prompt-before", days=-wave.day, **facts)
    elif wave.day == 0:
        text = say("prompt-first-day", **facts)
    else:
        text = say("prompt-after", day=wave.day, **facts)
    fields = tuple(
        Field(
            name=question.name,
            label=question.text,
            choices=tuple(Choice(value, label) for value, label in question.options),
            several=question.several,
            hint="" if question.options else say("prompt-comment-hint"),
        )
        for question in instrument.questions
    )
    if all(question.options for question in instrument.questions):
        fields += (Field(name=REMARK, label=say("prompt-comment"), hint=say("prompt-comment-hint")),)
    return Card(
        text=f"{say('reminder-line')}\n\n{text}" if reminds else text,
        fields=fields,
        actions=(
            Action("answer", say("prompt-send"), submits=True, primary=True),
            Action("ask", say("prompt-ask")),
        ),
        note=who_sees_what(golive, say),
    )


def prompts_before(session: Session, deliveries: Sequence[Delivery]) -> dict[int, tuple[str, Card]]:
    """The prompts that reminders repeat, and the line that takes their place: one form is enough."""
    reminders = [delivery for delivery in deliveries if delivery.kind == DeliveryKind.REMINDER]
    if not reminders:
        return {}
    sent = messages_of(session, [key_of_prompt(delivery) for delivery in reminders])
    invitations = invitations_of(session, [delivery.subject for delivery in reminders])
    before: dict[int, tuple[str, Card]] = {}
    for delivery in reminders:
        message_id = sent.get(key_of_prompt(delivery))
        invitation = invitations.get(delivery.subject)
        # Where an answer was given, the thank-you may stand there.
        if message_id is not None and invitation is not None and invitation.disposition == Disposition.PENDING:
            assert delivery.id is not None
            say = texts(language_for(session, session.get_one(Contact, delivery.contact_id)))
            before[delivery.id] = (message_id, Card(say("prompt-moved")))
    return before


def key_of_prompt(reminder: Delivery) -> str:
    return f"{reminder.key.removesuffix('reminder')}prompt"


async def answer(turn: Turn) -> Reply:
    """Take an answer: masked, settled once, written without a name."""
    given = {name: values for name, values in turn.values.items() if any(value.strip() for value in values)}
    instrument = await turn.database.read(instrument_for, turn.ref, participant_id=participant_of(turn), now=turn.now)
    for name in [question.name for question in instrument.questions if not question.options] + [REMARK]:
        if name in given:
            kept = await masked(turn, turn.written(name), longest=LONGEST_REMARK)
            if shown := preview(turn, kept):
                return shown
            given[name] = (kept.text,)
    outcome = await turn.database.transact(
        take_answer, turn.ref, participant_id=participant_of(turn), values=given, now=turn.now
    )
    return Reply(thank_you(turn.texts, outcome), replaces=True)


def participant_of(turn: Turn) -> int:
    if turn.sender.participant is None or turn.sender.participant.id is None:
        raise NotInvited
    return turn.sender.participant.id


def invitation_for(session: Session, key: str, *, participant_id: int, now: datetime) -> tuple[Invitation, Wave]:
    """Raises WaveClosed (also for a sealed wave, whose invitations are forgotten) or NotInvited."""
    invitation = session.get(Invitation, key)
    if invitation is None:
        raise WaveClosed
    if invitation.participant_id != participant_id:
        raise NotInvited
    wave = session.get_one(Wave, invitation.wave_id)
    if wave.state != WaveState.OPEN or wave.closes <= now:
        raise WaveClosed
    return invitation, wave


def instrument_for(session: Session, key: str, *, participant_id: int, now: datetime) -> Instrument:
    invitation, wave = invitation_for(session, key, participant_id=participant_id, now=now)
    assert wave.id is not None
    return instrument_of(session, wave.id, stratum_id=invitation.stratum_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the thank-you tells."""

    done: tuple[str, ...]  #: "we did", told with this pulse
    replies: int  #: questions answered lately


def take_answer(
    session: Session,
    key: str,
    *,
    participant_id: int,
    values: dict[str, tuple[str, ...]],
    now: datetime,
) -> Outcome:
    """Settle the invitation and write the response in one transaction: both or neither."""
    invitation, wave = invitation_for(session, key, participant_id=participant_id, now=now)
    instrument = instrument_of(session, invitation.wave_id, stratum_id=invitation.stratum_id)
    try:
        answers, remarks = parse_answers(instrument, values)
    except NotAnOption as error:
        raise AnswerRefused from error
    if not answers and not remarks:
        raise NothingAnswered
    given = {answer.item for answer in answers} | {remark.item for remark in remarks}
    whole = all(question.name in given for question in instrument.questions if question.options)
    settle(session, key, Disposition.COMPLETE if whole else Disposition.PARTIAL)
    submit(
        session,
        wave_id=invitation.wave_id,
        stratum_id=invitation.stratum_id,
        answers=answers,
        remarks=remarks,
    )
    return what_changed(session, wave.golive_id, on=wave.on)


def what_changed(session: Session, golive_id: int, *, on: date) -> Outcome:
    lately = [reply for reply in questions.published(session, golive_id) if (on - reply.day).days <= 7]  # noqa: PLR2004  # a week
    return Outcome(done=tuple(actions.told(session, golive_id, on=on)), replies=len(lately))


def thank_you(say: Texts, outcome: Outcome) -> Card:
    lines = [say("thank-you")]
    if outcome.done:
        lines.append(say("thank-you-done") + "".join(f"\n- {text}" for text in outcome.done))
    if outcome.replies:
        lines.append(say("thank-you-answers", count=outcome.replies))
    return Card("\n\n".join(lines))
