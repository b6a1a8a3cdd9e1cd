"""Reading the deliveries of one pass onto the bench: each file by the reader that fits it.

One broken file never stops another. A file that a reader cannot read gets its fault; an error that nobody
foresaw is logged without the values of rows and makes the file unreadable.
"""

from __future__ import annotations

import io
import logging
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa

from orchestration.contract import Contract
from orchestration.disk import is_full
from orchestration.landing.files import Delivery, DeliveryName, FileError, Part
from orchestration.landing.inbox import is_lost
from orchestration.landing.judging.judge import Bench, Origin
from orchestration.landing.readers.archives import unpack_gzip, unpack_zip
from orchestration.landing.readers.csv_careful import read_careful
from orchestration.landing.readers.csv_scan import CsvLayout, layout_of, look_deep, scan
from orchestration.landing.readers.json_reader import read_json, read_json_lines
from orchestration.landing.readers.sheet_grid import tabulate_sheets
from orchestration.landing.readers.signatures import LOOK, foreign_format, is_spreadsheet
from orchestration.landing.readers.spreadsheet import SpreadsheetPool, Workbook

log = logging.getLogger(__name__)

_FLUSH_ROWS = 50_000
# Spreadsheets that children may open while rows of others are judged: enough to keep them busy meanwhile.
_AHEAD_BYTES = 16 << 20
# Rows of a set that one thread of the engine takes at a time.
_SET_ROWS = 10_000
_GLOB = frozenset("*?[]{}")

Opener = Callable[[], BinaryIO]
NameCheck = Callable[[str], DeliveryName]


@dataclass(frozen=True)
class _Opening:
    """A spreadsheet that a child is opening, and its size in bytes."""

    delivery: Delivery
    part: Part
    size: int
    book: Future[Workbook]


class _Judged:
    """What the bench says of the parts of one kind: their rows, which have faults."""

    def __init__(self, bench: Bench, kind: str) -> None:
        self.rows = bench.rows_of(kind)
        self.faulty = bench.faulty_parts(kind)


