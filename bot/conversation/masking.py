"""What people write, as it may be kept: short enough, masked, and refused when it names a patient."""

from dataclasses import dataclass

from sqlmodel import Session, select

from adapters.chat import Card, Reply
from bot.conversation.turn import Turn
from surveys.errors import SurveyError
from surveys.golives import GoLive, Team
from surveys.identifiers import mask, visible
from surveys.roster import Participant


class NamesPatient(SurveyError):
    """That looks like it names a patient. Please say it without, then send again. Nothing was stored."""

    key = "patient-named"


class TooLong(SurveyError):
    """That is longer than I can take. Please shorten it; nothing was lost."""

    key = "error-too-long"


@dataclass(frozen=True, slots=True)
class Kept:
    """A text in which nobody is named."""

    text: str
    changed: bool  #: something was taken out that could name somebody


@dataclass(frozen=True, slots=True)
class Names:
    """What names somebody in this go-live, and what only looks like it."""

    people: tuple[str, ...]
    harmless: tuple[str, ...]


def names_in(session: Session, golive_id: int) -> Names:
    """Words that name a team as well, such as "Nurse" in "Nurse 3", name nobody."""
    golive = session.get_one(GoLive, golive_id)
    teams = list(session.exec(select(Team.name).where(Team.golive_id == golive_id)))
    common = {word.casefold().rstrip("s") for team in teams for word in team.split()}
    names = session.exec(select(Participant.name).where(Participant.golive_id == golive_id))
    return Names(
        people=tuple(name for name in names if not all(is_common(word, common) for word in name.split())),
        harmless=(golive.system, golive.organisation, *teams),
    )


def is_common(word: str, common: set[str]) -> bool:
    return word.isdigit() or word.casefold().rstrip("s") in common


async def masked(turn: Turn, text: str, *, longest: int) -> Kept:
    """Mask a text before anything else happens to it.

    Raises
    ------
    TooLong
        with both lengths; counted without what cannot be seen.
    NamesPatient
    """
    check_length(visible(text).strip(), longest)  # before looking up the names
    return keepable(text, names=await turn.database.read(names_in, turn.golive_id), longest=longest)


def keepable(text: str, *, names: Names, longest: int) -> Kept:
    """A text as it may be kept, wherever it was typed. Raises TooLong, NamesPatient."""
    text = visible(text).strip()
    check_length(text, longest)  # before the search, which takes its time with a hundred thousand characters
    found = mask(text, names=names.people, allowed=names.harmless)
    if found.patient:
        raise NamesPatient
    check_length(found.text, longest)  # what stands for a name may be longer than the name
    return Kept(found.text.strip(), changed=bool(found.kinds))


def preview(turn: Turn, kept: Kept) -> Reply | None:
    """The text as it would be kept, if something was taken out that this person has not seen taken out yet.

    The form keeps what was written; sending the same once more agrees to it.
    """
    if not kept.changed or turn.limits.seen(turn.incoming.sender, f"preview {kept.text}", now=turn.now):
        return None
    return Reply(Card(as_kept(turn, kept)))


def as_kept(turn: Turn, kept: Kept) -> str:
    return f"{turn.texts('masked-preview')}\n\n{kept.text}\n\n{turn.texts('masked-preview-again')}"


def check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise TooLong(length=len(text), longest=longest)
