"""Pictures as Slack's own charts, or as the image of the same figures."""

from itertools import chain, count

from adapters.chat import Picture
from adapters.slack.inputs import plain_text
from adapters.slack.limits import ALT_TEXT, CHART_LABEL, CHART_LABELS, CHART_SERIES, CHART_TITLE, clip
from adapters.slack.rich_text import Block


def chart(picture: Picture) -> Block | None:
    """The picture drawn by Slack; None where Slack cannot: it draws no gaps, and few lines and labels.

    Shape and limits: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    labels = _short(picture.labels)
    names = _short(tuple(series.name for series in picture.series))
    gaps = any(value is None for series in picture.series for value in series.values)
    if gaps or not 0 < len(names) <= CHART_SERIES or not 0 < len(labels) <= CHART_LABELS:
        return None
    series = [
        {
            "name": name,
            "data": [{"label": label, "value": value} for label, value in zip(labels, one.values, strict=True)],
        }
        for name, one in zip(names, picture.series, strict=True)
    ]
    return {
        "type": "data_visualization",
        "title": clip(picture.title, CHART_TITLE),
        "chart": {"type": picture.kind, "series": series, "axis_config": {"categories": list(labels)}},
    }


def _short(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names that fit, and differ from each other as Slack wants them to."""
    found: list[str] = []
    for name in names:
        short = clip(name, CHART_LABEL) or "?"
        numbered = (f"{clip(short, CHART_LABEL - 5)} ({number})" for number in count(2))
        found.append(next(numbered_one for numbered_one in chain([short], numbered) if numbered_one not in found))
    return tuple(found)


def image(picture: Picture, *, file: str) -> Block:
    """The picture as an image that lies with Slack already."""
    return {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": clip(picture.alt, ALT_TEXT),
        "title": plain_text(picture.title, ALT_TEXT),
    }
