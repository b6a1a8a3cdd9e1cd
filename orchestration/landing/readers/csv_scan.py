"""The quick look at a CSV file that decides how it is read; no row is taken apart.

Most files are *regular*: UTF-8, head on the first line, a record per line. They join one bulk statement, and
the number of their lines, counted here, says how many rows that statement must bring. If it brings another
number, ``look_deep`` tells whether line breaks in quotes and blank lines explain it. Everything else (other
encodings, titles above the head, stray quotes) goes to ``csv_careful``.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from orchestration.contract import Contract, HeadMatch, Kind, fold, match_heads
from orchestration.landing.files import FileError, Head, describe
from orchestration.landing.readers.excel_marks import has_error_words, has_text_marks

# What fits into the processor's cache is looked through several times faster than what does not.
CHUNK = 1 << 18
DELIMITERS = (",", ";", "\t", "|")
_FIRST = 1 << 16
_LAST = 1 << 12
_BOM = codecs.BOM_UTF8
# What the careful reader cleans from cells: control characters, blanks and line ends beyond ASCII, signs that
# are not seen or turn the direction of writing. A byte is found ten times faster than a sequence, which is
# looked for only where its first byte is.
_VIETNAMESE_LATIN = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"
_PLAIN_CONTROLS = (b"\n", b"\r", b"\t")
_ODD_SEQUENCES = {
    b"\xc2": re.compile(rb"\xc2[^\xb0\xb2\xb3]"),
    b"\xd8": re.compile(rb"\xd8\x9c"),
    b"\xe2": re.compile(rb"\xe2(\x80[\x80-\x8f\xa8-\xaf]|\x81[\x9f-\xa9])"),
    b"\xe3": re.compile(rb"\xe3\x80\x80"),
    b"\xef": re.compile(rb"\xef(\xbb\xbf|\xbf\xbd)"),
}
# Second bytes, after the first below, of the letters from À to ÿ that Vietnamese does not have.
_LATIN_LEAD = 0xC3
_ODD_LETTERS = np.zeros(256, np.bool_)
_ODD_LETTERS[[byte for byte in range(0x80, 0xC0) if chr(byte + 0x40) not in _VIETNAMESE_LATIN]] = True
_LOST_LETTER = re.compile(rb"(^|[^\d])\?[A-Za-z\x80-\xff]")
# No mark of Excel's is longer.
_MARK = 16
# Where a line's first word begins, and enough of it to tell a total: taking letters apart is slow.
_TOTAL_WITHIN, _TOTAL_LENGTH = 200, 40
_NO_WORD = re.compile(r"^[\W_]+")
# First bytes of combining marks in UTF-8.
_MARKS = (b"\xcc", b"\xcd")


@dataclass(frozen=True)
class CsvScan:
    """What the bytes of a file show.

    ``lines`` counts the head too, not the blank lines at the end. ``regular`` says what can be said without
    the head and without looking into quotes; ``quoted`` that there are quotes; ``decomposed`` that letters
    and their marks may stand apart (NFD).
    """

    lines: int
    regular: bool
    quoted: bool
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
    size = feeds = returns = 0
    regular, quoted, decomposed, first, tail, begun = True, False, False, b"", b"", b""
    for chunk in _chunks(source):
        size += len(chunk)
        if len(first) < _FIRST:
            first += chunk[: _FIRST - len(first)]
        feeds += _count(chunk, b"\n")
        if regular:
            returns += _count(chunk, b"\r")
            quoted = quoted or b'"' in chunk
            whole, begun = _whole_letters(begun + chunk)
            between = tail[-_MARK:] + chunk[:_MARK]
            marked = _is_marked(chunk) or _is_marked(between)
            # A byte order mark is odd but at the beginning.
            told = chunk.removeprefix(_BOM) if size == len(chunk) else chunk
            regular = not (has_odd_signs(told) or marked) and _is_utf8(whole)
            decomposed = decomposed or has_marks(chunk)
        tail = (tail + chunk)[-_LAST:] if len(chunk) < _LAST else chunk[-_LAST:]
    # A return without a feed is a line end to the bulk reader, which then brings more rows than expected.
    regular = (
        regular
        and not begun
        and (returns in (0, feeds) or quoted)
        and not first.removeprefix(_BOM).startswith((b"\n", b"\r"))
    )
    last = tail.rstrip(b"\r\n")
    lines = feeds - tail[len(last) :].count(b"\n") + (size > 0)
    return CsvScan(lines, regular, quoted, decomposed, first, last)


def look_deep(source: BinaryIO, layout: CsvLayout) -> int | None:
    """Records of a regular file (its head too): lines, without blank ones and line breaks in quotes.

    None if a quoted text holds what looks like records of their own: a stray quote may have swallowed them.
    """
    delimiter, width = layout.delimiter.encode(), len(layout.columns)
    nothing = b'\r" ' + delimiter
    records, inside, rest = 0, False, b""
    for chunk in _chunks(source):
        pieces = chunk.split(b'"')
        broken = [piece for piece in pieces[not inside :: 2] if b"\n" in piece]
        if width > 1 and any(_like_records(piece, delimiter, width) for piece in broken):
            return None
        # What stands in quotes counts as a letter, so that it makes no line blank.
        *lines, rest = (rest + b"x".join(pieces[inside::2])).split(b"\n")
        records += sum(bool(line.strip(nothing)) for line in lines)
        rest = rest[-_LAST:]  # whether it is blank is all that matters
        inside ^= len(pieces) % 2 == 0
    return None if inside else records + bool(rest.strip(nothing))


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
    """Raise ``duplicate_head`` if two heads claim one column that counts."""
    refused = tuple(name for name in match.duplicates if kind.by_name[name].counts)
    if refused:
        raise FileError("duplicate_head", columns=describe(contract, kind.code, refused))


def closes_with_total(last: bytes, contract: Contract) -> bool:
    """Whether the last line looks like a closing line of totals."""
    line = last.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]
    start = fold(_NO_WORD.sub("", line[:_TOTAL_WITHIN])[:_TOTAL_LENGTH])
    return any(start.startswith(fold(total)) for total in contract.totals)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _is_marked(chunk: bytes) -> bool:
    """Whether a cell may be another one in Excel than in the bulk reader."""
    return has_text_marks(chunk) or has_error_words(chunk)


def has_odd_signs(chunk: bytes) -> bool:
    """Whether UTF-8 text may hold signs that are cleaned from cells, or letters to turn back."""
    return (
        _has_controls(chunk)
        or any(lead in chunk and sequence.search(chunk) for lead, sequence in _ODD_SEQUENCES.items())
        or _has_odd_letters(chunk)
        or (b"?" in chunk and _LOST_LETTER.search(chunk) is not None)
    )


def _has_odd_letters(chunk: bytes) -> bool:
    """Whether UTF-8 text holds a letter of Latin-1 that no Vietnamese word has."""
    text = np.frombuffer(chunk, np.uint8)
    after = text[1:][text[:-1] == _LATIN_LEAD]
    return bool(_ODD_LETTERS[after].any())


def _has_controls(chunk: bytes) -> bool:
    """Whether there are control characters but line ends and tabs; told by their number, in one look."""
    low = int(np.count_nonzero(np.frombuffer(chunk, np.uint8) < ord(" ")))
    return b"\x7f" in chunk or (low > 0 and low != sum(_count(chunk, sign) for sign in _PLAIN_CONTROLS))


def has_marks(chunk: bytes) -> bool:
    """Whether UTF-8 text may hold letters apart from their marks (NFD)."""
    return any(lead in chunk for lead in _MARKS)


def _like_records(quoted: bytes, delimiter: bytes, width: int) -> bool:
    """Whether a line of a quoted text has as many cells as a record."""
    return any(line.count(delimiter) >= width - 1 for line in quoted.split(b"\n"))


def _count(chunk: bytes, byte: bytes) -> int:
    """How often ``byte`` is in ``chunk``: where it ends every line, four times as fast as ``bytes.count``."""
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord(byte)))


def _whole_letters(text: bytes) -> tuple[bytes, bytes]:
    """UTF-8 up to its last whole letter, and the begun letter after it, if there is one."""
    for length in range(1, min(4, len(text) + 1)):
        lead = text[-length]
        if lead >= 0xC0:
            wanted = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return (text[:-length], text[-length:]) if wanted > length else (text, b"")
        if lead < 0x80:
            break
    return text, b""


def _is_utf8(text: bytes) -> bool:
    """Arrow tells it five times as fast as Python decodes."""
    ends = pa.py_buffer(np.array([0, len(text)], np.int64))
    cell = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(text)])
    try:
        cell.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
