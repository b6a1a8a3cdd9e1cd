"""Independent random streams, one per purpose: a change in one part of the simulation leaves the others."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt


def stream(seed: int, purpose: str) -> np.random.Generator:
    """The generator of ``purpose`` under ``seed``; the same on every machine and run."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(purpose.encode())])))


def whole(rng: np.random.Generator, low: int, high: int, size: int | Sequence[int]) -> npt.NDArray[np.int64]:
    """Whole numbers from ``low`` to before ``high``."""
    return rng.integers(low, high, size)


def poisson(rng: np.random.Generator, mean: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Counts with the given means."""
    return rng.poisson(mean)
