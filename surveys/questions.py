"""Questions asked anonymously: held, released in shuffled batches, answered once, published to everybody."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nacl.public import PrivateKey
from sqlmodel import Field, Session, col, func, select, update

from surveys.errors import NoLongerKept, NoSuchQuestion, QuestionRefused
from surveys.receipts import Receipt, seal_to, unseal
from surveys.records import UNORDERED, Record, random_key
from surveys.secrecy import conceal, drawer_of, reveal

MAX_LENGTH = 1000  # characters
BATCH = 3  # questions that leave together at the least, so that no single one can be placed in time


class QuestionState(StrEnum):
    HELD = "held"
    RELEASED = "released"
    REPLIED = "replied"
    SET_ASIDE = "set_aside"


class Reason(StrEnum):
    """Why a lead sets a question aside; the asker reads it, nobody else."""

    NAMES = "names"  #: a patient or a colleague can be made out
    INSULT = "insult"
    ELSEWHERE = "elsewhere"  #: not about this go-live


#: The lead has seen it, and it may be replied to.
SEEN = (QuestionState.RELEASED, QuestionState.REPLIED)


class Question(Record, table=True):
    """A day, never a time; a mailbox, never a person."""

    __tablename__ = "question"
    __table_args__ = (UNORDERED,)

    key: str = Field(default_factory=random_key, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    day: date
    text: bytes  #: concealed; as masked and confirmed by the asker
    mailbox: str = Field(unique=True)
    public_key: bytes
    return_address: bytes  #: concealed, always of one length; blank for whoever did not wish to be told
    state: str = QuestionState.HELD
    sealed_reply: bytes | None = None  #: only the receipt opens it
    published_reply: bytes | None = None  #: concealed; everybody may read it
    replied_on: date | None = None  #: or set aside
    set_aside_for: str | None = None
    solved: bool | None = None  #: what the asker said when asked back


@dataclass(frozen=True, slots=True)
class Found:
    """What a receipt shows."""

    key: str
    text: str
    state: str
    reply: str | None
    solved: bool | None
    set_aside_for: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A question with its reply, for everybody."""

    text: str
    reply: str
    day: date


