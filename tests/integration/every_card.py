"""Every card that the bot can show: each verb tried by everybody, each item asked, in each language."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from adapters.chat import Card, Choice, Field, Reply
from analytics.family import CONFUSION
from bot.conversation.listen import ACTIONS, COMMANDS, LEAD_ACTIONS, LEAD_COMMANDS, READER_COMMANDS
from bot.conversation.pulses import prompt
from bot.conversation.setting_up import STEPS
from bot.conversation.setup_cards import teams
from bot.insight.alerts import Alert
from bot.insight.detection import raise_and_close
from bot.texts import languages, texts
from surveys import questions
from surveys.bank import Bank
from surveys.golive_draft import Draft
from surveys.golives import GoLive
from surveys.instruments import LONGEST_REMARK, Instrument
from surveys.invitations import Invitation
from surveys.knowledge_checks import LONGEST_OPTION, LONGEST_QUESTION
from surveys.questions import MAX_LENGTH, Question
from surveys.waves import Wave, instrument_of
from tests.integration.conftest import NURSES, Clinic, at
from tests.integration.made_up_signals import signal

LONG = "Riverside Family Practice and Walk-in Clinic of Greater Springfield"
TEAM = "Front desk and telephones and referrals of the second floor"
VERBS = sorted({*COMMANDS, *LEAD_COMMANDS, *READER_COMMANDS, *ACTIONS, *LEAD_ACTIONS})
PEOPLE = ("lead", "mia", "gus", "stranger")
GIVEN = {
    "reply": "Mine now. " * (MAX_LENGTH // 10),
    "note": "We put a second printer into room two. " * 7,
    "to": "1",
    "when": "2027-03-09",
    "reason": "insult",
    "question": "Where do I put it? " * (MAX_LENGTH // 19),
    "words": "one two three four",
    "remark": "Hello. " * (LONGEST_REMARK // 8),
    "pause": "week",
    "from": "13:00",
    "until": "14:00",
    "first": "2027-03-08",
    "last": "2027-03-09",
    "organisation": LONG,
    "system": LONG,
    "on": "2027-04-01",
    "timezone": "America/New_York",
    "plan": "practice",
    "team": "Front desk",
    "people": "Ana Ruiz, memory:ana",
    "lead": "lead",
    "lead_name": "Lead",
}


async def every_card(clinic: Clinic, bank: Bank) -> dict[str, Card]:
    """By a name that says how it came about; what reads the same is there once."""
    found: dict[str, Card] = {}
    async for name, card in played(clinic):
        if card not in found.values():
            found[name] = card
    return {**found, **asked(clinic, bank)}


async def played(clinic: Clinic) -> AsyncIterator[tuple[str, Card]]:
    """What comes back when everybody presses everything, on whatever there is."""
    refs = await begin(clinic)
    for language in languages():
        for person in PEOPLE:
            for name, card in enumerate(clinic.chat.cards(at(person))):
                yield f"{person} has {name}", card
            for verb in VERBS if person in {"lead", "gus"} else [*COMMANDS, *READER_COMMANDS]:
                acts_on = refs.items() if verb in LEAD_ACTIONS and person == "lead" else [("pulse", refs["pulse"])]
                for kind, ref in acts_on:
                    values = {name: (value,) for name, value in (GIVEN | {"language": language}).items()}
                    reply: Reply | None = await clinic.chat.submit(at(person), verb, ref=ref, values=values)
                    if reply is not None:
                        yield f"{language}: {person} {verb} {kind}", reply.card
            for verb in STEPS if person == "lead" else ():
                yield f"{language}: {person} {verb}", await clinic.submits(person, verb, **GIVEN)
            yield f"{language}: {person} types", (await clinic.says(person, "where do I put the forms of today?"))


async def begin(clinic: Clinic) -> dict[str, str]:
    """The evening of the first day: prompts, alerts of every kind, questions that wait; refs of some of them."""
    clinic.files.organisation, clinic.files.system = LONG, LONG
    clinic.files.teams = {TEAM: ("Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Dina Vogt", "Emil Strand"), "Nursing": NURSES}
    clinic.files.managers = {TEAM: "memory:mia"}
    clinic.files.leads = ("lead", "second")
    clinic.load()
    for person in ("ana", "gus"):
        await clinic.submits(person, "ask-preview", question=GIVEN["question"])
        await clinic.asks(person, GIVEN["question"])
    kinds = [*CONFUSION, "workaround", "nonresponse"]
    signals = [signal(kind, TEAM, route="paper" if kind == "workaround" else None) for kind in kinds]
    with clinic.database.begin() as session:
        raise_and_close(session, 1, signals, eased=lambda *_, **__: False, now=clinic.clock.now())
        questions.release(session, 1, before=date.max)
    await clinic.at("2027-03-01 17:05")
    await clinic.at("2027-03-02 09:00")
    with clinic.database.session() as session:
        alerts = session.exec(select(Alert.id).order_by(col(Alert.id))).all()
        asked_for = session.exec(select(Question.key)).all()
        invitation = session.exec(select(Invitation.key)).first()
    return {
        **{f"alert {number}": f"alert:{number}" for number in alerts},
        "question": f"question:{asked_for[0]}",
        "another question": f"question:{asked_for[1]}",
        "pulse": invitation or "",
    }


def asked(clinic: Clinic, bank: Bank) -> dict[str, Card]:
    """Every item of the bank in every language, and the longest knowledge check, each as a pulse asks it."""
    with clinic.database.session() as session:
        golive, wave = session.exec(select(GoLive)).one(), session.exec(select(Wave)).first()
        assert wave is not None
        assert wave.id is not None
        instrument = instrument_of(session, wave.id, stratum_id=1)
    like = instrument.questions[0]
    found: dict[str, Card] = {}
    for language in languages():
        for item in bank.by_name.values():
            scale = bank.scale(item.scale, language=language)
            text = item.texts.get(language) or item.texts["en"]
            question = replace(
                like, name=item.name, text=text.replace("{system}", LONG), scale=item.scale, options=scale.options
            )
            card = prompt(golive, wave, Instrument((question,)), language=language, reminds=True)
            found[f"{language}: {item.name}"] = replace(card, ref="pulse")
        found[f"{language}: teams of channels"] = teams(
            texts(language), Draft("slack", "T1", "UTC", language), groups=True
        )
    options = tuple(Choice(str(n), "w" * 60 + f" {n} " + "y" * (LONGEST_OPTION - 63)) for n in range(4))
    check = Field("check", "q" * LONGEST_QUESTION, options)
    found["the longest knowledge check"] = replace(next(iter(found.values())), fields=(check,))
    return found
