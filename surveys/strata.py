"""Which teams are read together, so that nothing is ever said about fewer people than the group minimum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EVERYBODY = "Everybody"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One team, or several that are read as one."""

    name: str
    teams: tuple[str, ...]  #: sorted
    sizes: tuple[int, ...]  #: people in each of the teams
    too_small: bool = False  #: under the minimum although everybody is in it: nothing can be shown

    @property
    def size(self) -> int:
        return sum(self.sizes)


def merge(sizes: Mapping[str, int], *, minimum: int) -> tuple[Stratum, ...]:
    """Put teams under the minimum together: first with each other, then with the smallest of the other teams.

    Every team is in exactly one stratum. The order of the teams does not matter, and ties go by name, so that loading
    the same roster again changes nothing.
    """
    small = sorted(team for team, size in sizes.items() if size < minimum)
    large = sorted(sizes.keys() - set(small), key=lambda team: (sizes[team], team))
    if not sizes:
        return ()
    if sum(sizes.values()) < minimum:
        return (_stratum(EVERYBODY, small, sizes, too_small=True),)
    host = large.pop(0) if small and sum(sizes[team] for team in small) < minimum else None
    merged = small if host is None else [*small, host]
    alone = [_stratum(team, [team], sizes) for team in large]
    if merged:
        name = _name(small, host) if alone else EVERYBODY
        while len(merged) > 1 and name in sizes:
            name += " together"  # a team may bear the very name that the merge would get
        alone.append(_stratum(name, merged, sizes))
    return tuple(sorted(alone, key=lambda stratum: stratum.teams))


def _stratum(name: str, teams: Iterable[str], sizes: Mapping[str, int], *, too_small: bool = False) -> Stratum:
    ordered = tuple(sorted(teams))
    return Stratum(name, ordered, tuple(sizes[team] for team in ordered), too_small)


def _name(small: list[str], host: str | None) -> str:
    return _and(small) if host is None else f"{_and(small)} with {host}"


def explain(strata: Iterable[Stratum], *, minimum: int) -> list[str]:
    """One sentence for each stratum that is more than a team of its own, or too small even so."""
    sentences = []
    for stratum in strata:
        if stratum.too_small:
            sentences.append(
                f"There are {_people(stratum.size)} in all, under the minimum of {minimum}, "
                "so results stay hidden until more people are on the roster."
            )
        elif len(stratum.teams) > 1:
            sentences.append(_explained(stratum, minimum))
    return sentences


def _explained(stratum: Stratum, minimum: int) -> str:
    sizes = dict(zip(stratum.teams, stratum.sizes, strict=True))
    small = [team for team, size in sizes.items() if size < minimum]
    others = [team for team in stratum.teams if team not in small]
    partner = f" with {_and(others)}" if others else ""
    if len(small) == 1:
        return (
            f"{small[0]} has {_people(sizes[small[0]])}, under the minimum of {minimum}, "
            f"so its answers are read together{partner}."
        )
    counted = _and([f"{team} ({_people(sizes[team])})" for team in small])
    return f"{counted} are under the minimum of {minimum} each, so their answers are read together{partner}."


def _people(count: int) -> str:
    if count == 0:
        return "nobody yet"
    return "1 person" if count == 1 else f"{count} people"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
