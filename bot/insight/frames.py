"""Rows into frames and back: the one place of the bot that knows pandas."""

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from analytics.frames import (
    ANSWER_COLUMNS,
    CELL_COLUMNS,
    OPTIONAL_ANSWER_COLUMNS,
    PARTICIPATION_COLUMNS,
    History,
    cells,
)
from analytics.wave_figures import Moves, WaveCounts
from bot.insight.cells import AnswerRow, CellRow, ParticipationRow

GroupRow = tuple[str, int, int, int]  #: a stratum; how many could answer, belong to it, answered


def count(answers: list[AnswerRow], participation: list[ParticipationRow]) -> list[CellRow]:
    """The cells of one sealed wave."""
    columns = ANSWER_COLUMNS | OPTIONAL_ANSWER_COLUMNS
    told = pd.DataFrame(answers, columns=list(columns)).astype(columns)
    asked = pd.DataFrame(participation, columns=list(PARTICIPATION_COLUMNS)).astype(PARTICIPATION_COLUMNS)
    counted = cells(told, asked)
    dates = counted["date"].dt.strftime("%Y-%m-%d")
    others = [counted[name].tolist() for name in ("team", "stream", "route", "x", "n")]
    return list(zip(dates.tolist(), *others, strict=True))


def history(rows: list[CellRow], *, golive: date, through: date) -> History:
    """All that the detectors may see."""
    frame = pd.DataFrame(rows, columns=list(CELL_COLUMNS)).astype(CELL_COLUMNS)
    return History(cells=frame, golive=golive, through=through)


def wave_counts(
    answers: list[AnswerRow],
    groups: list[GroupRow],
    *,
    asks: Mapping[str, Collection[str]],
    pillars: Mapping[str, str],
    moves: Moves,
) -> WaveCounts:
    """All that is needed to decide what is shown of one wave."""
    columns = ANSWER_COLUMNS | OPTIONAL_ANSWER_COLUMNS
    return WaveCounts(
        answers=pd.DataFrame(answers, columns=list(columns)).astype(columns),
        groups=pd.DataFrame(groups, columns=["team", "asked", "members", "answered"]),
        asks=asks,
        pillars=pillars,
        moves=moves,
    )
