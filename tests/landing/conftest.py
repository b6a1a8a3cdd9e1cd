"""A landing desk in a scratch home: drop files, land a day, look at what the lake says."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.clock import Moment
from orchestration.landing import DayLanding, DeliveryResult, land_day
from orchestration.landing.communes import communes_of
from orchestration.settings import Settings

DAY = date(2025, 10, 6)
NOW = Moment(datetime(2025, 10, 6, 18, 0), time(18))
PROVINCE = "38"
UNITS: Sequence[str] = sorted(communes_of(PROVINCE))
UNIT = UNITS[0]


@dataclass(frozen=True)
class Desk:
    """One inbox and its lake."""

    settings: Settings
    moment: Moment = NOW

    @property
    def lake(self) -> Path:
        return self.settings.paths.lake

    @property
    def folder(self) -> Path:
        folder = self.settings.inbox_path / DAY.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop(self, content: bytes, extension: str = "csv", kind: str = "hoso", unit: str = UNIT) -> Path:
        """Put a well-named file into the day folder."""
        return self.drop_as(content, f"{kind}_{unit}_{DAY:%Y%m%d}.{extension}")

    def drop_as(self, content: bytes, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def land(self) -> DayLanding:
        return land_day(self.settings, DAY, self.moment)

    def land_one(self) -> DeliveryResult:
        """Land, when one file is pending."""
        (delivery,) = self.land().deliveries
        return delivery

    def rows(self, kind: str = "hoso") -> list[dict[str, Any]]:
        return self.select(f"{kind}/*/*.parquet")

    def quarantine(self) -> list[dict[str, Any]]:
        return self.select("quarantine/*.parquet")

    def ledger(self) -> list[dict[str, Any]]:
        return self.select("ledger/*.parquet")

    def select(self, files: str) -> list[dict[str, Any]]:
        if not list(self.lake.glob(files)):
            return []
        with duckdb.connect() as database:
            result = database.execute(
                "SELECT * FROM read_parquet(?) ORDER BY landing_seq, delivery_id", [str(self.lake / files)]
            )
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(Settings(home=tmp_path / "home", inbox=tmp_path / "inbox"))


@pytest.fixture(autouse=True)
def no_statement_fails(caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """A failing bulk statement is mended by reading file by file: slowly, and else unseen."""
    yield
    assert not [record.getMessage() for record in caplog.records if "together failed" in record.getMessage()]
