"""The generated seeds are what the packages of the lock say, and hold what the country has."""

from __future__ import annotations

import csv
from collections import Counter

from orchestration.generate import catalogues
from orchestration.settings import SEEDS


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a committed seed."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_communes_of_the_two_tier_country() -> None:
    """3,321 communes; Thanh Hóa 147 xã and 19 phường, Phú Thọ 133 and 15, all of both with coordinates."""
    communes = seed("commune.csv")
    assert len({row["commune_code"] for row in communes}) == 3321
    for province, expected in (("38", {"xa": 147, "phuong": 19}), ("25", {"xa": 133, "phuong": 15})):
        own = [row for row in communes if row["province_code"] == province]
        assert Counter(row["commune_type"] for row in own) == expected
        assert all(row["latitude"] and row["longitude"] for row in own)


def test_fold_meets_both_spellings() -> None:
    """Old and new tone placement, composed and decomposed, are one name."""
    assert catalogues.fold("Xã Đàm Thuỷ") == catalogues.fold("xã đàm thủy") == "xa dam thuy"


def test_overrides_contradict_the_plain_calendar() -> None:
    """An override that changes nothing, or that frees a day already off, would be a mistake."""
    days_off = {row["date"] for row in seed("holiday.csv")}
    for row in seed("calendar_override.csv"):
        if row["is_working_day"] == "false":
            assert row["date"] not in days_off
        assert row["verified"] in {"true", "false"}
        assert row["source"]
