"""CSV that needs care: any encoding, titles above the head, quoted line breaks, stray quotes, odd line ends.

Reads record by record, so it is slower than the bulk statement and only sees the files that need it. A
quote that is never closed costs its own line, not the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import BinaryIO

import pyarrow as pa

from orchestration.contract import Contract, Kind, match_heads
from orchestration.landing.files import FileError, Head, LeftOut
from orchestration.landing.readers.csv_scan import CHUNK, DELIMITERS, split_line
from orchestration.landing.readers.excel_marks import without_marks
from orchestration.landing.readers.grid import Row, tabulate
from orchestration.landing.readers.letters import meant_heads, share_as_written, share_of_words

# Up to this share of broken places among the non-ASCII ones, a text is damaged UTF-8, not another encoding.
_DAMAGE = 0.1
# So much of a file tells its encoding, by this share of its words at least.
_SAMPLE = 1 << 18
_WORDS = 0.5
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def read_careful(
    opener: Callable[[], BinaryIO], part: int, kind: Kind, contract: Contract, left_out: LeftOut
) -> tuple[Head, Iterator[pa.Table]]:
    """Head and data of a CSV file. ``opener`` gives its bytes anew at each call. Lines that are no data are
    counted in ``left_out``, as they are passed.

    Raises:
        FileError: ``empty``, ``bad_encoding``, ``no_header``, ``deep_header``, ``duplicate_head``.
    """
    encoding, errors = detect_encoding(opener)
    delimiter = _delimiter(opener, encoding, errors, kind, contract)
    text = io.TextIOWrapper(opener(), encoding=encoding, errors=errors, newline="")
    records = _records(_lines(text, contract), delimiter, contract)
    return tabulate(map(_as_shown, records), part, kind, contract, left_out, fixed_width=True)


def _as_shown(row: Row) -> Row:
    """``row`` without the marks by which programs write texts for Excel."""
    if any(cell and cell[0] in "='" for cell in row.cells):
        return replace(row, cells=without_marks(row.cells))
    return row


def detect_encoding(opener: Callable[[], BinaryIO]) -> tuple[str, str]:
    """Encoding and error handling for the bytes: BOMs are believed, then UTF-8, then one byte a letter.

    Raises:
        FileError: ``empty``; ``bad_encoding`` if the bytes are none of these.
    """
    with opener() as source:
        start = source.read(4)
    if not start:
        raise FileError("empty")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    if _decodes(opener, "utf-8"):
        return "utf-8-sig", "strict"
    broken, sound = _utf8_damage(opener)
    if broken <= _DAMAGE * (sound + broken):
        return "utf-8-sig", "replace"
    return _of_one_byte(opener), "strict"


def _of_one_byte(opener: Callable[[], BinaryIO]) -> str:
    """The encoding of bytes that are not UTF-8: Windows-1258, or the plain bytes of an older writing, which
    ``letters`` turns back.

    Raises:
        FileError: ``bad_encoding``: what it holds are no Vietnamese words in any.
    """
    with opener() as source:
        start = source.read(_SAMPLE)
    if not _decodes(opener, "latin-1", but=b"\0"):
        raise FileError("bad_encoding")
    plain = share_of_words(start.decode("latin-1"))
    if _decodes(opener, "cp1258") and share_as_written(start.decode("cp1258", "replace")) >= plain:
        return "cp1258"
    if plain < _WORDS:
        raise FileError("bad_encoding")
    return "latin-1"


def _decodes(opener: Callable[[], BinaryIO], encoding: str, but: bytes | None = None) -> bool:
    """Whether all bytes are text in ``encoding`` and ``but`` is not among them."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with opener() as source:
        try:
            while chunk := source.read(CHUNK):
                if but is not None and but in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def _utf8_damage(opener: Callable[[], BinaryIO]) -> tuple[int, int]:
    """How many places are broken and how many non-ASCII letters are sound, read as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = sound = 0
    with opener() as source:
        while chunk := source.read(CHUNK):
            text = decoder.decode(chunk)
            marks = text.count("\ufffd")
            broken += marks
            sound += len(_BEYOND_ASCII.findall(text)) - marks
    return broken + decoder.decode(b"", True).count("\ufffd"), sound


def _delimiter(
    opener: Callable[[], BinaryIO], encoding: str, errors: str, kind: Kind, contract: Contract
) -> str:
    """The delimiter under which some line near the top holds most known heads."""
    with io.TextIOWrapper(opener(), encoding=encoding, errors=errors, newline="") as text:
        lines = [
            line for _, line in zip(range(contract.limits.header_depth), _lines(text, contract), strict=False)
        ]
    needed = {column.name for column in kind.required}
    most, best = 0, DELIMITERS[0]
    for line, delimiter in product(filter(None, lines), DELIMITERS):
        cells = meant_heads(split_line(line, delimiter), kind.aliases)
        found = match_heads(cells, kind.aliases, contract.ignored_heads).found
        if found >= needed:
            return delimiter
        if len(found) > most:
            most, best = len(found), delimiter
    return best


def _lines(text: io.TextIOWrapper, contract: Contract) -> Iterator[str | None]:
    """Physical lines with their ends; None for one that is too long to be a record."""
    limit = contract.limits.line_bytes
    while line := text.readline(limit):
        if len(line) < limit or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := text.readline(limit)) and not rest.endswith(("\n", "\r")):
            pass
        yield None


def _records(lines: Iterator[str | None], delimiter: str, contract: Contract) -> Iterator[Row]:
    """Records of the text. ``line`` of a row is the physical line on which it begins."""
    waiting: deque[str | None] = deque()
    number = 0
    while True:
        if not waiting:
            fresh = next(lines, "")
            if fresh == "":
                return
            waiting.append(fresh)
        line = waiting.popleft()
        number += 1
        if line is None or "\0" in line or "\ufffd" in line:
            yield Row(number, (), "broken_line")
            continue
        bare = line.rstrip("\r\n")
        if '"' not in bare:
            yield Row(number, bare.split(delimiter) if bare else ())
            continue
        cells, used = _quoted(bare, waiting, lines, delimiter, contract)
        yield Row(number, cells) if cells is not None else Row(number, (), "broken_line")
        number += used


def _quoted(
    line: str, waiting: deque[str | None], lines: Iterator[str | None], delimiter: str, contract: Contract
) -> tuple[list[str] | None, int]:
    """Cells of a record with quotes, and how many further lines it took.

    Lines are only joined if that closes the quote and no joined line is a record of the same width by
    itself; otherwise the quote is stray and ``line`` alone is broken (None).
    """
    cells, open_ = _parse(line, delimiter)
    if cells is not None or not open_:
        return cells, 0
    joined = line
    for used in range(1, contract.limits.quoted_lines + 1):
        if len(waiting) < used:
            fresh = next(lines, "")
            if fresh == "":
                return None, 0
            waiting.append(fresh)
        more = waiting[used - 1]
        if more is None or len(joined) + len(more) > contract.limits.line_bytes:
            return None, 0
        joined += "\n" + more.rstrip("\r\n")
        cells, open_ = _parse(joined, delimiter)
        if cells is not None:
            if _swallowed([text for text in list(waiting)[:used] if text], delimiter, len(cells)):
                return None, 0
            for _ in range(used):
                waiting.popleft()
            return cells, used
        if not open_:
            return None, 0
    return None, 0


def _swallowed(joined: list[str], delimiter: str, width: int) -> bool:
    """Whether a line taken into a quoted field looks like a record of its own."""
    return width > 1 and any(len(split_line(text.rstrip("\r\n"), delimiter)) >= width for text in joined)


def _parse(record: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """Cells of a record, or None and whether it broke off inside a quote."""
    try:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True)), False
    except csv.Error as error:
        return None, "unexpected end" in str(error)
    except StopIteration:
        return [], False
