"""All that is published of one wave: who answered, and how much of each measure may be said of whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.disclosure import Band, Minimum, bands
from analytics.intervals import wilson_bounds
from analytics.ledger import Ledger, Step
from analytics.publication import ALL, publishable
from analytics.readiness import MEASURES, ROUTE, readiness, routes_taken

ANSWERED = ""  #: the measure that says how many answered
HIDDEN = "hidden"
#: times the minimum: of smaller groups no number of answers is said. Alerts count the answers of such a group too, and
#: with their numbers a closer one would tell how many of a few did not answer.
SMALL = 4
STEP = 5  # answers; an interval stands on so many fewer at the most, so that it tells nobody who skipped a question

Moves = Mapping[tuple[str, str], tuple[int, int]]  #: measure and group -> who came, who went, since it was last said


@dataclass(frozen=True, slots=True)
class Shown:
    """What anybody may read of one figure."""

    said: str  #: of answers: exact, most, some, hidden; of everything else: band, hidden
    low: int | None = None  #: between so many people
    high: int | None = None
    band: str | None = None
    least: float | None = None  #: of the share
    largest: float | None = None


@dataclass(frozen=True, slots=True)
class WaveFigure:
    """One group (ALL: everybody) in one measure, as it is shown, and what the ledger remembers of it."""

    measure: str
    group: str
    shown: Shown
    asked: int
    step: Step


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """What was counted in one wave, before anything is decided."""

    answers: pd.DataFrame  #: ANSWER_COLUMNS and `direction`
    groups: pd.DataFrame  #: `team`, `asked` (people who could answer), `members` (of the group), `answered`
    asks: Mapping[str, Collection[str]]  #: team -> the measures that it was asked about
    pillars: Mapping[str, str]  #: construct -> pillar
    moves: Moves


def wave_figures(counts: WaveCounts, *, wave: str, minimum: Minimum, ledger: Ledger) -> list[WaveFigure]:
    """Decide what is shown. What is shown of a measure never says more than what is shown of the number of answers."""
    teams = counts.groups.assign(roster=counts.groups["asked"], away=counts.groups["members"] - counts.groups["asked"])
    first = teams.rename(columns={"answered": "n"})[["team", "roster", "away", "n"]]
    told, ledger = _publish(first, counts, measure=ANSWERED, wave=wave, minimum=minimum, ledger=ledger)
    figures = list(told)
    silent = {figure.group for figure in told if figure.shown.said == HIDDEN}
    said = readiness(counts.answers, pillars=counts.pillars)
    for measure in MEASURES:
        asked = teams.loc[[measure in counts.asks.get(team, ()) for team in teams["team"]]]
        if len(asked):
            table = _with_counts(asked, said.loc[said["measure"].eq(measure)])
            told, ledger = _publish(table, counts, measure=measure, wave=wave, minimum=minimum, ledger=ledger)
            figures += [replace(figure, shown=Shown(HIDDEN)) if figure.group in silent else figure for figure in told]
    # Routes that were told of once are told of again, also when nobody takes them any more.
    known = {label[0].removeprefix(ROUTE) for label in ledger.steps if label[0].startswith(ROUTE)}
    taken = routes_taken(counts.answers, known=known)
    for measure in sorted(set(taken["measure"])):
        asked = teams.loc[["in_system" in counts.asks.get(team, ()) for team in teams["team"]]]
        if len(asked):
            table = _with_counts(asked, taken.loc[taken["measure"].eq(measure)])
            told, ledger = _publish(table, counts, measure=measure, wave=wave, minimum=minimum, ledger=ledger)
            figures += [replace(figure, shown=Shown(HIDDEN)) if ALL in silent else figure for figure in told]
    return figures


def _with_counts(asked: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Also the groups of which nobody answered: that they are missing would tell."""
    joined = asked[["team", "roster", "away"]].merge(counted[["team", "n", "x"]], on="team", how="left")
    return joined.fillna({"n": 0, "x": 0}).astype({"n": "int64", "x": "int64"})


def _publish(
    table: pd.DataFrame, counts: WaveCounts, *, measure: str, wave: str, minimum: Minimum, ledger: Ledger
) -> tuple[list[WaveFigure], Ledger]:
    alone = measure.startswith(ROUTE)  # said of everybody together only
    if alone:
        table = table.drop(columns="team").sum().to_frame().T.assign(team=ALL)
    moves = [counts.moves.get((measure, team), (0, 0)) for team in table["team"]]
    table = table.assign(joined=[came for came, _ in moves], left=[went for _, went in moves])
    by = [] if alone else ["team"]
    published = publishable(table, by=by, minimum=minimum, wave=wave, measure=measure, published_before=ledger)
    figures = []
    for place in range(len(published.table)):
        row = published.table.iloc[place]
        group = ALL if alone else str(row["team"])
        inside = table if group == ALL else table.loc[table["team"].eq(group)]
        step = published.ledger.steps[(measure,) if alone else (measure, group)][-1]
        coarse = (group != ALL or len(table) == 1) and int(row["roster"]) < SMALL * minimum.group
        shown = _shown(row, measure=measure, minimum=minimum, coarse=coarse)
        figures.append(WaveFigure(measure, group, shown, asked=int(inside["roster"].sum()), step=step))
    return figures, published.ledger


def _shown(row: "pd.Series[Any]", *, measure: str, minimum: Minimum, coarse: bool) -> Shown:
    if row["said"] == HIDDEN or (measure != ANSWERED and pd.isna(row["band"])):
        return Shown(HIDDEN)
    low, high, roster, said = int(row["low"]), int(row["high"]), int(row["roster"]), str(row["said"])
    if coarse:
        low, high, said = minimum.group, roster, "some"
    if measure == ANSWERED:
        return Shown(said, low=low, high=high)
    least, largest = share_interval(row["band"], low=low, high=high, roster=roster, minimum=minimum.group)
    return Shown("band", band=str(row["band"]), least=least, largest=largest)


def share_interval(band: Band, *, low: int, high: int, roster: int, minimum: int) -> tuple[float, float]:
    """Between which shares the truth lies, by the band alone and with 95 % confidence.

    `low` to `high` people answered, and of these the band says how many; the widest of Wilson's intervals counts. The
    number of answers goes down to a multiple of STEP first, so that it cannot be read back out of the interval.
    """
    words = bands(roster)
    place = words.index(band)
    people = np.arange(max(minimum, low // STEP * STEP), max(high, minimum) + 1)
    fewest = -(-place * people // len(words))
    largest = people if place == len(words) - 1 else np.maximum(((place + 1) * people - 1) // len(words), fewest)
    return float(wilson_bounds(fewest, people)[0].min()), float(wilson_bounds(largest, people)[1].max())
