"""Making files outlive a power cut, and telling a full disk from other troubles."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import UnavailableError

_FULL = (errno.ENOSPC, errno.EDQUOT)
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


def require_space(directory: Path, needed: int) -> None:
    """Refuse to begin what cannot fit; ``needed`` is in bytes.

    Raises:
        UnavailableError: with what is free and what is needed.
    """
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise UnavailableError(_full_sentence(directory, f"còn {_mib(free)}, cần {_mib(needed)}"))


@contextmanager
def full_disk_explained(directory: Path) -> Generator[None]:
    """Turn a full disk below ``directory`` into a sentence; let every other error pass.

    Raises:
        UnavailableError: the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise UnavailableError(_full_sentence(directory, "không còn chỗ")) from error
    except duckdb.IOException as error:
        if os.strerror(errno.ENOSPC) not in str(error):
            raise
        raise UnavailableError(_full_sentence(directory, "không còn chỗ")) from error


def _full_sentence(directory: Path, detail: str) -> str:
    return (
        f"Ổ đĩa chứa {directory} đã đầy ({detail}). Bản công bố cũ vẫn được giữ nguyên. "
        "Hãy giải phóng chỗ hoặc chuyển MOTCUA_HOME sang ổ đĩa khác rồi chạy lại."
    )


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
