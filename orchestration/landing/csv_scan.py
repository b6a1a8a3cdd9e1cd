"""The quick look at a CSV file that decides how it is read; one pass over its bytes, no row is taken apart.

Most files are *regular*: UTF-8, head on the first line, a record per line break outside of quotes. They join
one bulk statement, and the number of their records, counted here, says how many rows that statement must
bring. Everything else (other encodings, titles above the head, stray quotes, quoted line breaks in very large
files) goes to ``csv_careful``.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from orchestration.contract import Contract, HeadMatch, Kind, fold, match_heads
from orchestration.landing.files import FileError, Head, describe

CHUNK = 1 << 20
# Quoted line breaks are told apart in files up to this size, since that takes the whole file at once.
_WHOLE = 1 << 24
DELIMITERS = (",", ";", "\t", "|")
_FIRST = 1 << 16
_LAST = 1 << 12
_BOM = codecs.BOM_UTF8
# What the careful reader cleans from cells: NUL, no-break and zero-width blanks, marks of byte order.
_ODD = (b"\0", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xc2\xad", b"\x0b", b"\x0c")
_BEFORE_QUOTE = b",;\t|\n" + _BOM[-1:]
_AFTER_QUOTE = b",;\t|\r\n"
# First bytes of combining marks in UTF-8.
_MARKS = (b"\xcc", b"\xcd")


@dataclass(frozen=True)
class CsvScan:
    """What the bytes of a file show.

    ``records`` counts the head too; ``broken`` says that some of them span lines. ``regular`` says what can
    be said without the head; ``decomposed`` that letters and their marks may stand apart (NFD).
    """

    records: int
    broken: bool
    regular: bool
    decomposed: bool
    first: bytes
    last: bytes


@dataclass(frozen=True)
class CsvLayout:
    """How a regular file is read. Files with equal layouts share a statement."""

    kind: str
    delimiter: str
    columns: tuple[str | None, ...]
    decomposed: bool
    province_wide: bool


def scan(source: BinaryIO) -> CsvScan:
    """Survey a file in bounded memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = feeds = returns = pairs = 0
    regular, broken, decomposed, first, tail = True, False, False, b"", b""
    for number, chunk in enumerate(_chunks(source)):
        size += len(chunk)
        if len(first) < _FIRST:
            first += chunk[: _FIRST - len(first)]
        bare = chunk
        if number == 0 and len(chunk) < _WHOLE and b'"' in chunk and (outside := _outside_quotes(chunk)):
            bare = outside
            broken = outside.count(b"\n") != chunk.count(b"\n")
        feeds += bare.count(b"\n")
        if regular:
            seam = tail[-2:] + bare
            returns += bare.count(b"\r")
            pairs += bare.count(b"\r\n") + (tail[-1:] == b"\r" and bare[:1] == b"\n")
            regular = (
                not any(blank in chunk for blank in _ODD)
                and b"\n\n" not in seam
                and b"\n\r" not in seam
                and _decodes(decoder, chunk)
            )
            decomposed = decomposed or any(lead in chunk for lead in _MARKS)
        tail = (tail + chunk)[-_LAST:] if len(chunk) < _LAST else chunk[-_LAST:]
    regular = (
        regular
        and _decodes(decoder, b"", final=True)
        and (returns == 0 or returns == pairs == feeds)
        and not first.removeprefix(_BOM).startswith((b"\n", b"\r"))
    )
    records = feeds + (size > 0 and not tail.endswith(b"\n"))
    return CsvScan(records, broken, regular, decomposed, first, tail)


def _outside_quotes(content: bytes) -> bytes | None:
    """``content`` without what stands in quotes; None if a quote stands where none may open or close."""
    pieces = content.split(b'"')
    outside = pieces[::2]
    if len(pieces) % 2 == 0:
        return None
    opens = all(not piece or piece[-1] in _BEFORE_QUOTE for piece in outside[:-1])
    closes = all(not piece or piece[0] in _AFTER_QUOTE for piece in outside[1:])
    # What an escaped quote leaves between its two marks is empty, like a field's beginning in quotes.
    return b'""'.join(outside) if opens and closes else None


def layout_of(
    scan_: CsvScan, kind: Kind, contract: Contract, province_wide: bool
) -> tuple[CsvLayout, Head] | None:
    """Layout of a file that can join the bulk read; None if it needs the careful reader.

    Raises:
        FileError: the head names a column twice.
    """
    if not scan_.regular:
        return None
    line, feed, _ = scan_.first.removeprefix(_BOM).partition(b"\n")
    if not feed or (b'"' in line and line.count(b'"') % 2):
        return None
    text = line.decode("utf-8").rstrip("\r")
    delimiter, match = best_dialect([text], kind, contract)
    if not match.found.issuperset(column.name for column in kind.required):
        return None
    refuse_duplicates(match, kind, contract)
    if len(match.columns) > contract.limits.columns or closes_with_total(scan_.last, contract):
        return None
    if delimiter != "\t" and b"\t" in scan_.first:
        return None
    layout = CsvLayout(kind.code, delimiter, match.columns, scan_.decomposed, province_wide)
    return layout, Head(match.columns, match.unknown)


def best_dialect(lines: list[str], kind: Kind, contract: Contract) -> tuple[str, HeadMatch]:
    """The delimiter under which the first of ``lines`` holds most known heads, and that match."""
    tries = (
        (delimiter, match_heads(cells, kind.aliases, contract.ignored_heads))
        for delimiter in DELIMITERS
        for cells in [split_line(lines[0], delimiter)]
    )
    return max(tries, key=lambda attempt: len(attempt[1].found))


def split_line(line: str, delimiter: str) -> list[str]:
    """One line as cells, however odd its quotes."""
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def refuse_duplicates(match: HeadMatch, kind: Kind, contract: Contract) -> None:
    """Raise ``duplicate_head`` if two heads claim one column."""
    if match.duplicates:
        raise FileError("duplicate_head", columns=describe(contract, kind.code, match.duplicates))


def closes_with_total(last: bytes, contract: Contract) -> bool:
    """Whether the last line looks like a closing line of totals."""
    line = last.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]
    return any(fold(line[:200]).startswith(fold(total)) for total in contract.totals)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    chunk = source.read(_WHOLE)
    while chunk:
        yield chunk
        chunk = source.read(CHUNK)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
