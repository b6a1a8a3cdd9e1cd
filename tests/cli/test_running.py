"""One run at a time on a home, and progress that a log can hold."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from orchestration.cli.console import progress
from orchestration.cli.running import run_lock, summary
from orchestration.cli.sampling import MONTHS, first_day_of_span
from orchestration.home import Home

from .test_exit_codes import REPORT

HOLDER = """
import sys
from pathlib import Path
from orchestration.cli.running import run_lock
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


def test_progress_in_a_log_is_a_line_for_each_new_thing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Chuẩn bị") as tell:
        for text in ("Nhận tệp (1/3)", "Nhận tệp (2/3)", "Nhận tệp (3/3)", "Dựng kho [x]"):
            tell(text)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["Chuẩn bị…", "Nhận tệp…", "Dựng kho [x]…"]


def test_summary_names_what_landed_and_what_is_shown() -> None:
    text = summary(REPORT)
    assert "166 tệp của 1 ngày: 24900 dòng hợp lệ, 12 dòng bị loại, 1 tệp bị từ chối" in text
    assert "số liệu đến ngày 26/11/2025" in text


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2025, 11, 26), date(2025, 7, 1)),
        (date(2026, 2, 28), date(2025, 10, 1)),
        (date(2026, 5, 1), date(2026, 1, 1)),
    ],
)
def test_a_sample_spans_five_months(last: date, first: date) -> None:
    assert first_day_of_span(last, MONTHS) == first
