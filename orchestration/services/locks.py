"""Who may work on a home, or on a part of it, at a time. The kernel lets go when a process dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import UnavailableError
from orchestration.home import Home

_RUN = ".run.lock"
_SERVE = ".serve.lock"
_POLL_SECONDS = 0.1


@contextmanager
def patient_lock(path: Path, work: str, seconds: float, tell: Callable[[str], None]) -> Generator[None]:
    """Hold the file ``path`` alone for ``work`` (what is done, in Vietnamese); waits up to ``seconds``.

    Raises:
        UnavailableError: another process still holds it then.
    """
    with path.open("a") as lock:
        deadline, told = time.monotonic() + seconds, False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise UnavailableError(
                        f"Một tiến trình khác đang {work} và chưa xong. Hãy chờ nó kết thúc rồi chạy lại."
                    ) from None
            if not told:
                tell(f"Đợi một tiến trình khác đang {work}")
                told = True
            time.sleep(_POLL_SECONDS)
        yield


@contextmanager
def run_lock(home: Home, tell: Callable[[str], None]) -> Generator[None]:
    """One command at a time runs on a home; another waits, and says for whom."""
    with (home.root / _RUN).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            tell(f"Đợi lần chạy khác kết thúc (tiến trình {lock.read().strip() or 'không rõ'})")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def serve_lock(home: Home) -> Generator[None]:
    """One server per home: two daemons on one Dagster would run everything twice."""
    with (home.root / _SERVE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnavailableError(
                f"{home.root} đang được một lệnh `motcua serve` khác phục vụ. "
                "Hãy dùng lệnh đó, hoặc dừng nó trước."
            ) from error
        yield


def is_served(home: Home) -> bool:
    """Whether a ``motcua serve`` is at work on ``home``."""
    with (home.root / _SERVE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
