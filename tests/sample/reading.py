"""An independent, slow reader of the sample's files: plain Python, nothing of the sample's writers.

Heads are understood through the contract's aliases only.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl

from orchestration.contract import load_contract, match_heads
from orchestration.sample import SamplePlan, SampleResult

Row = dict[str, str]
FORMS = (
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%dT%H:%M:%S+07:00",
)
LOCAL = timedelta(hours=7)


class UnreadableError(Exception):
    """The file is broken."""


def time_of(text: str) -> datetime | None:
    """A time in one of the forms that communes write; None where empty.

    Raises:
        ValueError: in none of them.
    """
    if not text:
        return None
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") + LOCAL
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


@dataclass(frozen=True)
class Sample:
    """A sample on disk."""

    plan: SamplePlan
    result: SampleResult

    @cached_property
    def truth(self) -> dict[str, Any]:
        return json.loads(self.result.truth_path.read_text(encoding="utf-8"))

    @cached_property
    def files(self) -> list[Path]:
        return sorted(path for path in self.result.out.rglob("*") if path.is_file())

    def faults(self, *kinds: str) -> list[dict[str, Any]]:
        return [fault for fault in self.truth["faults"] if fault["kind"] in kinds]

    @cached_property
    def hoso(self) -> list[tuple[Path, list[Row]]]:
        """Every readable dossier file with its rows, by day, then name."""
        files: list[tuple[Path, list[Row]]] = []
        for path in self.files:
            if path.name.startswith("hoso_"):
                with suppress(UnreadableError):
                    files.append((path, read(path)))
        return files

    @cached_property
    def newest(self) -> dict[str, dict[str, Row]]:
        """The last state of every dossier, by commune and number, from rows that can be understood."""
        communes: dict[str, dict[str, Row]] = defaultdict(dict)
        for path, rows in self.hoso:
            unit = path.name.split("_")[1]
            for row in rows:
                try:
                    received = time_of(row["NgayTiepNhan"])
                except ValueError:
                    continue
                if row["TrangThaiHoSo"].isdigit() and (received or row["TrangThaiHoSo"] in "13"):
                    communes[row.get("MaDonViTiepNhan") or unit][row["MaHoSo"]] = row
        return communes


def read(path: Path) -> list[Row]:
    """The rows of a file by exchange name.

    Raises:
        UnreadableError: when it is empty, cut off, or has no head.
    """
    content = path.read_bytes()
    try:
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        if ".json" in path.suffixes:
            return [_flat(entry) for entry in _entries(json.loads(content))]
        if path.suffix == ".xlsx":
            return _table(_sheet(content))
    except (EOFError, ValueError, OSError, KeyError) as error:
        raise UnreadableError(path.name) from error
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    return _table(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xff\xfe"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", content.decode("cp1258"))


def _entries(document: Any) -> list[dict[str, Any]]:
    return document["data"] if isinstance(document, dict) else document


def _flat(entry: dict[str, Any]) -> Row:
    row = {name: "" if value is None else str(value) for name, value in entry.items()}
    documents, supplements = entry["TaiLieuNop"], entry["DanhSachHoSoBoSung"]
    row["SoThanhPhan"] = str(len(documents))
    row["SoThanhPhanSoHoa"] = str(sum(document["DuocSoHoa"] for document in documents))
    row["TongLePhi"] = str(sum(fee["Gia"] for fee in entry["DanhSachLePhi"]))
    row["SoLanBoSung"] = str(len(supplements))
    return row


def _sheet(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    page.reset_dimensions()
    return [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        # Excel keeps fractions of days, so seconds come back only nearly whole.
        return f"{value + timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def _table(lines: list[list[str]]) -> list[Row]:
    kind = load_contract().kinds["hoso"]
    matched = [match_heads(line, kind.aliases, frozenset()).columns for line in lines[:10]]
    heads = [place for place, names in enumerate(matched) if {"MaHoSo", "TrangThaiHoSo"} <= set(names)]
    if not heads:
        raise UnreadableError("no head")
    names = matched[heads[0]]
    rows: list[Row] = []
    for line in lines[heads[0] + 1 :]:
        row = {name: text for name, text in zip(names, line, strict=False) if name}
        number = row.get("MaHoSo", "")
        if number and not number.startswith("(") and "cộng" not in number:
            rows.append({"NgayTiepNhan": "", **row})
    return rows


def day_of(text: str) -> date | None:
    """The day of a time."""
    at = time_of(text)
    return at.date() if at else None
