"""A card's picture as a small drawing of our own, from its figures; the style sheet colours it, light or dark."""

from collections.abc import Iterator
from itertools import pairwise

from markupsafe import Markup

from adapters.chat import Picture

WIDTH, HEIGHT = 360, 150  # units of the drawing, scaled to the page
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 8, 22
MOST_COLOURS = 6  # further lines and bars begin again
LONGEST_LABEL = 12  # characters under the axis

Point = tuple[float, float]


def draw(picture: Picture) -> Markup:
    """The drawing alone: whoever does not see it is told by its label, and the figures stand in a table beside it."""
    known = [value for series in picture.series for value in series.values if value is not None]
    top = max([*known, 1.0])
    bottom = min([*known, 0.0])
    marks = [_line("axis", (LEFT, _y(bottom, bottom, top)), (WIDTH - RIGHT, _y(bottom, bottom, top)))]
    shape = _bars if picture.kind == "bar" else _lines
    if picture.mark is not None and picture.mark < len(picture.labels):
        x = _x(picture.mark, picture) - (WIDTH - LEFT - RIGHT) / len(picture.labels) / 2
        marks.append(_line("begins", (x, TOP), (x, HEIGHT - BOTTOM)))
    marks += shape(picture, bottom, top)
    marks += _labels(picture)
    return Markup('<svg class="drawing" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, picture.alt, Markup("").join(marks)
    )


def _lines(picture: Picture, bottom: float, top: float) -> Iterator[Markup]:
    """A line for each series, broken where nothing is known; what stands alone is a dot."""
    for number, series in enumerate(picture.series):
        css = f"s{number % MOST_COLOURS + 1}"
        points = [
            None if value is None else (_x(place, picture), _y(value, bottom, top))
            for place, value in enumerate(series.values[: len(picture.labels)])
        ]
        for one, after in pairwise(points):
            if one is not None and after is not None:
                yield _line(css, one, after)
        for point in points:
            if point is not None:
                yield Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.5"/>').format(css, *point)


def _bars(picture: Picture, bottom: float, top: float) -> Iterator[Markup]:
    """A group of bars for each label; nothing where nothing is known."""
    room = (WIDTH - LEFT - RIGHT) / max(len(picture.labels), 1)
    bar = min(room * 0.8 / max(len(picture.series), 1), 22.0)
    for number, series in enumerate(picture.series):
        css = f"s{number % MOST_COLOURS + 1}"
        for place, value in enumerate(series.values[: len(picture.labels)]):
            if value is not None:
                x = _x(place, picture) + bar * (number - len(picture.series) / 2)
                y = _y(value, bottom, top)
                tall = max(_y(bottom, bottom, top) - y, 1.0)
                yield Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                    css, x, y, bar * 0.9, tall
                )


def _labels(picture: Picture) -> Iterator[Markup]:
    """As many labels as there is room for, the first and the last among them."""
    last = len(picture.labels) - 1
    shown = {0, last} if picture.kind == "line" else set(range(last + 1))
    if picture.mark is not None and last // 4 < picture.mark < last - last // 4:
        shown.add(picture.mark)  # else it would stand on the first or the last
    for place, label in enumerate(picture.labels):
        if place in shown:
            ends = {0: "start", last: "end"} if picture.kind == "line" and last else {}
            anchor = ends.get(place, "middle")
            x = {"middle": _x(place, picture), "start": float(LEFT), "end": float(WIDTH - RIGHT)}[anchor]
            short = label if len(label) <= LONGEST_LABEL or picture.kind == "line" else f"{label[: LONGEST_LABEL - 1]}…"
            yield Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(x, HEIGHT - 6, anchor, short)


def _x(place: int, picture: Picture) -> float:
    room = (WIDTH - LEFT - RIGHT) / max(len(picture.labels), 1)
    return LEFT + room * (place + 0.5)


def _y(value: float, bottom: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / (top - bottom))


def _line(css: str, start: Point, end: Point) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(css, *start, *end)
