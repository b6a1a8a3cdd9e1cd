"""Rows that break a rule go to quarantine with line, column, rule and mask, and cost no other row."""

from __future__ import annotations

import pytest

from orchestration.landing.judging import judge
from tests.landing.conftest import DAY, UNIT, Desk
from tests.landing.tables import (
    HEADS,
    NAME,
    NUMBER,
    csv_bytes,
    csv_text,
    dossier_row,
    json_bytes,
    json_lines,
    records,
    sound_rows,
)

ROWS = sound_rows()


ROW_FAULTS = [
    ({"MaHoSo": ""}, "required", "MaHoSo", None),
    ({"MaHoSo": "Nguyen Van A"}, "bad_code", "MaHoSo", "Xxxxxx Xxx X"),
    ({"MaHoSo": "1.23457E14"}, "bad_code", "MaHoSo", "9.99999X99"),
    ({"MaHoSo": "06/10/2025"}, "bad_code", "MaHoSo", "06/10/2025"),
    ({"MaHoSo": NUMBER}, "bad_code", "MaHoSo", "999999999999"),
    ({"MaHoSo": "0912345678"}, "bad_code", "MaHoSo", "9999999999"),
    ({"MaTTHC": ""}, "required", "MaTTHC", None),
    ({"MaTTHC": "Chứng thực"}, "bad_code", "MaTTHC", "Xxxxx xxxx"),
    ({"TrangThaiHoSo": ""}, "required", "TrangThaiHoSo", None),
    ({"TrangThaiHoSo": "11"}, "bad_choice", "TrangThaiHoSo", "11"),
    ({"TrangThaiHoSo": "xong"}, "bad_choice", "TrangThaiHoSo", "xxxx"),
    ({"NgayTiepNhan": ""}, "required_when_received", "NgayTiepNhan", None),
    ({"NgayTiepNhan": "31/02/2025"}, "bad_date", "NgayTiepNhan", "31/02/2025"),
    ({"NgayTiepNhan": "2025-13-01"}, "bad_date", "NgayTiepNhan", "2025-13-01"),
    ({"NgayTiepNhan": "2025-10-06 25:00"}, "bad_date", "NgayTiepNhan", "2025-10-06 25:00"),
    ({"NgayTiepNhan": "0001-01-01"}, "required_when_received", "NgayTiepNhan", None),
    ({"NgayHenTra": "1985-02-31"}, "bad_date", "NgayHenTra", "9999-99-99"),
    ({"NgayHenTra": NAME}, "bad_date", "NgayHenTra", "Xxxxxx Xxx Xx Xxxx"),
    ({"NgayHenTra": "12345678"}, "bad_date", "NgayHenTra", "99999999"),
    (
        {"TenTTHC": "Liên hệ an.danh@vidu.example"},
        "personal_value",
        "TenTTHC",
        "Xxxx xx xx.xxxx@xxxx.xxxxxxx",
    ),
    ({"TenTTHC": "Gọi 0912 345 678"}, "personal_value", "TenTTHC", "Xxx 9999 999 999"),
    ({"TenTTHC": f"CCCD {NUMBER}"}, "personal_value", "TenTTHC", "XXXX 999999999999"),
    ({"TenTTHC": f"Hồ sơ của {NAME}"}, "personal_value", "TenTTHC", "Xx xx xxx Xxxxxx Xxx Xx Xxxx"),
]


@pytest.mark.parametrize(("changes", "rule", "column", "masked"), ROW_FAULTS)
@pytest.mark.parametrize("extension", ["csv", "json"])
def test_a_bad_row_goes_to_quarantine_and_the_rest_lands(
    desk: Desk, changes: dict[str, str], rule: str, column: str, masked: str | None, extension: str
) -> None:
    rows = [dossier_row(1), dossier_row(2, **changes), dossier_row(3)]
    desk.drop(csv_bytes(rows) if extension == "csv" else json_bytes(records(rows)), extension)
    delivery = desk.land_one()
    assert delivery.status == "accepted_with_rejects"
    assert (delivery.rows_read, delivery.rows_accepted, delivery.rows_rejected) == (3, 2, 1)
    (row,) = desk.quarantine()
    assert (row["rule"], row["column_name"], row["value_masked"]) == (rule, column, masked)
    assert row["line"] == (3 if extension == "csv" else 2)
    assert row["commune_code"] == UNIT
    assert row["reason"] in str(delivery.reason)
    assert column in row["reason"]


@pytest.mark.parametrize("status", ["1", "3"])
def test_a_dossier_that_was_not_received_needs_no_date_of_receipt(desk: Desk, status: str) -> None:
    desk.drop(csv_bytes([dossier_row(1, TrangThaiHoSo=status, NgayTiepNhan="")]))
    assert desk.land_one().status == "accepted"


def damaged(text: str, line: int, change: str) -> bytes:
    """``text`` with its ``line`` (from 0) replaced."""
    lines = text.split("\r\n")
    lines[line] = change
    return "\r\n".join(lines).encode()


