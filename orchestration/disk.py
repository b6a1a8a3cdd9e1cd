"""Telling a full disk from other troubles: it is the one that comes to every long-lived installation."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import UnavailableError

_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# DuckDB, SQLite and dbt only hand the text on.
_TEXTS = (
    *(os.strerror(number) for number in _NUMBERS),
    "database or disk is full",
    "max_temp_directory_size",
)


def is_full(error: BaseException | str | None) -> bool:
    """Whether ``error``, or what caused it, is a full disk."""
    if isinstance(error, BaseException):
        return any(_says_full(link) for link in _chain(error))
    return error is not None and _says_full(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what caused it, each once: libraries raise errors that in the end caused themselves."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _says_full(error: BaseException | str) -> bool:
    return (isinstance(error, OSError) and error.errno in _NUMBERS) or any(
        text in str(error) for text in _TEXTS
    )


def full_sentence(directory: Path, detail: str = "không còn chỗ") -> str:
    """What to tell the user about the disk that holds ``directory``."""
    return (
        f"Ổ đĩa chứa {directory} đã đầy ({detail}). Bản công bố cũ vẫn được giữ nguyên. "
        "Hãy giải phóng chỗ hoặc chuyển MOTCUA_HOME sang ổ đĩa khác rồi chạy lại."
    )


def require_space(directory: Path, needed: int) -> None:
    """Refuse to begin what cannot fit; ``needed`` is in bytes.

    Raises:
        UnavailableError: with what is free and what is needed.
    """
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise UnavailableError(full_sentence(directory, f"còn {_mib(free)}, cần {_mib(needed)}"))


@contextmanager
def full_disk_explained(directory: Path) -> Generator[None]:
    """Turn a full disk below ``directory`` into a sentence; let every other error pass.

    Raises:
        UnavailableError: the disk is full.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, UnavailableError) or not is_full(error):
            raise
        raise UnavailableError(full_sentence(directory)) from error


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
