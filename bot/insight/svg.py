"""The few marks that our charts are made of, as SVG that a page styles and that says in words what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

#: For a picture on its own; on a page the style sheet decides, light or dark.
ALONE = """
.ground{fill:#fffdfa}text{font-family:"Liberation Sans",Arial,sans-serif;fill:#22302f;font-size:11px}
.soft{fill:#56645f}.grid{stroke:#e2dccf;stroke-width:1}.range{fill:#bfdcd5}.band{fill:#0d655e}.hatched{fill:#eeeae0}
.hatch{stroke:#a7b0aa;stroke-width:1}.golive{stroke:#963310;stroke-width:1.5;stroke-dasharray:4 3}
.golive-text{fill:#963310}.since{stroke:#56645f;stroke-width:1;stroke-dasharray:2 3}.strong{font-weight:bold}
.few{fill:#f4c8aa}.some{fill:#f8e3c6}.half{fill:#f2ecd8}.many{fill:#cbe5db}.most{fill:#97d2c0}
"""


SLANT = 4.0  #: between two slanted lines


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int


def rect(css: str, x: float, y: float, width: float, height: float, *, radius: float = 0) -> str:
    corner = f' rx="{radius:g}"' if radius else ""
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{corner}/>'


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def words(css: str, x: float, y: float, said: str, *, anchor: str = "start") -> str:
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def hatched(x: float, y: float, width: float, height: float) -> Iterable[str]:
    """A box with slanted lines: something is there and is not shown."""
    yield rect("hatched", x, y, width, height)
    at = -height + SLANT / 2
    while at < width:
        left, right = max(at, 0.0), min(at + height, width)
        yield line("hatch", x + left, y + height - (left - at), x + right, y + height - (right - at))
        at += SLANT


def document(size: Size, marks: Iterable[str], *, title: str, alone: bool = False) -> str:
    """A whole drawing. `alone` is for a picture without a page around it: with its own colours and its own ground."""
    style = f"<style>{ALONE}</style>" if alone else ""
    ground = rect("ground", 0, 0, size.width, size.height) if alone else ""
    measures = f'width="{size.width}" height="{size.height}" ' if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {measures}viewBox="0 0 {size.width} {size.height}" '
        f'role="img" aria-label="{escape(title)}">{style}{ground}{"".join(marks)}</svg>'
    )


def png(svg: str, *, zoom: float = 2.0) -> bytes:
    """Draw a picture for a chat; some twenty milliseconds."""
    import vl_convert  # noqa: PLC0415  # eighty megabytes that only pictures need

    drawn: bytes = vl_convert.svg_to_png(svg, scale=zoom)
    return drawn
