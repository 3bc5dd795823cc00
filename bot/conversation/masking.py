"""What people write, as it may be kept: masked, and refused when it names a patient."""

from sqlmodel import Session, select

from bot.conversation.turn import Turn
from surveys.errors import SurveyError
from surveys.golives import Team
from surveys.identifiers import Masked, mask
from surveys.roster import Participant


class NamesPatient(SurveyError):
    """That looks like it names a patient. Please say it without, then send again. Nothing was stored."""

    key = "patient-named"


def names_on_roster(session: Session, golive_id: int) -> list[str]:
    """Names to mask. Words that name a team as well, such as "Nurse" in "Nurse 3", name nobody."""
    teams = session.exec(select(Team.name).where(Team.golive_id == golive_id))
    common = {word.casefold().rstrip("s") for team in teams for word in team.split()}
    names = session.exec(select(Participant.name).where(Participant.golive_id == golive_id))
    return [name for name in names if not all(is_common(word, common) for word in name.split())]


def is_common(word: str, common: set[str]) -> bool:
    return word.isdigit() or word.casefold().rstrip("s") in common


async def masked(turn: Turn, text: str) -> Masked:
    """Mask a text before anything else happens to it.

    Raises
    ------
    NamesPatient
    """
    names = await turn.database.read(names_on_roster, turn.golive_id)
    found = mask(text, names=names)
    if found.patient:
        raise NamesPatient
    return found
