"""JSON exports to tabular text form: an array, ``{"data": [...]}``, or one object per line.

Column by column over parsed objects. Lists inside an object (documents, fees, supplements, results) fold
into the flat columns that they speak of, where the object does not give those itself.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from orchestration.contract import TWIN, Contract, Kind, fold, match_heads
from orchestration.landing.files import FileError, describe
from orchestration.landing.readers.csv_careful import detect_encoding
from orchestration.landing.readers.csv_scan import refuse_duplicates
from orchestration.landing.readers.envelope import elements_of, page_answer
from orchestration.landing.readers.grid import BATCH_ROWS, clean_column, text_table
from orchestration.landing.readers.letters import refuse_lost, turned_back
from orchestration.landing.readers.nested import fold_lists

Json = dict[str, Any]

# A number that no double can hold.
# Enough of a page to find its title.
_PAGE_START = 1 << 14
_BEYOND = re.compile(rb"\d[eE]\+?\d{3}|\d{300}")


def read_json(
    opener: Callable[[], BinaryIO], part: int, kind: Kind, contract: Contract
) -> tuple[list[str], Iterator[pa.Table]]:
    """Unknown heads and data of a JSON file; ``line`` counts objects from 1.

    Raises:
        FileError: ``empty``, ``unreadable``, ``too_large``, ``no_header``, ``duplicate_head``.
    """
    with opener() as source:
        content = source.read(contract.limits.json_bytes + 1)
    if len(content) > contract.limits.json_bytes:
        raise FileError("too_large")
    return _tables(_array(_utf8(content), kind, contract), part, kind, contract)


def read_json_lines(
    opener: Callable[[], BinaryIO], part: int, kind: Kind, contract: Contract
) -> tuple[list[str], Iterator[pa.Table]]:
    """The same for one object per line, in bounded memory; ``line`` is the physical line.

    A file that is named ``.jsonl`` but holds one array is read as an array.
    """
    with opener() as source:
        start = source.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return read_json(opener, part, kind, contract)
    if _is_one_document(start.removeprefix(codecs.BOM_UTF8).lstrip()):
        return read_json(opener, part, kind, contract)
    return _tables(_parsed_lines(opener(), contract), part, kind, contract)


def _is_one_document(start: bytes) -> bool:
    """Whether a file is one document rather than a line per object: an array, a page, one object."""
    first, _, rest = start.partition(b"\n")
    if start[:1] in (b"[", b"<") or not rest.strip():
        return True
    try:
        return not isinstance(_parsed(first), dict)
    except ValueError:
        return first.strip() in (b"{", b"{}")


def _utf8(content: bytes) -> bytes:
    """Content as UTF-8 without a byte order mark.

    Raises:
        FileError: ``bad_encoding``.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        encoding, errors = detect_encoding(lambda: io.BytesIO(content))
        return content.decode(encoding, errors).encode("utf-8")
    return content


def _array(content: bytes, kind: Kind, contract: Contract) -> Iterator[tuple[int, object]]:
    """Numbered elements of the array that ``content`` is or holds, or of its lines."""
    if not content.strip():
        raise FileError("empty")
    if content.lstrip().startswith(b"<"):
        raise page_answer(content[:_PAGE_START])
    try:
        document = _parsed(content)
    except ValueError:
        lines = list(_numbered_lines(io.BytesIO(content).readlines()))
        if sum(isinstance(element, dict) for _, element in lines) * 2 > len(lines):
            return iter(lines)
        raise FileError("unreadable", format="JSON") from None
    return iter(enumerate(elements_of(document, kind, contract), start=1))


