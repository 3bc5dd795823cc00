"""What would it have told us, and when? A go-live that somebody else recorded, read as if it had been watched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.family import NOBODY, detect_all, withheld
from analytics.frames import KEY, NOT_SURE, SELF_CONSTRUCTS, History, cells
from analytics.own_data import OwnData
from analytics.routes import NO_ROUTE
from analytics.sentences import LEAST
from analytics.signals import Signal

NO_WAY_ROUND = (NO_ROUTE, "no", "nothing")  # what people write who took none
ENOUGH_RESPONSES = 20
CERTAIN = 3.0  # standard errors


@dataclass(frozen=True, slots=True)
class Withheld:
    """What would have been raised, had enough different people stood behind it."""

    kind: str
    team: str
    raised_on: date
    why: str
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """Alerts in the order in which they would have come, and what was withheld, in the same order."""

    alerts: tuple[Signal, ...]
    suppressed: tuple[Withheld, ...]


def backtest(
    own: OwnData, *, read_as: Mapping[str, str] | None = None, until: date | None = None, least: int = LEAST
) -> Backtest:
    """Run the family over a go-live, each day knowing only what was known by then.

    Detectors never look ahead, and neither does what is worked out here, so one run over all days says on each of them
    what a run that ended there would have said.

    Parameters
    ----------
    read_as
        The group that each team is read in, where a team is too small to be read alone; missing means itself.
    until
        The last day to know of; None is all there is.
    least
        Different people behind every alert and every number in it.

    """
    groups = {team: (read_as or {}).get(team, team) for team in own.sizes}
    said = history(own, groups=groups, until=until)
    alone = {team: size for team, size in own.sizes.items() if groups[team] != team or size < least}
    small = []
    if alone:
        by_team = history(own, groups={}, until=until)
        small = [
            _withheld(signal, f"{signal.team} has fewer than {least} people; it is read as {groups[signal.team]}.")
            for signal in detect_all(by_team, least=NOBODY)
            if signal.team in alone
        ]
    few = [_withheld(signal, f"It is not certain that {least} people stand behind it.")
           for signal in withheld(said, least=least) if signal.team not in alone]  # fmt: skip
    return Backtest(
        alerts=tuple(signal for signal in detect_all(said, least=least) if own.sizes.get(signal.team, least) >= least),
        suppressed=tuple(sorted([*few, *small], key=lambda one: (one.raised_on, one.kind, one.team, one.route or ""))),
    )


def history(own: OwnData, *, groups: Mapping[str, str], until: date | None = None) -> History:
    """Count the cells of every wave up to a day, with teams read in their groups."""
    answers, asked = (_in_groups(_up_to(frame, until), groups) for frame in (own.answers, own.participation))
    seen = [frame["date"].max() for frame in (answers, asked) if len(frame)]
    through = until or (max(seen).date() if seen else own.golive)
    counted = cells(with_everybody_asked(with_direction(answers)), asked, routes=None)
    return History(counted, own.golive, through)


def with_direction(answers: pd.DataFrame) -> pd.DataFrame:
    """Give answers about effort a direction: that of the same people's clarity, as far as it is known by that day.

    "How much effort was it?" and "how easy was it?" run opposite ways, and nothing in the files says which was asked.
    Until the correlation is CERTAIN, answers about effort are left out.
    """
    scales = answers.loc[answers["construct"].isin(["effort", *SELF_CONSTRUCTS]) & answers["value"].ne(NOT_SURE)]
    marks = scales.assign(mark=pd.to_numeric(scales["value"]), side=scales["construct"].eq("effort"))
    means = marks.groupby([*KEY, "side"], as_index=False)["mark"].mean()
    both = means.loc[means["side"], [*KEY, "mark"]].merge(means.loc[~means["side"], [*KEY, "mark"]], on=KEY)
    x, y = both["mark_x"] - 3, both["mark_y"] - 3
    sums = both.assign(n=1, x=x, y=y, xx=x * x, yy=y * y, xy=x * y).groupby("date")[["n", "x", "y", "xx", "yy", "xy"]]
    known = sums.sum().sort_index().cumsum()
    spread = np.sqrt((known["n"] * known["xx"] - known["x"] ** 2) * (known["n"] * known["yy"] - known["y"] ** 2))
    covariance = known["n"] * known["xy"] - known["x"] * known["y"]
    r = (covariance / spread.where(spread > 0)).fillna(0.0).clip(-0.999, 0.999)
    z = np.arctanh(r) * np.sqrt(np.maximum(known["n"] - 3, 0))
    sure = (z.abs() >= CERTAIN) & (known["n"] >= ENOUGH_RESPONSES)
    direction = np.sign(z).where(sure, 0).astype("int64")
    effort = answers["construct"].eq("effort")
    given = answers["date"].map(direction).where(effort, 1).fillna(0).astype("int64")
    return answers.assign(direction=given).loc[given != 0]


def with_everybody_asked(answers: pd.DataFrame) -> pd.DataFrame:
    """Give whoever took no way round a row that says so, on days on which only those who took one have rows."""
    lower = answers["value"].str.lower()
    about = answers["construct"].isin(["route", "route_new"])
    told = answers.assign(value=answers["value"].mask(about & lower.isin(NO_WAY_ROUND), NO_ROUTE))
    none = about & told["value"].isin([NO_ROUTE, NOT_SURE])
    silent = set(told.loc[about, "date"]) - set(told.loc[none, "date"])
    responses = told.loc[told["date"].isin(silent)].drop_duplicates(KEY)
    spoken = pd.MultiIndex.from_frame(told.loc[about, KEY])
    rest = responses.loc[~pd.MultiIndex.from_frame(responses[KEY]).isin(spoken)]
    return pd.concat([told, rest.assign(construct="route", item="route", value=NO_ROUTE)])


def _up_to(frame: pd.DataFrame, until: date | None) -> pd.DataFrame:
    return frame if until is None else frame.loc[frame["date"] <= pd.Timestamp(until)]


def _in_groups(frame: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    changed = {team: group for team, group in groups.items() if team != group}
    if not changed:
        return frame
    together = frame.assign(team=frame["team"].replace(changed))
    if "response" in frame:  # two teams may have used the same random id
        together = together.assign(response=frame["team"] + "/" + frame["response"])
    return together


def _withheld(signal: Signal, why: str) -> Withheld:
    return Withheld(signal.kind, signal.team, signal.raised_on, why, signal.route)
