"""The two pictures of a digest: how one thing went over the waves, and where every group stands, as published."""

from sqlmodel import Session

from adapters.chat import Picture
from analytics.readiness import PILLARS
from bot.insight import alerts
from bot.insight.charts import Heat, Trend, heat_picture, trend_picture
from bot.insight.published import ANSWERED, Figure, figures, latest
from bot.texts import Texts
from surveys.golives import GoLive, strata_of

DRAWS_ITSELF = frozenset({"web", "memory"})  #: platforms that make a picture of the figures and need no image
FEWEST = 2  # waves of which a trend tells anything
#: What a trend is about while nothing is wrong, the first that was ever asked.
USUAL = ("workflow", "knowledge", "people", "communication", "leadership", ANSWERED)
#: What an open alert is about.
ABOUT = {
    "silent_confusion": "knowledge",
    "visible_confusion": "workflow",
    "workaround": "in_system",
    "nonresponse": ANSWERED,
}


def pictures(session: Session, golive: GoLive, say: Texts, *, platform: str) -> tuple[Picture, ...]:
    """Nothing, one or two pictures, drawn from published figures alone."""
    assert golive.id is not None
    drawn = platform not in DRAWS_ITSELF
    found = []
    trend = trend_of(session, golive, say)
    if trend is not None:
        found.append(trend_picture(trend, say, drawn=drawn))
    heat = heat_of(session, golive.id, say)
    if heat is not None:
        found.append(heat_picture(heat, say, drawn=drawn))
    return tuple(found)


def trend_of(session: Session, golive: GoLive, say: Texts) -> Trend | None:
    """What the newest open alert is about, in its group; else what is usual, of everybody."""
    assert golive.id is not None
    opened = alerts.open_alerts(session, golive.id)
    names = {key: row.name for key, row in strata_of(session, golive.id).items()}
    if opened:
        first = opened[0]
        measure = ABOUT.get(first.kind, ANSWERED)
        mine = figures(session, golive.id, measures=[measure], of=[first.stratum_id])
        if waves_shown(mine) >= FEWEST:
            title = say("chart-of", title=say(f"measure-{measure or 'answered'}"), team=names[first.stratum_id])
            return Trend(title, tuple(mine), golive.date, first.since)
    for measure in USUAL:
        mine = figures(session, golive.id, measures=[measure], of=[None])
        if waves_shown(mine) >= FEWEST:
            return Trend(say(f"measure-{measure or 'answered'}"), tuple(mine), golive.date)
    return None


def waves_shown(found: list[Figure]) -> int:
    return sum(not figure.is_hidden for figure in found)


def heat_of(session: Session, golive_id: int, say: Texts) -> Heat | None:
    """Every group by every pillar that was asked about, as of the last wave that asked."""
    by_place = {(figure.stratum_id, figure.measure): figure for figure in latest(session, golive_id)}
    asked = [pillar for pillar in PILLARS if (None, pillar) in by_place]
    groups = list(strata_of(session, golive_id).items())
    if not asked or all(figure.is_hidden for figure in by_place.values()):
        return None
    return Heat(
        title=say("chart-heat"),
        groups=tuple(row.name for _, row in groups),
        measures=tuple(say(f"measure-{pillar}") for pillar in asked),
        cells=tuple(tuple(by_place.get((key, pillar)) for pillar in asked) for key, _ in groups),
    )
