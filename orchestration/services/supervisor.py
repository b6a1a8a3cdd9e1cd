"""Starting services together, watching them, and stopping all of them whatever happens.

Each service leads a process group of its own, so that its workers go with it.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from types import FrameType

from orchestration.errors import UnavailableError
from orchestration.services.spec import ServiceSpec

START_SECONDS = 180.0
STOP_SECONDS = 20.0
_POLL_SECONDS = 0.25
_PR_SET_PDEATHSIG = 1

Running = list[tuple[ServiceSpec, "subprocess.Popen[bytes]"]]


class Stopped(Exception):  # noqa: N818  it is no error: someone asked for the end
    """The user, or the system, asked us to stop."""


def supervise(
    specs: Sequence[ServiceSpec], when_ready: Callable[[], None], start_seconds: float = START_SECONDS
) -> None:
    """Start ``specs``, call ``when_ready`` once all answer, and keep them running until told to stop.

    Returns after SIGINT or SIGTERM, with every process of every service gone.

    Raises:
        UnavailableError: a service did not start, or died; names it and its log. The others are stopped.
    """
    running: Running = []
    with _signals_raise():
        try:
            for spec in specs:
                running.append((spec, _start(spec)))
            _wait_until_ready(running, time.monotonic() + start_seconds)
            when_ready()
            while True:
                _require_alive(running)
                time.sleep(_POLL_SECONDS)
        except Stopped:
            pass
        finally:
            _stop(running)


def _start(spec: ServiceSpec) -> subprocess.Popen[bytes]:
    spec.log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with spec.log_file.open("ab") as log:
        return subprocess.Popen(
            spec.argv,
            env={**os.environ, **spec.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    """Even if the supervisor is killed outright, its services get told."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_ready(running: Running, deadline: float) -> None:
    waiting = [(spec, spec.health_url) for spec, _ in running if spec.health_url is not None]
    while waiting:
        _require_alive(running)
        waiting = [(spec, url) for spec, url in waiting if not _answers(url)]
        if waiting and time.monotonic() > deadline:
            spec, url = waiting[0]
            raise UnavailableError(
                f"{spec.name} không trả lời ở {url} trong thời gian cho phép. Nhật ký: {spec.log_file}"
            )
        time.sleep(_POLL_SECONDS)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  our own http address
            return response.status == http.client.OK
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False


def _require_alive(running: Running) -> None:
    for spec, process in running:
        code = process.poll()
        if code is not None:
            raise UnavailableError(
                f"{spec.name} đã dừng ngoài ý muốn (mã thoát {code}). Nhật ký: {spec.log_file}. "
                "Các dịch vụ khác cũng được dừng theo."
            )


def _stop(running: Running) -> None:
    """End every process group: ask, wait, then force."""
    groups = [process.pid for _, process in running]
    deadline = time.monotonic() + STOP_SECONDS
    for group in groups:
        _signal_group(group, signal.SIGTERM)
    while time.monotonic() < deadline:
        # Reaps the leaders, so that a group of zombies counts as gone.
        leaders = [process.poll() for _, process in running]
        if None not in leaders and not any(_signal_group(group, 0) for group in groups):
            return
        time.sleep(0.1)
    for group in groups:
        _signal_group(group, signal.SIGKILL)
    for _, process in running:
        process.wait()


def _signal_group(group: int, number: int) -> bool:
    """Whether the group still had a member to signal."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _signals_raise() -> Generator[None]:
    """SIGINT and SIGTERM raise ``Stopped`` once; further ones wait until everything is down."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for again in before:
            signal.signal(again, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
