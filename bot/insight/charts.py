"""The charts of the dashboard and of the chats: drawn from published figures and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adapters.chat import Picture, Series
from analytics.disclosure import bands
from bot.insight.published import ANSWERED, Figure
from bot.insight.svg import Size, document, hatched, line, png, rect, words
from bot.texts import Texts

TREND = Size(360, 172)
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 22, 26  # room around the drawing, in its own units
SPARK = Size(96, 24)
BEFORE_AND_AFTER = 24  #: waves in a picture at the most; the table beside it holds all


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure of one group over its waves."""

    title: str
    figures: tuple[Figure, ...]  #: the oldest first
    golive: date
    since: date | None = None  #: where a trouble began, if the trend is about one


def share_of(figure: Figure) -> tuple[float, float] | None:
    """Between which shares the truth lies by the words alone, 0..1; None where nothing is shown."""
    if figure.is_hidden:
        return None
    if figure.measure == ANSWERED:
        return (figure.low or 0) / figure.asked, (figure.high or 0) / figure.asked
    scale: tuple[str, ...] = bands(figure.asked)
    place = scale.index(figure.band or "few")
    return place / len(scale), (place + 1) / len(scale)


def reach_of(figure: Figure) -> tuple[float, float] | None:
    """The same with the interval that so few answers leave."""
    if figure.is_hidden or figure.measure == ANSWERED:
        return None
    return figure.least or 0.0, figure.largest or 1.0


def trend_svg(trend: Trend, say: Texts, *, alone: bool = False) -> str:
    """A bar for each wave: dark for what is said, light for how sure it is; hatched where it is hidden."""
    shown = trend.figures[-BEFORE_AND_AFTER:]
    width, height = TREND.width - LEFT - RIGHT, TREND.height - TOP - BOTTOM
    step = width / max(len(shown), 1)
    bar = min(step * 0.62, 14.0)
    marks = []
    for share in (0.0, 0.5, 1.0):
        y = TOP + height * (1 - share)
        marks += [
            line("grid", LEFT, y, TREND.width - RIGHT, y),
            words("soft", LEFT - 5, y + 4, f"{share:.0%}", anchor="end"),
        ]
    for place, figure in enumerate(shown):
        x = LEFT + step * (place + 0.5)
        said, reach = share_of(figure), reach_of(figure)
        if said is None:
            marks += hatched(x - bar / 2, TOP + height - 10, bar, 10)
            continue
        if reach is not None:
            marks.append(_column("range", x, bar * 0.5, reach, height))
        marks.append(_column("band", x, bar, said, height))
    marks += _days(trend, shown, say, step=step, height=height)
    if alone:
        marks = ['<g transform="translate(0 18)">', *marks, "</g>", words("strong", LEFT, 17, trend.title)]
        return document(Size(TREND.width, TREND.height + 18), marks, title=trend_in_words(trend, say), alone=True)
    return document(TREND, marks, title=trend_in_words(trend, say))


def _column(css: str, x: float, bar: float, ends: tuple[float, float], height: float) -> str:
    low, high = ends
    tall = max((high - low) * height, 4.0)
    return rect(css, x - bar / 2, TOP + height * (1 - high), bar, tall, radius=1.5)


def _days(trend: Trend, shown: Sequence[Figure], say: Texts, *, step: float, height: float) -> list[str]:
    """The first and the last day, and the lines that cut the time in two."""
    if not shown:
        return [words("soft", LEFT + 6, TOP + height / 2, say("chart-nothing"))]
    bottom = TREND.height - 8
    marks = [words("soft", LEFT, bottom, short(shown[0].on, say))]
    if len(shown) > 1:
        marks.append(words("soft", TREND.width - RIGHT, bottom, short(shown[-1].on, say), anchor="end"))
    for day, css, label in ((trend.golive, "golive", say("chart-golive")), (trend.since, "since", "")):
        before = sum(figure.on < day for figure in shown) if day is not None else 0
        if day is not None and 0 < before < len(shown):
            x = LEFT + step * before
            marks.append(line(css, x, TOP - 4, x, TOP + height))
            if label:
                marks.append(words(f"{css}-text", x, TOP - 8, label, anchor="middle"))
    return marks


def short(day: date, say: Texts) -> str:
    return say("chart-day", day=day.day, month=day.month)


def trend_in_words(trend: Trend, say: Texts) -> str:
    """The sentence for whoever does not see it: where it stood first, where it stands now."""
    told = [figure for figure in trend.figures if not figure.is_hidden]
    if not told:
        return say("chart-all-hidden", title=trend.title)
    first, last = told[0], told[-1]
    return say(
        "chart-alt",
        title=trend.title,
        first=in_words(first, say),
        before=say.day(first.on),
        last=in_words(last, say),
        date=say.day(last.on),
        count=len(trend.figures) - len(told),
    )


def in_words(figure: Figure, say: Texts) -> str:
    """What a figure says: "about half", "28 of 41", "too few to show"."""
    if figure.is_hidden:
        return say("figure-hidden")
    if figure.measure != ANSWERED:
        return say(f"figure-band-{figure.band}")
    low, asked = figure.low or 0, figure.asked
    if figure.said == "exact":
        return say("figure-exact", count=low, asked=asked)
    return say("figure-most", asked=asked) if figure.said == "most" else say("figure-some", count=low, asked=asked)


