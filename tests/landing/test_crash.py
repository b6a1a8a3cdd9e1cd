"""Killed while publishing, or with the disk full: nothing half-landed, and the next pass mends it."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orchestration.errors import UnavailableError
from orchestration.landing import land_day
from orchestration.landing.archive import archive_files
from orchestration.landing.lake import locked
from tests.landing.conftest import DAY, UNITS, Desk
from tests.landing.tables import csv_bytes, dossier_row, sound_rows

ROWS = [*sound_rows(), dossier_row(9, NgayTiepNhan="x")]

# Lands in a process of its own, which dies at the n-th call of one of the functions that publish.
CRASH = """
import os, signal, sys, tarfile
from datetime import date, datetime, time
from pathlib import Path
from orchestration.clock import Moment
from orchestration.landing import ensure_anchors, land_day
from orchestration.settings import Settings

home, inbox, where, nth = sys.argv[1:]
settings = Settings(home=Path(home), inbox=Path(inbox))
calls = 0

def dying(function):
    def wrapper(*args, **kwargs):
        global calls
        ours = (".parquet", "lake", "archive")
        armed = where in ("anchors", "fsync", "tar") or any(word in str(arg) for word in ours for arg in args)
        if armed and "_schema" not in str(args):
            calls += 1
            if calls == int(nth):
                os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return wrapper

if where == "replace":
    Path.replace = dying(Path.replace)
elif where == "anchors":
    os.fsync = dying(os.fsync)
elif where == "fsync":
    ensure_anchors(settings.paths)
    os.fsync = dying(os.fsync)
elif where == "mkdir":
    Path.mkdir = dying(Path.mkdir)
elif where == "tar":
    tarfile.TarFile.addfile = dying(tarfile.TarFile.addfile)
moment = Moment(datetime(2025, 10, 6, 18), time(18))
land_day(settings, date(2025, 10, 6), moment)
"""


@pytest.mark.parametrize(
    ("where", "nth"),
    [
        ("mkdir", 3),
        ("mkdir", 5),
        ("anchors", 1),
        ("anchors", 7),
        ("fsync", 1),
        ("fsync", 3),
        ("fsync", 5),
        ("fsync", 9),
        ("tar", 1),
        ("tar", 2),
        ("replace", 1),
        ("replace", 2),
        ("replace", 3),
        ("replace", 4),
    ],
)
def test_killed_anywhere_the_next_pass_lands_everything_once(desk: Desk, where: str, nth: int) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.drop(csv_bytes(ROWS), unit=UNITS[1])
    command = [
        sys.executable,
        "-c",
        CRASH,
        str(desk.settings.home),
        str(desk.settings.inbox),
        where,
        str(nth),
    ]
    died = subprocess.run(command, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr.decode()
    assert not desk.ledger()
    landing = desk.land()
    assert landing.landing_id == "00000001-20251006T180000"
    assert (len(desk.ledger()), len(desk.rows()), len(desk.quarantine())) == (2, 6, 2)
    assert not list(desk.lake.glob(".staging/*"))
    archived = [path for path in desk.settings.paths.archive.rglob("*") if path.is_file()]
    assert [path.name for path in archived] == [f"{landing.landing_id}.tar.zst"]
    assert desk.land().landing_id is None


def test_killed_after_the_ledger_it_has_landed(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    # archive, data, quarantine, ledger are synced, then the directories; the ledger's own are the last
    command = [sys.executable, "-c", CRASH, str(desk.settings.home), str(desk.settings.inbox), "fsync", "12"]
    died = subprocess.run(command, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr.decode()
    assert len(desk.ledger()) == 1
    assert desk.land().landing_id is None
    assert len(desk.rows()) == 3


def test_orphans_of_a_crash_are_removed_and_nothing_else(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    (data,) = desk.lake.glob("hoso/*/*.parquet")
    orphans = [
        data.with_name("00000002-20251006T190000.parquet"),
        desk.lake / "quarantine" / "00000002-20251006T190000.parquet",
        desk.settings.paths.archive / DAY.isoformat() / "00000002-20251006T190000.zip",
    ]
    for orphan in orphans:
        orphan.write_bytes(data.read_bytes())
    desk.land()
    assert not any(orphan.exists() for orphan in orphans)
    assert data.exists()
    assert len(desk.quarantine()) == 1


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_full_disk_is_said_and_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    desk.drop(csv_bytes(ROWS))
    original, calls = Path.replace, 0

    def full(path: Path, target: Path) -> Path:
        nonlocal calls
        if "_schema" not in str(target):
            calls += 1
            if calls == nth:
                raise OSError(errno.ENOSPC, "No space left on device")
        return original(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnavailableError, match="đĩa có thể đã đầy"):
        desk.land()
    assert not desk.ledger()
    assert not desk.rows()
    assert not desk.quarantine()
    assert not archive_files(desk.settings.paths)
    monkeypatch.undo()
    assert desk.land_one().rows_accepted == 3


def test_two_landings_at_once_land_once(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    ids: list[str | None] = []

    def land() -> None:
        ids.append(land_day(desk.settings, DAY, desk.moment).landing_id)

    threads = [threading.Thread(target=land) for _ in range(3)]
    with locked(desk.settings.paths):
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ids)) == ["00000001-20251006T180000", "None", "None"]
    assert len(desk.ledger()) == 1
