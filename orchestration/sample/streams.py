"""Independent random streams, one per purpose, so that a change in one part of the simulation leaves the others."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """The generator of ``purpose`` under ``seed``; the same on every machine and run."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(purpose.encode())])))