def spark_svg(figures: Sequence[Figure], *, title: str) -> str:
    """A trend the size of a word."""
    shown = figures[-BEFORE_AND_AFTER:]
    step = SPARK.width / max(len(shown), 1)
    marks = [line("grid", 0, SPARK.height - 0.5, SPARK.width, SPARK.height - 0.5)]
    for place, figure in enumerate(shown):
        said = share_of(figure)
        bar = max(step - 1.5, 1.0)
        if said is None:
            marks += hatched(step * place, SPARK.height - 5, bar, 5)
        else:
            tall = max(said[1] * (SPARK.height - 1), 2.0)
            marks.append(rect("band", step * place, SPARK.height - tall, bar, tall, radius=1))
    return document(SPARK, marks, title=title)


def trend_picture(trend: Trend, say: Texts, *, drawn: bool = True) -> Picture:
    """The same for a chat: the platform's own chart with the interval as two more lines, else an image.

    The wave with which the go-live begins says so in its label, where nobody draws the marker.
    """
    shown = trend.figures[-BEFORE_AND_AFTER:]
    lines = [(trend.title, [share_of(figure) for figure in shown], 0.5)]
    reach = [reach_of(figure) or share_of(figure) for figure in shown]
    lines += [(say("chart-least"), reach, 0.0), (say("chart-largest"), reach, 1.0)]
    live = next((figure.on for figure in shown if figure.on >= trend.golive), None)
    if shown and shown[0].on >= trend.golive:
        live = None  # all of it is afterwards
    return Picture(
        title=trend.title,
        alt=trend_in_words(trend, say),
        labels=tuple(
            f"{short(figure.on, say)} {say('chart-golive')}" if figure.on == live else short(figure.on, say)
            for figure in shown
        ),
        series=tuple(Series(name, tuple(between(ends, at) for ends in values)) for name, values, at in lines),
        png=png(trend_svg(trend, say, alone=True), zoom=2.2) if drawn else b"",
        mark=next((place for place, figure in enumerate(shown) if figure.on == live), None),
    )


def between(ends: tuple[float, float] | None, at: float) -> float | None:
    """A place between two shares, in percent."""
    return None if ends is None else round(100 * (ends[0] + at * (ends[1] - ends[0])))


@dataclass(frozen=True, slots=True)
class Heat:
    """Groups by measures, each as it was last said."""

    title: str
    groups: tuple[str, ...]
    measures: tuple[str, ...]
    cells: tuple[tuple[Figure | None, ...], ...]  #: a row for each group; None where it was never asked


def heat_svg(heat: Heat, say: Texts) -> str:
    """A square for each, in the colour of what is said, hatched where it is hidden; with its own ground."""
    left, top, wide, tall = 112, 44, 88, 26
    marks = [words("strong", 8, 17, heat.title)]
    for column, measure in enumerate(heat.measures):
        marks.append(words("soft", left + wide * (column + 0.5), top - 8, measure, anchor="middle"))
    for row, (group, cells) in enumerate(zip(heat.groups, heat.cells, strict=True)):
        y = top + tall * row
        marks.append(words("strong", 8, y + 17, clipped(group, 16)))
        for column, figure in enumerate(cells):
            x = left + wide * column
            if figure is None:
                continue
            if figure.is_hidden:
                marks += hatched(x + 1, y + 1, wide - 2, tall - 2)
                continue
            marks.append(rect(figure.band or "half", x + 1, y + 1, wide - 2, tall - 2, radius=3))
            marks.append(words("on", x + wide / 2, y + 17, in_words(figure, say), anchor="middle"))
    size = Size(left + wide * len(heat.measures) + 8, top + tall * len(heat.groups) + 10)
    return document(size, marks, title=heat_in_words(heat, say), alone=True)


def clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def heat_in_words(heat: Heat, say: Texts) -> str:
    """Group by group, for whoever does not see it."""
    told = [
        say("chart-heat-row", team=group, list=", ".join(f"{name} {in_words(one, say)}" for name, one in known))
        for group, cells in zip(heat.groups, heat.cells, strict=True)
        if (known := [(name, one) for name, one in zip(heat.measures, cells, strict=True) if one is not None])
    ]
    return " ".join([f"{heat.title}.", *told])


def heat_picture(heat: Heat, say: Texts, *, drawn: bool = True) -> Picture:
    """The same for a chat: bars where the platform draws, else an image."""
    columns = list(zip(*heat.cells, strict=True))
    values = [tuple(None if one is None else between(share_of(one), 0.5) for one in column) for column in columns]
    return Picture(
        title=heat.title,
        alt=heat_in_words(heat, say),
        labels=heat.groups,
        series=tuple(Series(name, column) for name, column in zip(heat.measures, values, strict=True)),
        kind="bar",
        png=png(heat_svg(heat, say), zoom=2.2) if drawn else b"",
    )
