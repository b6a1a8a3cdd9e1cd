"""An inbox full of nonsense: every oddity at places of its own, written as files of the formats that come."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

from openpyxl import Workbook

from orchestration.landing.communes import communes_of
from tests.province.content.oddities import ODDITIES, Oddity, Place, Row, Sheet

DAYS = (date(2025, 10, 13), date(2025, 10, 14), date(2025, 10, 15))
PROVINCE = "38"


def sheets(seed: int, rounds: int, oddities: Sequence[Oddity] = ODDITIES) -> list[Sheet]:
    """Each of ``oddities`` ``rounds`` times, each time at two communes that nothing else touches."""
    random = Random(seed)
    communes = sorted(communes_of(PROVINCE))
    random.shuffle(communes)
    pairs = zip(communes[::2], communes[1::2], strict=False)
    found: list[Sheet] = []
    numbers = iter(range(10**6))
    for oddity in (each for _ in range(rounds) for each in oddities):
        here, there = next(pairs)
        found += oddity(Place(here, there, DAYS, random, numbers))
    return found


def write(inbox: Path, found: Sequence[Sheet]) -> None:
    """Write one pass's files; of one name the later one stays."""
    for sheet in found:
        folder = inbox / sheet.day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{sheet.kind}_{sheet.unit}_{sheet.day:%Y%m%d}{sheet.name}.{sheet.form}"
        (folder / name).write_bytes(_content(sheet))


def _content(sheet: Sheet) -> bytes:
    heads = list(dict.fromkeys(name for row in sheet.rows for name in row)) or ["MaHoSo", "MaTTHC"]
    if sheet.form == "json":
        return json.dumps(
            [row for _ in range(sheet.copies) for row in sheet.rows], ensure_ascii=False
        ).encode()
    if sheet.form == "xlsx":
        return _workbook(heads, sheet)
    if sheet.form == "zip":
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for number in range(sheet.copies):
                archive.writestr(f"phan-{number}.csv", _csv(heads, sheet.rows))
        return target.getvalue()
    return _csv(heads, sheet.rows)


def _csv(heads: Sequence[str], rows: Sequence[Row]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(heads)
    writer.writerows(_cells(heads, rows))
    return target.getvalue().encode()


def _workbook(heads: Sequence[str], sheet: Sheet) -> bytes:
    book = Workbook()
    for number in range(sheet.copies):
        page = book.active if number == 0 else book.create_sheet(f"Tháng 10 ({number + 1})")
        assert page is not None
        page.append(list(heads))
        for cells in _cells(heads, sheet.rows):
            page.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cells(heads: Sequence[str], rows: Sequence[Row]) -> Iterator[list[str]]:
    for row in rows:
        yield [row.get(head, "") for head in heads]
