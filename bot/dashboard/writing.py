"""What is typed on a page: short enough, masked before anything is kept, and shown once more where something went."""

from bot.conversation.masking import check_length, keepable, names_in
from bot.dashboard.visit import Visit
from surveys.errors import SurveyError
from surveys.identifiers import visible


class LookAgain(SurveyError):
    """We took out what could name somebody. This is how we would keep your words."""

    key = "dash-look-again"

    def __init__(self, field: str, text: str) -> None:
        super().__init__()
        self.field = field
        self.text = text  #: as it would be kept; it goes back to the one who typed it and nowhere else


class NothingWritten(SurveyError):
    """Please write something first."""

    key = "dash-nothing-written"


async def written(visit: Visit, name: str, *, longest: int) -> str:
    """A text as it may be kept.

    Raises
    ------
    NothingWritten, TooLong, NamesPatient
    LookAgain
        with the masked text; sending that agrees to it, because nothing more is taken out of it.
    """
    typed = visible("\n".join(visit.form.get(name, ()))).strip()
    if not typed:
        raise NothingWritten
    check_length(typed, longest)  # before looking up the names
    names = await visit.database.read(names_in, visit.golive_id)
    kept = keepable(typed, names=names, longest=longest)
    if kept.changed:
        raise LookAgain(name, kept.text)
    return kept.text
