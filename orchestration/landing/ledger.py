"""The delivery ledger: one row per delivery and commune, whatever became of it.

A delivery counts only if it stands here with an accepted status, which is why this is written last.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.errors import UnavailableError
from orchestration.sql_text import literal

# Keys of a ledger file's own metadata: SHA-256 by path below the lake, and of the ledger file before by
# its id.
FILES_KEY, PREVIOUS_KEY = "motcua.files", "motcua.previous"
# The ending of ledger files whose landing was taken back.
WITHDRAWN = ".withdrawn"
ACCEPTED = "accepted"
WITH_REJECTS = "accepted_with_rejects"
REJECTED = "rejected"


@dataclass(frozen=True)
class LedgerRow:
    """What became of one delivery in one commune; ``commune_code`` is None where that cannot be known.

    Over the rows of a delivery, and in each, rows_read = rows_accepted + rows_rejected. ``lines_left_out`` is
    of the file whole: every line that says something is the head's, a row that was read, or one of these.
    """

    delivery_id: str
    landing_id: str
    landing_seq: int
    kind: str
    export_date: date
    unit_code: str | None
    commune_code: str | None
    file_name: str
    sha256: str | None
    size_bytes: int
    mtime_ns: int
    arrived_at: datetime
    landed_at: datetime
    status: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rule: str | None
    reason: str | None
    unknown_columns: str | None
    lines_left_out: int
    left_out: str | None
    contract_version: str
    source_format: str | None


_SQL_TYPES = {
    "landing_seq": "BIGINT",
    "export_date": "DATE",
    "size_bytes": "BIGINT",
    "mtime_ns": "BIGINT",
    "arrived_at": "TIMESTAMP",
    "landed_at": "TIMESTAMP",
    "rows_read": "INTEGER",
    "rows_accepted": "INTEGER",
    "rows_rejected": "INTEGER",
    "lines_left_out": "INTEGER",
}
LEDGER_COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (field.name, _SQL_TYPES.get(field.name, "VARCHAR")) for field in fields(LedgerRow)
)


@dataclass(frozen=True)
class Seen:
    """The latest delivery under one name."""

    landing_id: str
    size: int
    mtime_ns: int
    sha256: str | None
    contract_version: str
    status: str


@dataclass(frozen=True)
class LedgerIndex:
    """What has been delivered so far. ``latest`` is keyed by export date and file name."""

    last_seq: int
    latest: dict[tuple[date, str], Seen]


def pass_number(path: Path) -> int:
    """The number of the pass that wrote the file ``path``, from its name; 0 if it has none."""
    number = path.name.partition("-")[0].partition(".")[0]
    return int(number) if number.isdecimal() else 0


def read_index(directory: Path, without: str = "") -> LedgerIndex:
    """The index of every ledger file in ``directory``, but that of the landing ``without``.

    Raises:
        UnavailableError: a file is damaged; says which, and the way back.
    """
    files = [str(path) for path in sorted(directory.glob("*.parquet")) if path.stem != without]
    taken_back = max((pass_number(path) for path in directory.glob(f"*{WITHDRAWN}")), default=0)
    if not files:
        return LedgerIndex(taken_back, {})
    with ledger_explained(directory), duckdb.connect() as database:
        rows = database.execute(
            "SELECT export_date, file_name, "
            "arg_max((landing_id, size_bytes, mtime_ns, sha256, contract_version), landing_seq) AS newest, "
            # A delivery has a row per commune; the kindest status sorts first.
            "list(status ORDER BY landing_seq DESC, status)[1], max(landing_seq) "
            f"FROM read_parquet([{', '.join(map(literal, files))}], union_by_name = true) "
            "GROUP BY export_date, file_name"
        ).fetchall()
    latest = {
        (day, name): Seen(landing, size, mtime, sha256, version, status)
        for day, name, (landing, size, mtime, sha256, version), status, _ in rows
    }
    return LedgerIndex(max(taken_back, *(seq for *_, seq in rows)), latest)


@contextmanager
def ledger_explained(directory: Path) -> Generator[None]:
    """Turn a failure to read the ledger in ``directory`` into a sentence.

    Raises:
        UnavailableError: a file is damaged.
    """
    try:
        yield
    except duckdb.Error as error:
        broken = [path for path in sorted(directory.glob("*.parquet")) if not _is_readable(path)]
        if not broken:
            raise
        raise UnavailableError(
            f"Sổ giao nhận bị hỏng: không đọc được {', '.join(map(str, broken))}. Hãy chép tệp này từ bản "
            f"sao "
            f"lưu về đúng chỗ; nếu không có, chạy `motcua reland "
            f"{' '.join(path.stem for path in broken)}` để lấy "
            "tệp gốc đã lưu ra nhận lại, rồi `motcua run`."
        ) from error


def _is_readable(path: Path) -> bool:
    try:
        with duckdb.connect() as database:
            database.execute(f"SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    except duckdb.Error:
        return False
    return True
