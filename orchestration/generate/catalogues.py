"""The seeds that come from other people's official data.

Written anew when the packages bring new data, and then reviewed as a diff; the platform itself only reads the
committed seeds. Catalogues that we keep by hand (procedures, thresholds, overrides) are not
touched. Sources: ``vietnam-provinces`` (communes of QĐ 19/2025/QĐ-TTg, General Statistics Office codes),
``vietnamadminunits`` (coordinates of their seats), ``holidays`` (days off of civil servants).
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any, cast

import holidays

TWO_TIER_START = "2025-07-01"
HOLIDAY_YEARS = range(2020, 2031)
COMMUNE_TYPES = {"xã": "xa", "phường": "phuong", "đặc khu": "dac_khu"}

Coordinates = tuple[float, float]


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


def seed_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A seed as CSV with Unix line ends, so that a diff shows data and nothing else."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def communes() -> str:
    """The text of ``commune.csv``."""
    header = (
        "commune_code",
        "commune_name",
        "commune_type",
        "province_code",
        "province_name",
        "latitude",
        "longitude",
        "valid_from",
        "valid_to",
    )
    return seed_text(header, commune_rows())


def days_off() -> str:
    """The text of ``holiday.csv``."""
    return seed_text(("date", "holiday_name"), holiday_rows())
