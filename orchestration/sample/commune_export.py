"""One commune's ``hoso`` files, day by day, with the faults planted in them.

Runs in any process: it takes a ``CommuneJob``, writes the files and returns what a reader can get from
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from orchestration.sample.columns import COLUMNS, Cell, columns, procedure_names
from orchestration.sample.faults import Broken
from orchestration.sample.formats import PROVINCE_FILE
from orchestration.sample.heads import contract_columns, head, head_line
from orchestration.sample.jobs import CommuneJob
from orchestration.sample.lines import csv_lines, json_lines
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import invent
from orchestration.sample.spreadsheet import Sheet, spreadsheet
from orchestration.sample.states import Rows, change_rows, events, state
from orchestration.sample.streams import stream
from orchestration.sample.text import join, repeat
from orchestration.sample.truth import Totals, as_delivered, in_truth
from orchestration.sample.worktime import DAY, HOUR, Flags, to_date
from orchestration.sample.writers import Tally, encoded, json_document, packed, write

SHIFTED_COLUMN = "MaTTHC"
FILLER = "filler"
ERROR_PAGE = (
    b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
)
GROUPS = {
    "MaHoSo": "Thông tin hồ sơ",
    "NgayNopHoSo": "Thời gian",
    "TongLePhi": "Phí, thành phần",
    "ChuHoSo": "Người nộp",
}
BAD_ROW_SHARE = 0.06
# Bad rows must stay few, so that the file is not rejected whole.
BAD_ROWS_FROM = 8
REPEATED_ROWS = 8


@dataclass(frozen=True)
class FileFault:
    """A fault in one file. ``rows`` are the rows concerned, of ``rows_read`` in the file."""

    kind: str
    day: str
    file: str
    rows_read: int
    rows: int


@dataclass
class Written:
    """What a commune's export left behind. ``shared`` holds lines for the province's file, per export."""

    code: str
    truth: Totals
    delivered: Totals
    rows: int
    tally: Tally = field(default_factory=Tally)
    faults: list[FileFault] = field(default_factory=list[FileFault])
    shared: dict[int, bytes] = field(default_factory=dict[int, bytes])


def export(job: CommuneJob) -> Written:
    """Write one commune's files."""
    source, code = job.source, job.source.commune.code
    rows = change_rows(events(source.arrivals, source.course), job.exports)
    condition = state(source.arrivals, source.course, rows)
    spoiled = _spoiled(job, rows)
    size = len(source.arrivals.commune)
    persons = invent(
        load_people(), size, source.commune.name, source.province, procedure_names(source), job.seed, code
    )
    cells = columns(source, persons, rows, condition, job.form, spoiled)
    lost = spoiled | ((job.plight.broken[rows.export] != Broken.SOUND) & ~job.plight.resent[rows.export])
    written = Written(
        code=code,
        truth=in_truth(source, job.exports),
        delivered=as_delivered(source, rows, condition, ~lost, job.exports),
        rows=len(rows.dossier),
    )
    lines = None
    starts = np.searchsorted(rows.export, np.arange(len(job.exports.days) + 1))
    if job.form.kind == "json":
        names = [column.name for column in contract_columns("hoso", COLUMNS)]
        objects = json_lines(source, cells, names, rows, condition, job.form)
        lines = join([objects, ",\n"]).pieces(starts[:-1].tolist())
    elif job.form.kind == "csv":
        lines = _CsvRows(cells, job.form.delimiter, rows).all(starts[:-1].tolist())
    _Files(job, rows, cells, spoiled, starts.tolist(), lines, written).write_all()
    return written


def province_head() -> bytes:
    """The line of heads of the province's shared file."""
    return head_line(contract_columns("hoso", COLUMNS), PROVINCE_FILE)


def _spoiled(job: CommuneJob, rows: Rows) -> Flags:
    """Rows that carry an impossible date: at least the first of each file that has bad rows."""
    rng = stream(job.seed, f"rows {job.source.commune.code}")
    in_file = np.bincount(rows.export, minlength=len(job.exports.days))[rows.export]
    chosen = job.plight.bad_rows[rows.export] & (in_file >= BAD_ROWS_FROM)
    first = np.diff(rows.export, prepend=-1) > 0
    return chosen & (first | (rng.random(len(rows.dossier)) < BAD_ROW_SHARE))


@dataclass(frozen=True)
class _CsvRows:
    """Rows of a CSV commune as lines, all or some."""

    cells: dict[str, Cell]
    delimiter: str
    rows: Rows

    def all(self, starts: Sequence[int]) -> list[bytes]:
        """The lines of every file."""
        names = [column.name for column in contract_columns("hoso", COLUMNS)]
        return csv_lines(self.cells, names, self.delimiter, self.rows.dossier).pieces(starts)

    def some(self, begin: int, end: int, without: str | None = None) -> bytes:
        """The lines of some rows; without a column, all later values stand one place to the left."""
        names = [column.name for column in contract_columns("hoso", COLUMNS) if column.name != without]
        cells = {
            name: Cell(cell.text.slice(begin, end), moves=True) if cell.moves else cell
            for name, cell in self.cells.items()
        }
        if without:
            cells[FILLER] = Cell(repeat("", end - begin), moves=True)
            names.append(FILLER)
        return csv_lines(cells, names, self.delimiter, self.rows.dossier[begin:end]).pieces([0])[0]


