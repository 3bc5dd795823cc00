"""The frames that come in: their columns, promised in one place."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

ANSWER_COLUMNS = {
    "date": "datetime64[s]",  # local date of the wave
    "team": "str",
    "response": "str",  # random; links the answers of one person in one wave and nothing else
    "item": "str",
    "construct": "str",
    "value": "str",  # as it was picked: "1".."5", "ns", a route, an option of a knowledge check
    "right": "boolean",  # knowledge checks only, else NA
}
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
    "wrong",  # knowledge check answered wrong / answered
    "fine_but_wrong",  # wrong while saying 4-5 on clarity or confidence in the same response / checks answered
    "flat",  # every scale item of the response at the same favourable answer / responses with two or more scale items
    "not_sure",  # "not sure" picked / scale items answered
    "low",  # 1-2 on a scale scored so that 5 is good, or "often", "still" / scale items answered
    "self_above_peers",  # says "I know" clearly above "my colleagues know" / responses with both
    "first_report",  # reports the route as new since the last pulse / responses asked about routes
    "report",  # reports the route / responses asked about routes
)


@dataclass(frozen=True)
class History:
    """All that the detectors may see of one go-live, up to a day."""

    cells: pd.DataFrame  #: CELL_COLUMNS
    golive: date  #: the first working day on the new system
    through: date  #: nothing later than this is in `cells`
