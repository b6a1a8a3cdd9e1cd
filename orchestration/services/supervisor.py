"""Starting services together, starting again what dies, and stopping all of them whatever happens.

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
from dataclasses import dataclass
from types import FrameType

from orchestration.errors import UnavailableError
from orchestration.services.spec import ServiceSpec

START_SECONDS = 180.0
STOP_SECONDS = 20.0
# A service that died is started again after a pause that doubles up to the longest; one that then ran
# for a while
# begins with the first again.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, SOUND_SECONDS = 1.0, 60.0, 300.0
_POLL_SECONDS = 0.25
_PR_SET_PDEATHSIG = 1


@dataclass
class Running:
    """A service that was started; ``due`` is when it is started again, None while it runs."""

    spec: ServiceSpec
    process: subprocess.Popen[bytes]
    since: float
    pause: float = 0.0
    due: float | None = None


class Stopped(Exception):  # noqa: N818  it is no error: someone asked for the end
    """The user, or the system, asked us to stop."""


def supervise(
    specs: Sequence[ServiceSpec],
    when_ready: Callable[[], None],
    tell: Callable[[str], None] = lambda _: None,
    start_seconds: float = START_SECONDS,
) -> None:
    """Start ``specs``, call ``when_ready`` once all answer, and keep them running until told to stop.

    A service that dies later is started again, and ``tell`` is told; the others go on. Returns after
    SIGINT or SIGTERM, with every process of every service gone.

    Raises:
        UnavailableError: a service did not start; names it and its log. The others are stopped.
    """
    running: list[Running] = []
    with _signals_raise():
        try:
            for spec in specs:
                # One by one: what has started is stopped if the next cannot start.
                running.append(Running(spec, _start(spec), time.monotonic()))  # noqa: PERF401
            _wait_until_ready(running, time.monotonic() + start_seconds)
            when_ready()
            while True:
                for service in running:
                    look_after(service, time.monotonic(), tell)
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


def look_after(service: Running, now: float, tell: Callable[[str], None]) -> None:
    """Start a dead service again once its pause is over."""
    if service.due is not None:
        if now >= service.due:
            service.process, service.since, service.due = _start(service.spec), now, None
        return
    code = service.process.poll()
    if code is None:
        return
    _stop([service])  # what it left of its workers would hold its port
    lived = now - service.since
    doubled = min(service.pause * 2, LONGEST_PAUSE_SECONDS)
    service.pause = FIRST_PAUSE_SECONDS if lived > SOUND_SECONDS else max(doubled, FIRST_PAUSE_SECONDS)
    service.due = now + service.pause
    tell(
        f"{service.spec.name} đã dừng ngoài ý muốn (mã thoát {code}), sẽ được khởi động lại sau "
        f"{service.pause:.0f} giây; các dịch vụ khác vẫn chạy. Nếu lặp lại, xem nhật ký: "
        f"{service.spec.log_file}"
    )


def _wait_until_ready(running: list[Running], deadline: float) -> None:
    waiting = [(each.spec, each.spec.health_url) for each in running if each.spec.health_url is not None]
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


def _require_alive(running: list[Running]) -> None:
    for each in running:
        code = each.process.poll()
        if code is not None:
            raise UnavailableError(
                f"{each.spec.name} không khởi động được (mã thoát {code}). Nhật ký: {each.spec.log_file}. "
                "Các dịch vụ khác cũng được dừng theo."
            )


def _stop(running: list[Running]) -> None:
    """End every process group: ask, wait, then force."""
    groups = [each.process.pid for each in running]
    deadline = time.monotonic() + STOP_SECONDS
    for group in groups:
        _signal_group(group, signal.SIGTERM)
    while time.monotonic() < deadline:
        # Reaps the leaders, so that a group of zombies counts as gone.
        leaders = [each.process.poll() for each in running]
        if None not in leaders and not any(_signal_group(group, 0) for group in groups):
            return
        time.sleep(0.1)
    for group in groups:
        _signal_group(group, signal.SIGKILL)
    for each in running:
        each.process.wait()


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
