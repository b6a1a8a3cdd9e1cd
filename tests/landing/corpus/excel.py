"""What Excel and its likes make of a list, and what is to come of each."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import openpyxl
import xlsxwriter

from tests.landing.corpus import Case, changed_member
from tests.landing.open_document import ods_bytes
from tests.landing.tables import HEADS, VIETNAMESE, csv_bytes, csv_text, dossier_row, sound_rows, xlsx_bytes
from tests.landing.xlsb import xlsb_bytes

ROWS = sound_rows()
MANY = sound_rows(9)
WIDE = len(HEADS)
NOTES = ("Số trang", "Loại giấy tờ", "Hình thức thanh toán")
_NAMESPACES = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
)


def _line(**cells: str) -> list[str]:
    """A line with a few cells, by the letter of their column."""
    return [cells.get(chr(ord("A") + place), "") for place in range(WIDE + 1)]


def _numbered(rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    return [[number, *row] for number, row in enumerate(rows, start=1)]


OFFICIAL = ("STT", *VIETNAMESE)
LETTERHEAD = [
    _line(B="UBND PHƯỜNG MẪU", E="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    _line(E="Độc lập - Tự do - Hạnh phúc"),
    [],
    _line(A="DANH SÁCH HỒ SƠ ĐÃ GIẢI QUYẾT"),
]
SIGNATURES = [
    [],
    _line(D="Hạc Thành, ngày 06 tháng 10 năm 2025"),
    _line(B="NGƯỜI LẬP BIỂU", D="KIỂM SOÁT", F="CHỦ TỊCH"),
    _line(B="(Ký, ghi rõ họ tên)", D="(Ký)", F="(Ký, đóng dấu)"),
    [],
    _line(B="Bùi Thị Mẫu", D="Cao Văn Mẫu", F="Lê Mẫu"),
]


def _official(*rows: Sequence[Any]) -> bytes:
    return xlsx_bytes([*LETTERHEAD, list(OFFICIAL), [f"({n})" for n in range(1, WIDE + 2)], *rows])


def _book(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADS, *MANY]):
            sheet.write_row(line, 0, row)
        write(book, sheet)
    return buffer.getvalue()


def _errors(_: Any, sheet: Any) -> None:
    """In columns that count, in one that does not land, and as a text."""
    for line, word in enumerate(("#REF!", "#N/A", "#NAME?"), start=1):
        sheet.write_formula(line, 4, "=x", None, word)
    sheet.write_formula(5, HEADS.index("ChuHoSo"), "=x", None, "#REF!")
    sheet.write_string(6, 0, "#VALUE!")


def _uncalculated() -> bytes:
    """A program that writes formulas and calculates none."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADS, *MANY]:
        sheet.append(row)
    sheet["E2"] = "=D2+2"
    sheet["E9"] = "=D9+2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _left_to_excel(_: Any, sheet: Any) -> None:
    """A nought in the place of every value, and the wish that Excel calculates them."""
    sheet.write_formula(1, 4, "=D2+2")
    sheet.write_formula(2, 4, "=D3+2", None, 45938.5)


def _bordered(columns: int) -> Callable[[Any, Any], None]:
    def write(book: Any, sheet: Any) -> None:
        border = book.add_format({"border": 1})
        for line in range(10):
            for place in range(WIDE, columns):
                sheet.write_blank(line, place, None, border)

    return write


def _stray(_: Any, sheet: Any) -> None:
    sheet.write_string(30, 16_383, "x")


def _xml_rows(rows: Sequence[Sequence[str]]) -> str:
    lines = ["".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) for row in rows]
    return "".join(f"<Row>{line}</Row>" for line in lines)


def xml_book(table: str, encoding: str = "utf-8") -> bytes:
    """XML Spreadsheet 2003 with one sheet that is seen and one that is hidden."""
    hidden = (
        f'<Worksheet ss:Name="ẩn"><Table>{_xml_rows([HEADS, *MANY])}</Table>'
        "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook {_NAMESPACES}><Worksheet ss:Name="Danh sách"><Table>{table}</Table></Worksheet>'
        f"{hidden}</Workbook>"
    )
    return text.encode(encoding)


