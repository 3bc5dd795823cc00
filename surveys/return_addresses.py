"""Where a reply is announced to those who wished so: of one length in every question, and for the running bot alone.

Whenever one return address changes, those of the whole go-live are encrypted anew in the same transaction. So neither
rows nor transaction numbers nor the write-ahead log tell whose question it was, or whether it was a wish at all.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from sqlmodel import Session, col, select

from surveys.errors import NoLongerKept, NoSuchQuestion
from surveys.questions import BATCH, Question, QuestionState
from surveys.secrecy import conceal, drawer_of, reveal

BLANK = ""
LENGTH = 64  # characters of a return address; any other would show in the length of what is kept
PATIENCE = timedelta(days=3)  # a reply is announced by then, even where few others were given
DONE = (QuestionState.REPLIED, QuestionState.SET_ASIDE)


def wish(session: Session, mailbox: str, *, to: str) -> None:
    """Announce the reply to `to`, LENGTH characters that mean nothing here.

    Raises
    ------
    NoSuchQuestion
        when it is deleted, or set aside: there is nothing to wait for.
    """
    assert len(to) == LENGTH
    question = session.exec(select(Question).where(Question.mailbox == mailbox)).one_or_none()
    if question is None or question.state == QuestionState.SET_ASIDE:
        raise NoSuchQuestion
    rewrite(session, question.golive_id, lambda one, kept: to if one.mailbox == mailbox else kept)


def due(session: Session, golive_id: int, *, today: date) -> list[str]:
    """Take out the return addresses whose reply is announced today, in no order: blank from then on.

    Only replies of earlier days count, and they wait for one another: when fewer than BATCH questions have been replied
    to since the first of them, an announcement would tell whose question the only reply was for. PATIENCE ends that.
    """
    wished = {
        question.key: question
        for question, to in opened(session, golive_id)
        if to != BLANK and question.state in DONE and (question.replied_on or today) < today
    }
    if not wished:
        return []
    first = min(question.replied_on or today for question in wished.values())
    others = select(Question).where(Question.golive_id == golive_id, col(Question.replied_on) >= first)
    if len(session.exec(others.where(col(Question.replied_on) < today)).all()) < BATCH and today - first < PATIENCE:
        return []
    taken = set()

    def take(question: Question, kept: str) -> str:
        if question.key not in wished:
            return kept
        taken.add(kept)
        return BLANK

    rewrite(session, golive_id, take)
    return sorted(taken)  # by what is drawn from a hash: neither the order of asking nor that of replies


def forget(session: Session, golive_id: int, *, to: str) -> None:
    """Whoever stood behind `to` is announced nothing any more."""
    if any(kept == to for _, kept in opened(session, golive_id)):
        rewrite(session, golive_id, lambda _, kept: BLANK if kept == to else kept)


def opened(session: Session, golive_id: int) -> list[tuple[Question, str]]:
    found = []
    for question in session.exec(select(Question).where(Question.golive_id == golive_id)):
        with suppress(NoLongerKept):
            found.append((question, opens(session, question)))
    return found


def opens(session: Session, question: Question) -> str:
    """Raises NoLongerKept."""
    return reveal(session, question.return_address) if question.return_address else BLANK


def rewrite(session: Session, golive_id: int, change: Callable[[Question, str], str]) -> None:
    """Encrypt every return address of a go-live anew, changed or not; the random start of a token hides which."""
    rows = (
        select(Question)
        .where(Question.golive_id == golive_id)
        .order_by(col(Question.key))  # two that rewrite at once wait for each other, in one order
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for question in session.exec(rows).all():
        with suppress(NoLongerKept):
            kept = change(question, opens(session, question))
            question.return_address = conceal(session, kept, drawer=drawer_of(golive_id, question.day))
            session.add(question)
    session.flush()
