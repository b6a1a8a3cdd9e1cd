"""Files that are not what they seem: unfinished, growing, links, and what kills its reader."""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import tracemalloc
from functools import partial
from pathlib import Path

import pytest

from orchestration.contract import load_contract
from orchestration.landing import land_day
from orchestration.landing.files import LeftOut
from orchestration.landing.readers import spreadsheet
from orchestration.landing.readers.csv_careful import read_careful
from orchestration.landing.readers.json_reader import read_json_lines
from tests.landing.conftest import DAY, UNIT, UNITS, Desk
from tests.landing.tables import NAME, csv_bytes, html_bytes, json_lines, records, sound_rows

ROWS = sound_rows()


@pytest.mark.parametrize(
    "name",
    [
        f"hoso_{UNIT}_{DAY:%Y%m%d}.csv.tmp",
        f"hoso_{UNIT}_{DAY:%Y%m%d}.csv.part",
        f"~$hoso_{UNIT}_{DAY:%Y%m%d}.xlsx",
        f".hoso_{UNIT}_{DAY:%Y%m%d}.csv",
        "Thumbs.db",
    ],
)
def test_unfinished_files_are_left_alone(desk: Desk, name: str) -> None:
    desk.drop_as(csv_bytes(ROWS), name)
    assert desk.land().landing_id is None


def test_a_file_that_is_open_for_writing_is_left_for_the_next_pass(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS[:1]))
    with path.open("ab") as writer:
        writer.write(csv_bytes(ROWS[1:]).partition(b"\n")[2][:50])
        writer.flush()
        assert desk.land().landing_id is None
    assert desk.land().landing_id is not None


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_pass(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS[:2]))
    more = csv_bytes(ROWS[2:]).partition(b"\n")[2]

    def grow(done: int, total: int) -> None:
        path.write_bytes(path.read_bytes() + more)

    assert land_day(desk.settings, DAY, desk.moment, progress=grow).landing_id is None
    assert not desk.ledger()
    assert desk.land_one().rows_accepted == 3


def test_links_are_refused_and_never_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(csv_bytes(ROWS))
    (desk.folder / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv").symlink_to(outside)
    (desk.folder / "folder").symlink_to(tmp_path)
    os.mkfifo(desk.folder / f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv")
    results = desk.land().deliveries
    assert sorted(str(delivery.rule) for delivery in results) == ["link", "link", "not_a_file"]
    assert not desk.rows()


def test_a_linked_day_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv").write_bytes(csv_bytes(ROWS))
    (desk.settings.inbox_path / DAY.isoformat()).symlink_to(elsewhere)
    assert desk.land_one().rule == "link"
    assert not desk.rows()


def test_a_child_that_dies_costs_one_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is killed by the memory limit, not by a fault that it could answer with."""
    readers = desk.settings.inbox_path.parent / "readers"
    package = Path(spreadsheet.__file__).with_name("spreadsheet_child")
    shutil.copytree(package, readers / package.name)
    killer = readers / package.name / "__main__.py"
    program = killer.read_text(encoding="utf-8")
    deadly = 'b"fatal" in content and __import__("os").abort()\n        opened = '
    killer.write_text(program.replace("opened = ", deadly), encoding="utf-8")
    monkeypatch.setattr(spreadsheet, "_CHILD", readers)
    reader = spreadsheet.SpreadsheetReader(load_contract())
    with contextlib.closing(reader):
        assert reader.read(html_bytes([["1"]])).sheets
        with pytest.raises(spreadsheet.FileError) as caught:
            reader.read(html_bytes([["fatal"]]))
        assert caught.value.rule == "too_large"
        assert reader.read(html_bytes([["1"]])).sheets


def test_mask_of_binary_garbage_never_reaches_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.drop(struct.pack("<4I", 1, 2, 3, 4) + NAME.encode() * 50, "xls")
    desk.land()
    assert NAME not in caplog.text


@pytest.mark.parametrize("extension", ["csv", "jsonl"])
def test_a_line_of_any_length_costs_one_row_and_hardly_any_memory(desk: Desk, extension: str) -> None:
    """Of 2 GB it is measured: ``python -m tests.benchmark.landing line``."""
    long, limits = b"x" * (48 << 20), load_contract().limits
    if extension == "csv":
        read = partial(read_careful, left_out=LeftOut())
        lines = csv_bytes(ROWS[:2]).splitlines()
    else:
        read, lines = read_json_lines, json_lines(records(ROWS[:2])).splitlines()
    path = desk.drop(b"\n".join([*lines[:-1], long, lines[-1], b""]), extension)
    tracemalloc.start()
    try:
        _, tables = read(lambda: path.open("rb"), 0, load_contract().kinds["hoso"], load_contract())
        structures = [row["structure"] for table in tables for row in table.to_pylist()]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert structures == [None, "broken_line", None]
    assert peak < 16 * limits.line_bytes < len(long)
    landed = desk.land_one()
    assert (landed.rows_accepted, landed.rows_rejected) == (2, 1)
