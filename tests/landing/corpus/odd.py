"""Odd files that land, whole or in part, and what is to come of each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import xlsxwriter

from tests.landing.corpus import Case, changed_member
from tests.landing.tables import (
    HEADS,
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
MANY = sound_rows(9)
LINES = csv_text(MANY).split("\r\n")
BREAK = "\r\n"
Sheet = Callable[[Any, Any], None]


def _shifted(row: list[str]) -> list[str]:
    return ["", *row[:-1]]


def _book(*writers: Sheet) -> bytes:
    """A workbook with a sheet by each of ``writers``, which get the book and the sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for write in writers:
            write(book, book.add_worksheet())
    return buffer.getvalue()


def _rows_of(sheet: Any, rows: list[list[Any]], first: int = 0) -> None:
    for line, row in enumerate(rows, start=first):
        sheet.write_row(line, 0, row)


def _merged_head(book: Any, sheet: Any) -> None:
    for place, head in enumerate(HEADS):
        sheet.merge_range(0, place, 1, place, head)
    _rows_of(sheet, ROWS, 2)


def _formulas(_: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEADS)
    sheet.write_row(1, 0, ROWS[0])
    sheet.write_formula(1, 2, "=2+2", None, 4)
    sheet.write_formula(1, 3, "=DATE(2025,10,6)", None, 45936)


def _formula_error(_: Any, sheet: Any) -> None:
    _rows_of(sheet, [list(HEADS), *ROWS])
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")


def _scientific(_: Any, sheet: Any) -> None:
    """Excel has made numbers of 15-digit codes: the digits after the fifteenth are lost for good."""
    _rows_of(sheet, [list(HEADS), *ROWS])
    sheet.write_number(1, 0, 251006000001234567)
    sheet.write_number(2, 0, 123456789012345)


def _dates_as_numbers(_: Any, sheet: Any) -> None:
    _rows_of(sheet, [list(HEADS), *[[*row[:3], 45936.354, 45938.5, *row[5:]] for row in ROWS]])


def _dates_at_the_edges(book: Any, sheet: Any) -> None:
    """Excel believes in 29 February 1900; its first days are no dates of dossiers either."""
    dated = book.add_format({"num_format": "dd/mm/yyyy"})
    _rows_of(sheet, [list(HEADS), *MANY])
    for line, serial in enumerate((0, 59, 60, 61, 2958465), start=1):
        sheet.write_number(line, 4, serial, dated)


def _hidden(book: Any, sheet: Any) -> None:
    """A row that is hidden by a filter is data; a hidden sheet is not."""
    _rows_of(sheet, [list(HEADS), *ROWS])
    sheet.set_row(2, options={"hidden": True})
    other = book.add_worksheet()
    other.hide()
    _rows_of(other, [list(HEADS), *MANY])


def _only_hidden_columns(_: Any, sheet: Any) -> None:
    _rows_of(sheet, [list(HEADS), *ROWS])
    sheet.set_column(0, 0, None, None, {"hidden": True})


def _blank_formatted_rows(book: Any, sheet: Any) -> None:
    """Rows that were emptied keep their borders."""
    border = book.add_format({"border": 1})
    _rows_of(sheet, [list(HEADS), *ROWS])
    for line in range(4, 400):
        for place in range(len(HEADS)):
            sheet.write_blank(line, place, None, border)


def _wide(count: int) -> bytes:
    return csv_bytes([[*row, *["x"] * count] for row in ROWS], [*HEADS, *(f"Cot {n}" for n in range(count))])


def _record(**changes: Any) -> dict[str, Any]:
    return records(ROWS)[0] | changes


def _spliced(line: int, *texts: str) -> bytes:
    """The nine rows with lines put in before ``line`` (1 is the first row)."""
    return BREAK.join([*LINES[:line], *texts, *LINES[line:]]).encode()


def _raw_json(*values: str) -> bytes:
    """Objects whose ``TongLePhi`` is written as given, standard JSON or not."""
    sound = json.dumps(records(ROWS)[0])[:-1]
    return ("[" + ",".join(f'{sound}, "TongLePhi": {value}}}' for value in values) + "]").encode()


DIMENSION = b'<dimension ref="A1:H4"/>'

