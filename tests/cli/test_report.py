"""``motcua report ii06``: where the workbook is put, and what is said where none can be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.support.ii06_release import write_release

from .conftest import Call

COUNTS = (3, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0)
QUARTER = ("report", "ii06", "--from", "2025-07-01", "--to", "30/09/2025")


@pytest.fixture
def released(home: Path) -> Path:
    """A release with one line, from 2 July on."""
    write_release(home, [("14797", "ho_tich", "Hộ tịch", COUNTS)], date(2025, 7, 2))
    return home


def test_into_the_outbox(released: Path, call: Call) -> None:
    """Under a name that tells the span and the release; the same again is no fault."""
    assert call(*QUARTER).code == 0
    outcome = call(*QUARTER)
    assert outcome.code == 0
    path = released / "outbox" / "bao-cao" / "bieu-II06_20250701-20250930_20251126T180000-01.xlsx"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert str(path) in outcome.out
    assert "chỉ có từ ngày 02/07/2025" in outcome.out
    assert openpyxl.load_workbook(path)["II.06a toàn tỉnh"]["C10"].value == 3


def test_into_a_file_or_a_folder(released: Path, call: Call, tmp_path: Path) -> None:
    assert call(*QUARTER, "--out", str(tmp_path / "quy-3.xlsx")).code == 0
    assert call(*QUARTER, "--out", str(tmp_path)).code == 0
    assert {each.name for each in tmp_path.glob("*.xlsx")} == {
        "quy-3.xlsx",
        "bieu-II06_20250701-20250930_20251126T180000-01.xlsx",
    }


def test_a_file_that_is_there_is_kept_unless_forced(released: Path, call: Call, tmp_path: Path) -> None:
    path = tmp_path / "signed.xlsx"
    path.write_bytes(b"signed")

    refused = call(*QUARTER, "--out", str(path))

    assert (refused.code, path.read_bytes()) == (2, b"signed")
    assert "--force" in refused.err
    assert call(*QUARTER, "--out", str(path), "--force").code == 0
    assert path.read_bytes() != b"signed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2025-09-30", "--to", "2025-07-01"), "lại sau"),
        (("--from", "2025-11-01", "--to", "2025-11-27"), "đến ngày 26/11/2025"),
        (("--from", "2024-01-01", "--to", "2024-12-31"), "trước khi có số liệu"),
        (("--from", "2025-07-01", "--to", "2025-09-31"), "không phải một ngày"),
        (("--from", "2025-07-01"), "Thiếu --to"),
        ((*QUARTER[2:], "--out", "no/such/folder/a.xlsx"), "Không có thư mục"),
        ((*QUARTER[2:], "--out", "a.pdf"), ".xlsx"),
        (("--from", "2025-07-01", "--to", "2025-09-30", "--commune"), "--commune"),
    ],
)
def test_what_is_asked_for_wrongly(
    released: Path, call: Call, arguments: tuple[str, ...], words: str
) -> None:
    outcome = call("report", "ii06", *arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert not (released / "outbox").exists()


def test_a_place_that_cannot_be_written(released: Path, call: Call) -> None:
    (released / "outbox").write_text("a file stands where the folder belongs")

    outcome = call(*QUARTER)

    assert outcome.code == 2
    assert "Không ghi được" in outcome.err


def test_nothing_published(call: Call) -> None:
    outcome = call(*QUARTER)

    assert outcome.code == 2
    assert "motcua run" in outcome.err


def test_a_report_must_be_named(call: Call) -> None:
    assert call("report").code == 2
    assert call("report", "nothing").code == 2
    assert "ii06" in call("report", "--help").out