def _xml_odd_cells() -> str:
    """Rows and cells by their index, merged cells, real dates, errors, formulas that nobody calculated."""
    dated = (
        '<Row ss:Index="4"><Cell><Data ss:Type="String">H56.14797-251006-0001</Data></Cell>'
        '<Cell><Data ss:Type="String">2.000815</Data></Cell><Cell><Data ss:Type="Number">4</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2025-10-06T08:30:00.000</Data></Cell>'
        '<Cell ss:Index="6"><Data ss:Type="String">Chứng thực</Data></Cell></Row>'
    )
    failed = dated.replace(' ss:Index="4"', "").replace("0001", "0002")
    failed = failed.replace('<Data ss:Type="Number">4</Data>', '<Data ss:Type="Error">#REF!</Data>')
    formula = dated.replace(' ss:Index="4"', "").replace("0001", "0003")
    formula = formula.replace('<Cell ss:Index="6">', '<Cell ss:Formula="=RC[-1]"/><Cell ss:Index="6">')
    title = f'<Row><Cell ss:MergeAcross="{WIDE - 1}"><Data ss:Type="String">DANH SÁCH</Data></Cell></Row>'
    sound = [dated.replace(' ss:Index="4"', "").replace("0001", f"001{n}") for n in range(3)]
    return "".join([title, _xml_rows([HEADS]), dated, failed, formula, *sound])


def web_archive(*pages: tuple[str, str]) -> bytes:
    """A single file web page: parts by their location."""
    parts = [
        f"------=_Next\r\nContent-Location: file:///C:/x/{location}\r\n"
        f'Content-Transfer-Encoding: 8bit\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n{page}\r\n'
        for location, page in pages
    ]
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_Next"\r\n\r\nx\r\n\r\n'
    return (head + "".join(parts) + "------=_Next--\r\n").encode()


def page(rows: Sequence[Sequence[str]]) -> str:
    """A page that does not say how it is encoded."""
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<html><body><table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table></body></html>"


def excel_csv(rows: Sequence[Sequence[str]], delimiter: str = ";") -> bytes:
    """Rows (the head first) as Excel saves them: of every sixteen, none is wider than the widest."""
    lines: list[str] = []
    for begin in range(0, len(rows), 16):
        block = rows[begin : begin + 16]
        used = max(max((n for n, cell in enumerate(row, start=1) if cell), default=1) for row in block)
        lines += [delimiter.join(row[:used]) for row in block]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _few(count: int) -> list[str]:
    return [cell if place < count else "" for place, cell in enumerate(dossier_row(count))]


def _with(head: str, *cells: str) -> list[list[str]]:
    """Five dossiers with a column that the contract does not know."""
    return [[*OFFICIAL, head], *([str(n), *dossier_row(n), cell] for n, cell in enumerate(cells, start=1))]


LAST_EMPTY = [
    *(dossier_row(n) for n in range(1, 12)),
    *([*dossier_row(n)[:5], "", "", ""] for n in range(12, 52)),
]
SHORT = csv_text(MANY).replace(",Chứng thực bản sao từ bản chính", "", 1)
THREE_LINES = [
    ["STT", "Mã hồ sơ", "Mã TTHC", "Trạng thái", "Thời gian", ""],
    ["", "", "", "", "Theo giấy hẹn", "Thực tế"],
    ["", "", "", "", "Ngày hẹn trả", "Ngày trả"],
]

