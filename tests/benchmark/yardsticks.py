"""How fast landing is beside the bare readers: the same files into typed Parquet, without any judging.

Yardsticks are DuckDB's own ``read_csv`` and ``read_json`` with declared types and the fastest public reader
of spreadsheets at hand; each writes the same columns, compressed like the lake.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa

from orchestration.clock import moment
from orchestration.contract import ColumnType, load_contract
from orchestration.landing import ensure_anchors, land_day
from orchestration.landing.communes import communes_of
from orchestration.settings import Settings
from tests.benchmark.measure import Measurement, measured
from tests.support.exports import COLUMNS, Dossier, dossier, export_path, write_export

DAY = date(2025, 11, 28)
PROVINCE = "38"
ROWS = {"csv": 1500, "json": 600, "xlsx": 600}
"""Rows per commune: a full dump of a commune, less where reading is slower."""
PROCEDURES = 60
ROUNDS = 4
_KIND = load_contract().kinds["hoso"]
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
_NATIONAL = "%Y%m%d%H%M%S"


@dataclass(frozen=True)
class Race:
    """Landing and its yardstick over the same files."""

    name: str
    files: int
    rows: int
    landing: Measurement[int]
    yardstick: Measurement[int]

    @property
    def ratio(self) -> float:
        """How many times the yardstick landing takes."""
        return self.landing.seconds / self.yardstick.seconds

    @property
    def processor_ratio(self) -> float:
        """The same of processor time, which other work on the machine changes less."""
        return self.landing.processor_seconds / self.yardstick.processor_seconds


def races(root: Path) -> Iterator[Race]:
    """One race per format, over a day of every commune; and one over a single file of the whole province."""
    bare: dict[str, Callable[[list[Path], Path], int]] = {
        "csv": read_bare_csv,
        "xlsx": read_bare_xlsx,
        "json": read_bare_json,
    }
    for extension, read in bare.items():
        inbox = root / extension / "inbox"
        write_day(inbox, extension)
        yield _race(f"{extension}, a file per commune", inbox, read)
    inbox = root / "province" / "inbox"
    write_province(inbox, 250_000)
    yield _race("csv, one file for the province", inbox, read_bare_csv)


def _race(name: str, inbox: Path, read: Callable[[list[Path], Path], int]) -> Race:
    files = sorted(inbox.glob("*/*"))
    # In turns, so that a busy moment of the machine hits both; each counts by its least disturbed run.
    rounds = [
        (
            measured(read, files, inbox.parent / "bare.parquet"),
            measured(land, _settings(inbox, number)),
        )
        for number in range(ROUNDS)
    ]
    yardstick, landing = (min(runs, key=lambda run: run.seconds) for runs in zip(*rounds, strict=True))
    if landing.result != yardstick.result:
        raise AssertionError(f"{name}: {landing.result} rows landed, {yardstick.result} read")
    return Race(name, len(files), landing.result, landing, yardstick)


def _settings(inbox: Path, number: int) -> Settings:
    """A home as it is on every day but the first: empty, its lake laid out."""
    settings = Settings(home=inbox.parent / f"home-{number}", inbox=inbox)
    settings.paths.prepare()
    ensure_anchors(settings.paths)
    return settings


def land(settings: Settings) -> int:
    """Land the day; returns the rows accepted."""
    landing = land_day(settings, DAY, moment(DAY, settings.cutoff))
    return sum(delivery.rows_accepted for delivery in landing.deliveries)


def read_bare_csv(files: list[Path], target: Path) -> int:
    """DuckDB's own reader, told the types."""
    types = {name: _type_of(name) for name in COLUMNS}
    return _copied(f"read_csv({_listed(files)}, columns = {types}, header = true, delim = ',')", target)