@dataclass(frozen=True)
class _Files:
    """Cuts one commune's rows into files. ``lines`` per export, None for spreadsheets."""

    job: CommuneJob
    rows: Rows
    cells: dict[str, Cell]
    spoiled: Flags
    starts: list[int]
    lines: list[bytes] | None
    written: Written

    def write_all(self) -> None:
        """Write every export's file, or hand its lines over to the province's file."""
        for export_place in np.flatnonzero(self.job.exports.sent).tolist():
            if self.job.form.province_file and self.lines is not None:
                self.written.shared[export_place] = self.lines[export_place]
            else:
                self._deliver(export_place)

    def _deliver(self, export_place: int) -> None:
        """One export's file with its faults, and what else is sent for that day."""
        plight, begin, end = self.job.plight, self.starts[export_place], self.starts[export_place + 1]
        count, again = end - begin, min(end - begin, REPEATED_ROWS)
        name, mtime = self._name(export_place), int(plight.mtime[export_place])
        broken = Broken(int(plight.broken[export_place]))
        content = self._content(export_place)
        if plight.late[export_place]:
            self._note("late_file", export_place, name, count, 0)
        if broken is not Broken.SOUND:
            self._note(f"broken_{broken.name.lower()}", export_place, name, count, count)
            self._write(export_place, name, self._break(broken, begin, end, content), mtime)
            if plight.resent[export_place]:
                resent = self._name(export_place, "_lai")
                next_morning = int(self.job.exports.days[export_place + 1]) * DAY + 9 * HOUR
                self._note("resent_file", export_place, resent, count, count)
                self._write(export_place, resent, content, next_morning)
            return
        if plight.doubled[export_place] and again and self.lines is not None:
            content = self._packed(self.lines[export_place] + self._csv().some(begin, begin + again))
            self._note("duplicate_rows", export_place, name, count + again, again)
        spoiled = int(self.spoiled[begin:end].sum())
        if spoiled:
            self._note("bad_rows", export_place, name, count, spoiled)
        self._write(export_place, name, content, mtime)
        if plight.part[export_place] and again:
            part = self._name(export_place, "_bo")
            self._note("repeated_part", export_place, part, again, again)
            self._write(export_place, part, self._packed(self._csv().some(begin, begin + again)), mtime + 1)

    def _csv(self) -> _CsvRows:
        return _CsvRows(self.cells, self.job.form.delimiter, self.rows)

    def _content(self, export_place: int) -> bytes:
        if self.lines is None:
            return self._sheet(export_place)
        return self._packed(self.lines[export_place])

    def _packed(self, lines: bytes) -> bytes:
        form = self.job.form
        if form.kind == "json":
            return packed(json_document(lines.removesuffix(b",\n"), form), form)
        return packed(encoded(head_line(contract_columns("hoso", COLUMNS), form) + lines, form), form)

    def _sheet(self, export_place: int) -> bytes:
        begin, end = self.starts[export_place], self.starts[export_place + 1]
        fields = contract_columns("hoso", COLUMNS)
        cells = [self.cells[column.name] for column in fields]
        columns_of_text = [
            (cell.text.slice(begin, end) if cell.moves else cell.text.take(self.rows.dossier[begin:end]))
            for cell in cells
        ]
        day = to_date(int(self.job.exports.days[export_place]) * DAY)
        sheet = Sheet(
            title=(
                f"UBND {self.job.source.commune.name}".upper(),
                "DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH",
                f"Ngày {day:%d/%m/%Y}",
            ),
            groups=[GROUPS.get(column.name, "") for column in fields],
            heads=[head(column, self.job.form.heads) for column in fields],
            dates=frozenset(at for at, column in enumerate(fields) if column.type == "timestamp"),
            numbers=frozenset(at for at, column in enumerate(fields) if column.type in ("integer", "money")),
            rows=list(zip(*(text.to_list() for text in columns_of_text), strict=True)),
        )
        return spreadsheet(sheet, self.job.form)

    def _break(self, broken: Broken, begin: int, end: int, content: bytes) -> bytes:
        if broken is Broken.EMPTY:
            return b""
        if broken is Broken.TRUNCATED:
            return content[: len(content) * 2 // 3]
        if broken is Broken.ERROR_PAGE:
            return ERROR_PAGE
        return self._packed(self._csv().some(begin, end, without=SHIFTED_COLUMN))

    def _name(self, export_place: int, mark: str = "") -> str:
        day = to_date(int(self.job.exports.days[export_place]) * DAY)
        extension = f".{self.job.form.kind}{'.gz' if self.job.form.gzip else ''}"
        return f"hoso_{self.job.source.commune.code}_{day:%Y%m%d}{mark}{extension}"

    def _note(self, kind: str, export_place: int, file: str, rows_read: int, rows: int) -> None:
        day = to_date(int(self.job.exports.days[export_place]) * DAY).isoformat()
        self.written.faults.append(FileFault(kind, day, file, rows_read, rows))

    def _write(self, export_place: int, name: str, content: bytes, mtime: int) -> None:
        day = to_date(int(self.job.exports.days[export_place]) * DAY).isoformat()
        write(self.job.out / day / name, content, mtime, self.written.tally)
