"""Who may work on a home at a time: one run, one server. The kernel lets go when a process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

from orchestration.errors import UnavailableError
from orchestration.home import Home

_RUN = ".run.lock"
_SERVE = ".serve.lock"


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
