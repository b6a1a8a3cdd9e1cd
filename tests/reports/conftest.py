"""A landing desk whose outbox is filled, and how a workbook reads."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from orchestration.home import Home
from orchestration.reports.outbox import Posted, post_letters, post_summaries
from orchestration.settings import Settings
from tests.landing.conftest import DAY, Desk

Pages = Mapping[str, list[list[Any]]]


@dataclass(frozen=True)
class Post:
    """A desk, its outbox, and releases that say what they are told to."""

    desk: Desk

    @property
    def home(self) -> Home:
        return self.desk.settings.paths

    def land(self) -> Posted:
        """Land what lies in the inbox, then write the letters."""
        self.desk.land()
        return post_letters(self.desk.settings)

    def release(
        self, number: int, *deliveries: tuple[Any, ...], doubts: Sequence[tuple[Any, ...]] = ()
    ) -> Posted:
        """Publish a release with these rows in its ``delivery`` and ``flagged_row``, then tell the outbox."""
        directory = self.home.releases / f"r{number}"
        directory.mkdir(parents=True)
        with duckdb.connect(directory / "warehouse.duckdb") as database:
            database.execute("CREATE SCHEMA meta; CREATE SCHEMA marts")
            database.execute(
                f"CREATE TABLE meta.release AS SELECT 'r{number}' AS release_id, "
                "DATE '2025-10-06' AS as_of, TIMESTAMP '2025-10-06 18:05:00' AS built_at"
            )
            database.execute(
                "CREATE TABLE marts.delivery (export_date DATE, commune_code VARCHAR, kind VARCHAR, "
                "status VARCHAR, is_expected BOOLEAN, arrived_at TIMESTAMP, reason VARCHAR, doubles BIGINT)"
            )
            for row in deliveries:
                database.execute("INSERT INTO marts.delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(row))
            database.execute(
                "CREATE TABLE marts.flagged_row (dossier_code VARCHAR, commune_code VARCHAR, "
                "export_date DATE, flag VARCHAR, file_name VARCHAR, line INTEGER)"
            )
            for row in doubts:
                database.execute("INSERT INTO marts.flagged_row VALUES (?, ?, ?, ?, ?, ?)", list(row))
        self.home.current.unlink(missing_ok=True)
        self.home.current.symlink_to(directory)
        return post_summaries(self.desk.settings)

    @property
    def folder(self) -> Path:
        return self.home.outbox / DAY.isoformat()

    @property
    def letters(self) -> list[str]:
        """Names of the letters of the day, in order."""
        return sorted(path.name for path in self.folder.glob("*_loi-du-lieu_*.xlsx"))

    def letter(self) -> Pages:
        """The only letter."""
        (name,) = self.letters
        return pages(self.folder / name)

    def summary(self) -> Pages:
        return pages(self.folder / f"tong-hop_{DAY:%Y%m%d}.xlsx")


def delivery(
    commune: str, status: str, arrived_at: datetime | None = None, doubles: int = 0
) -> tuple[Any, ...]:
    """A row of ``marts.delivery`` for an owed ``hoso`` export of the day."""
    return DAY, commune, "hoso", status, True, arrived_at, None, doubles


def doubt(
    commune: str, dossier: str, flag: str, day: date = DAY, line: int = 2
) -> tuple[str, str, date, str, str, int]:
    """A row of ``marts.flagged_row``."""
    return dossier, commune, day, flag, f"hoso_{commune}_{day:%Y%m%d}.csv", line


def pages(path: Path) -> Pages:
    """The cells of each sheet, without empty lines."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in book
    }


def column(page: list[list[Any]], head: str) -> list[Any]:
    """What stands below ``head``, down to the end of the table."""
    (line,) = [line for line, row in enumerate(page) if head in row]
    place = page[line].index(head)
    return [row[place] for row in page[line + 1 :]]


def text(page: list[list[Any]]) -> str:
    """Everything that a sheet says."""
    return "\n".join(str(cell) for row in page for cell in row if cell is not None)


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def post(tmp_path: Path) -> Post:
    (tmp_path / "inbox").mkdir()
    return Post(Desk(Settings(home=tmp_path / "home", inbox=tmp_path / "inbox")))
