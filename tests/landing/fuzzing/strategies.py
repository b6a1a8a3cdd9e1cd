"""Strategies for files that programs and people could have written, and for damage done to them.

Built piece by piece (dialect, encoding, head, rows, wrapping), since random bytes hardly ever get past the
head. Every strategy gives ``Dropped``: an extension and the bytes of the file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

from tests.landing.tables import HEADS, VIETNAMESE, dossier_row, gzip_bytes, html_bytes, zip_bytes

Cells = list[str]


@dataclass(frozen=True)
class Dropped:
    """A file as a commune drops it."""

    extension: str
    content: bytes


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "latin-1")
ENDS = ("\r\n", "\n", "\r", "\n\n", "\u2028")
SPECIAL = (
    *(
        "",
        " ",
        '"',
        '""',
        "'",
        "\\",
        ",",
        ";",
        "\t",
        "\0",
        "\n",
        "\r",
        "\x1a",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "-",
    ),
    *("NULL", "NaN", "Infinity", "1e309", "1.23457E+14", "=1+1", "#REF!", "0", "-1", "9" * 20, "14797.0"),
    *("31/02/2025", "29/02/2024", "2025-10-06 24:00:00", "0001-01-01", "9999-12-31", "60", "45936.5"),
    *("20251006", "2025-10-06T08:30:00+07:00", "Tổng cộng", "(1)", "MaHoSo", "TRUE"),
    *("Nguyễn Thị Ẩn Danh", "0912345678", "a@b.vn"),
)
ANY_CELL = st.one_of(
    st.sampled_from(SPECIAL),
    st.text(max_size=8),
    st.text("\"',;|\t\r\n ax1", max_size=6),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
)


@st.composite
def rows(draw: st.DrawFn) -> list[Cells]:
    """Sound rows, some with odd cells, some shifted, too short, too long or foreign."""
    table: list[Cells] = []
    for number in range(draw(st.integers(0, 6))):
        row = dossier_row(number)
        match draw(st.integers(0, 6)):
            case 0:
                row[draw(st.integers(0, len(row) - 1))] = draw(ANY_CELL)
            case 1:
                row = draw(st.lists(ANY_CELL, max_size=len(HEADS) + 2))
            case 2:
                row.insert(draw(st.integers(0, len(row))), draw(ANY_CELL))
            case 3:
                del row[draw(st.integers(0, len(row) - 1))]
            case _:
                pass
        table.append(row)
    return table


@st.composite
def tables(draw: st.DrawFn) -> list[Cells]:
    """A head, perhaps odd, below perhaps a title, above rows and perhaps a closing line."""
    head: Cells = list(draw(st.sampled_from((HEADS, VIETNAMESE))))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(head) - 1))
        head[place] = draw(st.one_of(ANY_CELL, st.sampled_from(HEADS), st.just(head[place].upper())))
    above = draw(st.lists(st.lists(ANY_CELL, max_size=3), max_size=2)) if draw(st.booleans()) else []
    closings: list[list[Cells]] = [[], [["Tổng cộng", "3"]], [head], [[], ["Người lập biểu"]]]
    below = draw(st.sampled_from(closings))
    return [*above, head, *draw(rows()), *below]


@st.composite
def csv_files(draw: st.DrawFn) -> Dropped:
    """Any dialect, any encoding, cells quoted or not, rightly or not."""
    delimiter = draw(st.sampled_from((",", ";", "\t", "|", ":")))
    end = draw(st.sampled_from(ENDS))
    quoting = draw(st.sampled_from(("needed", "all", "none", "odd")))

    def written(cell: str) -> str:
        needed = any(sign in cell for sign in (delimiter, '"', "\n", "\r"))
        if quoting == "none" or (quoting == "needed" and not needed):
            return cell
        return f'"{cell}"' if quoting == "odd" else '"' + cell.replace('"', '""') + '"'

    lines = [delimiter.join(map(written, row)) for row in draw(tables())]
    text = end.join(lines) + draw(st.sampled_from(("", end, end * 3, '"', "\x1a")))
    encoding = draw(st.sampled_from(ENCODINGS))
    return Dropped(draw(st.sampled_from(("csv", "csv", "csv", "xls"))), text.encode(encoding, "replace"))


@st.composite
def sheets(draw: st.DrawFn) -> Dropped:
    """Workbooks of one or two sheets with cells of every type, merged heads and hidden parts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        dates = book.add_format(
            {"num_format": draw(st.sampled_from(("dd/mm/yyyy", "[h]:mm", "0.00E+00", "@")))}
        )
        for _ in range(draw(st.integers(1, 2))):
            sheet = book.add_worksheet()
            if draw(st.integers(0, 4)) == 0:
                sheet.set_row(draw(st.integers(0, 3)), options={"hidden": True})
            for line, row in enumerate(draw(tables()), start=draw(st.integers(0, 3))):
                for place, cell in enumerate(row):
                    match draw(st.integers(0, 30)):
                        case 0:
                            sheet.write_number(
                                line, place, draw(st.floats(allow_nan=False, allow_infinity=False))
                            )
                        case 1:
                            sheet.write_datetime(line, place, draw(st.datetimes(datetime(1900, 1, 1))), dates)
                        case 2:
                            sheet.write_boolean(line, place, draw(st.booleans()))
                        case 3:
                            sheet.write_formula(line, place, "=1/0", dates, draw(st.integers()))
                        case _:
                            sheet.write_string(line, place, cell)
    return Dropped(draw(st.sampled_from(("xlsx", "xls", "csv"))), buffer.getvalue())


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_CELL),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ANY_CELL, inner, max_size=3)),
    max_leaves=6,
)
LISTS = ("TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua")
ENTRY = st.dictionaries(
    st.sampled_from(("DuocSoHoa", "Gia", "NgayBoSung", "NgayTiepNhanBoSung", "GiayToId", "IsDeleted")), VALUES
)


