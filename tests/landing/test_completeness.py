"""What the ledger says has landed is there, as it was; else it is named, and the way back leads back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import HeldBackError, UnavailableError
from orchestration.landing import pending_days, require_whole, take_back
from orchestration.landing.completeness import damages
from orchestration.landing.ledger import WITHDRAWN
from orchestration.reports.fault_facts import days_landed_after
from orchestration.settings import Settings
from tests.landing.conftest import UNITS, Desk
from tests.support.exports import COLUMNS, csv_bytes, dossier


def export(codes: list[str], unit: str) -> bytes:
    received = datetime(2025, 10, 1, 8)
    return csv_bytes([dossier(code, received, MaDonViTiepNhan=unit) for code in codes], COLUMNS)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three passes: two communes, and a correction of the first."""
    place = tmp_path_factory.mktemp("whole")
    desk = Desk(Settings(home=place / "home", inbox=place / "inbox"))
    for number, unit in enumerate((UNITS[0], UNITS[1], UNITS[0])):
        desk.drop(export([f"{unit}-{number}-{row}" for row in range(3)], unit), unit=unit)
        desk.land()
    return place


@pytest.fixture
def landed(tmp_path: Path, whole: Path) -> Desk:
    """A copy of it, to be harmed."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return Desk(Settings(home=tmp_path / "home", inbox=tmp_path / "inbox"))


def ledgers(desk: Desk) -> list[Path]:
    return sorted((desk.lake / "ledger").glob("*.parquet"))


def data(desk: Desk) -> list[Path]:
    return sorted(desk.lake.glob("hoso/*/*.parquet"))


def codes(desk: Desk) -> set[str]:
    return {row["dossier_code"] for row in desk.rows()}


def test_a_lake_that_is_whole_passes(landed: Desk) -> None:
    require_whole(landed.settings.paths)


def shorter(path: Path) -> None:
    """The same file with a row less, as somebody could have written it."""
    kept = path.with_suffix(".kept")
    with duckdb.connect() as database:
        database.execute(f"COPY (FROM read_parquet('{path}') OFFSET 1) TO '{kept}' (FORMAT parquet)")
    kept.replace(path)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    """One bit, somewhere in the middle: a disk that begins to die."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HARM: list[Callable[[Path], None]] = [Path.unlink, emptied, flipped, shorter]


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("number", [0, 2])
def test_a_file_that_is_gone_or_different_holds_the_build_back_by_name(
    landed: Desk, harm: Callable[[Path], None], number: int
) -> None:
    path = data(landed)[number]
    harm(path)

    with pytest.raises(HeldBackError) as caught:
        require_whole(landed.settings.paths)

    said = str(caught.value)
    assert str(path.relative_to(landed.settings.paths.root)) in said
    assert "bản sao lưu" in said
    assert f"motcua reland {path.stem}" in said


@pytest.mark.parametrize("harm", HARM)
def test_a_lost_or_damaged_ledger_file_is_named_too(landed: Desk, harm: Callable[[Path], None]) -> None:
    path = ledgers(landed)[1]
    harm(path)
    assert [damage.path for damage in damages(landed.settings.paths)] == [path]


def test_rows_are_counted_where_an_older_ledger_tells_no_hash(landed: Desk) -> None:
    for path in ledgers(landed):
        shorter_by_none = path.with_suffix(".kept")
        with duckdb.connect() as database:
            database.execute(f"COPY (FROM read_parquet('{path}')) TO '{shorter_by_none}' (FORMAT parquet)")
        shorter_by_none.replace(path)
    require_whole(landed.settings.paths)
    shorter(data(landed)[0])
    (damage,) = damages(landed.settings.paths)
    assert damage.what == "có 2 dòng, sổ giao nhận ghi 3 dòng"


def test_an_empty_ledger_file_is_told_wherever_the_ledger_is_read(landed: Desk) -> None:
    path = ledgers(landed)[1]
    emptied(path)
    for read in (
        lambda: pending_days(landed.settings, landed.moment),
        lambda: days_landed_after(landed.settings.paths, 0),
        landed.land,
    ):
        with pytest.raises(UnavailableError) as caught:
            read()
        assert path.name in str(caught.value)
        assert f"motcua reland {path.stem}" in str(caught.value)


def test_a_pass_does_not_clear_away_what_a_lost_ledger_file_vouched_for(landed: Desk) -> None:
    rows, archived = data(landed), sorted(landed.settings.paths.archive.glob("*/*.zst"))
    ledgers(landed)[1].unlink()
    landed.drop(export(["X-1"], UNITS[2]), unit=UNITS[2])
    landed.land()
    assert all(path.exists() for path in (*rows, *archived))


# Not the last ledger file: without it there is no gap, and its files are simply new again.
@pytest.mark.parametrize(
    ("number", "lost"),
    [
        *((number, lost) for number in (0, 1, 2) for lost in ("rows", "empty ledger")),
        (0, "ledger"),
        (1, "ledger"),
    ],
)
def test_what_is_taken_back_lands_again_and_nothing_is_lost(landed: Desk, number: int, lost: str) -> None:
    before, path = codes(landed), ledgers(landed)[number]
    {"rows": data(landed)[number].unlink, "ledger": path.unlink, "empty ledger": lambda: emptied(path)}[
        lost
    ]()
    for file in landed.folder.iterdir():
        file.unlink()  # the inbox was cleaned meanwhile

    names = take_back(landed.settings, path.stem)
    if names:
        landed.land()

    require_whole(landed.settings.paths)
    assert path.with_suffix(WITHDRAWN).exists()
    # The first pass was corrected by the third: its rows need not, and do not, come back as the newest.
    superseded = {code for code in before if code.startswith(f"{UNITS[0]}-0-")}
    assert codes(landed) == (before - superseded if number == 0 else before)
    assert bool(names) is (number != 0)


def test_without_raw_files_only_who_accepts_the_loss_goes_on(landed: Desk) -> None:
    path = ledgers(landed)[1]
    data(landed)[1].unlink()
    for archive in landed.settings.paths.archive.glob(f"*/{path.stem}*"):
        archive.unlink()
    with pytest.raises(UnavailableError, match="--give-up"):
        take_back(landed.settings, path.stem)
    assert path.exists()
    assert take_back(landed.settings, path.stem, give_up=True) == ()
    require_whole(landed.settings.paths)


def test_a_landing_that_never_was_is_not_taken_back(landed: Desk) -> None:
    with pytest.raises(UnavailableError, match="Không có lần nhận"):
        take_back(landed.settings, "00000099-20250101T180000")
