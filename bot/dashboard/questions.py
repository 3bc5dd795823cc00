"""The question board: what waits, several answered with one reply, what was answered, corrected or taken back."""

from typing import Any

from fastapi import Response
from sqlmodel import Session, col, func, select

from bot import leading
from bot.conversation.whose import is_number
from bot.dashboard.forms import Refused
from bot.dashboard.visit import Visit
from bot.dashboard.writing import written
from surveys import questions as board
from surveys.errors import NoLongerKept
from surveys.questions import MAX_LENGTH, Question, QuestionState, Reason
from surveys.secrecy import reveal

PAGE = 20  # questions on a page
MOST = 50  # questions that one reply may answer


async def questions(visit: Visit) -> Response:
    """What waits for a reply, the oldest first; and what was answered, the newest first."""

    def look(session: Session) -> dict[str, Any]:
        mine = select(Question).where(Question.golive_id == visit.golive_id)
        waiting = mine.where(Question.state == QuestionState.RELEASED)
        replied = mine.where(Question.state == QuestionState.REPLIED)
        counts = {
            name: session.exec(select(func.count()).select_from(rows.subquery())).one()
            for name, rows in (("waiting", waiting), ("replied", replied))
        }
        page, replies = page_in(visit, "page"), page_in(visit, "replies")
        return {
            "here": "questions",
            "longest": MAX_LENGTH,
            "reasons": tuple(Reason),
            "waiting": shown(session, waiting.order_by(col(Question.day), col(Question.key)), page=page),
            "replied": shown(
                session, replied.order_by(col(Question.replied_on).desc(), col(Question.key)), page=replies
            ),
            "counts": counts,
            "pages": {name: -(-count // PAGE) for name, count in counts.items()},
            "page": page,
            "replies": replies,
            "helped": board.helped(session, visit.golive_id),
        }

    return visit.show("questions.html", status=409 if visit.problem else 200, **await visit.database.read(look))


def page_in(visit: Visit, name: str) -> int:
    asked = visit.query.get(name, visit.written(name))
    return int(asked) if is_number(asked) else 1


def shown(session: Session, rows: Any, *, page: int) -> list[dict[str, Any]]:
    """The questions of one page, with their texts; those that are kept no longer are left out."""
    listed = []
    for row in session.exec(rows.offset(PAGE * (max(page, 1) - 1)).limit(PAGE)):
        try:
            text = reveal(session, row.text)
            reply = reveal(session, row.published_reply) if row.published_reply else ""
        except NoLongerKept:
            continue
        listed.append({"key": row.key, "day": row.day, "text": text, "reply": reply, "solved": row.solved})
    return listed


async def reply(visit: Visit) -> Response:
    """Answer one question or several with the same words, for everybody or for their askers alone."""
    picked = visit.form.get("question", ())[:MOST]
    if not picked:
        raise leading.QuestionGone
    text = await written(visit, "reply", longest=MAX_LENGTH)
    await visit.database.transact(
        leading.reply, picked, by=visit.leader, text=text, for_everybody=visit.written("for") != "asker"
    )
    return visit.go(f"/{visit.golive_id}/questions")


async def act_on(visit: Visit) -> Response:
    """Set a question aside, or take a reply back."""
    key, picked = visit.path["question"], visit.written("reason")
    if visit.written("act") == "withdraw":
        await visit.database.transact(leading.withdraw, key, by=visit.leader)
    elif picked in set(Reason):
        await visit.database.transact(leading.set_aside, key, by=visit.leader, reason=Reason(picked))
    else:
        raise Refused(400, "dash-unclear")
    return visit.go(f"/{visit.golive_id}/questions")