FIVE = csv_text(sound_rows(5))
SECOND = FIVE.split("\r\n")[2]
MALFORMED: dict[str, tuple[bytes, list[int]]] = {
    "a field too few": (damaged(FIVE, 2, SECOND.rpartition(",")[0]), [3]),
    "a field too many": (damaged(FIVE, 2, SECOND + ",x"), [3]),
    "quote never closed": (damaged(FIVE, 2, SECOND.replace("Chứng thực", '"Chứng thực', 1)), [3]),
    "quote in the middle": (
        damaged(FIVE, 2, SECOND.replace("Chứng thực bản sao từ bản chính", '"Chứng" thực')),
        [3],
    ),
    "quotes that would swallow rows": (
        damaged(FIVE, 2, SECOND.replace("Chứng", '"Chứng'))
        .decode()
        .replace("0004,2.000815", "0004,2.000815", 1)
        .replace(FIVE.split("\r\n")[4], FIVE.split("\r\n")[4].replace("bản chính", 'bản chính"'))
        .encode(),
        [3],
    ),
    "NUL in a row": (damaged(FIVE, 2, SECOND.replace("Chứng", "Ch\0ng")), [3]),
    "broken letters": (FIVE.encode().replace(FIVE.split("\r\n")[2].encode(), b"H56\xff,,,,,,,"), [3]),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_line_costs_itself_and_no_other(desk: Desk, case: str) -> None:
    content, lines = MALFORMED[case]
    desk.drop(content)
    delivery = desk.land_one()
    assert delivery.rows_read == 5
    assert delivery.rows_rejected == len(lines)
    assert [row["line"] for row in desk.quarantine()] == lines
    assert len(desk.rows()) == 5 - len(lines)


@pytest.mark.parametrize(
    "skipped", [",".join([""] * len(HEADS)), ",".join(HEADS)], ids=["blank", "the head again"]
)
@pytest.mark.parametrize("before", [1, 3])
def test_lines_are_told_rightly_below_rows_that_are_no_data(desk: Desk, skipped: str, before: int) -> None:
    lines = csv_text([*sound_rows(2), dossier_row(3, NgayTiepNhan="x"), *ROWS[:2]]).split("\r\n")
    desk.drop("\r\n".join([*lines[:before], skipped, *lines[before:]]).encode())
    assert desk.land_one().rows_read == 5
    assert [row["line"] for row in desk.quarantine()] == [5]


def test_lines_that_are_no_json_are_rows_that_are_rejected(desk: Desk) -> None:
    content = json_lines(records(ROWS)).replace(b"\n", b'\n{"MaHoSo": "H56\n[1]\n', 1)
    desk.drop(content, "jsonl")
    delivery = desk.land_one()
    assert (delivery.rows_read, delivery.rows_rejected) == (5, 2)
    assert [row["line"] for row in sorted(desk.quarantine(), key=lambda row: row["line"])] == [2, 3]


def test_more_than_half_bad_rows_reject_the_file_whole(desk: Desk) -> None:
    bad = [dossier_row(number, NgayTiepNhan="x") for number in (4, 5, 6, 7)]
    desk.drop(csv_bytes([*ROWS, *bad]))
    delivery = desk.land_one()
    assert (delivery.status, delivery.rule) == ("rejected", "too_many_rejects")
    assert (delivery.rows_read, delivery.rows_accepted, delivery.rows_rejected) == (7, 0, 7)
    assert not desk.rows()
    rules = sorted(row["rule"] for row in desk.quarantine())
    assert rules == ["bad_date"] * 4 + ["file_rejected"] * 3


def test_exactly_half_bad_rows_do_not(desk: Desk) -> None:
    desk.drop(csv_bytes([*ROWS, *[dossier_row(number, NgayTiepNhan="x") for number in (4, 5, 6)]]))
    assert desk.land_one().status == "accepted_with_rejects"
    assert len(desk.rows()) == 3


def test_a_column_shifted_midway_rejects_its_rows(desk: Desk) -> None:
    shifted = [["", *row[:-1]] for row in sound_rows(9)[6:]]
    desk.drop(csv_bytes([*sound_rows(6), *shifted]))
    delivery = desk.land_one()
    assert (delivery.rows_accepted, delivery.rows_rejected) == (6, 3)


def test_unknown_columns_are_noted_masked_and_short(desk: Desk) -> None:
    heads = [*HEADS, "Cột lạ", "Số 0912345678", "a@b.vn", "x" * 200, "Bà Kín ở thôn 2"]
    desk.drop(csv_bytes([[*row, "1", "2", "3", "4", "5"] for row in ROWS], heads))
    assert desk.land_one().status == "accepted"
    (row,) = desk.ledger()
    assert row["unknown_columns"] == "Cột lạ, Xx 9999999999, x@x.xx, " + "x" * 40 + ", Xx Xxx x xxxx 9"


@pytest.mark.parametrize("read_by_one", [4 << 20, 0], ids=["each file read by one thread", "files shared"])
def test_lines_are_told_rightly_in_many_files_read_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, read_by_one: int
) -> None:
    """The engine is told nothing of lines: they follow from the order in which it puts rows down."""
    monkeypatch.setattr(judge, "_READ_BY_ONE", read_by_one)
    rows = [dossier_row(number) for number in range(2, 2_602)]
    rows[2_200] = dossier_row(2_202, NgayTiepNhan="x")
    files, content = 16, csv_bytes(rows)
    for number in range(files):
        desk.drop_as(content, f"hoso_{UNIT}_{DAY:%Y%m%d}_{number}.csv")
    assert {delivery.rows_accepted for delivery in desk.land().deliveries} == {len(rows) - 1}
    assert [row["line"] for row in desk.quarantine()] == [2_202] * files
    assert all(int(row["dossier_code"].rpartition("-")[2]) == row["line"] for row in desk.rows())
