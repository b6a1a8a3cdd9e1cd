"""The lake on disk: append-only Parquet, published file by file, the ledger last.

A file is written aside, synced and renamed, so a reader sees it whole or not at all; a crash before the
ledger's rename leaves orphans that nobody counts and the next pass removes. Layout, under ``<home>/lake``:
``<kind>/export_date=YYYY-MM-DD/<landing_id>.parquet``, ``quarantine/`` and ``ledger/<landing_id>.parquet``,
``set_aside/<mark>.parquet`` (marks on deliveries, see ``set_aside``), ``_schema/<table>.parquet`` (empty, so
that an empty lake can be read and old files gain new columns). The raw files of a landing (``archive``) are
published with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path

import duckdb
import orjson

from orchestration.contract import Contract, load_contract
from orchestration.durable import sync
from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.landing.archive import archive_file, archive_files
from orchestration.landing.hashing import sha256_of
from orchestration.landing.ledger import LEDGER_COLUMNS, WITHDRAWN, pass_number
from orchestration.locks import patient_lock
from orchestration.sql_text import quote, quote_name

META_COLUMNS = (
    ("export_date", "DATE"),
    ("delivery_id", "VARCHAR"),
    ("landing_seq", "BIGINT"),
    ("line", "INTEGER"),
    ("emptied", "VARCHAR"),
    ("swapped_dates", "VARCHAR"),
)
QUARANTINE_COLUMNS = (
    ("delivery_id", "VARCHAR"),
    ("landing_seq", "BIGINT"),
    ("kind", "VARCHAR"),
    ("export_date", "DATE"),
    ("commune_code", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("line", "INTEGER"),
    ("column_name", "VARCHAR"),
    ("rule", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("value_masked", "VARCHAR"),
)
SET_ASIDE_COLUMNS = (
    ("mark", "BIGINT"),
    ("delivery_id", "VARCHAR"),
    ("is_aside", "BOOLEAN"),
    ("rule", "VARCHAR"),
    ("check_name", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("rules_version", "VARCHAR"),
    ("marked_at", "TIMESTAMP"),
)
LEDGER, QUARANTINE, SET_ASIDE, SCHEMA = "ledger", "quarantine", "set_aside", "_schema"
_STAGING = ".staging"
# Beside the anchors: the tables as they were written, so that writing them again costs no pass anything.
_WRITTEN = ".tables.json"
_LOCK_SECONDS = 900


def ledger_directory(home: Home) -> Path:
    """Where ledger files lie."""
    return home.lake / LEDGER


def table_of(home: Home, name: str) -> str:
    """SQL for the ledger, quarantine or marks; the empty anchor keeps the shape where nothing was written."""
    files = [home.lake / SCHEMA / f"{name}.parquet", *sorted((home.lake / name).glob("*.parquet"))]
    return f"read_parquet([{', '.join(quote(str(file)) for file in files)}], union_by_name = true)"


def data_columns(contract: Contract, kind: str) -> list[tuple[str, str]]:
    """Name and DuckDB type of every column of a kind's lake table."""
    return [*((column.name, column.type) for column in contract.kinds[kind].lake_columns), *META_COLUMNS]


def data_file(home: Home, kind: str, export_date: date, landing_id: str) -> Path:
    """Where a landing's rows of one kind lie."""
    return home.lake / kind / f"export_date={export_date.isoformat()}" / f"{landing_id}.parquet"


def ensure_anchors(home: Home) -> None:
    """Write the empty files from which readers take the schema of every table of the lake."""
    contract = load_contract()
    tables: dict[str, list[tuple[str, str]]] = {
        **{kind: data_columns(contract, kind) for kind in contract.kinds},
        LEDGER: list(LEDGER_COLUMNS),
        QUARANTINE: list(QUARANTINE_COLUMNS),
        SET_ASIDE: list(SET_ASIDE_COLUMNS),
    }
    directory = home.lake / SCHEMA
    mark, told = directory / _WRITTEN, orjson.dumps(tables)
    if _is_written(mark, told) and all((directory / f"{name}.parquet").exists() for name in tables):
        return
    with writing(home), duckdb.connect() as database:
        directory.mkdir(parents=True, exist_ok=True)
        mark.unlink(missing_ok=True)
        for name, columns in tables.items():
            cells = ", ".join(f"CAST(NULL AS {type_}) AS {quote_name(column)}" for column, type_ in columns)
            aside = directory / f".{name}.{os.getpid()}"
            database.execute(f"COPY (SELECT {cells} LIMIT 0) TO {quote(str(aside))} (FORMAT parquet)")
            sync(aside)
            aside.replace(directory / f"{name}.parquet")
        sync(directory)  # or a power cut could leave the mark, and not what it vouches for
        mark.write_bytes(told)


def bench_scratch(home: Home) -> Path:
    """Where rows under judgement go that do not fit into memory; emptied before each pass."""
    return home.lake / _STAGING / "bench"


@contextlib.contextmanager
def locked(home: Home, tell: Callable[[str], None] = lambda _: None) -> Generator[None]:
    """Hold the lake for writing; waits for another landing to end, and ``tell``s so.

    Raises:
        UnavailableError: another landing holds it for too long.
    """
    home.lake.mkdir(mode=0o700, parents=True, exist_ok=True)
    with patient_lock(home.lake / ".lock", "nhận dữ liệu", _LOCK_SECONDS, tell):
        yield


