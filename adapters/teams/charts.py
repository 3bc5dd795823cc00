"""A picture as a chart that Teams draws itself; the same as an image where it cannot, and in words always."""

from base64 import b64encode
from itertools import cycle

from adapters.chat import Picture, Series
from adapters.teams.markup import Element, harmless, small

#: One after the other; Teams would take shades of one colour, or begin with red, as if something were wrong.
COLOURS = ("categoricalTeal", "categoricalMarigold", "categoricalPurple", "categoricalBlue", "categoricalLime")


def to_chart(picture: Picture, *, image: bool) -> list[Element]:
    """A title, a chart, and the sentence that says the same. With `image`, who draws no charts shows the PNG."""
    chart: Element = {"title": picture.title}
    if picture.kind == "line":
        chart |= {"type": "Chart.Line", "data": several(picture)}
    elif len(picture.series) == 1:
        chart |= {"type": "Chart.VerticalBar", "data": points(picture.series[0], picture.labels), "color": COLOURS[0]}
    else:
        chart |= {"type": "Chart.VerticalBar.Grouped", "data": several(picture)}
    chart["fallback"] = as_image(picture) if image and picture.png else "drop"
    title: Element = {"type": "TextRun", "text": harmless(picture.title), "weight": "Bolder"}
    return [{"type": "RichTextBlock", "inlines": [title]}, chart, small(picture.alt)]


def several(picture: Picture) -> list[Element]:
    return [
        {"legend": one.name, "values": points(one, picture.labels), "color": colour}
        for one, colour in zip(picture.series, cycle(COLOURS), strict=False)
    ]


def points(one: Series, labels: tuple[str, ...]) -> list[Element]:
    """What is there; a gap stays a gap."""
    return [{"x": x, "y": y} for x, y in zip(labels, one.values, strict=True) if y is not None]


def as_image(picture: Picture) -> Element:
    url = f"data:image/png;base64,{b64encode(picture.png).decode()}"
    return {"type": "Image", "url": url, "altText": picture.alt, "size": "Stretch"}
