"""Whether the lake still holds what the ledger says has landed: counted and hashed, file by file.

A lost or damaged file would else be published without a word, as dossiers that never were. Each ledger file
tells the SHA-256 of the files that landed with it and of the ledger file before it; passes are numbered
without gaps. Older ledger files tell rows only. What to do about a damage is ``withdrawal``'s business.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import HeldBackError
from orchestration.home import Home
from orchestration.landing.hashing import sha256_of
from orchestration.landing.lake import ledger_directory
from orchestration.landing.ledger import FILES_KEY, PREVIOUS_KEY, WITHDRAWN, pass_number

_NAMED = 10


@dataclass(frozen=True)
class Damage:
    """A file that is not what it was; ``what`` says in Vietnamese how it differs."""

    path: Path
    landing_id: str
    what: str


def damages(home: Home) -> list[Damage]:
    """Every file that the ledger vouches for and that is gone or different, oldest landing first."""
    ledgers = sorted(ledger_directory(home).glob("*.parquet"))
    found = list(_lost_ledgers(home, ledgers))
    before: Path | None = None
    for path in ledgers:
        try:
            table = pq.read_table(path)
        except (pa.ArrowException, OSError):
            found.append(Damage(path, path.stem, "không đọc được"))
        else:
            found += _differences(home, path, before, table)
        before = path
    return sorted({damage.path: damage for damage in found}.values(), key=lambda damage: damage.landing_id)


def require_whole(home: Home) -> None:
    """Hold a build back that would leave out what has landed.

    Raises:
        HeldBackError: naming the files, and the way back.
    """
    if found := damages(home):
        raise HeldBackError(told(home, found))


def told(home: Home, found: list[Damage]) -> str:
    """``found`` as text for people: which files, and how to get them back."""
    lines = [f"- {damage.path.relative_to(home.root)}: {damage.what}" for damage in found[:_NAMED]]
    if len(found) > _NAMED:
        lines.append(f"- và {len(found) - _NAMED} tệp khác")
    landings = list(dict.fromkeys(damage.landing_id for damage in found))
    commands = " ".join(landings[:_NAMED])
    return "\n".join(
        [
            f"Kho dữ liệu gốc trong {home.lake} thiếu hoặc hỏng {len(found)} tệp mà sổ giao nhận đã ghi "
            f"nhận; "
            "bản công bố đang có được giữ nguyên.",
            *lines,
            "Cách khắc phục: chép các tệp này từ bản sao lưu về đúng chỗ rồi chạy `motcua run`. Không có bản "
            f"sao lưu thì chạy `motcua reland {commands}` để lấy tệp gốc trong {home.archive} ra nhận "
            f"lại, rồi "
            "`motcua run`.",
        ]
    )


def _lost_ledgers(home: Home, ledgers: list[Path]) -> Iterator[Damage]:
    """Passes that are missing between those that are there; one that was withdrawn is not missed."""
    known = {pass_number(path) for path in (*ledgers, *ledger_directory(home).glob(f"*{WITHDRAWN}"))}
    left = [*home.lake.glob("*/export_date=*/*.parquet"), *home.archive.glob("????-??-??/*.tar.zst")]
    names = {pass_number(path): path.name.partition(".")[0] for path in left}
    for number in range(1, max(known, default=0)):
        if number not in known:
            landing_id = names.get(number, f"{number:08d}")
            yield Damage(ledger_directory(home) / f"{landing_id}.parquet", landing_id, "không còn")


def _differences(home: Home, ledger: Path, before: Path | None, table: pa.Table) -> Iterator[Damage]:
    """What differs of one landing's files, and of the ledger file that was the last one before it."""
    told_files, previous = _vouched(table)
    for name, sha256 in told_files.items():
        path = home.lake / name
        if what := _difference(path, sha256):
            yield Damage(path, ledger.stem, what)
    if before is not None and previous.get(before.stem, "") not in ("", _sha256(before)):
        yield Damage(before, before.stem, "nội dung khác lúc ghi")
    counts = table.group_by(["kind", "export_date"]).aggregate([("rows_accepted", "sum")]).to_pylist()
    for row in counts:
        day = row["export_date"]
        path = home.lake / str(row["kind"]) / f"export_date={day:%Y-%m-%d}" / ledger.name
        if row["rows_accepted_sum"] and (what := _count(path, row["rows_accepted_sum"])):
            yield Damage(path, ledger.stem, what)


def _vouched(table: pa.Table) -> tuple[dict[str, str], dict[str, str]]:
    metadata: dict[bytes, bytes] = table.schema.metadata or {}
    files: Any = json.loads(metadata.get(FILES_KEY.encode(), b"{}"))
    previous: Any = json.loads(metadata.get(PREVIOUS_KEY.encode(), b"{}"))
    return files, previous


def _difference(path: Path, sha256: str) -> str:
    try:
        return "" if _sha256(path) == sha256 else "nội dung khác lúc nhận"
    except FileNotFoundError:
        return "không còn"
    except OSError:
        return "không đọc được"


def _count(path: Path, expected: int) -> str:
    try:
        rows = int(pq.read_metadata(path).num_rows)
    except FileNotFoundError:
        return "không còn"
    except (pa.ArrowException, OSError):
        return "không đọc được"
    return "" if rows == expected else f"có {rows} dòng, sổ giao nhận ghi {expected} dòng"


def _sha256(path: Path) -> str:
    state = path.stat()
    return sha256_of(path, state.st_size, state.st_mtime_ns)