def _parsed(content: bytes) -> object:
    """A JSON document; also one with NaN and Infinity, which are no JSON, yet much software writes them.

    Raises:
        ValueError: it is none.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        if not (b"NaN" in content or b"Infinity" in content or _BEYOND.search(content)):
            raise
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError from error


def _parsed_lines(source: BinaryIO, contract: Contract) -> Iterator[tuple[int, object]]:
    limit = contract.limits.line_bytes

    def lines() -> Iterator[bytes]:
        while line := source.readline(limit):
            while len(line) >= limit and not line.endswith(b"\n"):
                rest = source.readline(limit)
                if not rest:
                    break
                line = b"\0" * (limit - 1) + rest[-1:]  # too long to be a record: broken, whatever it holds
            yield line

    with source:
        yield from _numbered_lines(lines())


def _numbered_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """Lines parsed; None for a line that is no JSON. Blank lines are not counted as rows."""
    for number, line in enumerate(lines, start=1):
        bare = line.removeprefix(codecs.BOM_UTF8).strip() if number == 1 else line.strip()
        if not bare:
            continue
        try:
            yield number, _parsed(bare)
        except ValueError:
            yield number, None


def _tables(
    elements: Iterator[tuple[int, object]], part: int, kind: Kind, contract: Contract
) -> tuple[list[str], Iterator[pa.Table]]:
    """Unknown keys and tables. The first batch decides whether the file has the required heads at all."""
    first = list(islice(elements, BATCH_ROWS))
    if not first:
        return [], iter(())
    heads: dict[str, str | None] = {}
    keys = _keys(first)
    found = match_heads(keys, kind.aliases, contract.ignored_heads).found | set(_nested_names(kind))
    if not found.issuperset(column.name for column in kind.required):
        required = tuple(column.name for column in kind.required)
        raise FileError("no_header", columns=describe(contract, kind.code, required))
    nested = {fold(name) for name in _nested_names(kind)}
    match = match_heads(keys, kind.aliases, contract.ignored_heads | nested)
    if match.duplicates:
        _refuse_if_together(first, kind, contract)
    nulls = frozenset(contract.null_words)
    batches = chain([first], iter(lambda: list(islice(elements, BATCH_ROWS)), []))
    return list(match.unknown), (_table(batch, part, kind, nulls, heads, contract) for batch in batches)


def _nested_names(kind: Kind) -> tuple[str, ...]:
    return tuple(kind.nested.model_dump().values()) if kind.nested else ()


def _keys(elements: list[tuple[int, object]]) -> list[str]:
    """Every key of the objects, in order of appearance."""
    shapes = dict.fromkeys(tuple(item) for _, item in elements if isinstance(item, dict))
    return list(dict.fromkeys(chain.from_iterable(shapes)))


def _refuse_if_together(elements: list[tuple[int, object]], kind: Kind, contract: Contract) -> None:
    """Two spellings of a column are a fault only where one object holds both."""
    for _, item in elements:
        if isinstance(item, dict):
            refuse_duplicates(match_heads(list(item), kind.aliases, contract.ignored_heads), kind, contract)


def _table(
    batch: list[tuple[int, object]],
    part: int,
    kind: Kind,
    nulls: frozenset[str],
    heads: dict[str, str | None],
    contract: Contract,
) -> pa.Table:
    objects: list[Json] = [item if isinstance(item, dict) else {} for _, item in batch]
    structures = [None if isinstance(item, dict) else "broken_line" for _, item in batch]
    keys = _keys(batch)
    for key in keys:
        if key not in heads:
            heads[key] = kind.aliases.get(fold(key))
    columns: dict[str, list[str | None]] = {}
    cells = _cells(objects)
    for key, name in heads.items():
        if name is None:
            continue
        values = clean_column(turned_back(_texts(cells(key))), nulls)
        earlier = columns.get(name)
        columns[name] = values if earlier is None else _either(earlier, values)
        if earlier is not None and any(a and b and a != b for a, b in zip(earlier, values, strict=True)):
            columns[f"{name}{TWIN}2"] = values
    if kind.nested:
        for name, folded in fold_lists(objects, kind.nested, contract).items():
            values = clean_column(folded, nulls)
            columns[name] = _either(columns[name], values) if name in columns else values
    refuse_lost(columns.values())
    return text_table(part, [line for line, _ in batch], structures, columns)


def _either(first: list[str | None], second: list[str | None]) -> list[str | None]:
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def _cells(objects: list[Json]) -> Callable[[str], Sequence[Any]]:
    """The values of ``objects`` by key. Programs write all objects alike, which spares the looking up."""
    keys = list(objects[0]) if objects else []
    if all(list(item) == keys for item in objects):
        columns = dict(zip(keys, zip(*map(dict.values, objects), strict=True), strict=True))
        nothing = (None,) * len(objects)
        return lambda key: columns.get(key, nothing)
    return lambda key: [item.get(key) for item in objects]


def _texts(values: Sequence[Any]) -> Sequence[str | None]:
    types = {*map(type, values)}
    if types <= {str, type(None)}:
        return values
    if types == {int}:
        return [*map(str, values)]
    return [_text(value) for value in values]


def _text(value: Any) -> str | None:
    """A JSON value as a cell. Lists and objects are no cells: they fold or are nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) if isinstance(value, int) else None
