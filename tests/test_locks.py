"""One run and one server at a time on a home; the dead hold nobody up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.locks import is_served, run_lock, serve_lock

HOLDER = """
import sys
from pathlib import Path
from orchestration.locks import run_lock
from orchestration.home import Home

with run_lock(Home(Path(sys.argv[1])), print):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_run_waits_and_says_for_whom(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.close()

    with run_lock(Home(tmp_path), tell):
        assert holder.wait(timeout=60) == 0

    assert told == [f"Đợi lần chạy khác kết thúc (tiến trình {holder.pid})"]


def test_a_killed_run_holds_nobody_up(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    told: list[str] = []

    with run_lock(Home(tmp_path), told.append):
        pass

    assert told == []


def test_one_server_per_home(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not is_served(home)

    with serve_lock(home):
        assert is_served(home)
        with pytest.raises(UnavailableError, match="motcua serve"), serve_lock(home):
            pass

    assert not is_served(home)
