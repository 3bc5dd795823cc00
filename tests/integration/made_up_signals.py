"""Signals as detectors would raise them, made up by a test."""

from datetime import date

from analytics.signals import Evidence, Signal

MONDAY = date(2027, 3, 1)
BECAUSE = "Since 1 March, 7 of 11 knowledge checks got a wrong first step where about 2 would be usual."


def signal(
    kind: str = "silent_confusion",
    team: str = "Front desk",
    *,
    raised_on: date = MONDAY,
    route: str | None = None,
    because: str = BECAUSE,
    score: float = 5.0,
    n: int = 11,
) -> Signal:
    return Signal(
        kind=kind,
        team=team,
        raised_on=raised_on,
        since=MONDAY,
        score=score,
        threshold=4.0,
        because=because,
        evidence=(Evidence("wrong", observed=7, n=n, expected=2.0, share=1.0),),
        route=route,
    )


def paper(team: str = "Front desk", *, raised_on: date = MONDAY) -> Signal:
    return signal("workaround", team, raised_on=raised_on, route="paper")
