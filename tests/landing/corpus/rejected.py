"""Files that are turned back unread, each with the rule that says why."""

from __future__ import annotations

import zipfile
from io import BytesIO

import xlsxwriter

from tests.landing.conftest import DAY, UNIT, UNITS
from tests.landing.corpus import Case
from tests.landing.tables import (
    HEADS,
    csv_bytes,
    csv_text,
    gzip_bytes,
    json_bytes,
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


def broken_zip(compression: int) -> bytes:
    """A member whose packed bytes are none of that kind."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("hoso.csv", csv_bytes(ROWS))
    content = bytearray(buffer.getvalue())
    begin = content.find(b"hoso.csv") + len("hoso.csv")
    content[begin : begin + 40] = b"\xff" * 40
    return bytes(content)


def nameless_zip() -> bytes:
    return zip_bytes({"hoso.csv": csv_bytes(ROWS)}).replace(b"hoso.csv", b"\0oso.csv")


def encrypted_office() -> bytes:
    """How Office wraps a protected workbook: an OLE file with a stream of this name."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )


def far_cell() -> bytes:
    """The last cell that a sheet has; up to it, the sheet would fill any memory."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADS, *ROWS]):
            sheet.write_row(line, 0, row)
        sheet.write_string(1_048_575, 16_383, "x")
    return buffer.getvalue()


BOMB = zip_bytes({"hoso.csv": b"0" * (40 << 20)})
SHEET_BOMB = zip_bytes({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * (600 << 20)})


def no(extension: str, content: bytes, rule: str) -> Case:
    """A file that is turned back without a row read."""
    return Case(extension, content, 0, 0, rule)


REJECTED: dict[str, Case] = {
    "0 bytes": no("csv", b"", "empty"),
    "empty json": no("json", b"", "empty"),
    "blank json": no("json", b" \n", "empty"),
    "only line ends": no("csv", b"\n\n\n", "no_header"),
    "no head": no("csv", csv_bytes(ROWS[1:], ROWS[0]), "no_header"),
    "required head missing": no("csv", csv_bytes([row[1:] for row in ROWS], HEADS[1:]), "no_header"),
    "required key missing": no("json", json_bytes([{"MaHoSo": "H56-1"}]), "no_header"),
    "look-alike head": no("csv", csv_text(ROWS).replace("MaHoSo", "M\u0430HoSo").encode(), "no_header"),
    "head twice": no(
        "csv",
        csv_bytes([[*row, row[0]] for row in ROWS], [*HEADS, "Mã hồ sơ"]),
        "duplicate_head",
    ),
    "head twice in a sheet": no("xlsx", xlsx_bytes([[*HEADS, "MAHOSO"], *ROWS]), "duplicate_head"),
    "key twice": no("json", json_bytes([{**records(ROWS)[0], "mahoso": "x1"}]), "duplicate_head"),
    "binary": no("csv", bytes(range(256)) * 40, "bad_encoding"),
    "picture": no("xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200), "foreign_format"),
    "one endless line": no("csv", b"x" * (3 << 20), "no_header"),
    "page without a table": no("xls", b"<html><body>Het phien lam viec</body></html>", "unreadable"),
    "broken json": no("json", json_bytes(records(ROWS))[:-20], "unreadable"),
    "json of something else": no("json", b'{"error_code": 1}', "error_answer"),
    "json number": no("json", b"42", "no_list"),
    "deep json": no("json", b"[" * 100_000 + b"]" * 100_000, "unreadable"),
    "broken sheet": no("xlsx", xlsx_bytes([HEADS, *ROWS])[:-300], "unreadable"),
    "zip that is no sheet": no("xlsx", zip_bytes({"a.txt": b"x"}), "unreadable"),
    "ole that is no sheet": no("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unreadable"),
    "sheet with a password": no("xlsx", encrypted_office(), "encrypted"),
    "sheet bomb": no("xlsx", SHEET_BOMB, "too_large"),
    "a sheet to its farthest cell": no("xlsx", far_cell(), "too_large"),
    "zip with a password": no("zip", encrypted_zip(), "encrypted"),
    "zip bomb": no("zip", BOMB, "too_large"),
    "gzip bomb": no("csv.gz", gzip_bytes(b"0" * (40 << 20)), "too_large"),
    "zip in zip": no("zip", zip_bytes({"hoso.zip": zip_bytes({"hoso.csv": csv_bytes(ROWS)})}), "bad_archive"),
    "path out of the zip": no("zip", zip_bytes({"../hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "absolute path in the zip": no("zip", zip_bytes({"/etc/hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "windows path in the zip": no("zip", zip_bytes({"C:\\hoso.csv": csv_bytes(ROWS)}), "bad_archive"),
    "link in the zip": no("zip", zip_with_link(), "bad_archive"),
    "empty zip": no("zip", zip_bytes({}), "empty"),
    "broken zip": no("zip", zip_bytes({"hoso.csv": csv_bytes(ROWS)})[:-10], "bad_archive"),
    "zip without its first byte": no("zip", zip_bytes({"hoso.csv": csv_bytes(ROWS)})[1:], "bad_archive"),
    "broken deflate in the zip": no("zip", broken_zip(zipfile.ZIP_DEFLATED), "bad_archive"),
    "broken bzip2 in the zip": no("zip", broken_zip(zipfile.ZIP_BZIP2), "bad_archive"),
    "broken lzma in the zip": no("zip", broken_zip(zipfile.ZIP_LZMA), "bad_archive"),
    "member without a name in the zip": no("zip", nameless_zip(), "bad_archive"),
    "no gzip": no("csv.gz", csv_bytes(ROWS), "bad_archive"),
    "broken gzip": no("csv.gz", gzip_bytes(csv_bytes(ROWS))[:-9], "bad_archive"),
    "text in the zip": no("zip", zip_bytes({"doc.txt": b"x"}), "mixed_archive"),
    "another kind in the zip": no(
        "zip",
        zip_bytes({f"tieuchi_{UNIT}_{DAY:%Y%m%d}.csv": b"x"}),
        "mixed_archive",
    ),
    "another unit in the zip": no(
        "zip",
        zip_bytes({f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv": csv_bytes(ROWS)}),
        "mixed_archive",
    ),
}
