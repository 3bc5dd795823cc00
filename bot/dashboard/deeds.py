"""What was done or is promised, with its words, for the pages that list it."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.insight.digest import name_of
from surveys.actions import Action
from surveys.errors import NoLongerKept
from surveys.secrecy import reveal


@dataclass(frozen=True, slots=True)
class Told:
    row: Action
    text: str
    owner: str  #: a name, or nothing


def deeds(session: Session, golive_id: int, *, alert_id: int | None = None) -> list[Told]:
    """All of a go-live, or what was done about one alert; the newest first, without what is kept no longer."""
    rows = select(Action).where(Action.golive_id == golive_id)
    if alert_id is not None:
        rows = rows.where(Action.alert_id == alert_id)
    found = []
    for row in session.exec(rows.order_by(col(Action.id).desc())):
        try:
            found.append(Told(row, reveal(session, row.text), name_of(session, row.owner_id)))
        except NoLongerKept:
            continue
    return found
