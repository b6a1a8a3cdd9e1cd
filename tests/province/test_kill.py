"""Kill -9 at any moment of a run: nothing lost, nothing doubled, readers never see a half."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.exports import dossier, export_path, write_export
from tests.support.installation import Installation

pytestmark = pytest.mark.slow

FIRST_DAY = date(2025, 10, 6)
SECOND_DAY = FIRST_DAY + timedelta(days=1)
COMMUNES = ("14797", "15763", "16378", "16522")
KILLS = 4


def drop_exports(inbox: Path, day: date) -> None:
    """Every commune's export of ``day``, ten dossiers each; those of the first day finish on the second."""
    for commune in COMMUNES:
        rows = [
            dossier(f"H56.{commune}-{day:%y%m%d}-{number:04d}", datetime(2025, 10, day.day, 8, number))
            for number in range(10)
        ]
        if day == SECOND_DAY:
            finished_at = datetime(2025, 10, day.day, 15)
            rows += [
                dossier(
                    f"H56.{commune}-{FIRST_DAY:%y%m%d}-{number:04d}",
                    datetime(2025, 10, FIRST_DAY.day, 8, number),
                    TrangThaiHoSo=9,
                    NgayKetThucXuLy=finished_at,
                    NgayCapNhat=finished_at,
                )
                for number in range(10)
            ]
        write_export(export_path(inbox, day, commune, "csv"), rows)


def test_killed_runs_leave_the_release_whole_and_the_next_run_finishes(tmp_path: Path) -> None:
    """Runs are killed at moments spread over their whole length, then one is left in peace."""
    undisturbed = Installation(tmp_path / "undisturbed")
    drop_exports(undisturbed.inbox, FIRST_DAY)
    undisturbed.run(FIRST_DAY)
    first_content = undisturbed.content
    shutil.copytree(undisturbed.home, tmp_path / "killed", symlinks=True)

    drop_exports(undisturbed.inbox, SECOND_DAY)
    began = time.monotonic()
    undisturbed.run(SECOND_DAY)
    length = time.monotonic() - began
    second_content = undisturbed.content
    assert second_content != first_content

    killed = Installation(tmp_path / "killed")
    drop_exports(killed.inbox, SECOND_DAY)
    for number in range(1, KILLS + 1):
        process = killed.start("run", "--as-of", SECOND_DAY.isoformat())
        try:
            process.communicate(timeout=length * number / (KILLS + 1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        assert killed.content in (first_content, second_content)
        dossiers = killed.one("select count(*) as dossiers from marts.fct_dossier")["dossiers"]
        assert dossiers == (40 if killed.content == first_content else 80)

    killed.run(SECOND_DAY)
    assert killed.content == second_content
