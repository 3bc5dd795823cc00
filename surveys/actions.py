"""What was done about what people said, and whether they were told: said, done, told, measured again."""

from contextlib import suppress
from datetime import date

from sqlmodel import Field, Session, col, select, update

from surveys.errors import NoLongerKept
from surveys.records import Record
from surveys.secrecy import conceal, drawer_of, reveal


class Action(Record, table=True):
    """Something done, or promised for a day: then it is told once it is done."""

    __tablename__ = "action"

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    text: bytes  #: concealed; written by a lead for everybody
    on: date  #: written down
    alert_id: int | None = Field(default=None, foreign_key="alert.id")  #: what it was done about, if it was an alert
    owner_id: int | None = Field(default=None, foreign_key="reader.id")
    due: date | None = None  #: promised for; None for what was done when it was written down
    done_on: date | None = None
    told_on: date | None = None  #: the first pulse whose thank-you carried it


def act(
    session: Session,
    golive_id: int,
    *,
    text: str,
    today: date,
    owner_id: int | None = None,
    due: date | None = None,
    alert_id: int | None = None,
) -> Action:
    """Write down what was done; with a `due` that lies ahead, what is promised."""
    promised = due is not None and due > today
    action = Action(
        golive_id=golive_id,
        text=conceal(session, text.strip(), drawer=drawer_of(golive_id, today)),
        on=today,
        alert_id=alert_id,
        owner_id=owner_id,
        due=due if promised else None,
        done_on=None if promised else due or today,
    )
    session.add(action)
    session.flush()
    return action


def keep_promise(session: Session, action_id: int, *, golive_id: int, today: date) -> Action | None:
    """What was promised is done: the next pulse tells it. None where nothing of this go-live is still promised so."""
    kept = (
        update(Action)
        .where(col(Action.id) == action_id, col(Action.golive_id) == golive_id, col(Action.done_on).is_(None))
        .values(done_on=today)
        .returning(col(Action.id))
    )
    done = session.execute(kept).scalar_one_or_none()
    return None if done is None else session.get_one(Action, done, populate_existing=True)


def put_off(session: Session, action_id: int, *, golive_id: int, due: date) -> Action | None:
    """Promise it for another day; None as in `keep_promise`."""
    moved = (
        update(Action)
        .where(col(Action.id) == action_id, col(Action.golive_id) == golive_id, col(Action.done_on).is_(None))
        .values(due=due)
        .returning(col(Action.id))
    )
    found = session.execute(moved).scalar_one_or_none()
    return None if found is None else session.get_one(Action, found, populate_existing=True)


def promised(session: Session, golive_id: int) -> list[Action]:
    """What is still to be done, the nearest first."""
    rows = select(Action).where(Action.golive_id == golive_id, col(Action.done_on).is_(None))
    return list(session.exec(rows.order_by(col(Action.due), col(Action.id))))


def tell(session: Session, golive_id: int, *, on: date) -> None:
    """From now on the thank-yous of this day's pulse carry everything that was done and not told before."""
    untold = update(Action).where(
        col(Action.golive_id) == golive_id, col(Action.done_on).is_not(None), col(Action.told_on).is_(None)
    )
    session.exec(untold.values(told_on=on))


def told(session: Session, golive_id: int, *, on: date) -> list[str]:
    """What this day's pulse tells everybody."""
    rows = session.exec(
        select(Action).where(Action.golive_id == golive_id, Action.told_on == on).order_by(col(Action.id))
    )
    found = []
    for row in rows:
        with suppress(NoLongerKept):
            found.append(reveal(session, row.text))
    return found


def untold(session: Session, golive_id: int) -> int:
    """How much was done that no pulse has told yet."""
    done = col(Action.done_on).is_not(None)
    rows = select(Action).where(Action.golive_id == golive_id, done, col(Action.told_on).is_(None))
    return len(session.exec(rows).all())