def remove_orphans(home: Home) -> None:
    """Remove what a crash left: staged files, and published ones that no ledger file vouches for.

    What a pass wrote that others have followed is no such thing: its ledger file was lost, and it is kept for
    ``completeness`` to tell.
    """
    for place in (home.lake, home.archive):
        shutil.rmtree(place / _STAGING, ignore_errors=True)
    ledgers = list(ledger_directory(home).glob("*.parquet"))
    known, last = {path.stem for path in ledgers}, max(map(pass_number, ledgers), default=0)
    withdrawn = {path.stem for path in ledger_directory(home).glob(f"*{WITHDRAWN}")}
    rows = [*home.lake.glob("*/export_date=*/*.parquet"), *home.lake.glob(f"{QUARANTINE}/*.parquet")]
    published = {path: path.stem for path in rows} | archive_files(home)
    for path, landing_id in published.items():
        if landing_id in withdrawn or (landing_id not in known and pass_number(path) > last):
            path.unlink()


class Publication:
    """The files of one landing, staged and then published together.

    ``stage`` gives a path to write to; ``publish`` syncs and renames everything, the ledger last. Leaving
    the context before that removes all of it.
    """

    def __init__(self, home: Home, landing_id: str) -> None:
        self._home = home
        self._id = landing_id
        self._staging = home.lake / _STAGING / landing_id
        # On the archive's own disk, wherever that is: a rename works only there.
        self._archive_staging = home.archive / _STAGING
        self._staged: list[tuple[Path, Path]] = []
        self._published: list[Path] = []

    @contextlib.contextmanager
    def writing(self) -> Generator[Publication]:
        """The context in which the landing is written; whatever ends it early, nothing has landed."""
        try:
            self._staging.mkdir(parents=True, exist_ok=True)
            yield self
        except BaseException:
            for path in reversed(self._published):  # the ledger first: without it the rest does not count
                with contextlib.suppress(OSError):
                    path.unlink()
            raise
        finally:
            for place in (self._staging, self._archive_staging):
                shutil.rmtree(place, ignore_errors=True)

    def stage_archive(self, export_date: date) -> Path:
        """Where to write the raw files."""
        final = archive_file(self._home, export_date, self._id)
        for directory in (self._home.archive, final.parent, self._archive_staging):
            directory.mkdir(mode=0o700, exist_ok=True)
        self._staged.append((self._archive_staging / final.name, final))
        return self._staged[-1][0]

    def stage_data(self, kind: str, export_date: date) -> Path:
        """Where to write the rows of ``kind``."""
        return self._stage(data_file(self._home, kind, export_date, self._id))

    def stage_quarantine(self) -> Path:
        """Where to write the quarantine."""
        return self._stage(self._home.lake / QUARANTINE / f"{self._id}.parquet")

    def stage_ledger(self) -> Path:
        """Where to write the ledger."""
        return self._stage(ledger_directory(self._home) / f"{self._id}.parquet")

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every staged file of the lake, by its path below it; all but the ledger are written."""
        return {
            str(final.relative_to(self._home.lake)): sha256_of(staged, state.st_size, state.st_mtime_ns)
            for staged, final in self._staged
            if final.is_relative_to(self._home.lake)
            for state in (staged.stat(),)
        }

    def newest_ledger(self) -> dict[str, str]:
        """SHA-256 of the ledger file that stands last, by its landing; empty before the first."""
        newest = max(ledger_directory(self._home).glob("*.parquet"), default=None)
        if newest is None:
            return {}
        state = newest.stat()
        return {newest.stem: sha256_of(newest, state.st_size, state.st_mtime_ns)}

    def publish(self) -> None:
        """Make everything staged visible; with the ledger's rename the landing has happened."""
        ledger = [pair for pair in self._staged if pair[1].parent == ledger_directory(self._home)]
        others = [pair for pair in self._staged if pair not in ledger]
        for staged, final in [*others, *ledger]:
            sync(staged)
            final.parent.mkdir(parents=True, exist_ok=True)
        for group in (others, ledger):
            for staged, final in group:
                self._published.append(final)
                staged.replace(final)
            for directory in {final.parent for _, final in group} | {
                final.parent.parent for _, final in group
            }:
                sync(directory)
        self._published.clear()

    def _stage(self, final: Path) -> Path:
        staged = self._staging / f"{len(self._staged)}.parquet"
        self._staged.append((staged, final))
        return staged


@contextlib.contextmanager
def writing(home: Home) -> Generator[None]:
    """Turn failures to write, of a landing that then leaves nothing, into a sentence.

    Raises:
        UnavailableError: the disk is full or cannot be written to.
    """
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise UnavailableError(
            f"Không ghi được vào kho dữ liệu {home.lake}: đĩa có thể đã đầy hoặc không có quyền ghi. "
            "Chưa tệp nào được nhận; hãy giải phóng chỗ trống hoặc cấp quyền rồi chạy lại."
        ) from error


def _is_written(mark: Path, told: bytes) -> bool:
    try:
        return mark.read_bytes() == told
    except OSError:
        return False
