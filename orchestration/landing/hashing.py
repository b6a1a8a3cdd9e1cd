"""Hashes of file contents, remembered while size and time stay the same."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

CHUNK = 1 << 20


@lru_cache(maxsize=65536)
def sha256_of(path: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 - they are what the memory goes by
    """SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