ODD: dict[str, Case] = {
    # CSV
    "blank lines at the end": Case("csv", csv_bytes(ROWS) + b"\r\n" * 500, 3, 3),
    "lines of delimiters at the end": Case("csv", csv_bytes(ROWS) + b",,,,,,,\r\n" * 20, 3, 3),
    "end of file of DOS": Case("csv", csv_bytes(ROWS) + b"\x1a", 3, 3),
    "three kinds of line ends": Case(
        "csv", f"{LINES[0]}\r\n{LINES[1]}\n{LINES[2]}\r{LINES[3]}\r\n".encode(), 3, 3
    ),
    "utf-16 with semicolons": Case("csv", csv_text(ROWS, delimiter=";").encode("utf-16"), 3, 3),
    "utf-16 big-endian": Case("csv", b"\xfe\xff" + csv_text(ROWS).encode("utf-16-be"), 3, 3),
    "utf-16 cut in a letter": Case("csv", csv_text(ROWS).encode("utf-16")[:-1], 4, 3),
    "semicolons and decimal commas": Case(
        "csv",
        csv_bytes([[*row, "8000,00"] for row in ROWS], [*HEADS, "TongLePhi"], ";"),
        3,
        3,
    ),
    "decimal commas that are not quoted": Case(
        "csv",
        b"\r\n".join(
            [(",".join([*HEADS, "TongLePhi"])).encode()]
            + [",".join([*row, "8000,50"]).encode() for row in ROWS]
        ),
        3,
        0,
        "too_many_rejects",
    ),
    "quoted line breaks": Case(
        "csv", csv_bytes([dossier_row(n, TenTTHC="Một\r\nHai\nBa") for n in range(4)]), 4, 4
    ),
    "quoted line breaks and blank lines": Case(
        "csv", csv_bytes([dossier_row(n, TenTTHC="Một\nHai") for n in range(4)]) + b"\r\n\r\n", 4, 4
    ),
    "a quote opened and never closed": Case("csv", _spliced(3, LINES[1].replace("Chứng", '"Chứng')), 10, 9),
    "rows between two stray quotes": Case(
        "csv",
        "\r\n".join(
            [LINES[0], 'H56-a,2.1,4,2025-10-06,,"x,,', *LINES[1:4], 'H56-b,2.1,4,2025-10-06,,x",,']
        ).encode(),
        5,
        4,
    ),
    "a column shifted midway": Case("csv", csv_bytes([*MANY[:6], *map(_shifted, MANY[6:])]), 9, 6),
    "a column shifted from the second row": Case(
        "csv", csv_bytes([*MANY[:1], *map(_shifted, MANY[1:])]), 9, 0, "too_many_rejects"
    ),
    "the head again in the middle": Case("csv", _spliced(5, LINES[0]), 9, 9),
    "the head again on every page": Case("csv", _spliced(5, "", LINES[0], "", LINES[0]), 9, 9),
    "footer lines": Case(
        "csv", csv_bytes([*ROWS, ["Tổng cộng", "3"], ["Người lập biểu"], ["(Ký tên)"]]), 3, 3
    ),
    "NUL in a row": Case("csv", csv_bytes(MANY).replace(b"0003,", b"00\x0003,"), 9, 8),
    "NUL after every letter": Case("csv", csv_text(ROWS).encode("utf-16-le"), 0, 0, "bad_encoding"),
    "head only": Case("csv", csv_bytes([]), 0, 0),
    "head only, no line end": Case("csv", csv_bytes([]).strip(), 0, 0),
    "400 unknown columns": Case("csv", _wide(400), 3, 3),
    "5,000 columns": Case("csv", _wide(5000), 0, 0, "too_large"),
    "commune codes as fractions": Case(
        "csv", csv_bytes([[*row, "14758.0"] for row in ROWS], [*HEADS, "MaDonViTiepNhan"]), 3, 3
    ),
    "status as a fraction": Case(
        "csv", csv_bytes([dossier_row(n, TrangThaiHoSo="4.0") for n in range(3)]), 3, 3
    ),
    "blanks beyond ASCII around codes": Case(
        "csv",
        csv_bytes(
            [dossier_row(n, MaTTHC=f"{sign}2.000815{sign}") for n, sign in enumerate("\u2003\u3000\x85")]
        ),
        3,
        3,
    ),
    "words for yes and no": Case(
        "csv",
        csv_bytes(
            [
                [*row, word]
                for row, word in zip(
                    MANY, ("TRUE", "Có", "x", "Yes", "không", "FALSE", "0", "", "1"), strict=True
                )
            ],
            [*HEADS, "CoKetQuaDienTu"],
        ),
        9,
        9,
    ),
    "dates at the edges": Case(
        "csv",
        csv_bytes(
            [
                dossier_row(n, NgayHenTra=text)
                for n, text in enumerate(
                    (
                        *(
                            "2024-02-29",
                            "29/02/2024",
                            "1900-03-01",
                            "2199-12-31",
                            "2025-10-06 23:59:59",
                            "45936",
                        ),
                        *("2023-02-29", "2025-10-06 24:00", "0001-01-01", "9999-12-31", "60"),
                    )
                )
            ]
        ),
        11,
        8,
    ),
    "a csv within a csv": Case("csv", csv_bytes(ROWS) + csv_bytes(MANY), 12, 12),
    # Spreadsheets
    "two sheets of data": Case("xlsx", xlsx_bytes([HEADS, *ROWS], [HEADS, *MANY]), 12, 12),
    "a second sheet with the same heads and nothing": Case("xlsx", xlsx_bytes([HEADS, *ROWS], [HEADS]), 3, 3),
    "merged head cells": Case("xlsx", _book(_merged_head), 3, 3),
    "formulas with values": Case("xlsx", _book(_formulas), 1, 1),
    "a formula in error": Case("xlsx", _book(_formula_error), 3, 2),
    "codes in scientific notation": Case("xlsx", _book(_scientific), 3, 2),
    "dates as numbers": Case("xlsx", _book(_dates_as_numbers), 3, 3),
    "dates at the edges of Excel": Case("xlsx", _book(_dates_at_the_edges), 9, 8),
    "hidden row and sheet": Case("xlsx", _book(_hidden), 3, 3),
    "hidden column": Case("xlsx", _book(_only_hidden_columns), 3, 3),
    "emptied rows with borders": Case("xlsx", _book(_blank_formatted_rows), 3, 3),
    "a dimension of a million rows": Case(
        "xlsx",
        changed_member(
            xlsx_bytes([HEADS, *ROWS]), "xl/worksheets/sheet1.xml", b'ref="A1:H4"', b'ref="A1:H1048576"'
        ),
        3,
        3,
    ),
    "a dimension that is too small": Case(
        "xlsx",
        changed_member(xlsx_bytes([HEADS, *ROWS]), "xl/worksheets/sheet1.xml", b'ref="A1:H4"', b'ref="A1"'),
        3,
        3,
    ),
    "tabs named xls": Case("xls", csv_bytes(ROWS, delimiter="\t"), 3, 3),
    "page named csv": Case("csv", html_bytes(ROWS), 3, 3),
    "csv named xlsx": Case("xlsx", csv_bytes(ROWS), 3, 3),
    "page in utf-16": Case(
        "xls", html_bytes(ROWS).decode().replace("utf-8", "utf-16").encode("utf-16"), 3, 3
    ),
    "page with a foot": Case("xls", html_bytes([*ROWS, ["Tổng cộng"]]), 3, 3),
    # JSON
    "json with BOM in lines": Case("jsonl", b"\xef\xbb\xbf" + json_lines(records(ROWS)), 3, 3),
    "json in utf-16": Case("json", json_bytes(records(ROWS)).decode().encode("utf-16"), 3, 3),
    "one object": Case("json", json_bytes(_record()), 1, 1),
    "a key twice with one value": Case(
        "json", json_bytes([_record()]).replace(b'"MaTTHC"', b'"MaHoSo": "H56-1", "MaTTHC"'), 1, 1
    ),
    "one bad line": Case("jsonl", json_lines(records(MANY)).replace(b'"MaHoSo"', b'"MaHoSo', 1), 9, 8),
    "NaN and infinity": Case("json", _raw_json("NaN", "Infinity", "8000"), 3, 2),
    "numbers beyond any fee": Case(
        "json", _raw_json("1e400", "99999999999999999999", "8000", "8000", "8000"), 5, 3
    ),
    "a list for a value": Case(
        "json", json_bytes([_record(TenTTHC=["a"], NgayHenTra={"b": 1}), *records(MANY)]), 10, 10
    ),
    "an array in an array": Case("json", json_bytes([records(ROWS)]), 0, 0, "no_header"),
    "things between objects": Case("json", json_bytes([*records(MANY), None, 1, "x", []]), 13, 9),
    "deep in an unused key": Case(
        "json", json_bytes([_record()]).replace(b"{", b'{"x": ' + b"[" * 200 + b"]" * 200 + b",", 1), 1, 1
    ),
    # Wrapped
    "gz of a zip": Case("csv.gz", gzip_bytes(zip_bytes({"a.csv": csv_bytes(ROWS)})), 0, 0, "unreadable"),
    "two members of gz": Case(
        "csv.gz", gzip_bytes(csv_bytes(ROWS)) + gzip_bytes(csv_bytes(MANY).split(b"\r\n", 1)[1]), 12, 12
    ),
    "gz with something behind": Case("csv.gz", gzip_bytes(csv_bytes(ROWS)) + bytes(64), 3, 3),
    "zip in a folder with a Vietnamese name": Case(
        "zip", zip_bytes({"Hồ sơ/Tháng 10.csv": csv_bytes(ROWS)}), 3, 3
    ),
    "zip with a second head": Case(
        "zip", zip_bytes({"a.csv": csv_bytes(ROWS), "b.xlsx": xlsx_bytes([HEADS, *MANY])}), 12, 12
    ),
    "dated": Case(
        "xlsx", xlsx_bytes([HEADS, *[[*r[:3], datetime(2025, 10, 6, 8), *r[4:]] for r in ROWS]]), 3, 3
    ),
}
