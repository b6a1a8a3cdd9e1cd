"""Regenerates the seeds that come from other people's official data: ``python -m orchestration.catalogues``.

A maintainer's tool, run when the packages bring new data and then reviewed as a diff; the platform itself
only reads the committed seeds. Catalogues that we keep by hand (procedures, thresholds, overrides) are not
touched. Sources: ``vietnam-provinces`` (communes of QĐ 19/2025/QĐ-TTg, General Statistics Office codes),
``vietnamadminunits`` (coordinates of their seats), ``holidays`` (days off of civil servants).
"""

from __future__ import annotations

import csv
import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, cast

import holidays

from orchestration.settings import SEEDS

TWO_TIER_START = "2025-07-01"
HOLIDAY_YEARS = range(2020, 2031)
COMMUNE_TYPES = {"xã": "xa", "phường": "phuong", "đặc khu": "dac_khu"}

Coordinates = tuple[float, float]
Regenerate = Callable[[], Sequence[Sequence[str]]]


def fold(name: str) -> str:
    """``name`` without diacritics and case, so that "Đàm Thuỷ" meets "Đàm Thủy"."""
    decomposed = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def seat_coordinates() -> dict[tuple[str, str], Coordinates]:
    """Latitude and longitude by (province code, folded commune name); ambiguous names are left out."""
    database = resources.files("vietnamadminunits") / "data" / "dataset.db"
    with resources.as_file(database) as path, sqlite3.connect(path) as connection:
        rows = connection.execute("select provinceCode, ward, wardLat, wardLon from admin_units").fetchall()
    names = Counter((province, fold(ward)) for province, ward, _, _ in rows)
    return {
        (province, fold(ward)): (latitude, longitude)
        for province, ward, latitude, longitude in rows
        if names[province, fold(ward)] == 1
    }


def commune_rows() -> list[tuple[str, ...]]:
    """One row per commune of the country, ordered by province and commune code."""
    source = resources.files("vietnam_provinces") / "data" / "nested-divisions.json"
    provinces = cast("list[dict[str, Any]]", json.loads(source.read_text(encoding="utf-8")))
    seats = seat_coordinates()
    rows: list[tuple[str, ...]] = []
    for province in provinces:
        province_code = f"{province['code']:02d}"
        for ward in province["wards"]:
            seat = seats.get((province_code, fold(ward["name"])))
            rows.append(
                (
                    f"{ward['code']:05d}",
                    ward["name"],
                    COMMUNE_TYPES[ward["division_type"]],
                    province_code,
                    province["name"],
                    *((str(seat[0]), str(seat[1])) if seat else ("", "")),
                    TWO_TIER_START,
                    "",
                )
            )
    return sorted(rows, key=lambda row: (row[3], row[0]))


def holiday_rows() -> list[tuple[str, str]]:
    """One row per public holiday or day off in lieu. Worked Saturdays stand in the override seed."""
    calendar = holidays.country_holidays("VN", years=HOLIDAY_YEARS, language="vi")
    return [(day.isoformat(), calendar[day]) for day in sorted(calendar)]


def write_seed(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a seed with Unix line ends, so that a diff shows data and nothing else."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Rewrite the generated seeds."""
    write_seed(
        SEEDS / "commune.csv",
        (
            "commune_code",
            "commune_name",
            "commune_type",
            "province_code",
            "province_name",
            "latitude",
            "longitude",
            "valid_from",
            "valid_to",
        ),
        commune_rows(),
    )
    write_seed(SEEDS / "holiday.csv", ("date", "holiday_name"), holiday_rows())


if __name__ == "__main__":
    main()
