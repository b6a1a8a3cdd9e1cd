"""Who may work on a home, or on a part of it, at a time. The kernel lets go when a process dies."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import UnavailableError
from orchestration.home import Home

_RUN = ".run.lock"
_SERVE = ".serve.lock"


def lock_of(path: Path) -> FileLock:
    """The lock that the file ``path`` stands for; ``with`` waits for it as long as it takes.

    Only by the kernel: where a file system cannot lock it raises ``OSError``, since a mark on the disk would
    outlive whoever died.
    """
    return FileLock(path, mode=0o600, fallback_to_soft=False)


@contextmanager
def patient_lock(path: Path, work: str, seconds: float, tell: Callable[[str], None]) -> Generator[None]:
    """Hold the file ``path`` alone for ``work`` (what is done, in Vietnamese); waits up to ``seconds``.

    Raises:
        UnavailableError: another process still holds it then.
    """
    try:
        held = _told(path, seconds, lambda: tell(f"Đợi một tiến trình khác đang {work}"))
    except Timeout:
        raise UnavailableError(
            f"Một tiến trình khác đang {work} và chưa xong. Hãy chờ nó kết thúc rồi chạy lại."
        ) from None
    with held:
        yield


@contextmanager
def run_lock(home: Home, tell: Callable[[str], None]) -> Generator[None]:
    """One command at a time runs on a home; another waits, and says for whom."""
    path = home.root / _RUN

    def say_for_whom() -> None:
        holder = path.read_text(encoding="ascii").strip()
        tell(f"Đợi lần chạy khác kết thúc (tiến trình {holder or 'không rõ'})")

    with _told(path, -1, say_for_whom):
        path.write_text(str(os.getpid()), encoding="ascii")
        yield


@contextmanager
def serve_lock(home: Home) -> Generator[None]:
    """One server per home: two daemons on one Dagster would run everything twice."""
    try:
        held = lock_of(home.root / _SERVE).acquire(blocking=False)
    except Timeout as error:
        raise UnavailableError(
            f"{home.root} đang được một lệnh `motcua serve` khác phục vụ. "
            "Hãy dùng lệnh đó, hoặc dừng nó trước."
        ) from error
    with held:
        yield


def is_served(home: Home) -> bool:
    """Whether a ``motcua serve`` is at work on ``home``."""
    try:
        with lock_of(home.root / _SERVE).acquire(blocking=False):
            return False
    except Timeout:
        return True


def _told(path: Path, seconds: float, say: Callable[[], None]) -> AbstractContextManager[FileLock]:
    """The lock, held; ``say`` is called once if another holds it first. Negative ``seconds``: no end.

    Raises:
        Timeout: it is still held after ``seconds``.
    """
    lock = lock_of(path)
    try:
        return lock.acquire(blocking=False)
    except Timeout:
        say()
    return lock.acquire(timeout=seconds)
