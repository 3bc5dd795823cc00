"""Cells as arrays of team x wave: the shape in which every detector counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analytics.frames import STREAMS, History, cell_frame
from analytics.routes import NO_ROUTE, ROUTES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ROUTE_STREAMS = ("first_report", "report")
#: streams whose n counts people, at most once each in a wave
PEOPLE_STREAMS = ("wrong", "flat", "self_above_peers", "report")


@dataclass(frozen=True)
class Stream:
    """x out of n; (..., team, wave) for most streams, (..., route, team, wave) for those of routes. No n: not asked."""

    x: Floats
    n: Floats


@dataclass(frozen=True)
class Panel:
    """One go-live, or many simulated ones along the leading axes, ready for arithmetic."""

    days: Ints  #: (wave,) working days since the go-live, rising, -1 is the last one before
    streams: Mapping[str, Stream]  #: by name as in `frames.STREAMS`; one that is missing was never asked

    @property
    def shape(self) -> tuple[int, ...]:
        """(..., team, wave)."""
        for name, stream in self.streams.items():
            *lead, teams, waves = stream.x.shape
            return (*(lead[:-1] if name in ROUTE_STREAMS else lead), teams, waves)
        return (0, len(self.days))

    def respondents(self) -> Floats:
        """How many different people answered in each wave, at least: (..., team, wave)."""
        counts = [np.zeros(self.shape)]
        for name in PEOPLE_STREAMS:
            if name in self.streams:
                n = self.streams[name].n
                counts.append(n[..., 0, :, :] if name in ROUTE_STREAMS else n)
        if "nonresponse" in self.streams:
            asked = self.streams["nonresponse"]
            counts.append(asked.n - asked.x)
        most: Floats = np.maximum.reduce(counts)
        return most

    def sizes(self) -> Floats:
        """How many people a team is known to have by each wave: the most that were invited, or answered, so far."""
        seen = self.respondents()
        if "nonresponse" in self.streams:
            seen = np.maximum(seen, self.streams["nonresponse"].n)
        largest: Floats = np.maximum.accumulate(seen, axis=-1)
        return largest


@dataclass(frozen=True)
class Roll:
    """A panel of one go-live with the names that its axes stand for."""

    panel: Panel
    teams: tuple[str, ...]
    dates: tuple[date, ...]
    routes: tuple[str, ...]


@lru_cache(maxsize=1)  # every detector of a family reads the same history
def roll(history: History) -> Roll | None:
    """Arrange the cells up to `history.through`; None when there are none. Cells said twice are added up."""
    frame = cell_frame(history.cells)
    seen = frame.loc[(frame["date"].dt.date <= history.through) & (frame["n"] > 0)]
    if seen.empty:
        return None
    teams = sorted(set(seen["team"]))
    stamps = np.unique(seen["date"].to_numpy().astype("datetime64[D]"))
    others = set(seen.loc[seen["stream"].isin(ROUTE_STREAMS), "route"]) - {*ROUTES, NO_ROUTE}
    routes = (*ROUTES, *sorted(others))
    streams = {}
    for name in STREAMS:
        some = seen.loc[seen["stream"] == name]
        if some.empty:
            continue
        place: tuple[npt.NDArray[np.int64], ...] = (
            np.searchsorted(teams, some["team"].to_numpy(dtype=str)),
            np.searchsorted(stamps, some["date"].to_numpy().astype("datetime64[D]")),
        )
        shape: tuple[int, ...] = (len(teams), len(stamps))
        if name in ROUTE_STREAMS:
            place = (some["route"].map({route: i for i, route in enumerate((*routes, NO_ROUTE))}).to_numpy(), *place)
            shape = (len(routes) + 1, *shape)
        x, n = np.zeros(shape), np.zeros(shape)
        np.add.at(x, place, some["x"].to_numpy())
        np.add.at(n, place, some["n"].to_numpy())
        if name in ROUTE_STREAMS:  # whoever was asked about one route was asked about all
            n = np.broadcast_to(n.max(axis=0, keepdims=True), shape)[:-1].copy()
            x = x[:-1]
        streams[name] = Stream(x, n)
    days = np.asarray(np.busday_count(np.datetime64(history.golive), stamps), dtype=np.int64)
    return Roll(Panel(days, streams), tuple(teams), tuple(stamps.astype(object).tolist()), routes)
