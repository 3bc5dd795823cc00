"""Asking anonymously, finding the reply with four words, and reading what others asked."""

import asyncio

from sqlmodel import Session, delete

from adapters.chat import Action, Card, Field, Reply
from bot.conversation.forms import to_mend
from bot.conversation.limits import ASK, FIND
from bot.conversation.masking import Kept, masked
from bot.conversation.turn import Turn
from bot.delivery.notices import mark_of
from surveys import questions, receipts, return_addresses
from surveys.errors import NoSuchQuestion, QuestionRefused, SurveyError
from surveys.questions import MAX_LENGTH, Found, Published, Question, QuestionState

FIELD = "question"
WORDS_FIELD = "words"


async def ask(turn: Turn) -> Reply:
    return Reply(ask_form(turn))


def ask_form(turn: Turn) -> Card:
    say = turn.texts
    return Card(
        text=say("ask-intro", system=turn.sender.golive.system),
        fields=(Field(FIELD, say("ask-field"), optional=False, max_length=MAX_LENGTH),),
        actions=(Action("ask-preview", say("ask-preview-button"), submits=True, primary=True),),
    )


async def ask_preview(turn: Turn) -> Reply:
    """Show the question as it would be kept; nothing is stored."""
    try:
        return preview(turn, await question_of(turn))
    except SurveyError as error:
        return to_mend(turn, ask_form(turn), error)


def preview(turn: Turn, kept: Kept) -> Reply:
    say = turn.texts
    return Reply(
        Card(
            text=say("ask-preview-masked" if kept.changed else "ask-preview"),
            fields=(Field(FIELD, say("ask-field"), optional=False, max_length=MAX_LENGTH, value=kept.text),),
            actions=(Action("ask-confirm", say("ask-confirm"), submits=True, primary=True),),
        )
    )


async def ask_confirm(turn: Turn) -> Reply:
    """Keep the question and hand over the receipt, once."""
    try:
        kept = await question_of(turn)
    except SurveyError as error:
        return to_mend(turn, ask_form(turn), error)
    if kept.changed:
        return preview(turn, kept)
    turn.limits.count(turn.incoming.sender, "ask", limit=ASK, now=turn.now)
    keys = turn.database.keys
    receipt = await asyncio.to_thread(receipts.draw, keys.receipts, work=keys.guess)
    await turn.database.transact(
        questions.ask, golive_id=turn.golive_id, text=kept.text, receipt=receipt, today=turn.today
    )
    text = turn.texts("ask-receipt", words=" · ".join(receipt.words))
    return Reply(Card(text, actions=(tell_me_button(turn),), ref=receipt.mailbox))


def tell_me_button(turn: Turn) -> Action:
    return Action("tell-me", turn.texts("tell-me"))


async def tell_me(turn: Turn) -> Reply:
    """Wish to be told of the reply. The card that was pressed is kept nowhere, and it alone knows the question."""
    address = mark_of(turn.sender.contact.address)
    await turn.database.transact(return_addresses.wish, turn.ref, to=address)
    return turn.say("tell-me-taken")


async def question_of(turn: Turn) -> Kept:
    """The question as it may be kept. Raises QuestionRefused for an empty one, TooLong, or NamesPatient."""
    kept = await masked(turn, turn.written(FIELD), longest=MAX_LENGTH)
    if not kept.text:
        raise QuestionRefused
    return kept


async def typed(turn: Turn) -> Reply:
    """Somebody typed a question into the chat, where exports keep it: offer the button instead."""
    say = turn.texts
    return Reply(Card(say("ask-typed"), actions=(Action("ask", say("prompt-ask"), primary=True),)))


async def find(turn: Turn) -> Reply:
    say = turn.texts
    return Reply(
        Card(
            text=say("find-intro"),
            fields=(Field(WORDS_FIELD, say("find-field"), optional=False, max_length=100),),
            actions=(Action("find-words", say("find-button"), submits=True, primary=True),),
        )
    )


async def find_words(turn: Turn) -> Reply:
    turn.limits.count(turn.incoming.sender, "find", limit=FIND, now=turn.now)
    words, keys = receipts.read_words(turn.written(WORDS_FIELD)), turn.database.keys
    mailbox, key = await asyncio.to_thread(receipts.derive, words, pepper=keys.receipts, work=keys.guess)
    found = await turn.database.read(questions.find, mailbox, key)
    return Reply(found_card(turn, found, mailbox=mailbox))


def found_card(turn: Turn, found: Found, *, mailbox: str) -> Card:
    say = turn.texts
    parts = [say("find-question", text=found.text)]
    actions = [Action("question-delete", say("question-delete"))]
    if found.state == QuestionState.SET_ASIDE:
        parts += [say(f"find-aside-{found.set_aside_for}"), say("find-aside-again")]
        return Card("\n\n".join(parts), actions=tuple(actions), ref=mailbox)
    if found.reply is not None:
        parts.append(say("find-reply", text=found.reply))
    if found.state != QuestionState.REPLIED:
        parts.append(say("find-again" if found.reply is not None else f"find-{found.state}"))
        actions.insert(0, tell_me_button(turn))
    elif not found.solved:
        parts.append(say("find-solved-question"))
        actions[:0] = [
            Action("solved", say("find-solved"), primary=True),
            Action("not-solved", say("find-not-solved")),
        ]
    return Card("\n\n".join(parts), actions=tuple(actions), ref=mailbox)


async def solved(turn: Turn) -> Reply:
    await turn.database.transact(questions.say_solved, turn.ref, solved=True)
    return turn.say("find-thanks-solved")


async def not_solved(turn: Turn) -> Reply:
    await turn.database.transact(questions.say_solved, turn.ref, solved=False)
    return turn.say("find-thanks-not-solved")


async def question_delete(turn: Turn) -> Reply:
    await turn.database.transact(delete_question, turn.ref)
    return turn.say("question-deleted")


def delete_question(session: Session, mailbox: str) -> None:
    """Whoever has the words may take the question back. Raises NoSuchQuestion."""
    if session.exec(delete(Question).where(Question.mailbox == mailbox)).rowcount == 0:  # type: ignore[arg-type]  # a column comparison
        raise NoSuchQuestion


async def answers(turn: Turn) -> Reply:
    """What others asked, and the replies."""
    rows = await turn.database.read(questions.published, turn.golive_id)
    if not rows:
        return turn.say("answers-none")
    return Reply(Card(f"{turn.texts('answers-title')}\n\n" + "\n\n".join(shown(row) for row in rows)))


def shown(row: Published) -> str:
    question = " ".join(row.text.split())  # bold ends with its line
    return f"**{question}**\n\n{row.reply}"