class Reading:
    """Brings deliveries onto the bench. Holds what waits for a statement that many files share."""

    def __init__(
        self,
        bench: Bench,
        contract: Contract,
        spreadsheets: SpreadsheetPool,
        check_name: NameCheck,
        export_date: date,
    ) -> None:
        self._bench = bench
        self._contract = contract
        self._spreadsheets = spreadsheets
        self._check_name = check_name
        self._export_date = export_date
        self.parts: list[Part] = []
        self._deliveries: dict[int, Delivery] = {}
        self._regular: dict[CsvLayout, dict[Path, Part]] = {}
        self._counted: dict[int, int] = {}  # by part: lines
        self._tables: dict[tuple[str, Origin], list[pa.Table]] = {}
        self._waiting = 0
        self._sheets: deque[_Opening] = deque()
        self._ahead_bytes = 0

    def read(self, delivery: Delivery) -> None:
        """Read one delivery as far as it can be read alone. Never raises for what a file holds."""
        self._deliveries[delivery.number] = delivery
        parsed = delivery.found.parsed
        if delivery.fault is None and parsed is not None:
            with self._guarded(delivery):
                self._read(delivery, parsed)

    def finish(self) -> None:
        """Run the statements that files share, and see to it that no row gets lost in them."""
        self._take_sheets(0)
        self._judge_regular()
        self._flush()
        self._bench.doubt_swapped(self._export_date)
        for delivery in self._deliveries.values():
            if delivery.fault is not None:
                self._bench.forget(delivery.kind, self._parts_of(delivery))
                delivery.left_out.clear()
        for part in self.parts:
            self._deliveries[part.delivery].left_out += self._bench.left_out(part.number)

    def _read(self, delivery: Delivery, name: DeliveryName) -> None:
        path = delivery.found.path
        if delivery.found.size == 0:
            raise FileError("empty")
        if name.wrapper == "zip":
            for member in unpack_zip(path, self._contract):
                self._read_part(delivery, self._member_name(member.name, name), member.open, None)
        elif name.wrapper == "gz":
            content = unpack_gzip(path, self._contract)
            self._read_part(delivery, name, lambda: io.BytesIO(content), None)
        else:
            self._read_part(delivery, name, lambda: path.open("rb"), path)

    def _member_name(self, member: str, archive: DeliveryName) -> DeliveryName:
        """What is known of a member: its own name if that is a delivery's name, else the archive's."""
        extension = member.rpartition(".")[2].lower()
        if extension not in self._contract.file_name.formats:
            raise FileError("mixed_archive")
        try:
            own = self._check_name(member)
        except FileError as fault:
            if fault.rule != "bad_name":
                raise FileError("mixed_archive") from fault
            return DeliveryName(archive.kind, archive.unit, extension, None)
        if own.kind != archive.kind or (archive.is_of_commune and own.unit != archive.unit):
            raise FileError("mixed_archive")
        return own

    def _read_part(self, delivery: Delivery, name: DeliveryName, opener: Opener, path: Path | None) -> None:
        commune = name.unit if name.is_of_commune else None
        part = Part(len(self.parts), delivery.number, name.kind, commune)
        self.parts.append(part)
        with opener() as source:
            start = source.read(LOOK)
        if name.format in ("json", "jsonl"):
            self._read_json(delivery, part, opener, lines=name.format == "jsonl")
        elif is_spreadsheet(start):
            with opener() as source:
                content = source.read()
            self._sheets.append(_Opening(delivery, part, len(content), self._spreadsheets.submit(content)))
            self._ahead_bytes += len(content)
            self._take_sheets(_AHEAD_BYTES)
        elif (foreign := foreign_format(start)) is not None:
            raise FileError("foreign_format", format=foreign)
        else:
            self._read_csv(delivery, part, opener, path)

    def _read_json(self, delivery: Delivery, part: Part, opener: Opener, lines: bool) -> None:
        read = read_json_lines if lines else read_json
        unknown, tables = read(opener, part.number, self._contract.kinds[part.kind], self._contract)
        delivery.unknown += unknown
        self._take(part, tables, of_table=False)

    def _read_csv(self, delivery: Delivery, part: Part, opener: Opener, path: Path | None) -> None:
        """A regular file waits for its layout's statement; any other is read now, with care."""
        kind = self._contract.kinds[part.kind]
        if path is not None and _plain_path(path):
            with opener() as source:
                survey = scan(source)
            regular = layout_of(survey, kind, self._contract, part.commune is None)
            if regular is not None:
                layout, head = regular
                delivery.unknown += head.unknown
                self._regular.setdefault(layout, {})[path] = part
                self._counted[part.number] = survey.lines
                return
        self._read_csv_with_care(delivery, part, opener)

    def _read_csv_with_care(self, delivery: Delivery, part: Part, opener: Opener) -> None:
        kind = self._contract.kinds[part.kind]
        head, tables = read_careful(opener, part.number, kind, self._contract, delivery.left_out)
        delivery.unknown += head.unknown
        self._take(part, tables)

    def _take(self, part: Part, tables: Iterable[pa.Table], *, of_table: bool = True) -> None:
        """Queue tables for judging; small files share a statement, large ones pass in batches."""
        origin = Origin(part.commune is None, of_table)
        for table in tables:
            self._tables.setdefault((part.kind, origin), []).append(table)
            self._waiting += table.num_rows
            if self._waiting >= _FLUSH_ROWS:
                self._flush()

    def _take_sheets(self, leave_bytes: int) -> None:
        """Tabulate spreadsheets in their order until no more than ``leave_bytes`` of them are under way."""
        while self._ahead_bytes > leave_bytes:
            opening = self._sheets.popleft()
            self._ahead_bytes -= opening.size
            with self._guarded(opening.delivery):
                part = opening.part
                kind = self._contract.kinds[part.kind]
                unknown, tables = tabulate_sheets(
                    opening.book.result(), part.number, kind, self._contract, opening.delivery.left_out
                )
                opening.delivery.unknown += unknown
                self._take(part, tables)

    def _flush(self) -> None:
        queued, self._tables, self._waiting = self._tables, {}, 0
        for kind in dict.fromkeys(kind for kind, _ in queued):
            tables = {origin: some for (of_kind, origin), some in queued.items() if of_kind == kind}
            together = {origin: _in_sets(some) for origin, some in tables.items()}
            try:
                self._bench.judge_tables(kind, together)
            except Exception as error:
                _pass_on_full_disk(error)
                _log_without_values("judging together failed, trying file by file", error)
                for origin, some in tables.items():
                    for table in some:
                        self._judge_alone(kind, table, origin)

    def _judge_alone(self, kind: str, table: pa.Table, origin: Origin) -> None:
        delivery = self._deliveries[self.parts[table["part"][0].as_py()].delivery]
        with self._guarded(delivery):
            self._bench.judge_tables(kind, {origin: table})

    def _judge_regular(self) -> None:
        """Judge regular files together. What does not bring a row per record is read again, with care."""
        regular, self._regular = self._regular, {}
        for kind in dict.fromkeys(layout.kind for layout in regular):
            layouts = {layout: files for layout, files in regular.items() if layout.kind == kind}
            self._judge_files(
                [(layout, *file) for layout, files in layouts.items() for file in files.items()]
            )
            judged = _Judged(self._bench, kind)
            for layout, files in layouts.items():
                for path, part in files.items():
                    if not self._is_whole(layout, path, part, judged):
                        self._read_again(path, part)

    def _is_whole(self, layout: CsvLayout, path: Path, part: Part, judged: _Judged) -> bool:
        """Whether the rows on the bench are those of the file, and their lines are told.

        Of a CSV with faults whose records span lines they are not: its sender is told lines, not records.
        """
        rows, faulty = judged.rows.get(part.number, 0), part.number in judged.faulty
        records = rows + 1
        if records == self._counted[part.number]:
            return True
        return not faulty and _records_of(path, layout) == records

    def _judge_files(self, files: list[tuple[CsvLayout, Path, Part]]) -> None:
        """Judge in one statement; if that fails, in halves, until the file is alone that makes it fail.

        Of that one no row is judged, by which the caller knows it.
        """
        by_layout: dict[CsvLayout, dict[Path, Part]] = {}
        for layout, path, part in files:
            by_layout.setdefault(layout, {})[path] = part
        try:
            self._bench.judge_files(by_layout)
        except Exception as error:
            _pass_on_full_disk(error)
            if not isinstance(error, duckdb.InvalidInputException | duckdb.IOException):
                _log_without_values("judging files together failed", error)
            half = len(files) // 2
            for some in (files[:half], files[half:]):
                if half:
                    self._judge_files(some)

    def _read_again(self, path: Path, part: Part) -> None:
        self._bench.forget(part.kind, [part.number])
        delivery = self._deliveries[part.delivery]
        with self._guarded(delivery):
            self._read_csv_with_care(delivery, part, lambda: path.open("rb"))

    def _parts_of(self, delivery: Delivery) -> list[int]:
        return [part.number for part in self.parts if part.delivery == delivery.number]

    @contextmanager
    def _guarded(self, delivery: Delivery) -> Generator[None]:
        """Whatever goes wrong inside is the fault of this delivery alone."""
        try:
            yield
        except FileError as fault:
            delivery.fault = fault
        except Exception as error:
            _pass_on_full_disk(error)
            _log_without_values(f"reading {delivery.found.name} failed", error)
            delivery.left = delivery.left or is_lost(error)
            parsed = delivery.found.parsed
            delivery.fault = FileError("unreadable", format=(parsed and parsed.format) or "")


def _records_of(path: Path, layout: CsvLayout) -> int | None:
    """Records of a file whose lines are not its records; None if they cannot be told, or it is gone."""
    try:
        with path.open("rb") as source:
            return look_deep(source, layout)
    except OSError:
        return None


def _in_sets(tables: list[pa.Table]) -> pa.Table:
    """All rows, in sets of one size: the engine works in sets, and a small file is hardly one."""
    together = pa.concat_tables(tables, promote_options="default").combine_chunks()
    return pa.Table.from_batches(together.to_batches(max_chunksize=_SET_ROWS), together.schema)


def _plain_path(path: Path) -> bool:
    """Whether DuckDB takes the path literally."""
    text = str(path)
    return not _GLOB.intersection(text) and text.isprintable()


def _pass_on_full_disk(error: Exception) -> None:
    """Raise ``error`` again if it is our disk that is full: no file is at fault, so none may be rejected."""
    if is_full(error):
        raise error


def _log_without_values(what: str, error: BaseException) -> None:
    """Log where an error came from. Its words are left out: parsers quote the content of rows."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)
