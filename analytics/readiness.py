"""How ready people say they are: of each group, how many answered about a pillar, and how many of those mostly well."""

from collections.abc import Collection, Mapping
from typing import Literal

import pandas as pd

from analytics.frames import KEY, NOT_SURE, OTHER_CONSTRUCTS, SCALE_VALUES, answer_frame
from analytics.routes import NO_ROUTE

PILLARS = ("people", "communication", "workflow", "leadership")
KNOWLEDGE = "knowledge"
IN_SYSTEM = "in_system"
#: What is published of every wave that asked about it, beside the number of answers.
MEASURES = (*PILLARS, KNOWLEDGE, IN_SYSTEM)
ROUTE = "route:"  #: before a route, for how many took it; of everybody together only
Measure = Literal["people", "communication", "workflow", "leadership", "knowledge", "in_system"]

_GOOD = {  # value -> whether it is the good end for a question whose high end is good
    **{value: value in {"4", "5"} for value in SCALE_VALUES},
    "yes": True,
    "no": False,
    "never": False,
    "once": False,
    "often": True,
    "still": True,
}
_TURNED = {  # for a question whose low end is good
    **{value: value in {"1", "2"} for value in SCALE_VALUES},
    "yes": False,
    "no": True,
    "never": True,
    "once": True,
    "often": False,
    "still": False,
}


def readiness(answers: pd.DataFrame, *, pillars: Mapping[str, str]) -> pd.DataFrame:
    """Count the people of each group by measure.

    Parameters
    ----------
    answers
        ANSWER_COLUMNS of one wave, and `direction`.
    pillars
        Construct -> pillar; constructs without one count for no pillar.

    Returns
    -------
    `team`, `measure` (of MEASURES), `n` (people who answered about it) and `x`: for a pillar those who gave the good
    end to more than half of its items ("not sure" is not the good end), for `knowledge` those who got every check
    right, for `in_system` those who named no way round. Rows with n = 0 are left out.

    """
    told = answer_frame(answers).drop_duplicates([*KEY, "item", "value"])
    scales = told.loc[~told["construct"].isin({*OTHER_CONSTRUCTS} - {"stuck"}) & told["construct"].isin([*pillars])]
    turned = scales["direction"].eq(-1)
    good = scales["value"].map(_GOOD).where(~turned, scales["value"].map(_TURNED))
    by_pillar = scales.assign(measure=scales["construct"].map(dict(pillars)), good=good).loc[good.notna()]
    checks = told.loc[told["construct"].eq("knowledge") & (told["right"].notna() | told["value"].eq(NOT_SURE))]
    checked = checks.assign(measure=KNOWLEDGE, good=checks["right"].fillna(value=False))
    asked = told.loc[told["construct"].eq("route") & told["value"].ne(NOT_SURE)]
    routed = asked.assign(measure=IN_SYSTEM, good=asked["value"].eq(NO_ROUTE))
    parts = [part.loc[:, [*KEY, "measure", "good"]].astype({"good": "float"}) for part in (by_pillar, checked, routed)]
    share = pd.concat(parts).groupby([*KEY, "measure"], as_index=False)["good"].mean()
    all_of_them = share["measure"].isin([KNOWLEDGE, IN_SYSTEM])
    said = share.assign(x=share["good"].gt(0.5).where(~all_of_them, share["good"].eq(1)).astype("int64"), n=1)
    summed: pd.DataFrame = said.groupby(["team", "measure"], as_index=False)[["n", "x"]].sum()
    return summed


def routes_taken(answers: pd.DataFrame, *, known: Collection[str] = ()) -> pd.DataFrame:
    """Count who took which way round: `team`, `measure` ("route:paper"), `n` (asked) and `x`.

    Every team has a row for each route that anybody took or that is `known`: that one is missing would tell.
    """
    told = answer_frame(answers)
    asked = told.loc[told["construct"].eq("route") & told["value"].ne(NOT_SURE)]
    people = asked.drop_duplicates(KEY).groupby("team", as_index=False).size().rename(columns={"size": "n"})
    ways = asked.loc[asked["value"].ne(NO_ROUTE)].drop_duplicates([*KEY, "value"])
    counts = ways.groupby(["team", "value"], as_index=False).size().rename(columns={"size": "x"})
    grid = people.merge(pd.DataFrame({"value": sorted({*counts["value"], *known})}, dtype="str"), how="cross")
    full = grid.merge(counts, on=["team", "value"], how="left").fillna({"x": 0}).astype({"x": "int64"})
    return full.assign(measure=ROUTE + full["value"]).loc[:, ["team", "measure", "n", "x"]]
