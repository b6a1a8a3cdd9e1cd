"""How this project reaches Superset from outside: its environment and its one worker process.

Superset is configured by the process environment and pulls in a large application, so whatever needs it
runs as a process of its own (``orchestration.superset_app.worker``); nothing else imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from orchestration.clock import ZONE
from orchestration.errors import UnavailableError
from orchestration.locks import lock_of
from orchestration.settings import PROJECT_ROOT, Settings

CONFIG_FILE = PROJECT_ROOT / "superset" / "superset_config.py"
WORKER = "orchestration.superset_app.worker"
_TELL_SECONDS = 3


def superset_environment(settings: Settings) -> dict[str, str]:
    """Variables that a Superset process needs on top of the caller's."""
    return {
        "SUPERSET_CONFIG_PATH": str(CONFIG_FILE),
        "SUPERSET_HOME": str(settings.paths.superset),
        "FLASK_APP": "superset.app:create_app()",
        **settings.environment(),
        "TZ": ZONE.key,
    }


def tell_server(settings: Settings) -> None:
    """Let a running server see the new release now, so that it warms its cache; none may be running."""
    with suppress(OSError):
        urlopen(f"http://{settings.host}:{settings.superset_port}/health", timeout=_TELL_SECONDS).close()


@contextmanager
def superset_lock(settings: Settings) -> Generator[None]:
    """Only one process at a time changes Superset's metadata."""
    settings.paths.superset.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_of(settings.paths.superset / ".lock"):
        yield


def run_worker(settings: Settings, task: str, job: dict[str, Any]) -> dict[str, Any]:
    """Run ``task`` inside Superset and return its answer.

    The job goes through a pipe, because it may hold a password; the answer comes back the same way.

    Raises:
        UnavailableError: the process failed; its output is in the named log.
    """
    log = superset_log(settings)
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    answer_reader, answer_writer = os.pipe()
    with log.open("ab") as output, os.fdopen(answer_reader, "rb") as answer:
        process = subprocess.Popen(
            [sys.executable, "-m", WORKER, task, str(answer_writer)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env={**os.environ, **superset_environment(settings)},
            pass_fds=(answer_writer,),
        )
        os.close(answer_writer)
        process.communicate(json.dumps(job).encode())
        if process.returncode != 0:
            raise UnavailableError(
                f"Superset không thực hiện được bước «{task}» (mã thoát {process.returncode}). "
                f"Nguyên nhân nằm ở cuối tệp {log}."
            )
        return json.loads(answer.read())


def superset_log(settings: Settings) -> Path:
    """Log of everything that Superset writes, web server and worker alike."""
    return settings.paths.logs / "superset.log"
