"""An inbox whose disk or share goes away, or may not be read: told, and nothing half-landed or blamed."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import UnavailableError
from orchestration.landing import inbox, land, land_day, pending, pending_days
from orchestration.landing.archive import archive_files
from orchestration.landing.lake import locked
from tests.landing.conftest import DAY, UNITS, Desk
from tests.landing.tables import csv_bytes, sound_rows, xlsx_bytes

ROWS = sound_rows()


def lose(folder: Path) -> None:
    """What an unmounted share leaves: an empty place."""
    shutil.rmtree(folder)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("moment", ["before reading", "after reading"])
def test_a_share_that_is_unmounted_midway(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str, extension: str
) -> None:
    contents = {"csv": csv_bytes(ROWS), "xlsx": xlsx_bytes(ROWS)}
    paths = [desk.drop(contents[extension], extension, unit=unit) for unit in UNITS[:2]]
    original = land._read_all  # pyright: ignore[reportPrivateUsage]  the middle of a pass

    def read(*arguments: Any) -> Any:
        if moment == "before reading":
            lose(desk.folder)
        parts = original(*arguments)
        if moment == "after reading":
            lose(desk.folder)
        return parts

    monkeypatch.setattr(land, "_read_all", read)
    with pytest.raises(UnavailableError, match="có thể đã bị ngắt") as caught:
        desk.land()
    assert str(desk.settings.inbox_path / DAY.isoformat()) in str(caught.value)
    assert (desk.ledger(), desk.rows(), archive_files(desk.settings.paths)) == ([], [], {})

    monkeypatch.undo()
    for path in paths:
        desk.drop_as(contents[extension], path.name)
    assert {delivery.rows_accepted for delivery in desk.land().deliveries} >= {3 if extension == "csv" else 0}


@pytest.mark.parametrize("code", [errno.EIO, errno.ESTALE, errno.ENOTCONN])
def test_a_file_that_the_disk_does_not_give_is_left_and_not_blamed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    lost, sound = desk.drop(csv_bytes(ROWS)), desk.drop(csv_bytes(ROWS), unit=UNITS[1])
    original = Path.open

    def broken(path: Path, *arguments: Any, **named: Any) -> Any:
        if path == lost and armed:
            raise OSError(code, os.strerror(code))
        return original(path, *arguments, **named)

    armed = True
    monkeypatch.setattr(Path, "open", broken)
    assert [delivery.file_name for delivery in desk.land().deliveries] == [sound.name]
    armed = False
    assert desk.land_one().file_name == lost.name


def test_a_file_that_breaks_off_while_it_is_read_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = desk.drop(csv_bytes(ROWS))

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr("orchestration.landing.reading.scan", broken)
    landing = desk.land()
    assert (landing.landing_id, landing.deliveries, landing.left) == (None, (), (lost.name,))
    assert desk.ledger() == []


def test_a_disk_that_is_lost_while_it_is_listed_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop(csv_bytes(ROWS))
    original = os.scandir

    def broken(path: Any) -> Any:
        if path == desk.folder:
            raise OSError(errno.ESTALE, "Stale file handle")
        return original(path)

    monkeypatch.setattr(inbox.os, "scandir", broken)
    for look in (lambda: pending_days(desk.settings, desk.moment), desk.land):
        with pytest.raises(UnavailableError, match="không còn đọc được"):
            look()


def test_a_folder_that_may_not_be_read_costs_itself_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = desk.drop(csv_bytes(ROWS))
    closed = desk.drop_as(csv_bytes(ROWS), f"to1/{sound.name}").parent
    original = os.scandir

    def refused(path: Any) -> Any:
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return original(path)

    monkeypatch.setattr(inbox.os, "scandir", refused)
    told = {delivery.file_name: delivery.rule for delivery in desk.land().deliveries}
    assert told == {sound.name: None, "to1": "not_a_file"}
    monkeypatch.undo()
    assert desk.land_one().file_name == f"to1/{sound.name}"


def test_a_second_landing_waits_says_so_and_finds_nothing_to_do(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    told: list[str] = []
    waiting = threading.Event()

    def say(text: str) -> None:
        told.append(text)
        waiting.set()

    landings: list[str | None] = []

    def second() -> None:
        landings.append(land_day(desk.settings, DAY, desk.moment, tell=say).landing_id)

    thread = threading.Thread(target=second)
    with locked(desk.settings.paths):
        thread.start()
        assert waiting.wait(10)
    thread.join()
    assert told == ["Đợi một tiến trình khác đang nhận dữ liệu"]
    assert landings == ["00000001-20251006T180000"]
    assert desk.land().landing_id is None


def test_hashes_of_lost_files_are_not_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop(csv_bytes(ROWS))

    def broken(*_: object) -> str:
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(pending, "sha256_of", broken)
    assert desk.land().landing_id is None
    monkeypatch.undo()
    assert desk.land_one().rows_accepted == 3
