"""The quick look at a JSON file that decides how it is read; of its objects only the first is taken apart.

Programs write all objects of a file alike: the same keys, plain cells. Such a file is *regular* and joins one
bulk statement, which finds out whether all its objects are like the first one. Everything else (JSON lines,
nested lists, escaped or odd signs, very large files) goes to ``json_reader``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.contract import Contract, Kind, fold, match_heads
from orchestration.landing.files import Head
from orchestration.landing.readers.csv_scan import has_marks, has_odd_signs

# The engine holds the text of a file whole, once per thread.
MOST_BYTES = 16 << 20
_FIRST = 1 << 16
_START = re.compile(rb'\s*(?P<wrapped>\{\s*"data"\s*:\s*)?\[\s*(?=\{)')
# Escapes that may stand for what has to be cleaned from cells; a quote or a slash need no cleaning.
_ESCAPES = tuple(b"\\" + letter for letter in (b"u", b"b", b"f", b"n", b"r", b"t"))
_BLANKS = tuple(b" \t\n\r")
_SPACED_KEY = re.compile(rb'"\s+:')


@dataclass(frozen=True)
class JsonLayout:
    """How a regular file is read. Files with equal layouts share a statement.

    ``columns`` are the exchange names of ``keys``, None where unknown. ``wrapped``: the array stands under
    ``data``.
    """

    kind: str
    keys: tuple[str, ...]
    columns: tuple[str | None, ...]
    wrapped: bool
    province_wide: bool


def json_layout_of(
    path: Path, kind: Kind, contract: Contract, province_wide: bool
) -> tuple[JsonLayout, Head, int] | None:
    """Layout of a file that can join the bulk read, and how many keys its objects have in all; None if it
    needs the careful reader.

    The statement makes sure that every object has the keys of the layout. That none has others follows from
    the count, which may be too large (a quoted text can look like a key) but never just right by mistake.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        return None
    with path.open("rb") as source:
        content = source.read(size)  # no more than that, though the file may grow meanwhile
    start = _START.match(content)
    if start is None or not _is_plain(content):
        return None
    keys_in_all = _keys_in_all(content, start.end())
    if keys_in_all is None:
        return None
    keys = _first_keys(content[start.end() : start.end() + _FIRST])
    if keys is None or len(keys) > contract.limits.columns:
        return None
    match = match_heads(keys, kind.aliases, contract.ignored_heads)
    nested = {fold(name) for name in kind.nested.model_dump().values()} if kind.nested else set[str]()
    if (
        match.duplicates
        or not match.found.issuperset(column.name for column in kind.required)
        or len({key.lower() for key in keys}) < len(keys)
        or not nested.isdisjoint(map(fold, keys))
    ):
        return None
    wrapped = start["wrapped"] is not None
    layout = JsonLayout(kind.code, keys, match.columns, wrapped, province_wide)
    return layout, Head(match.columns, match.unknown), keys_in_all


def _is_plain(content: bytes) -> bool:
    """Whether no cell can hold what has to be cleaned from it."""
    escaped = b"\\" in content and any(escape in content for escape in _ESCAPES)
    return not (escaped or has_odd_signs(content) or has_marks(content))


def _keys_in_all(content: bytes, begin: int) -> int | None:
    """How many keys the objects from ``begin`` on have in all; None if blanks before colons hide some."""
    # By their colons, of which there are few: a byte is found many times faster than two.
    text = np.frombuffer(content, np.uint8)[begin - 1 : content.rfind(b"]")]
    before = text[np.flatnonzero(text == ord(":")) - 1]
    if np.isin(before, _BLANKS).any() and _SPACED_KEY.search(content):
        return None
    return int(np.count_nonzero(before == ord('"')))


def _first_keys(content: bytes) -> tuple[str, ...] | None:
    """Keys of the object with which ``content`` begins, None if it does not end in there."""
    pairs: list[str] = []

    def take(found: list[tuple[str, object]]) -> None:
        pairs[:] = [key for key, _ in found]  # the outermost object comes last

    try:
        json.JSONDecoder(object_pairs_hook=take).raw_decode(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return tuple(pairs)
