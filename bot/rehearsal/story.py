"""What is planted in a rehearsal: which team is quietly confused, which way round spreads, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rehearsal.dice import roll
from surveys.golive_file import GoLiveFile


@dataclass(frozen=True, slots=True)
class Planted:
    """One trouble, known to the rehearsal and to nobody else."""

    kind: str  #: as detectors call it
    team: str
    begins: int  #: days from the go-live
    share: float  #: of the team, once it is in full swing
    route: str = ""
    ramp: int = 7  #: days until it is in full swing


@dataclass(frozen=True, slots=True)
class Story:
    planted: tuple[Planted, ...]

    def in_trouble(self, kind: str, *, team: str, account: str, day: int, eased: Mapping[str, int], seed: int) -> bool:
        """Whether this person is in a trouble of this kind on this day.

        `eased` says since which day something has been done about a kind: then people come out of it, one by one.
        """
        trouble = next((one for one in self.planted if one.kind == kind and one.team == team), None)
        if trouble is None or day < trouble.begins:
            return False
        grown = min((day - trouble.begins + 1) / trouble.ramp, 1.0)
        since = eased.get(kind)
        if since is not None and day >= since:
            grown *= max(1.0 - (day - since) / trouble.ramp, 0.0)
        return roll(seed, "in trouble", kind, account) < trouble.share * grown


def story_for(file: GoLiveFile) -> Story:
    """Plant a silent confusion in the largest team that has knowledge checks, and paper lists in the next largest."""
    sizes = sorted(file.team_sizes.items(), key=lambda team: (-team[1], team[0]))
    checked = {check.team for check in file.knowledge_checks}
    silent = next((team for team, _ in sizes if team in checked or None in checked), sizes[0][0])
    other = next((team for team, _ in sizes if team != silent), silent)
    return Story(
        (
            Planted(kind="silent_confusion", team=silent, begins=3, share=0.8),
            Planted(kind="workaround", team=other, begins=22, share=0.75, route="paper", ramp=12),
        )
    )
