"""What was done about what people said, and whether they were told: said, done, told, measured again."""

from contextlib import suppress
from datetime import date

from sqlmodel import Field, Session, col, select, update

from surveys.errors import NoLongerKept
from surveys.records import Record
from surveys.secrecy import conceal, drawer_of, reveal


class Action(Record, table=True):
    __tablename__ = "action"

    id: int | None = Field(default=None, primary_key=True)
    golive_id: int = Field(foreign_key="golive.id", index=True)
    text: bytes  #: concealed; written by a lead for everybody
    on: date
    told_on: date | None = None  #: the first pulse whose thank-you carried it


def act(session: Session, golive_id: int, *, text: str, today: date) -> Action:
    concealed = conceal(session, text.strip(), drawer=drawer_of(golive_id, today))
    action = Action(golive_id=golive_id, text=concealed, on=today)
    session.add(action)
    session.flush()
    return action


def tell(session: Session, golive_id: int, *, on: date) -> None:
    """From now on the thank-yous of this day's pulse carry every action not told before."""
    untold = update(Action).where(col(Action.golive_id) == golive_id, col(Action.told_on).is_(None))
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
    rows = select(Action).where(Action.golive_id == golive_id, col(Action.told_on).is_(None))
    return len(session.exec(rows).all())
