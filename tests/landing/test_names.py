"""What the name of a delivered file decides, and what of a wrong one is kept."""

from __future__ import annotations

import pytest

from tests.landing.conftest import UNIT, Desk
from tests.landing.tables import csv_bytes, sound_rows

ROWS = sound_rows()


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("readme.txt", "bad_name"),
        ("hoso.csv", "bad_name"),
        (f"hoso_{UNIT}.csv", "bad_name"),
        (f"hoso_{UNIT}_20251006.pdf", "unknown_format"),
        (f"hoso_{UNIT}_20251006.gz", "unknown_format"),
        (f"hoso_{UNIT}_20251006", "unknown_format"),
        (f"khac_{UNIT}_20251006.csv", "unknown_kind"),
        (f"hoso_{UNIT}_20251007.csv", "day_mismatch"),
        ("hoso_00004_20251006.csv", "foreign_unit"),
        ("hoso_25_20251006.csv", "foreign_unit"),
        ("hoso_99999_20251006.xlsx", "foreign_unit"),
    ],
)
def test_a_wrong_name_is_rejected_unread(desk: Desk, name: str, rule: str) -> None:
    desk.drop_as(csv_bytes(ROWS), name)
    delivery = desk.land_one()
    assert (delivery.status, delivery.rule) == ("rejected", rule)
    assert not desk.rows()
    assert desk.land().landing_id is None


@pytest.mark.parametrize(
    ("name", "kind", "unit", "commune"),
    [
        ("readme.txt", "khac", None, None),
        ("hoso.csv", "hoso", None, None),
        (f"hoso_{UNIT}.csv", "hoso", UNIT, UNIT),
        (f"HOSO_{UNIT}_20251006.pdf", "hoso", UNIT, UNIT),
        (f"khac_{UNIT}_20251006.csv", "khac", UNIT, UNIT),
        (f"tientrinh_{UNIT}_20251007.csv", "tientrinh", UNIT, UNIT),
        ("hoso_00004_20251006.csv", "hoso", "00004", None),
        ("hoso_38_20251007.csv", "hoso", "38", None),
        ("hoso_123_20251006.csv", "hoso", None, None),
        ("ĐẶC BIỆT", "khac", None, None),
    ],
)
def test_what_can_be_read_of_a_wrong_name_stands_in_the_ledger(
    desk: Desk, name: str, kind: str, unit: str | None, commune: str | None
) -> None:
    desk.drop_as(csv_bytes(ROWS), name)
    delivery = desk.land_one()
    (row,) = desk.ledger()
    assert (row["kind"], row["unit_code"], row["commune_code"]) == (kind, unit, commune)
    assert (row["status"], delivery.kind, delivery.unit_code) == ("rejected", kind, unit)
