"""SQL that reads regular CSV as rows in tabular text form, many files at once. Builds SQL; runs nothing.

The form is that of ``grid``: ``part``, ``line``, ``structure`` and ``swapped`` (NULL: the order of rows tells
the line, and regular rows break no structure) and a text column per exchange name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.contract import ColumnType, Contract
from orchestration.landing.files import Part
from orchestration.landing.readers.csv_scan import CsvLayout
from orchestration.sql_text import quote, quote_name

_WORDS = (ColumnType.TEXT, ColumnType.CODE, ColumnType.CHOICE, ColumnType.FLAG)


def regular_source(layout: CsvLayout, files: Mapping[Path, Part], contract: Contract) -> str:
    """SQL for the rows of ``files``, all of this layout. Unreadable records are left out by the reader."""
    columns = ", ".join(f"{quote(_position(i))}: 'VARCHAR'" for i in range(len(layout.columns)))
    nulls = ", ".join(quote(word) for word in ("", *contract.null_words))
    kind = contract.kinds[layout.kind]
    cells = [
        f"{_composed(quote_name(_position(place)), kind.column(name).type, layout)} AS {quote_name(name)}"
        for place, name in enumerate(layout.columns)
        if name is not None
    ]
    return (
        f"(SELECT {_part(files)} AS part, "
        f"CAST(NULL AS INTEGER) AS line, CAST(NULL AS VARCHAR) AS structure, "
        f"CAST(NULL AS VARCHAR) AS swapped, {', '.join(cells)} "
        f"FROM read_csv({_paths(files)}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = 1, delim = {quote(layout.delimiter)}, quote = '\"', escape = '\"', nullstr = [{nulls}], "
        f"ignore_errors = true, null_padding = false))"
    )


def _paths(files: Mapping[Path, Part]) -> str:
    return "[" + ", ".join(quote(str(path)) for path in files) + "]"


def _part(files: Mapping[Path, Part]) -> str:
    numbers = ", ".join(str(part.number) for part in files.values())
    return f"CAST([{numbers}][CAST(file_index AS BIGINT) + 1] AS INTEGER)"


def _composed(cell: str, type_: ColumnType, layout: CsvLayout) -> str:
    """Normalising costs as much as all other judging, so it is done only where it can matter."""
    return f"nfc_normalize({cell})" if layout.decomposed and type_ in _WORDS else cell


def _position(place: int) -> str:
    return f"c{place}"
