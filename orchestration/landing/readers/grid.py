"""From rows of cells to the one tabular text form: where the head is, which rows are data, what cells say.

Shared by every reader that sees cells rather than a regular CSV. The tabular form is an Arrow table with
``part``, ``line``, ``structure`` (NULL, or the structural rule that the row breaks), ``swapped`` (NULL, or
the names of columns whose dates may have day and month swapped) and one text column per exchange name found;
cells are trimmed, NFC, on one line, NULL where they mean nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from types import MappingProxyType

import pyarrow as pa

from orchestration.contract import Contract, HeadMatch, Kind, column_of, fold, match_heads
from orchestration.landing.files import GARBLED, FileError, Head, LeftOut, describe
from orchestration.landing.readers.csv_scan import refuse_duplicates
from orchestration.landing.readers.excel_marks import column_letters, fault_of
from orchestration.landing.readers.letters import meant_heads, refuse_lost, turned_back
from orchestration.landing.readers.short_rows import with_whole
from orchestration.plain_text import CONTROLS

BATCH_ROWS = 20_000
# Signs that are not seen, and such as steer a terminal or turn the direction of writing.
_INVISIBLE = re.compile(f"[{CONTROLS}\u00ad\u200b-\u200d\u2060-\u2065\ufeff]")
_ORDINAL = re.compile(r"\(?(\d{1,3})\)?")
_SUM = re.compile(r"[\d.,\s%()-]*(đồng|đ|vnđ|vnd|hồ sơ)?", re.IGNORECASE)
_TOTAL_LENGTH = 40
# So many lines below the first one of a head are looked at.
_DEEPEST = 3
NOTHING_SWAPPED: Mapping[int, str] = MappingProxyType({})
# What lines that are no data are: keys of the contract's ``left_out``.
TITLE, NUMBERING, HEAD_AGAIN, TOTAL = "title", "numbering", "head_again", "total"


@dataclass(frozen=True)
class Row:
    """A row as a reader found it. ``structure`` names the structural rule that it breaks; if it could not be
    taken apart, it has no ``cells``.
    """

    line: int
    cells: Sequence[str | None]
    structure: str | None = None


@dataclass(frozen=True)
class Spot:
    """A head found in the first rows: matched columns up to the last one that has a head, the cells of its
    (lower) line, the first row below it, and how many lines it takes.
    """

    match: HeadMatch
    cells: Sequence[str | None]
    below: int
    height: int

    @property
    def head(self) -> Head:
        """What columns it names."""
        return Head(self.match.columns, self.match.unknown)


def clean(cell: str | None, nulls: frozenset[str]) -> str | None:
    """A cell in tabular form: one line of NFC text, or None."""
    if cell is None:
        return None
    text = " ".join(cell.split())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _INVISIBLE.sub("", text).strip()
    return None if not text or text in nulls else text


def clean_column(cells: Sequence[str | None], nulls: frozenset[str]) -> list[str | None]:
    """``clean`` for a whole column. Most columns are clean, which is seen in one look at all of it."""
    if "" not in cells and nulls.isdisjoint(cells) and _is_clean("\0".join(filter(None, cells))):
        return list(cells)
    known = {cell: clean(cell, nulls) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _is_clean(joined: str) -> bool:
    """Whether cells, joined by NUL, are each one line of NFC text without blanks at their ends."""
    if any(odd in joined for odd in ("  ", " \0", "\0 ", "\t", "\n", "\r", "\v", "\f")):
        return False
    if joined[:1] == " " or joined[-1:] == " ":
        return False
    text = joined.replace("\0", "")
    return text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text))


def tabulate(
    rows: Iterable[Row], part: int, kind: Kind, contract: Contract, left_out: LeftOut, *, fixed_width: bool
) -> tuple[Head, Iterator[pa.Table]]:
    """The head of ``rows``, and their data as tables of at most ``BATCH_ROWS`` rows; lines that are no data
    are counted in ``left_out``, as they are passed.

    ``fixed_width``: a row with another number of cells than the head is broken (true of CSV; a sheet has
    no ragged rows, only empty cells).

    Raises:
        FileError: ``no_header``, ``deep_header``, ``duplicate_head``, ``too_large`` (columns).
    """
    stream = iter(rows)
    top = list(islice(stream, contract.limits.header_depth))
    spot = find_head([row.cells for row in top], kind, contract)
    count_above([row.cells for row in top], spot, left_out)
    below = chain(top[spot.below :], stream)
    fitted = _fitted_rows(below, spot) if fixed_width else below
    data = data_rows(fitted, spot, kind, contract, left_out)
    return spot.head, batches(data, part, spot.head, kind, contract, addressed=not fixed_width)


def find_head(top: Sequence[Sequence[str | None]], kind: Kind, contract: Contract) -> Spot:
    """Where the head is in the first rows.

    Raises:
        FileError: ``no_header``, ``deep_header``, ``duplicate_head``, ``too_large`` (columns).
    """
    top = [meant_heads(cells, kind.aliases) for cells in top]
    spot = _find_head(top, kind, contract)
    if spot is None:
        if _has_deep_head(top, kind):
            raise FileError("deep_header")
        raise FileError("no_header", columns=_required_heads(kind, contract))
    refuse_duplicates(spot.match, kind, contract)
    if len(spot.match.columns) > contract.limits.columns:
        raise FileError("too_large")
    return spot


def count_above(top: Sequence[Sequence[str | None]], spot: Spot, left_out: LeftOut) -> None:
    """Count what stands above the data and is not the head: titles, and the row of column numbers."""
    below_head = spot.below - (spot.below > 0 and is_numbering(top[spot.below - 1]))
    left_out[NUMBERING] += spot.below - below_head
    left_out[TITLE] += sum(1 for cells in top[: below_head - spot.height] if _is_filled(cells))


def text_table(
    part: int,
    lines: Sequence[int],
    structures: list[str | None] | None,
    columns: Mapping[str, list[str | None] | pa.Array],
    swapped: Mapping[int, str] = NOTHING_SWAPPED,
) -> pa.Table:
    """The tabular form from ready columns; ``structures`` is None where no row breaks a structural rule,
    ``swapped`` is by line.
    """
    return pa.table(
        {
            "part": pa.repeat(pa.scalar(part, pa.int32()), len(lines)),
            "line": pa.array(lines, pa.int32()),
            "structure": pa.nulls(len(lines), pa.string())
            if structures is None
            else pa.array(structures, pa.string()),
            "swapped": pa.array(map(swapped.get, lines), pa.string())
            if swapped
            else pa.nulls(len(lines), pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in columns.items()},
        }
    )


def _required_heads(kind: Kind, contract: Contract) -> str:
    return describe(contract, kind.code, tuple(column.name for column in kind.required))


def _find_head(top: Sequence[Sequence[str | None]], kind: Kind, contract: Contract) -> Spot | None:
    """The first row that, alone or with the one below, has every required head.

    Raises:
        FileError: ``deep_header``: further columns have their heads on a third line.
    """
    needed = {column.name for column in kind.required}
    for index, cells in enumerate(top):
        one = match_heads(_trimmed(cells), kind.aliases, contract.ignored_heads)
        # An upper line without any head is a title: the head then begins with the next line.
        if not one.found:
            continue
        lower = _lines_of_head(one, top[index + 1 : index + 1 + _DEEPEST], kind)
        if lower:
            two = _two_lines(cells, lower[0], kind, contract)
            if len(two.found) > len(one.found) and two.found >= needed:
                _refuse_deep(two, lower[1:], kind)
                return Spot(two, lower[0], _below(top, index + 2), 2)
        if one.found >= needed:
            _refuse_deep(one, lower[1:], kind)
            return Spot(one, cells, _below(top, index + 1), 1)
    return None


def _lines_of_head(
    upper: HeadMatch, below: Sequence[Sequence[str | None]], kind: Kind
) -> list[Sequence[str | None]]:
    """The lines of ``below`` that may go on with the head: under a head that is known they are blank, or name
    a column again. A row of data says something there, be it a word that is a head elsewhere.
    """
    lines: list[Sequence[str | None]] = []
    for cells in below:
        under = [cell for name, cell in zip(upper.columns, cells, strict=False) if name is not None and cell]
        named = [column_of(cell, kind.aliases) is not None for cell in under if not cell.isspace()]
        if not _is_filled(cells) or is_numbering(cells) or not all(named):
            break
        lines.append(cells)
    return lines


def _refuse_deep(match: HeadMatch, deeper: Sequence[Sequence[str | None]], kind: Kind) -> None:
    """Raise ``deep_header`` if a line further down names columns that ``match`` has not."""
    for cells in deeper:
        if {column_of(cell, kind.aliases) for cell in cells} - {None} - match.found:
            raise FileError("deep_header")


def _has_deep_head(top: Sequence[Sequence[str | None]], kind: Kind) -> bool:
    """Whether three lines, one below the other, have every required head together."""
    named = [{column_of(cell, kind.aliases) for cell in cells} - {None} for cells in top]
    needed = {column.name for column in kind.required}
    return any(
        named[index] and needed <= named[index].union(*named[index + 1 : index + 1 + _DEEPEST])
        for index in range(len(named))
    )


def _two_lines(
    upper: Sequence[str | None], lower: Sequence[str | None], kind: Kind, contract: Contract
) -> HeadMatch:
    """A head over two lines: the lower cell, else the upper, else both together, decides per column."""
    width = max(len(upper), len(lower))
    top = [*upper, *[None] * (width - len(upper))]
    bottom = [*lower, *[None] * (width - len(lower))]
    heads: list[str | None] = []
    group: str | None = None
    for above, below in zip(top, bottom, strict=True):
        group = above or group  # a merged head stands in its first cell only
        both = f"{group} {below}" if group and below else None
        tries = [head for head in (below, above, both) if head]
        known = [head for head in tries if column_of(head, kind.aliases)]
        heads.append((known or tries or [None])[0])
    return match_heads(_trimmed(heads), kind.aliases, contract.ignored_heads)


def _trimmed(cells: Sequence[str | None]) -> Sequence[str | None]:
    """``cells`` up to the last one that says something."""
    width = next((place for place in range(len(cells), 0, -1) if _says(cells[place - 1])), 0)
    return cells[:width]


def _says(cell: str | None) -> bool:
    return cell is not None and cell != "" and not cell.isspace()


def _is_filled(cells: Sequence[str | None]) -> bool:
    return any(map(_says, cells))


def _below(top: Sequence[Sequence[str | None]], index: int) -> int:
    """Index of the first data row: skips a row of column numbers ``(1) (2) (3)``."""
    return index + (index < len(top) and is_numbering(top[index]))


def is_numbering(cells: Sequence[str | None]) -> bool:
    """Whether a row numbers its columns: ``(1) (2) (3)``."""
    numbers = [_ORDINAL.fullmatch(cell.strip()) for cell in cells if cell and cell.strip()]
    values = [int(match[1]) for match in numbers if match]
    ordered = all(later - earlier == 1 for earlier, later in pairwise(values))
    return len(values) >= 3 and len(values) == len(numbers) and ordered


def data_rows(
    rows: Iterable[Row], spot: Spot, kind: Kind, contract: Contract, left_out: LeftOut
) -> Iterator[Row]:
    """Rows that may be data: no blank ones, no head again (as on every printed page), no line of totals.
    What is signed or noted between and below them is told by its values, once they are typed.
    """
    columns = spot.match.columns
    needed = [columns.index(column.name) for column in kind.required]
    key, head = needed[0], _cells_at(Row(0, spot.cells), needed)
    paged = False
    totals = Totals(contract)
    for row in rows:
        first = next((cell for cell in row.cells if cell and not cell.isspace()), None)
        if first is None:
            if row.structure is not None:
                yield row
            continue
        if (
            len(row.cells) > key
            and row.cells[key] == head[0]
            and all(head)
            and _cells_at(row, needed) == head
        ):
            paged = True
            left_out[HEAD_AGAIN] += 1
            continue
        if paged and is_numbering(row.cells):
            left_out[NUMBERING] += 1
            continue
        paged = False
        if totals.may_begin(first) and totals.closes(first, row.cells, key):
            left_out[TOTAL] += 1
            continue
        yield row


def _cells_at(row: Row, places: Sequence[int]) -> list[str | None]:
    return [row.cells[place] if place < len(row.cells) else None for place in places]


class Totals:
    """Tells lines of totals by the words of the contract."""

    def __init__(self, contract: Contract) -> None:
        self._whole = tuple(fold(total) for total in contract.totals)
        self._first = {total.casefold().split()[0] for total in contract.totals}
        self._initials = {total[:1] for total in self._whole}

    def may_begin(self, first: str) -> bool:
        """Whether a look is worth it; spares it nearly every row."""
        return fold(first.lstrip()[:1]) in self._initials

    def closes(self, first: str, cells: Sequence[str | None], key: int) -> bool:
        """Whether the row of ``cells``, of which ``first`` is the first that says something, is a total: of
        the key it tells at most a count.
        """
        keyed = cells[key] if key < len(cells) else None
        if keyed and keyed is not first and not keyed.strip().isdigit():
            return False
        word = fold(first[:_TOTAL_LENGTH])
        if word in self._whole or word.startswith(self._whole[:2]):
            return True
        # "Cộng Lĩnh vực Đất đai: 4". The rest of a dossier would be times and codes; of a total it is sums.
        begin = unicodedata.normalize("NFC", first[:_TOTAL_LENGTH]).split()[0].rstrip(":").casefold()
        others = [cell for cell in cells if cell is not first and _says(cell)]
        return begin in self._first and all(_SUM.fullmatch(str(cell)) for cell in others)


def _fitted_rows(rows: Iterable[Row], spot: Spot) -> Iterator[Row]:
    """Rows as wide as the head, give or take empty cells at their ends; others are broken."""
    width, whole_width = len(spot.match.columns), max(len(spot.cells), len(spot.match.columns))
    for row, may_be_filled in with_whole(rows, spot.below, width):
        length = len(row.cells)
        if row.structure is not None or not row.cells or length == width:
            yield row
        elif length < width:
            filled = (*row.cells, *[None] * (width - length))
            yield Row(row.line, filled, None if may_be_filled else "wrong_field_count")
        elif length <= whole_width or not any(row.cells[width:]):
            yield Row(row.line, row.cells[:width])
        else:
            yield Row(row.line, row.cells[:width], "wrong_field_count")


def batches(
    rows: Iterator[Row],
    part: int,
    head: Head,
    kind: Kind,
    contract: Contract,
    *,
    addressed: bool,
    swapped: Mapping[int, str] = NOTHING_SWAPPED,
) -> Iterator[pa.Table]:
    """Rows of data as tables of at most ``BATCH_ROWS`` rows, their cells cleaned.

    A cell that shows an error instead of a value breaks its row, with its place in the sheet if the rows are
    ``addressed``; in a column that does not land it is nothing.
    """
    places = [(index, name) for index, name in enumerate(head.columns) if name is not None]
    width = len(head.columns)
    nulls = frozenset(contract.null_words)
    while batch := list(islice(rows, BATCH_ROWS)):
        lines, structures = [row.line for row in batch], [row.structure for row in batch]
        texts = _columns([row.cells for row in batch], width)
        # Before cleaning: blanks and signs that it takes away are letters in other writings.
        columns = {name: clean_column(turned_back(texts[place]), nulls) for place, name in places}
        refuse_lost(columns.values())
        for place, name in places:
            column = columns[name]
            for index, fault in _faults(column):
                word, column[index] = column[index], None
                if kind.column(name).minor:
                    column[index] = GARBLED
                elif kind.column(name).lake is not None:
                    structures[index] = structures[index] or f"{fault} {name}"
                    column[index] = _shown(word, fault, column_letters(place), lines[index], addressed)
        yield text_table(part, lines, structures, columns, swapped)


def _faults(column: Sequence[str | None]) -> list[tuple[int, str]]:
    """Where a column shows an error, and the rule that it breaks."""
    return [
        (index, fault)
        for index, cell in enumerate(column)
        if cell is not None and cell[0] == "#" and (fault := fault_of(cell)) is not None
    ]


def _shown(word: str | None, fault: str, letters: str, line: int, addressed: bool) -> str | None:
    """What is told of a cell in error: ``ô F17: #REF!``."""
    told = None if fault == "uncalculated" else word
    place = f"ô {letters}{line}" if addressed else None
    return ": ".join(text for text in (place, told) if text) or None


def _columns(rows: Sequence[Sequence[str | None]], width: int) -> list[tuple[str | None, ...]]:
    """Rows turned into ``width`` columns; short rows are filled up, long ones cut."""
    even = [row if len(row) == width else (*row[:width], *[None] * (width - len(row))) for row in rows]
    return list(zip(*even, strict=True))
