"""The two icons of the app, drawn here: a pulse on its ground in colour, and the pulse alone in white."""

import math
import struct
import zlib
from functools import cache
from itertools import pairwise

COLOUR, OUTLINE = 192, 32  #: pixels a side, as the manifest wants them
GROUND = (13, 101, 94)  # #0d655e, as everywhere in the product
WHITE = (255, 255, 255)
GRID = 32.0  # the drawing is 32 units wide
PULSE = ((5.5, 17.0), (10.5, 17.0), (13.5, 10.0), (18.5, 23.0), (21.5, 17.0), (26.5, 17.0))
WIDTH = 2.6

_Point = tuple[float, float]


@cache
def colour() -> bytes:
    """The pulse in white on a ground that fills the square: Teams rounds the corners itself."""
    return drawn(COLOUR, ground=GROUND)


@cache
def outline() -> bytes:
    """The pulse in white on nothing."""
    return drawn(OUTLINE, ground=None)


def drawn(side: int, *, ground: tuple[int, int, int] | None) -> bytes:
    """A square PNG, with edges as smooth as a pixel allows."""
    rows = []
    for y in range(side):
        row = bytearray()
        for x in range(side):
            inside = cover((x + 0.5) * GRID / side, (y + 0.5) * GRID / side, pixel=GRID / side)
            if ground is None:
                row += bytes((*WHITE, round(255 * inside)))
            else:
                row += bytes((*(round(under + (255 - under) * inside) for under in ground), 255))
        rows.append(bytes(row))
    return png(side, rows)


def cover(x: float, y: float, *, pixel: float) -> float:
    """How much of a pixel the pulse covers, from 0 to 1."""
    away = min(distance((x, y), a, b) for a, b in pairwise(PULSE))
    return min(max((WIDTH / 2 - away) / pixel + 0.5, 0.0), 1.0)


def distance(point: _Point, a: _Point, b: _Point) -> float:
    """From a point to the line between two others."""
    along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / math.dist(a, b) ** 2
    part = min(max(along, 0.0), 1.0)
    return math.dist(point, (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))


def png(side: int, rows: list[bytes]) -> bytes:
    """Rows of red, green, blue and opacity as a file."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)  # 8 bits a channel, four channels
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
