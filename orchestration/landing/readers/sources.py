"""SQL that reads regular files as rows in tabular text form, many files at once. Builds SQL; runs nothing.

The form is that of ``grid``: ``part``, ``line`` (NULL where the order of rows tells it), ``structure`` and a
text column per exchange name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from orchestration.contract import ColumnType, Contract
from orchestration.landing.files import Part
from orchestration.landing.readers.csv_scan import CsvLayout
from orchestration.landing.readers.json_scan import MOST_BYTES, JsonLayout
from orchestration.sql_text import is_one_of, quote, quote_name

Layout = CsvLayout | JsonLayout

_WORDS = (ColumnType.TEXT, ColumnType.CODE, ColumnType.CHOICE, ColumnType.FLAG)
# What lands as it is written; every other type is told by its value.
_AS_WRITTEN = (ColumnType.TEXT, ColumnType.CODE)


def regular_source(layout: Layout, files: Mapping[Path, Part], contract: Contract) -> str:
    """SQL for the rows of ``files``, all of this layout."""
    if isinstance(layout, CsvLayout):
        return _csv_source(layout, files, contract)
    return _json_source(layout, files, contract)


def _csv_source(layout: CsvLayout, files: Mapping[Path, Part], contract: Contract) -> str:
    """Unreadable records are left out by the reader."""
    columns = ", ".join(f"{quote(_position(i))}: 'VARCHAR'" for i in range(len(layout.columns)))
    nulls = ", ".join(quote(word) for word in ("", *contract.null_words))
    kind = contract.kinds[layout.kind]
    cells = [
        f"{_composed(quote_name(_position(place)), kind.by_name[name].type, layout)} AS {quote_name(name)}"
        for place, name in enumerate(layout.columns)
        if name is not None
    ]
    return (
        f"(SELECT {_part(files)} AS part, "
        f"CAST(NULL AS INTEGER) AS line, CAST(NULL AS VARCHAR) AS structure, {', '.join(cells)} "
        f"FROM read_csv({_paths(files)}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = 1, delim = {quote(layout.delimiter)}, quote = '\"', escape = '\"', nullstr = [{nulls}], "
        f"ignore_errors = true, null_padding = false))"
    )


def _json_source(layout: JsonLayout, files: Mapping[Path, Part], contract: Contract) -> str:
    """Objects with other keys than the first one are broken, as are cells that are not read here as the
    careful reader reads them.
    """
    kind = contract.kinds[layout.kind]
    cells = {
        name: f"object[{quote(key)}]"
        for key, name in zip(layout.keys, layout.columns, strict=True)
        if name is not None
    }
    written = [
        cell
        for name, cell in cells.items()
        # A commune's code is told by the list of communes.
        if kind.by_name[name].type in _AS_WRITTEN and kind.by_name[name].rule != "commune"
    ]
    odd = " OR ".join(["object IS NULL", *_odd(written, contract)])
    shape = orjson.dumps(dict.fromkeys(layout.keys, "VARCHAR")).decode()
    named = ", ".join(f"{cell} AS {quote_name(name)}" for name, cell in cells.items())
    document = (
        f"SELECT file_index, unnest(data) AS object, unnest(range(1, len(data) + 1)) AS line "
        f"FROM read_json({_paths(files)}, columns = {{'data': 'JSON[]'}}, format = 'unstructured', "
        f"records = {'true' if layout.wrapped else 'false'}, maximum_object_size = {2 * MOST_BYTES})"
    )
    return (
        f"(SELECT {_part(files)} AS part, CAST(line AS INTEGER) AS line, "
        f"CASE WHEN {odd} THEN 'broken_line' END AS structure, {named} FROM (SELECT file_index, line, "
        f"TRY(json_transform_strict(object, {quote(shape)})) AS object FROM ({document})))"
    )


def _odd(cells: Iterable[str], contract: Contract) -> Iterable[str]:
    """Conditions under which a cell may be a list, an object, a number or a boolean that the engine writes
    unlike the careful reader, or a word for nothing.
    """
    words = (*contract.null_words, "true", "false")
    longest = max(map(len, words))
    for cell in cells:
        yield f"starts_with({cell}, '[')"
        yield f"starts_with({cell}, '{{')"
        yield f"ends_with({cell}, '.0')"
        yield f"(strlen({cell}) <= {longest} AND {is_one_of(cell, words)})"


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