def ask(session: Session, *, golive_id: int, text: str, receipt: Receipt, today: date) -> None:
    """Keep a question until it is released. No parameter through which a person could enter.

    Raises
    ------
    QuestionRefused
        when it is empty or longer than MAX_LENGTH.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise QuestionRefused(length=len(text), longest=MAX_LENGTH)
    drawer = drawer_of(golive_id, today)
    session.add(
        Question(
            golive_id=golive_id,
            day=today,
            text=conceal(session, text, drawer=drawer),
            mailbox=receipt.mailbox,
            public_key=receipt.public_key,
            return_address=conceal(session, "", drawer=drawer),
        )
    )
    session.flush()


def release(session: Session, golive_id: int, *, before: date | None = None) -> list[Question]:
    """Release held questions in a shuffled order: all from days before `before`, else a batch of at least BATCH."""
    held = select(Question).where(Question.golive_id == golive_id, Question.state == QuestionState.HELD)
    if before is not None:
        held = held.where(col(Question.day) < before)
    batch = list(session.exec(held))
    if before is None and len(batch) < BATCH:
        return []
    random.SystemRandom().shuffle(batch)
    for question in batch:
        question.state = QuestionState.RELEASED
        session.add(question)
    session.flush()
    return batch


def reply(session: Session, key: str, *, golive_id: int, text: str, today: date, for_everybody: bool = True) -> None:
    """Answer a released question, sealed to its receipt, and publish the answer unless it is for its asker alone.

    A later reply replaces an earlier one.

    Raises
    ------
    NoSuchQuestion
        when it is unknown, of another go-live, set aside, or still held: nobody has seen it.
    """
    question = seen(session, key, golive_id=golive_id)
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise QuestionRefused(length=len(text), longest=MAX_LENGTH)
    question.sealed_reply = seal_to(question.public_key, text)
    drawer = drawer_of(golive_id, question.day)
    question.published_reply = conceal(session, text, drawer=drawer) if for_everybody else None
    question.state = QuestionState.REPLIED
    question.replied_on = today
    question.solved = None  # the asker is asked again whether it helps now
    session.add(question)


def withdraw(session: Session, key: str, *, golive_id: int) -> None:
    """Take a reply back: nobody reads it any more, and the question waits again.

    Raises
    ------
    NoSuchQuestion
        as for `reply`, and where there is no reply.
    """
    question = seen(session, key, golive_id=golive_id)
    if question.sealed_reply is None:
        raise NoSuchQuestion
    question.state = QuestionState.RELEASED
    question.sealed_reply = question.published_reply = question.replied_on = question.solved = None
    session.add(question)


def set_aside(session: Session, key: str, *, golive_id: int, reason: Reason, today: date) -> None:
    """Publish a question no more, and tell the asker alone why. Nobody learns who asked.

    Raises
    ------
    NoSuchQuestion
        as for `reply`.
    """
    question = seen(session, key, golive_id=golive_id)
    question.state = QuestionState.SET_ASIDE
    question.set_aside_for = reason
    question.sealed_reply = question.published_reply = question.solved = None
    question.replied_on = today
    session.add(question)


def seen(session: Session, key: str, *, golive_id: int) -> Question:
    """A question that the leads of this go-live have in front of them. Raises NoSuchQuestion."""
    question = session.get(Question, key, with_for_update=True)
    if question is None or question.golive_id != golive_id or question.state not in SEEN:
        raise NoSuchQuestion
    return question


def find(session: Session, mailbox: str, key: PrivateKey) -> Found:
    """What waits behind a receipt.

    Raises
    ------
    NoSuchQuestion
    """
    question = session.exec(select(Question).where(Question.mailbox == mailbox)).one_or_none()
    if question is None:
        raise NoSuchQuestion
    answer = unseal(key, question.sealed_reply) if question.sealed_reply else None
    return Found(
        key=question.key,
        text=reveal(session, question.text),
        state=question.state,
        reply=answer,
        solved=question.solved,
        set_aside_for=question.set_aside_for,
    )


def say_solved(session: Session, mailbox: str, *, solved: bool) -> None:
    """What the asker says when asked back. A question that is not solved waits for the lead again.

    Without a reply there is nothing to say yet, and a press must not let a held question go.
    """
    state = QuestionState.REPLIED if solved else QuestionState.RELEASED
    replied = update(Question).where(col(Question.mailbox) == mailbox, col(Question.sealed_reply).is_not(None))
    session.exec(replied.values(solved=solved, state=state))


def published(session: Session, golive_id: int, *, limit: int = 20) -> list[Published]:
    """Answered questions, the newest day first."""
    rows = session.exec(
        select(Question)
        .where(Question.golive_id == golive_id, col(Question.published_reply).is_not(None))
        .order_by(col(Question.replied_on).desc(), col(Question.key))
        .limit(limit)
    )
    found = []
    for row in rows:
        with suppress(NoLongerKept):
            text, answer = reveal(session, row.text), reveal(session, row.published_reply or b"")
            found.append(Published(text=text, reply=answer, day=row.replied_on or row.day))
    return found


def helped(session: Session, golive_id: int) -> tuple[int, int]:
    """How many askers said that a reply solved it, and how many said so or not."""
    said = select(Question.solved).where(Question.golive_id == golive_id, col(Question.solved).is_not(None))
    told = list(session.exec(said))
    return sum(bool(one) for one in told), len(told)


def waiting(session: Session, golive_id: int) -> list[Question]:
    """Released questions without an answer, the oldest day first."""
    return list(
        session.exec(
            select(Question)
            .where(Question.golive_id == golive_id, Question.state == QuestionState.RELEASED)
            .order_by(col(Question.day), col(Question.key))
        )
    )


def asked_on(session: Session, golive_id: int, *, since: date) -> int:
    """How many questions were asked since a day, released or not."""
    counted = select(func.count()).where(Question.golive_id == golive_id, col(Question.day) >= since)
    return session.exec(counted).one()
