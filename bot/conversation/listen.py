"""Everything that comes in: who sent it, which verb it asks for, and what goes back."""

from collections.abc import Collection, Mapping

import structlog

from adapters.chat import (
    Card,
    Directory,
    Incoming,
    Installed,
    Joined,
    Left,
    Opened,
    Pressed,
    Removed,
    Reply,
    Said,
    Submitted,
)
from bot.clock import Clock
from bot.conversation import (
    acting,
    answering,
    asking,
    digesting,
    greeting,
    habits,
    home,
    moving,
    opening,
    promising,
    pulses,
    setting_aside,
    wishes,
)
from bot.conversation.limits import DailyLimits
from bot.conversation.repeats import Repeats
from bot.conversation.setting_up import STEPS, SettingUp
from bot.conversation.turn import Turn, Verb
from bot.conversation.whose import sender_of
from bot.delivery.contacts import Sender
from bot.delivery.reach import came_or_went, learn, tells_news
from bot.roster_sync import came_or_left
from bot.storage.database import OUTAGES, Database
from bot.texts import FALLBACK, texts
from bot.who_sets_up import SetUpBy
from surveys.errors import SurveyError

log = structlog.get_logger()

LONGEST_SLIP = 20  # characters: a longer line is somebody telling us something, also where words are written together

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
    "home": home.home,
    "quiet": habits.quiet,
    "language": habits.language,
}
LEAD_COMMANDS: Mapping[str, Verb] = {
    "digest": digesting.digest,
    "alerts": acting.alerts,
    "questions": answering.questions_waiting,
    "promises": promising.promises,
    "reschedule": moving.reschedule,
}
#: For leads and managers.
READER_COMMANDS: Mapping[str, Verb] = {"dashboard": opening.dashboard}
ACTIONS: Mapping[str, Verb] = {
    "answer": pulses.answer,
    "ask-preview": asking.ask_preview,
    "ask-confirm": asking.ask_confirm,
    "tell-me": asking.tell_me,
    "find-words": asking.find_words,
    "solved": asking.solved,
    "not-solved": asking.not_solved,
    "question-delete": asking.question_delete,
    "delete-confirm": wishes.delete_confirm,
    "done": acting.done,
    "quiet-end": habits.quiet_end,
}
LEAD_ACTIONS: Mapping[str, Verb] = {
    "reply": answering.reply,
    "reply-alone": answering.reply_alone,
    "reply-change": answering.reply_change,
    "reply-withdraw": answering.reply_withdraw,
    "set-aside": setting_aside.set_aside,
    "acknowledge": acting.acknowledge,
    "assign": acting.assign,
    "note": acting.note,
    "sanction": acting.sanction,
    "dismiss": acting.dismiss,
    "promise-kept": promising.promise_kept,
    "promise-later": promising.promise_later,
    "reschedule-confirm": moving.reschedule_confirm,
}


class Conversation:
    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        base_url: str = "",
        platforms: Collection[str] = (),
        directories: Mapping[str, Directory] | None = None,
        set_up_by: SetUpBy = SetUpBy(),  # noqa: B008  # frozen, and the usual rule
    ) -> None:
        self._database = database
        self._clock = clock
        self._base_url = base_url
        self._limits = DailyLimits()
        self._repeats = Repeats()
        self._setting_up = SettingUp(database, allowed=set_up_by, directories=directories or {}, platforms=platforms)

    async def hear(self, incoming: Incoming) -> Reply | None:
        """Answer one thing. What a platform repeats gets the same reply again and changes nothing."""
        try:
            return await self._repeats.once(incoming, self._answer, now=self._clock.now())
        except OUTAGES as error:  # what somebody gave must not be taken for kept
            log.error("not kept", reason=type(error).__name__)  # noqa: TRY400  # traces would fill the disk
            return Reply(Card(texts(FALLBACK)("error-not-kept")))

    def forget(self) -> None:
        """Drop replies that are kept no longer, and at midnight who counted for what; the clock ticks this."""
        self._limits.forget(self._clock.now())
        self._repeats.forget(self._clock.now())
        self._setting_up.forget(self._clock.now())

    async def _answer(self, incoming: Incoming) -> Reply | None:
        if isinstance(incoming, Joined | Left):
            await self._database.transact(came_or_left, incoming)
            return None
        if isinstance(incoming, Installed | Removed):
            await self._database.transact(came_or_went, incoming, now=self._clock.now())
            return None
        step = setting_up_with(incoming)
        if step is not None and not isinstance(incoming, Opened):
            return await self._setting_up.answer(incoming, step, now=self._clock.now())
        sender = await self._database.read(sender_of, incoming)
        if sender is None:
            return await self._setting_up.welcome(incoming)
        if tells_news(sender, incoming):
            await self._database.transact(learn, incoming)
        turn = Turn(
            incoming=incoming,
            sender=sender,
            texts=texts(sender.language),
            database=self._database,
            limits=self._limits,
            now=self._clock.now(),
            base_url=self._base_url,
        )
        try:
            return await verb_for(incoming, sender)(turn)
        except SurveyError as error:
            return turn.say(error.key, **error.facts)


def setting_up_with(incoming: Opened | Said | Pressed | Submitted) -> str | None:
    """The step of setting up that is asked for, if one is: also by somebody who is in no go-live yet."""
    match incoming:
        case Said(text=text):
            asked = text.strip().strip(".!?/ ").casefold()
            return asked if asked == STEPS[0] else None
        case Pressed(action=action) | Submitted(action=action):
            return action if action in STEPS else None
        case Opened():
            return None


def verb_for(incoming: Opened | Said | Pressed | Submitted, sender: Sender) -> Verb:
    match incoming:
        case Opened(place="home"):
            return home.home
        case Opened():
            return greeting.welcome
        case Said(text=text):
            word = text.strip().strip(".!?/ ").casefold()
            mine = commands_of(sender)
            # One short word is a command or a slip.
            return mine.get(
                word, not_understood if len(word.split()) <= 1 and len(word) <= LONGEST_SLIP else asking.typed
            )
        case Pressed(action=action) | Submitted(action=action):
            if action in LEAD_ACTIONS or action in LEAD_COMMANDS:
                return {**LEAD_ACTIONS, **LEAD_COMMANDS}[action] if sender.is_lead else not_yours
            if action in READER_COMMANDS:
                return READER_COMMANDS[action] if sender.reader else not_yours
            return {**ACTIONS, **COMMANDS}.get(action, out_of_date)


def commands_of(sender: Sender) -> Mapping[str, Verb]:
    if sender.is_lead:
        return {**COMMANDS, **READER_COMMANDS, **LEAD_COMMANDS}
    return {**COMMANDS, **READER_COMMANDS} if sender.reader else COMMANDS


async def not_understood(turn: Turn) -> Reply:
    return turn.say("not-understood")


async def not_yours(turn: Turn) -> Reply:
    return turn.say("not-for-you")


async def out_of_date(turn: Turn) -> Reply:
    return turn.say("error-unknown-card")
