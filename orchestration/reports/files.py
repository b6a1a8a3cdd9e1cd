"""Putting a document on the disk, so that nobody ever opens half of one. Knows nothing of what is in it."""

from __future__ import annotations

import os
from pathlib import Path

_ASIDE = ".part"


def write_whole(path: Path, content: bytes) -> bool:
    """Write aside and rename, owner-only; whether it was written: not if the same lies there already.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    # One name per file, so that what a crash left is taken over by the next attempt.
    aside = path.with_name(f".{path.name}{_ASIDE}")
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return True
