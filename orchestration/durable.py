"""Making files outlive a power cut, and keeping them as they are. What they hold is for others to say."""

from __future__ import annotations

import os
from pathlib import Path

READ_ONLY = 0o444


def sync(path: Path) -> None:
    """Flush a file, or the entries of a directory, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(directory: Path) -> None:
    """Make every file below ``directory`` read-only and durable, then the directories themselves."""
    directories = [directory]
    for path in directory.rglob("*"):
        if path.is_dir():
            directories.append(path)
        else:
            path.chmod(READ_ONLY)
            sync(path)
    for path in reversed(directories):
        sync(path)
