"""How sure a share is: the interval that goes with every number shown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share, 0..1."""

    low: float
    high: float


def wilson(x: int, n: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval for x out of n; 0..1 when n is 0 (Wilson 1927; Brown, Cai and DasGupta 2001)."""
    low, high = wilson_bounds(np.array(x), np.array(n), level=level)
    return Interval(float(low), float(high))


def wilson_bounds(
    x: npt.NDArray[np.int64], n: npt.NDArray[np.int64], *, level: float = 0.95
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Wilson's bounds for arrays of one shape; x between 0 and n, else ValueError."""
    if np.any(x < 0) or np.any(x > n):
        raise ValueError("x lies between 0 and n")
    z = float(ndtri(0.5 + level / 2))
    of = np.where(n > 0, n, 1).astype(np.float64)
    share = x / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low = np.where(n > 0, np.where(x == 0, 0.0, np.maximum(centre - half, 0.0)), 0.0)
    high = np.where(n > 0, np.where(x == n, 1.0, np.minimum(centre + half, 1.0)), 1.0)
    return low, high
