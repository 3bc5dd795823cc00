"""The frames that come in: their columns, promised in one place, and the cells counted from them once per wave."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.routes import NO_ROUTE, ROUTES

ANSWER_COLUMNS = {
    "date": "datetime64[s]",  # local date of the wave
    "team": "str",
    "response": "str",  # random; links the answers of one person in one wave and nothing else
    "item": "str",
    "construct": "str",
    "value": "str",  # as it was picked: "1".."5", "ns", a route, an option of a knowledge check
    "right": "boolean",  # knowledge checks only, else NA
}
OPTIONAL_ANSWER_COLUMNS = {"direction": "int64"}  # +1: 5 is good; -1: 1 is good; missing means +1
PARTICIPATION_COLUMNS = {"date": "datetime64[s]", "team": "str", "invited": "int64", "answered": "int64"}
CELL_COLUMNS = {
    "date": "datetime64[s]",
    "team": "str",
    "stream": "str",  # one of STREAMS
    "route": "str",  # for first_report and report, else ""
    "x": "int64",  # how many
    "n": "int64",  # out of how many
}
STREAMS = (
    "nonresponse",  # invited and did not answer / invited
    "wrong",  # knowledge check answered wrong / answered ("not sure" is answered and not wrong)
    "fine_but_wrong",  # wrong while saying 4-5 on clarity or confidence in the same response / checks answered
    "flat",  # every scale item of the response at the same favourable answer / responses with two or more scale items
    "not_sure",  # "not sure" picked / scale items answered
    "low",  # 1-2 on a scale scored so that 5 is good, or "often", "still" / scale items answered
    "short_of_best",  # points under the best mark / points there are, four for each scale item with a mark
    "self_above_peers",  # says "I know" clearly above "my colleagues know" / responses with both
    "first_report",  # reports the route as new since the last pulse / responses asked about routes
    "report",  # reports the route / responses asked about routes
)

NOT_SURE = "ns"
SCALE_VALUES = ("1", "2", "3", "4", "5", NOT_SURE)
STUCK_VALUES = ("never", "once", "often", "still", NOT_SURE)
OFTEN_STUCK = ("often", "still")
SELF_CONSTRUCTS = ("clarity", "confidence")
OTHER_CONSTRUCTS = ("stuck", "knowledge", "route", "route_new")  # every other construct is a scale, if its values are
CLEARLY_ABOVE = 2  # points on a scale of five
KEY = ["date", "team", "response"]


@dataclass(frozen=True, eq=False)  # one history is itself: comparing frames would cost more than it tells
class History:
    """All that the detectors may see of one go-live, up to a day."""

    cells: pd.DataFrame  #: CELL_COLUMNS
    golive: date  #: the first working day on the new system
    through: date  #: nothing later than this is in `cells`


class FrameError(ValueError):
    """A frame lacks a promised column or holds what the column does not allow."""


def answer_frame(answers: pd.DataFrame) -> pd.DataFrame:
    """Give `answers` its promised columns and types (ANSWER_COLUMNS and `direction`), or raise FrameError."""
    filled = answers if "direction" in answers else answers.assign(direction=1)
    frame = _typed(filled.fillna({"direction": 1}), ANSWER_COLUMNS | OPTIONAL_ANSWER_COLUMNS)
    if not frame["direction"].isin([-1, 1]).all():
        raise FrameError("direction is +1 (5 is good) or -1 (1 is good)")
    return frame


def participation_frame(participation: pd.DataFrame) -> pd.DataFrame:
    """Give `participation` its promised columns and types (PARTICIPATION_COLUMNS), or raise FrameError."""
    frame = _typed(participation, PARTICIPATION_COLUMNS)
    if ((frame["answered"] < 0) | (frame["answered"] > frame["invited"])).any():
        raise FrameError("answered lies between 0 and invited")
    return frame


def cell_frame(cells: pd.DataFrame) -> pd.DataFrame:
    """Give `cells` its promised columns and types (CELL_COLUMNS), or raise FrameError."""
    frame = _typed(cells, CELL_COLUMNS)
    if ((frame["x"] < 0) | (frame["x"] > frame["n"])).any():
        raise FrameError("x lies between 0 and n")
    unknown = set(frame["stream"]) - set(STREAMS)
    if unknown:
        raise FrameError(f"unknown stream: {', '.join(sorted(unknown))}")
    return frame


def cells(
    answers: pd.DataFrame, participation: pd.DataFrame, *, routes: Collection[str] | None = ROUTES
) -> pd.DataFrame:
    """Count the streams of one or more sealed waves.

    Parameters
    ----------
    answers
        ANSWER_COLUMNS, and `direction` where a scale runs the other way. A row said twice counts once. Values that
        no scale knows, and texts, are left out. `route_new` says "yes" for all routes of the response, or names one.
    participation
        PARTICIPATION_COLUMNS, one row per team and wave.
    routes
        Those that may be named; any other counts as "other". None: every name stands for itself.

    Returns
    -------
    CELL_COLUMNS, one row per date, team, stream and route, in that order; rows with n = 0 are left out. Of routes,
    those that somebody named, and NO_ROUTE for everybody who was asked.

    """
    told = answer_frame(answers).drop_duplicates([*KEY, "item", "value"])
    asked = participation_frame(participation).groupby(["date", "team"], as_index=False)[["invited", "answered"]].sum()
    responses = _by_response(told)
    parts = [
        asked.assign(stream="nonresponse", x=asked["invited"] - asked["answered"], n=asked["invited"]),
        _total(responses, "wrong", x=responses["wrong"], n=responses["checks"]),
        _total(responses, "fine_but_wrong", x=responses["wrong"].where(responses["fine"], 0), n=responses["checks"]),
        _total(responses, "flat", x=responses["flat"], n=responses["scales"] >= 2),  # noqa: PLR2004  # one item is always flat
        _total(responses, "not_sure", x=responses["not_sure"], n=responses["scales"] + responses["stucks"]),
        _total(responses, "low", x=responses["low"], n=responses["scales"] + responses["stucks"]),
        _total(responses, "short_of_best", x=responses["short"], n=4 * responses["numeric"]),
        _total(
            responses,
            "self_above_peers",
            x=responses["own"] - responses["peers"] >= CLEARLY_ABOVE,
            n=responses["own"].notna() & responses["peers"].notna(),
        ),
        *_route_cells(told, routes),
    ]
    counted = pd.concat([part.assign(route=part.get("route", "")) for part in parts])
    ordered = counted.loc[counted["n"] > 0].sort_values(["date", "team", "stream", "route"])
    return cell_frame(ordered.loc[:, list(CELL_COLUMNS)].reset_index(drop=True))


def _typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise FrameError(f"missing columns: {', '.join(missing)}")
    try:
        return frame.loc[:, list(columns)].astype(dict(columns))
    except (TypeError, ValueError) as error:
        raise FrameError(str(error)) from error


def _by_response(told: pd.DataFrame) -> pd.DataFrame:
    """One row per response: how many scales, checks and so on it holds, and what they say together."""
    scale = ~told["construct"].isin(OTHER_CONSTRUCTS) & told["value"].isin(SCALE_VALUES)
    stuck = told["construct"].eq("stuck") & told["value"].isin(STUCK_VALUES)
    check = told["construct"].eq("knowledge") & (told["right"].notna() | told["value"].eq(NOT_SURE))
    picked = pd.to_numeric(told["value"].where(scale & told["value"].ne(NOT_SURE)), errors="coerce")
    score = picked.where(told["direction"].eq(1), 6 - picked)
    marked = told.loc[:, KEY].assign(
        scales=scale.astype("int64"),
        stucks=stuck.astype("int64"),
        checks=check.astype("int64"),
        wrong=(check & told["right"].eq(False).fillna(value=False) & told["value"].ne(NOT_SURE)).astype("int64"),
        not_sure=((scale | stuck) & told["value"].eq(NOT_SURE)).astype("int64"),
        low=(score.le(2) | (stuck & told["value"].isin(OFTEN_STUCK))).astype("int64"),
        lowest=score,
        highest=score,
        numeric=score.notna().astype("int64"),
        short=(5 - score).fillna(0).astype("int64"),
        own=score.where(told["construct"].isin(SELF_CONSTRUCTS)),
        peers=score.where(told["construct"].eq("peers")),
    )
    rules = dict.fromkeys(["scales", "stucks", "checks", "wrong", "not_sure", "low", "numeric", "short"], "sum")
    joined = marked.groupby(KEY, as_index=False).agg(
        {**rules, "lowest": "min", "highest": "max", "own": "max", "peers": "max"}
    )
    return joined.assign(
        fine=joined["own"].ge(4),
        flat=joined["lowest"].ge(4)
        & joined["lowest"].eq(joined["highest"])
        & joined["numeric"].eq(joined["scales"])
        & joined["scales"].ge(2),
    )


def _total(
    responses: pd.DataFrame,
    stream: str,
    *,
    x: "pd.Series[int] | pd.Series[bool]",
    n: "pd.Series[int] | pd.Series[bool]",
) -> pd.DataFrame:
    counted = responses.loc[:, ["date", "team"]].assign(x=x.astype("int64"), n=n.astype("int64"))
    return counted.groupby(["date", "team"], as_index=False)[["x", "n"]].sum().assign(stream=stream)


def _route_cells(told: pd.DataFrame, routes: Collection[str] | None) -> list[pd.DataFrame]:
    about = told.loc[told["construct"].isin(["route", "route_new"]) & told["value"].ne("")]
    new = about["construct"].eq("route_new")
    said = about.loc[new & about["value"].eq("yes"), KEY].drop_duplicates()
    named = about.loc[~new | ~about["value"].isin(["yes", "no", NO_ROUTE, NOT_SURE])]
    known = named if routes is None else named.assign(route=named["value"].where(_listed(named, routes), "other"))
    each = known.assign(route=known.get("route", known["value"]), new=named["construct"].eq("route_new"))
    each = each.groupby([*KEY, "route"], as_index=False).agg(new=("new", "max"))
    told_new = pd.MultiIndex.from_frame(each.loc[:, KEY]).isin(pd.MultiIndex.from_frame(said))
    each = each.assign(new=each["new"] | told_new)
    asked = each.drop_duplicates(KEY).groupby(["date", "team"], as_index=False).size().rename(columns={"size": "n"})
    everybody = asked.assign(route=NO_ROUTE, report=0, first_report=0)
    ways = each.loc[~each["route"].isin([NO_ROUTE, NOT_SURE])].astype({"new": "int64"})
    counts = ways.groupby(["date", "team", "route"], as_index=False).agg(
        report=("new", "size"), first_report=("new", "sum")
    )
    full = pd.concat([everybody, counts.merge(asked, on=["date", "team"])])
    return [full.assign(stream=stream, x=full[stream].astype("int64")) for stream in ("report", "first_report")]


def _listed(named: pd.DataFrame, routes: Collection[str]) -> "pd.Series[bool]":
    return named["value"].isin([*routes, NO_ROUTE, NOT_SURE])
