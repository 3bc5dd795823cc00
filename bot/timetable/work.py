"""What a timetable makes happen: the pieces of a tick, each of which may be done on another machine and again."""

from collections.abc import Sequence
from typing import Protocol

#: A platform and a workspace: what shares one pace.
Outlet = tuple[str, str]


class Timetable(Protocol):
    """Lets time pass for a bot. Every timetable passes `tests/contract/test_timetables.py`."""

    async def run(self) -> None:
        """Make things happen until cancelled; what is under way then is brought to its end first."""
        ...


class Work(Protocol):
    """Every piece is safe to begin twice and to cut off anywhere."""

    async def golives(self) -> Sequence[int]:
        """Go-lives that time passes for."""
        ...

    async def tend(self, golive_id: int) -> None:
        """Plan, close and look at one go-live; nobody else does at the same time."""
        ...

    async def outlets(self) -> Sequence[Outlet]:
        """Where something is due to be sent."""
        ...

    async def send(self, outlet: Outlet) -> int:
        """Send what is due there, and say how much left; nobody else does at the same time."""
        ...

    async def rescue(self) -> None:
        """Take up what was left half done by whoever is gone; several may at the same time."""
        ...

    async def keep_house(self) -> None:
        """Whatever is done once a night, if it was not done yet."""
        ...


async def go_round(work: Work) -> None:
    """Everything once, one after the other: a tick of a single process."""
    for golive_id in await work.golives():
        await work.tend(golive_id)
    for outlet in await work.outlets():
        await work.send(outlet)
    await work.keep_house()
