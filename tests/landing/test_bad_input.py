"""What bad input gets: every row of the last table of exports.md, and the odd files of the field."""

from __future__ import annotations

import contextlib
import os
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from orchestration.contract import load_contract
from orchestration.landing import land_day, spreadsheet
from tests.landing.conftest import DAY, UNIT, UNITS, Desk
from tests.landing.tables import (
    HEADS,
    NAME,
    NUMBER,
    csv_bytes,
    csv_text,
    dossier_row,
    gzip_bytes,
    html_bytes,
    json_bytes,
    json_lines,
    records,
    sound_rows,
    xlsx_bytes,
    zip_bytes,
)

ROWS = sound_rows()


def encrypted_zip() -> bytes:
    """A member that says it has a password; the flag stands in both of its headers."""
    content = bytearray(zip_bytes({"hoso.csv": csv_bytes(ROWS)}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature) + offset
        content[place] |= 0x1
    return bytes(content)


def zip_with_link() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("hoso.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def encrypted_office() -> bytes:
    """How Office wraps a protected workbook: an OLE file with a stream of this name."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )


def far_cell() -> bytes:
    return xlsx_bytes([HEADS, *ROWS, *[[]] * 10, [*[""] * 16383, "x"]])


def changed_member(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one piece of XML replaced."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    assert old in members[name]
    return zip_bytes(members | {name: members[name].replace(old, new)})


BOMB = zip_bytes({"hoso.csv": b"0" * (40 << 20)})
SHEET_BOMB = zip_bytes({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * (600 << 20)})

REJECTED: dict[str, tuple[str, bytes, str]] = {
    "0 bytes": ("csv", b"", "empty"),
    "empty json": ("json", b"", "empty"),
    "blank json": ("json", b" \n", "empty"),
    "only line ends": ("csv", b"\n\n\n", "no_header"),
    "no head": ("csv", csv_bytes(ROWS[1:], ROWS[0]), "no_header"),
    "required head missing": ("csv", csv_bytes([row[1:] for row in ROWS], HEADS[1:]), "no_header"),
    "required key missing": ("json", json_bytes([{"MaHoSo": "H56-1"}]), "no_header"),
    "look-alike head": ("csv", csv_text(ROWS).replace("MaHoSo", "M\u0430HoSo").encode(), "no_header"),
    "head twice": (
        "csv",
        csv_bytes([[*row, row[0]] for row in ROWS], [*HEADS, "Mã hồ sơ"]),
        "duplicate_head",
    ),
    "head twice in a sheet": ("xlsx", xlsx_bytes([[*HEADS, "MAHOSO"], *ROWS]), "duplicate_head"),
    "key twice": ("json", json_bytes([{**records(ROWS)[0], "mahoso": "x1"}]), "duplicate_head"),
    "binary": ("csv", bytes(range(256)) * 40, "bad_encoding"),
    "picture": ("xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200), "bad_encoding"),
    "one endless line": ("csv", b"x" * (3 << 20), "no_header"),
    "page without a table": ("xls", b"<html><body>Het phien lam viec</body></html>", "unreadable"),
    "page named csv": ("csv", html_bytes([]), "no_header"),
    "broken json": ("json", json_bytes(records(ROWS))[:-20], "unreadable"),
    "json of something else": ("json", b'{"error_code": 1}', "unreadable"),
    "json number": ("json", b"42", "unreadable"),
    "deep json": ("json", b"[" * 100_000 + b"]" * 100_000, "unreadable"),
    "broken sheet": ("xlsx", xlsx_bytes([HEADS, *ROWS])[:-300], "unreadable"),
    "zip that is no sheet": ("xlsx", zip_bytes({"a.txt": b"x"}), "unreadable"),
    "ole that is no sheet": ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unreadable"),
    "sheet with a password": ("xlsx", encrypted_office(), "encrypted"),
    "sheet bomb": ("xlsx", SHEET_BOMB, "too_large"),
    "cell at the far end": ("xlsx", far_cell(), "too_large"),
    "declared far cell": (
        "xlsx",
        changed_member(
            xlsx_bytes([HEADS, *ROWS]), "xl/worksheets/sheet1.xml", b'ref="A1:H4"', b'ref="A1:XFD1048576"'
        ),
        "too_large",
    ),
    "zip with a password": ("zip", encrypted_zip(), "encrypted"),
    "zip bomb": ("zip", BOMB, "too_large"),
    "gzip bomb": ("csv.gz", gzip_bytes(b"0" * (40 << 20)), "too_large"),
    "zip in zip": ("zip", zip_bytes({"hoso.zip": zip_bytes({"hoso.csv": csv_bytes(ROWS)})}), "bad_archive"),
    "path out of the zip": ("zip", zip_bytes({"../hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "absolute path in the zip": ("zip", zip_bytes({"/etc/hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "windows path in the zip": ("zip", zip_bytes({"C:\\hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "link in the zip": ("zip", zip_with_link(), "bad_archive"),
    "empty zip": ("zip", zip_bytes({}), "empty"),
    "broken zip": ("zip", zip_bytes({"hoso.csv": csv_bytes(ROWS)})[:-10], "bad_archive"),
    "no gzip": ("csv.gz", csv_bytes(ROWS), "bad_archive"),
    "broken gzip": ("csv.gz", gzip_bytes(csv_bytes(ROWS))[:-9], "bad_archive"),
    "text in the zip": ("zip", zip_bytes({"doc.txt": b"x"}), "mixed_archive"),
    "another kind in the zip": (
        "zip",
        zip_bytes({f"tieuchi_{UNIT}_{DAY:%Y%m%d}.csv": b"x"}),
        "mixed_archive",
    ),
    "another unit in the zip": (
        "zip",
        zip_bytes({f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv": csv_bytes(ROWS)}),
        "mixed_archive",
    ),
}


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("csv", csv_bytes([])),
        ("xlsx", xlsx_bytes([HEADS])),
        ("json", b"[]"),
        ("json", b'{"data": []}'),
    ],
    ids=["csv", "sheet", "array", "data"],
)
def test_a_day_without_changes_is_a_delivery(desk: Desk, extension: str, content: bytes) -> None:
    desk.drop(content, extension)
    delivery = desk.land_one()
    assert (delivery.status, delivery.rows_read) == ("accepted", 0)
    assert [row["commune_code"] for row in desk.ledger()] == [UNIT]


def test_a_province_file_without_rows_says_nothing_of_anybody(desk: Desk) -> None:
    desk.drop(csv_bytes([]), unit="38")
    assert desk.land_one().rule == "empty"


@pytest.mark.parametrize("case", REJECTED)
def test_a_bad_file_is_rejected_with_a_reason_and_another_lands(desk: Desk, case: str) -> None:
    extension, content, rule = REJECTED[case]
    desk.drop(content, extension)
    desk.drop(csv_bytes(ROWS), unit=UNITS[2])
    results = {delivery.unit_code: delivery for delivery in desk.land().deliveries}
    bad, good = results[UNIT], results[UNITS[2]]
    assert (bad.status, bad.rule) == ("rejected", rule)
    assert bad.reason is not None
    assert "{" not in bad.reason
    assert (bad.rows_read, bad.rows_accepted, bad.rows_rejected) == (0, 0, 0)
    assert (good.status, good.rows_accepted) == ("accepted", 3)
    assert {row["commune_code"] for row in desk.rows()} == {UNITS[2]}


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


@pytest.mark.parametrize(
    "name",
    [
        f"hoso_{UNIT}_{DAY:%Y%m%d}.csv.tmp",
        f"hoso_{UNIT}_{DAY:%Y%m%d}.csv.part",
        f"~$hoso_{UNIT}_{DAY:%Y%m%d}.xlsx",
        f".hoso_{UNIT}_{DAY:%Y%m%d}.csv",
        "Thumbs.db",
    ],
)
def test_unfinished_files_are_left_alone(desk: Desk, name: str) -> None:
    desk.drop_as(csv_bytes(ROWS), name)
    assert desk.land().landing_id is None


def test_a_file_that_is_open_for_writing_is_left_for_the_next_pass(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS[:1]))
    with path.open("ab") as writer:
        writer.write(csv_bytes(ROWS[1:]).partition(b"\n")[2][:50])
        writer.flush()
        assert desk.land().landing_id is None
    assert desk.land().landing_id is not None


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_pass(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS[:2]))
    more = csv_bytes(ROWS[2:]).partition(b"\n")[2]

    def grow(done: int, total: int) -> None:
        path.write_bytes(path.read_bytes() + more)

    assert land_day(desk.settings, DAY, desk.moment, progress=grow).landing_id is None
    assert not desk.ledger()
    assert desk.land_one().rows_accepted == 3


def test_links_are_refused_and_never_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(csv_bytes(ROWS))
    (desk.folder / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv").symlink_to(outside)
    (desk.folder / "folder").symlink_to(tmp_path)
    os.mkfifo(desk.folder / f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv")
    results = desk.land().deliveries
    assert sorted(str(delivery.rule) for delivery in results) == ["link", "link", "not_a_file"]
    assert not desk.rows()


def test_a_linked_day_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv").write_bytes(csv_bytes(ROWS))
    (desk.settings.inbox_path / DAY.isoformat()).symlink_to(elsewhere)
    assert desk.land_one().rule == "link"
    assert not desk.rows()


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
    ({"NgayTiepNhan": "0001-01-01"}, "bad_date", "NgayTiepNhan", "0001-01-01"),
    ({"NgayHenTra": NAME}, "bad_date", "NgayHenTra", "Xxxxxx Xxx Xx Xxxx"),
    ({"NgayHenTra": "12345678"}, "bad_date", "NgayHenTra", "99999999"),
    ({"TenTTHC": "a" * 501}, "too_long", "TenTTHC", "x" * 40),
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
    "one word on a line": (damaged(FIVE, 2, "x"), [3]),
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


def test_a_child_that_dies_costs_one_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is killed by the memory limit, not by a fault that it could answer with."""
    program = Path(spreadsheet.__file__).with_name("spreadsheet_child.py").read_text(encoding="utf-8")
    killer = desk.settings.inbox_path.parent / "killer.py"
    killer.write_text(
        program.replace(
            'return {"sheets"', 'b"fatal" in content and __import__("os").abort()\n        return {"sheets"'
        )
    )
    monkeypatch.setattr(spreadsheet, "_CHILD", killer)
    reader = spreadsheet.SpreadsheetReader(load_contract())
    with contextlib.closing(reader):
        assert reader.read(html_bytes([["1"]]))
        with pytest.raises(spreadsheet.FileError) as caught:
            reader.read(html_bytes([["fatal"]]))
        assert caught.value.rule == "too_large"
        assert reader.read(html_bytes([["1"]]))


def test_mask_of_binary_garbage_never_reaches_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.drop(struct.pack("<4I", 1, 2, 3, 4) + NAME.encode() * 50, "xls")
    desk.land()
    assert NAME not in caplog.text