EXCEL: dict[str, Case] = {
    # Cells without a value
    "errors in cells": Case("xlsx", _book(_errors), 9, 5),
    "errors saved as csv": Case(
        "csv", csv_bytes([*MANY[:5], *(dossier_row(n, NgayHenTra="#N/A") for n in range(3))]), 8, 5
    ),
    "an error in a personal column of a csv": Case("csv", csv_bytes([dossier_row(1, ChuHoSo="#REF!")]), 1, 1),
    "formulas never calculated": Case("xlsx", _uncalculated(), 9, 7),
    "formulas left to Excel": Case("xlsx", _book(_left_to_excel), 9, 8),
    # Lists as offices print them
    "an official list with signatures": Case("xlsx", _official(*_numbered(ROWS), *SIGNATURES), 3, 3, None, 8),
    "an official list of nothing": Case("xlsx", _official(*SIGNATURES), 0, 0, None, 8),
    "a note that there was nothing": Case(
        "xlsx", _official(_line(B="Trong ngày không phát sinh hồ sơ")), 0, 0, None, 5
    ),
    "a total, signatures and notes": Case(
        "xlsx",
        _official(
            *_numbered(ROWS), _line(A="Tổng cộng", B="3"), _line(A="Ghi chú: số liệu đến 17 giờ"), *SIGNATURES
        ),
        *(3, 3, None, 10),
    ),
    "a total above, and a last row that lacks its state": Case(
        "xlsx",
        xlsx_bytes(
            [
                OFFICIAL,
                _line(A="Tổng số: 4 hồ sơ"),
                *_numbered([*ROWS, dossier_row(9, TrangThaiHoSo="")]),
            ]
        ),
        *(4, 3, None, 1),
    ),
    "a last row that has only its number": Case(
        "xlsx", xlsx_bytes([OFFICIAL, *_numbered([*ROWS, _few(1)]), _line(A="Cộng: 4")]), 4, 3, None, 1
    ),
    "a row without its number after the total": Case(
        "xlsx",
        xlsx_bytes(
            [OFFICIAL, *_numbered(ROWS), _line(A="Tổng cộng", C="3"), *_numbered([["", *ROWS[0][1:]]])]
        ),
        *(4, 3, None, 1),
    ),
    "groups and their totals": Case(
        "xlsx",
        xlsx_bytes(
            [
                OFFICIAL,
                _line(A="I", B="Lĩnh vực Đất đai"),
                *_numbered(MANY[:4]),
                _line(A="Cộng Lĩnh vực Đất đai", D="4"),
                _line(A="II. Lĩnh vực Hộ tịch"),
                *_numbered(MANY[4:]),
                _line(A="Cộng Lĩnh vực Hộ tịch: 5"),
                _line(B="Tổng cộng", C="9"),
            ]
        ),
        *(9, 9, None, 5),
    ),
    "a procedure that sounds like a total": Case(
        "csv",
        csv_bytes(
            [[row[5], *row[:5]] for row in (dossier_row(n, TenTTHC="Tổng hợp ý kiến") for n in range(1, 4))],
            ["TenTTHC", *HEADS[:5]],
        ),
        *(3, 3, None, 0),
    ),
    "a csv with signatures": Case(
        "csv", csv_bytes([*MANY, [], ["", "NGƯỜI LẬP", "", "TRƯỞNG PHÒNG"]]), 9, 9, None, 1
    ),
    "a word between the rows of a csv": Case(
        "csv",
        csv_bytes(MANY).replace(b"\r\nH56.14797-251006-0005", b"\r\nx\r\nH56.14797-251006-0005"),
        9,
        9,
        None,
        1,
    ),
    # Sheets
    "sheets that go on without a head": Case("xlsx", xlsx_bytes([HEADS, *ROWS], MANY[:4], MANY[4:]), 12, 12),
    "a sheet that goes on, and one of other figures": Case(
        "xlsx",
        xlsx_bytes([HEADS, *ROWS], MANY, [["Lĩnh vực", "Số hồ sơ"], ["Đất đai", 4], ["Hộ tịch", 5]]),
        *(12, 12, None, 3),
    ),
    "a cover before the list": Case(
        "xlsx", xlsx_bytes([["BÁO CÁO"], ["Tháng 10"]], [HEADS, *ROWS]), 3, 3, None, 2
    ),
    # Heads
    "a kind of paper that is a head elsewhere": Case(
        "xlsx", xlsx_bytes(_with("Loại giấy tờ", "CMND", "CCCD", "CMND", "", "CCCD")), 5, 5
    ),
    "a way to pay that is a head elsewhere": Case(
        "csv", csv_bytes(_with("Cách trả phí", *["Thanh toán trực tuyến"] * 5), ["DANH SÁCH"]), 5, 5, None, 1
    ),
    "a head over three lines": Case("xlsx", xlsx_bytes([*THREE_LINES, *ROWS]), 0, 0, "deep_header"),
    "required heads over three lines": Case(
        "xlsx",
        xlsx_bytes([["Mã hồ sơ", "Thủ tục"], ["", "Mã TTHC", "Tình hình"], ["", "", "Trạng thái"], *ROWS]),
        *(0, 0, "deep_header"),
    ),
    "a head over two lines": Case(
        "xlsx",
        xlsx_bytes(
            [
                [*VIETNAMESE[:3], "Thời gian", "", "Thủ tục"],
                ["", "", "", *VIETNAMESE[3:5], VIETNAMESE[5]],
                *(row[:6] for row in ROWS),
            ]
        ),
        *(3, 3),
    ),
    # Room around the table
    "borders to column AMJ": Case("xlsx", _book(_bordered(1024)), 9, 9),
    "a dimension of the whole sheet": Case(
        "xlsx",
        changed_member(
            xlsx_bytes([HEADS, *ROWS]), "xl/worksheets/sheet1.xml", b'ref="A1:H4"', b'ref="A1:XFD1048576"'
        ),
        *(3, 3),
    ),
    "a stray cell in the last column": Case("xlsx", _book(_stray), 9, 9, None, 1),
    "borders to column AMJ of LibreOffice": Case("ods", ods_bytes([HEADS, *ROWS], 1024), 3, 3),
    "a thousand delimiters behind the head": Case(
        "csv", b"\r\n".join(line + b"," * 1000 for line in csv_bytes(ROWS).splitlines()), 3, 3
    ),
    # CSV of Excel
    "last columns empty": Case("csv", excel_csv([HEADS, *LAST_EMPTY]), 51, 51),
    "last columns empty, with commas": Case("csv", excel_csv([HEADS, *LAST_EMPTY], ","), 51, 51),
    "one more row than a block": Case("csv", excel_csv([HEADS, *LAST_EMPTY[-16:]]), 16, 16),
    "empty last cells left out row by row": Case(
        "csv",
        "\n".join([",".join(HEADS), *(",".join(dossier_row(n)[: 8 - n % 3]) for n in range(9))]).encode(),
        *(9, 9),
    ),
    "one row that lacks a cell": Case("csv", SHORT.encode(), 9, 8),
    "texts as formulas": Case(
        "csv",
        "\n".join([",".join(HEADS), *(",".join(f'="{cell}"' for cell in row) for row in ROWS)]).encode(),
        *(3, 3),
    ),
    "texts as quoted formulas": Case(
        "csv", csv_bytes([[f'="{cell}"' for cell in row] for row in ROWS], [f'="{h}"' for h in HEADS]), 3, 3
    ),
    "texts behind an apostrophe": Case(
        "csv", csv_bytes([["'" + row[0], "'" + row[1], *row[2:]] for row in ROWS]), 3, 3
    ),
    "texts between apostrophes": Case(
        "csv", "\n".join(",".join(f"'{cell}'" for cell in row) for row in [HEADS, *ROWS]).encode(), 3, 3
    ),
    "texts behind an apostrophe in a sheet": Case(
        "xlsx", xlsx_bytes([HEADS, *([f"'{row[0]}", f"'{row[1]}", *row[2:]] for row in ROWS)]), 3, 3
    ),
    "a head that ends in delimiters": Case(
        "csv", csv_bytes(ROWS).replace(b"SoDinhDanh", b"SoDinhDanh,,"), 3, 3
    ),
    "rows that end in a delimiter": Case("csv", csv_bytes([[*row, ""] for row in ROWS]), 3, 3),
    # Formats that Excel opens
    "XML Spreadsheet 2003": Case("xls", xml_book(_xml_rows([HEADS, *ROWS])), 3, 3),
    "XML Spreadsheet 2003 in utf-16": Case("xml", xml_book(_xml_rows([HEADS, *ROWS]), "utf-16"), 3, 3),
    "XML Spreadsheet 2003 with odd cells": Case("xls", xml_book(_xml_odd_cells()), 6, 4, None, 1),
    "XML of something else": Case("xml", b'<?xml version="1.0"?><HoSo><a/></HoSo>', 0, 0, "foreign_format"),
    "a web archive": Case("xls", web_archive(("HoSo.htm", page([HEADS, *ROWS]))), 3, 3),
    "a web archive of several sheets": Case(
        "mht",
        web_archive(
            ("book.htm", "<html><frameset></frameset></html>"),
            ("book/sheet001.htm", page([HEADS, *ROWS])),
            ("book/sheet002.htm", page([HEADS, *MANY])),
            ("book/tabstrip.htm", page([["Sheet1", "Sheet2"]])),
        ),
        *(12, 12, None, 0),
    ),
    "a web archive without a table": Case("xls", web_archive(("x.htm", "<p>x</p>")), 0, 0, "unreadable"),
    "a binary workbook": Case("xlsb", xlsb_bytes([HEADS, *ROWS]), 3, 3),
    "a binary workbook named xls": Case("xls", xlsb_bytes([HEADS, *ROWS]), 3, 3),
    "a workbook with macros": Case("xlsm", xlsx_bytes([HEADS, *ROWS]), 3, 3),
    "a workbook of LibreOffice": Case(
        "ods", ods_bytes([HEADS, *[[*r[:3], datetime(2025, 10, 6, 8), *r[4:]] for r in ROWS]]), 3, 3
    ),
    "a pdf": Case("xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99), 0, 0, "foreign_format"),
    "SYLK": Case("xls", b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;X1;Y1;K1\r\nE\r\n", 0, 0, "foreign_format"),
    "a csv whose first head is ID": Case("csv", csv_bytes([["1", *r] for r in ROWS], ["ID", *HEADS]), 3, 3),
}