def read_bare_json(files: list[Path], target: Path) -> int:
    """DuckDB's own reader of an object that holds an array, told the types."""
    fields = ", ".join(f'"{name}" {_type_of(name)}' for name in COLUMNS)
    source = (
        f"(SELECT unnest(data, recursive := true) FROM read_json({_listed(files)}, "
        f"columns = {{'data': 'STRUCT({fields})[]'}}, format = 'unstructured', "
        f"timestampformat = '{_NATIONAL}', maximum_object_size = 100000000))"
    )
    return _copied(source, target)


def read_bare_xlsx(files: list[Path], target: Path) -> int:
    """fastexcel into Arrow, every column read as the type that it has."""
    logging.getLogger("fastexcel").setLevel(logging.CRITICAL)  # a word for every empty column
    tables: list[pa.Table] = []
    for file in files:
        sheet = fastexcel.read_excel(file).load_sheet(0, header_row=2)
        tables.append(pa.table(sheet.to_arrow()).slice(0, sheet.height - 1))  # the last line is a total
    together = pa.concat_tables(tables, promote_options="permissive")
    with duckdb.connect() as database:
        database.register("sheets", together)
        columns = ", ".join(
            f'TRY_CAST("{column.name}" AS {column.sql_type})'
            for column in _KIND.landing
            if column.name in together.column_names
        )
        database.execute(f"COPY (SELECT {columns} FROM sheets) TO '{target}' {_PARQUET}")
    return together.num_rows


def write_day(inbox: Path, extension: str) -> None:
    """Every commune's export of ``DAY``."""
    for number, commune in enumerate(sorted(communes_of(PROVINCE))):
        rows = list(islice(dossiers([commune], number), ROWS[extension]))
        write_export(export_path(inbox, DAY, commune, extension), rows)


def write_province(inbox: Path, rows: int) -> None:
    """One CSV of the whole province with ``rows`` rows, written in pieces."""
    path = export_path(inbox, DAY, PROVINCE, "csv")
    source = dossiers(sorted(communes_of(PROVINCE)), 0)
    with path.open("wb") as target:
        for begin in range(0, rows, 10_000):
            piece = path.with_suffix(".tmp.csv")
            write_export(piece, list(islice(source, min(10_000, rows - begin))))
            content = piece.read_bytes()
            target.write(content if begin == 0 else content.partition(b"\n")[2])
            piece.unlink()


def dossiers(communes: list[str], seed: int) -> Iterator[Dossier]:
    """Dossiers without end, most of them finished, of as many procedures as a commune sees."""
    chance = random.Random(seed)
    number = 0
    while True:
        commune = communes[number % len(communes)]
        received = datetime(2025, 7, 1, 8) + timedelta(seconds=chance.randrange(150 * 86_400))
        procedure = chance.randrange(PROCEDURES)
        number += 1
        yield dossier(
            f"H56.{commune}-{received:%y%m%d}-{seed:03d}{number:07d}",
            received,
            MaTTHC=f"2.{procedure:06d}.000.00.00.H56",
            TenTTHC=f"Thủ tục hành chính thứ {procedure} của lĩnh vực chứng thực",
            MaDonViTiepNhan=commune,
            DonViXuLy="UBND xã",
            LoaiDonViXuLy="xa",
            NgayKetThucXuLy=received + timedelta(hours=chance.randrange(1, 90)),
            NgayTra=received + timedelta(hours=90),
            TrangThaiHoSo=10,
            ChuHoSo=f"Nguyễn Thị Số {number}",
        )


def _type_of(name: str) -> str:
    column = _KIND.by_name[name]
    if column.type is ColumnType.FLAG:
        return "INTEGER"  # JSON's 0 and 1 are no booleans to DuckDB
    return "VARCHAR" if column.personal else column.sql_type


def _listed(files: list[Path]) -> str:
    return str([str(file) for file in files])


def _copied(source: str, target: Path) -> int:
    columns = ", ".join(f'"{column.name}"' for column in _KIND.landing if column.name in COLUMNS)
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        (rows,) = database.execute(
            f"COPY (SELECT {columns} FROM {source}) TO '{target}' {_PARQUET}"
        ).fetchone() or (0,)
    return int(rows)
