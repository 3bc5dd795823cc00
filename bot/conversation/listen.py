"""Everything that comes in: who sent it, which verb it asks for, and what goes back."""

from collections import OrderedDict
from collections.abc import Mapping

import structlog

from adapters.chat import Address, Card, Incoming, Opened, Pressed, Reply, Said, Submitted
from bot.clock import Clock
from bot.conversation import asking, greeting, leading, pulses, wishes
from bot.conversation.limits import DailyLimits
from bot.conversation.turn import Turn, Verb
from bot.delivery.contacts import Sender, recognise
from bot.storage.database import Database
from bot.texts import FALLBACK, texts
from surveys.errors import SurveyError

log = structlog.get_logger()

REMEMBERED = 256  #: presses whose repetition gets the same reply

COMMANDS: Mapping[str, Verb] = {
    "help": greeting.help_,
    "privacy": greeting.privacy,
    "ask": asking.ask,
    "find": asking.find,
    "answers": asking.answers,
    "pause": wishes.pause,
    "resume": wishes.resume,
    "leave": wishes.leave,
    "stop": wishes.stop,
    "start": wishes.start,
    "delete": wishes.delete_intro,
}
LEAD_COMMANDS: Mapping[str, Verb] = {
    "digest": leading.digest,
    "alerts": leading.alerts,
    "questions": leading.questions_waiting,
}
ACTIONS: Mapping[str, Verb] = {
    "answer": pulses.answer,
    "ask-preview": asking.ask_preview,
    "ask-confirm": asking.ask_confirm,
    "find-words": asking.find_words,
    "solved": asking.solved,
    "not-solved": asking.not_solved,
    "question-delete": asking.question_delete,
    "delete-confirm": wishes.delete_confirm,
}
LEAD_ACTIONS: Mapping[str, Verb] = {
    "reply": leading.reply,
    "acknowledge": leading.acknowledge,
    "sanction": leading.sanction,
    "dismiss": leading.dismiss,
    "note": leading.note,
}


class Conversation:
    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._limits = DailyLimits()
        self._replies: OrderedDict[tuple[Address, str], Reply | None] = OrderedDict()

    async def hear(self, incoming: Incoming) -> Reply | None:
        """Answer one thing. What a platform repeats gets the same reply again and changes nothing."""
        key = (incoming.sender, incoming.id)
        if key in self._replies:
            return self._replies[key]
        self._replies[key] = None
        reply = self._replies[key] = await self._answer(incoming)
        while len(self._replies) > REMEMBERED:
            self._replies.popitem(last=False)
        return reply

    async def _answer(self, incoming: Incoming) -> Reply:
        sender = await self._database.read(recognise, incoming.sender)
        if sender is None:
            return Reply(Card(texts(FALLBACK)("welcome-stranger")))
        turn = Turn(
            incoming=incoming,
            sender=sender,
            texts=texts(sender.golive.language),
            database=self._database,
            limits=self._limits,
            now=self._clock.now(),
        )
        try:
            return await verb_for(incoming, sender)(turn)
        except SurveyError as error:
            return turn.say(error.key, **error.facts)


def verb_for(incoming: Incoming, sender: Sender) -> Verb:
    match incoming:
        case Opened():
            return greeting.welcome
        case Said(text=text):
            word = text.strip().strip(".!?/").casefold()
            mine = {**COMMANDS, **LEAD_COMMANDS} if sender.is_lead else COMMANDS
            # One word is a command or a slip; more words are somebody telling us something.
            return mine.get(word, asking.typed if " " in word else not_understood)
        case Pressed(action=action) | Submitted(action=action):
            if action in LEAD_ACTIONS or action in LEAD_COMMANDS:
                return {**LEAD_ACTIONS, **LEAD_COMMANDS}[action] if sender.is_lead else not_yours
            return {**ACTIONS, **COMMANDS}.get(action, out_of_date)


async def not_understood(turn: Turn) -> Reply:
    return turn.say("not-understood")


async def not_yours(turn: Turn) -> Reply:
    return turn.say("not-for-you")


async def out_of_date(turn: Turn) -> Reply:
    return turn.say("error-unknown-card")
