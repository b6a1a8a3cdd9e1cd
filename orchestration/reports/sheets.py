"""How workbooks look: formats, widths and print set-up, and tables in them. Knows nothing of what they say.

Text is only ever written as text, so that nothing in it can act as a formula. The same content gives the same
bytes: the only date in the file's own properties is the one that the caller gives.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Any

import xlsxwriter

Cell = str | int | float | datetime | None

_FONT = "Arial"
_INK, _DEEP, _PALE, _LINE = "#1F2933", "#1F4E79", "#EAF1F8", "#B8C4D0"
_A4 = 9
_LINE_HEIGHT = 15.0
_CHARACTERS_PER_WIDTH = 1.15


class Style(StrEnum):
    """What a cell is for."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    NOTE = "note"
    CALL = "call"
    SECTION = "section"
    HEAD = "head"
    TEXT = "text"
    STRONG = "strong"
    NUMBER = "number"
    MOMENT = "moment"
    TOTAL = "total"
    TOTAL_NUMBER = "total_number"


_BOX = {"border": 1, "border_color": _LINE, "valign": "top", "text_wrap": True}
_STYLES: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 16, "font_color": _DEEP, "valign": "vcenter"},
    Style.SUBTITLE: {"font_size": 11, "valign": "vcenter"},
    Style.NOTE: {"text_wrap": True, "valign": "top"},
    Style.CALL: {
        "bold": True,
        "font_size": 12,
        "bg_color": "#FFF4CE",
        "border": 1,
        "border_color": "#D8A600",
        "text_wrap": True,
        "valign": "vcenter",
        "indent": 1,
    },
    Style.SECTION: {"bold": True, "font_size": 12, "font_color": _DEEP, "valign": "bottom"},
    Style.HEAD: {
        **_BOX,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": _DEEP,
        "align": "center",
        "valign": "vcenter",
    },
    Style.TEXT: _BOX,
    Style.STRONG: {**_BOX, "bold": True},
    Style.NUMBER: {**_BOX, "num_format": "#,##0", "align": "right"},
    Style.MOMENT: {**_BOX, "num_format": "hh:mm dd/mm/yyyy", "align": "center"},
    Style.TOTAL: {**_BOX, "bold": True, "bg_color": _PALE},
    Style.TOTAL_NUMBER: {**_BOX, "bold": True, "bg_color": _PALE, "num_format": "#,##0", "align": "right"},
}


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and how many sheet columns it takes up."""

    head: str
    style: Style = Style.TEXT
    span: int = 1


class Book:
    """A workbook in memory. ``created`` is the date it bears; ``footer`` stands below every printed page."""

    def __init__(self, title: str, created: datetime, footer: str) -> None:
        self._buffer = io.BytesIO()
        self._book: Any = xlsxwriter.Workbook(
            self._buffer,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self._book.set_properties({"title": title, "created": created})
        self._footer = footer.replace("&", "&&")
        self._formats = {
            style: self.format({"font_name": _FONT, "font_size": 10, "font_color": _INK, **properties})
            for style, properties in _STYLES.items()
        }

    def format(self, properties: Mapping[str, Any]) -> Any:
        """A format of xlsxwriter's, for what has a look of its own."""
        return self._book.add_format(properties)

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """Add a sheet that is written from top to bottom; see ``page``."""
        return Sheet(self.page(name, widths), widths, self._formats)

    def page(self, name: str, widths: Sequence[float]) -> Any:
        """Add a worksheet of xlsxwriter's with columns of ``widths`` (in characters).

        It prints on A4 landscape, as wide as the page.
        """
        page: Any = self._book.add_worksheet(name)
        page.hide_gridlines(2)
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer(f"&L{self._footer}&RTrang &P/&N")
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        return page

    def bytes(self) -> bytes:
        """The finished file; nothing can be added afterwards."""
        self._book.close()
        return self._buffer.getvalue()


class Sheet:
    """A sheet that is written from top to bottom."""

    def __init__(self, page: Any, widths: Sequence[float], formats: dict[Style, Any]) -> None:
        self._page = page
        self._widths = widths
        self._formats = formats
        self._row = 0

    def line(self, text: str, style: Style, height: float | None = None) -> None:
        """One line of text across the sheet, as high as it needs."""
        width = sum(self._widths)
        self._page.merge_range(self._row, 0, self._row, len(self._widths) - 1, "", self._formats[style])
        self._page.write_string(self._row, 0, text, self._formats[style])
        self._page.set_row(self._row, height or _LINE_HEIGHT * _lines(text, width))
        self._row += 1

    def gap(self) -> None:
        """An empty line."""
        self._row += 1

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        total: Sequence[Cell] | None = None,
        is_page: bool = False,
    ) -> None:
        """A table, with ``total`` as its last line.

        ``is_page``: the sheet is this table; its head stays in sight, is printed on every page and filters.
        """
        head = self._row
        self._write(columns, [column.head for column in columns], [Style.HEAD] * len(columns))
        for row in rows:
            self._write(columns, row, [column.style for column in columns])
        last = self._row - 1
        if total is not None:
            numbers = (Style.NUMBER, Style.MOMENT)
            styles = [Style.TOTAL_NUMBER if column.style in numbers else Style.TOTAL for column in columns]
            self._write(columns, total, styles)
        if is_page:
            self._page.freeze_panes(head + 1, 0)
            self._page.repeat_rows(head)
            self._page.autofilter(head, 0, max(last, head), len(self._widths) - 1)

    def _write(self, columns: Sequence[Column], cells: Sequence[Cell], styles: Sequence[Style]) -> None:
        place, lines = 0, 1
        for column, cell, style in zip(columns, cells, styles, strict=True):
            last = place + column.span - 1
            if column.span > 1:
                self._page.merge_range(self._row, place, self._row, last, "", self._formats[style])
            self._put(place, cell, self._formats[style])
            if isinstance(cell, str):
                lines = max(lines, _lines(cell, sum(self._widths[place : last + 1])))
            place = last + 1
        self._page.set_row(self._row, _LINE_HEIGHT * lines)
        self._row += 1

    def _put(self, place: int, cell: Cell, form: Any) -> None:
        if cell is None or cell == "":
            self._page.write_blank(self._row, place, None, form)
        elif isinstance(cell, str):
            self._page.write_string(self._row, place, cell, form)
        elif isinstance(cell, datetime):
            self._page.write_datetime(self._row, place, cell, form)
        else:
            self._page.write_number(self._row, place, cell, form)


def _lines(text: str, width: float) -> int:
    """How many lines ``text`` takes in a cell that is ``width`` characters wide."""
    room = width * _CHARACTERS_PER_WIDTH
    return sum(max(1, ceil(len(part) / room)) for part in text.split("\n"))
