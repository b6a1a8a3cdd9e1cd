"""Services live and die together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from orchestration.errors import UnavailableError
from orchestration.services.spec import ServiceSpec
from orchestration.services.supervisor import SOUND_SECONDS, Running, look_after, supervise

# A service with a worker of its own, as gunicorn and Dagster have.
WITH_WORKER = (
    "import subprocess, sys, time; print('started', flush=True); "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)"
)
DRIVER = """
import sys
from pathlib import Path
from orchestration.services.supervisor import supervise
from tests.services.test_supervisor import WITH_WORKER, service, web_service

folder, port = Path(sys.argv[1]), int(sys.argv[2])
supervise(
    [service(folder, "helper", WITH_WORKER), web_service(folder, port)], lambda: print("ready", flush=True)
)
print("stopped", flush=True)
"""


def service(folder: Path, name: str, code: str, health_url: str | None = None) -> ServiceSpec:
    return ServiceSpec(
        name=name,
        argv=(sys.executable, "-c", code),
        env={"MARK": str(folder)},
        health_url=health_url,
        log_file=folder / f"{name}.log",
    )


def web_service(folder: Path, port: int) -> ServiceSpec:
    return ServiceSpec(
        name="web",
        argv=(
            sys.executable,
            "-m",
            "http.server",
            str(port),
            "--bind",
            "127.0.0.1",
            "--directory",
            str(folder),
        ),
        env={"MARK": str(folder)},
        health_url=f"http://127.0.0.1:{port}/",
        log_file=folder / "web.log",
    )


def survivors(folder: Path) -> list[psutil.Process]:
    """Processes that carry the mark of this test, zombies left out."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("MARK") == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def gone(folder: Path) -> bool:
    """Whether everything is gone within a few seconds (the kernel needs a moment)."""
    for _ in range(100):
        if not survivors(folder):
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def drive(folder: Path, port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(folder), str(port)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process_of_every_service(tmp_path: Path, port: int, number: int) -> None:
    process = drive(tmp_path, port)
    assert len(survivors(tmp_path)) == 3

    process.send_signal(number)

    assert process.communicate(timeout=60)[0] == "stopped\n"
    assert process.returncode == 0
    assert gone(tmp_path)


def test_a_killed_supervisor_leaves_no_service(tmp_path: Path, port: int) -> None:
    process = drive(tmp_path, port)
    leaders = [found for found in survivors(tmp_path) if found.ppid() == process.pid]
    assert len(leaders) == 2

    process.kill()
    process.communicate()

    _, alive = psutil.wait_procs(leaders, timeout=20)
    for worker in survivors(tmp_path):
        worker.kill()
    assert alive == []


def test_a_service_that_dies_is_started_again_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.services.supervisor.FIRST_PAUSE_SECONDS", 0.25)
    worker = "import time; time.sleep(600)"
    dying = service(
        tmp_path,
        "dying",
        f"import subprocess, sys, time; print('up', flush=True); subprocess.Popen([sys.executable, '-c', "
        f"{worker!r}]); "
        "time.sleep(0.5); raise SystemExit(3)",
    )
    told: list[str] = []
    ready: list[bool] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if len(told) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    supervise([service(tmp_path, "helper", WITH_WORKER), dying], lambda: ready.append(True), tell)

    assert ready == [True]
    assert gone(tmp_path)
    assert (tmp_path / "helper.log").read_text() == "started\n"
    assert (tmp_path / "dying.log").read_text() == "up\n" * 3
    assert all("dying đã dừng ngoài ý muốn (mã thoát 3)" in sentence for sentence in told)
    assert str(tmp_path / "dying.log") in told[0]


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_good_time(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    ended.wait()
    running = Running(service(tmp_path, "dying", "raise SystemExit(1)"), ended, since=0.0)
    pauses: list[float] = []
    now = 0.0
    for _ in range(9):
        look_after(running, now, lambda _: None)
        assert running.due is not None
        pauses.append(running.due - now)
        now = running.due
        look_after(running, now, lambda _: None)
        assert running.due is None
        running.process.wait()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    look_after(running, now + SOUND_SECONDS + 1, lambda _: None)
    assert running.pause == 1


def test_a_service_that_dies_while_starting_is_named(tmp_path: Path, port: int) -> None:
    broken = service(tmp_path, "broken", "raise SystemExit(1)", f"http://127.0.0.1:{port}/")
    ready: list[bool] = []

    with pytest.raises(UnavailableError, match="broken"):
        supervise([broken, service(tmp_path, "helper", WITH_WORKER)], lambda: ready.append(True))

    assert ready == []
    assert gone(tmp_path)


def test_a_service_that_never_answers_is_named(tmp_path: Path, port: int) -> None:
    silent = service(tmp_path, "silent", "import time; time.sleep(600)", f"http://127.0.0.1:{port}/")

    with pytest.raises(UnavailableError, match=rf"silent không trả lời ở http://127\.0\.0\.1:{port}/"):
        supervise([silent], lambda: None, start_seconds=1)

    assert gone(tmp_path)


def test_a_service_deaf_to_the_request_is_forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.services.supervisor.STOP_SECONDS", 1.0)
    deaf = service(
        tmp_path,
        "deaf",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
        "time.sleep(600)",
    )

    def stop_once_deaf() -> None:
        while "deaf" not in (tmp_path / "deaf.log").read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    supervise([deaf], stop_once_deaf)

    assert gone(tmp_path)