@st.composite
def json_files(draw: st.DrawFn) -> Dropped:
    """Arrays, wrapped arrays and lines of exchange objects whose values and lists may be anything."""
    objects: list[Any] = []
    for row in draw(rows()):
        item: dict[str, Any] = dict(zip(HEADS, row, strict=False))
        if draw(st.booleans()):
            item[draw(st.one_of(st.sampled_from((*HEADS, *VIETNAMESE)), ANY_CELL))] = draw(VALUES)
        if draw(st.booleans()):
            item[draw(st.sampled_from(LISTS))] = draw(st.one_of(st.lists(ENTRY, max_size=2), VALUES))
        objects.append(item)
    if draw(st.booleans()):
        objects.insert(draw(st.integers(0, len(objects))), draw(VALUES))
    form = draw(st.sampled_from(("array", "data", "lines", "deep")))
    ascii_ = draw(st.booleans())
    if form == "lines":
        text = draw(st.sampled_from(("\n", "\r\n", "\n\n"))).join(
            json.dumps(item, ensure_ascii=ascii_) for item in objects
        )
    else:
        document: Any = {"data": objects, "total": len(objects)} if form == "data" else objects
        text = json.dumps([document] if form == "deep" else document, ensure_ascii=ascii_)
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
    extension = draw(st.sampled_from(("json", "jsonl")))
    return Dropped(extension, text.encode(encoding, "surrogatepass" if encoding != "utf-16" else "replace"))


@st.composite
def pages(draw: st.DrawFn) -> Dropped:
    """Tables of a web page saved as a spreadsheet; cells are not escaped."""
    head, *data = draw(tables())
    return Dropped("xls", html_bytes(data, head))


PLAIN = st.one_of(csv_files(), csv_files(), json_files(), sheets(), pages())


@st.composite
def archives(draw: st.DrawFn) -> Dropped:
    """One file in ``.gz``, or some in ``.zip``, also under odd names and in one another."""
    inner = draw(PLAIN)
    match draw(st.integers(0, 3)):
        case 0:
            return Dropped(f"{inner.extension}.gz", gzip_bytes(inner.content))
        case 1:
            return Dropped("csv.gz", gzip_bytes(zip_bytes({"a.csv": inner.content})))
        case _:
            names = st.sampled_from(
                (f"a.{inner.extension}", "../a.csv", "b/c.csv", "a.zip", " ", ".x", "ă.csv", "C:a.csv")
            )
            return Dropped(
                "zip", zip_bytes({draw(names): draw(PLAIN).content for _ in range(draw(st.integers(0, 2)))})
            )


@st.composite
def damaged(draw: st.DrawFn) -> Dropped:
    """A file with bytes flipped, cut out, doubled, or with a piece of another file in it."""
    file = draw(st.one_of(PLAIN, archives()))
    content = bytearray(file.content)
    for _ in range(draw(st.integers(1, 4))):
        # Shares, not places: the length of an archive depends on the time at which it was made.
        place, end = sorted(draw(st.integers(0, 1000)) * len(content) // 1000 for _ in range(2))
        match draw(st.integers(0, 4)):
            case 0 if content:
                content[min(place, len(content) - 1)] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del content[place:]
            case 2:
                del content[place:end]
            case 3:
                content[place:place] = content[place:end]
            case _:
                content[place:place] = draw(PLAIN).content[:200]
    return Dropped(file.extension, bytes(content))


FILES = st.one_of(PLAIN, archives(), damaged(), damaged())


def deliveries(most: int) -> st.SearchStrategy[Sequence[Dropped]]:
    """Up to ``most`` files of as many communes."""
    return st.lists(FILES, min_size=1, max_size=most)
