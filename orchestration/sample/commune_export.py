"""One commune's ``hoso`` files, day by day, with the faults planted in them, and what a reader can get from them.

This is the unit of work that runs in parallel: it takes one commune's dossiers, needs nothing else and
leaves files and a ``Written``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from orchestration.contract import Column
from orchestration.sample.columns import COLUMNS, Cell, Source, columns, procedure_names
from orchestration.sample.faults import BAD_ROW_SHARE, Broken
from orchestration.sample.formats import PROVINCE_FILE, Format
from orchestration.sample.heads import contract_columns, head
from orchestration.sample.lines import LINE_END, csv_lines, json_lines
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import invent
from orchestration.sample.states import Exports, Rows, State, change_rows, state
from orchestration.sample.streams import stream
from orchestration.sample.text import Text, join, pieces, take
from orchestration.sample.truth import Totals, as_delivered, in_truth
from orchestration.sample.worktime import DAY, Flags, Times, to_date
from orchestration.sample.writers import Sheet, Tally, encoded, json_document, packed, spreadsheet, write

SHIFTED_COLUMN = "MaTTHC"
ERROR_PAGE = (
    b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
)
GROUPS = {
    "MaHoSo": "Thông tin hồ sơ",
    "NgayNopHoSo": "Thời gian",
    "TongLePhi": "Phí, thành phần",
    "ChuHoSo": "Người nộp",
}


@dataclass(frozen=True)
class Plight:
    """What goes wrong with one commune's files; arrays per export day, as in ``faults.Delivery``."""

    late: Flags
    broken: npt.NDArray[np.int64]
    resent: Flags
    doubled: Flags
    part: Flags
    bad_rows: Flags
    mtime: Times


@dataclass(frozen=True)
class CommuneJob:
    """All that one commune's export needs."""

    source: Source
    exports: Exports
    plight: Plight
    form: Format
    out: Path
    seed: int


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
    rows: int = 0
    tally: Tally = field(default_factory=Tally)
    faults: list[FileFault] = field(default_factory=list)
    truth: Totals | None = None
    delivered: Totals | None = None
    shared: dict[int, bytes] = field(default_factory=dict)


def export(job: CommuneJob) -> Written:
    """Write one commune's files."""
    source, form = job.source, job.form
    rows = change_rows(source.arrivals, source.course, job.exports)
    condition = state(source.arrivals, source.course, rows)
    rng = stream(job.seed, f"rows {source.commune.code}")
    spoiled = job.plight.bad_rows[rows.export] & (rng.random(len(rows.dossier)) < BAD_ROW_SHARE)
    spoiled[np.flatnonzero(np.diff(rows.export, prepend=-1) > 0)] |= job.plight.bad_rows[
        rows.export[np.diff(rows.export, prepend=-1) > 0]
    ]
    persons = invent(
        load_people(), len(source.arrivals.commune), source.commune.name, source.province, procedure_names(source),
        job.seed, source.commune.code,
    )  # fmt: skip
    cells = columns(source, persons, rows, condition, form, spoiled)
    written = Written(source.commune.code, rows=len(rows.dossier))
    writer = _Writer(job, rows, condition, cells, spoiled, written)
    writer.run()
    lost = spoiled | ((job.plight.broken[rows.export] != Broken.SOUND) & ~job.plight.resent[rows.export])
    written.truth = in_truth(source, job.exports)
    written.delivered = as_delivered(source, rows, condition, ~lost, job.exports)
    return written


def province_head() -> bytes:
    """The line of heads of the province's shared file."""
    names = [column.name for column in contract_columns("hoso", COLUMNS)]
    return (PROVINCE_FILE.delimiter.join(names) + LINE_END).encode()


class _Writer:
    """Cuts one commune's rows into files."""

    def __init__(
        self,
        job: CommuneJob,
        rows: Rows,
        condition: State,
        cells: dict[str, Cell],
        spoiled: Flags,
        written: Written,
    ) -> None:
        self.job, self.rows, self.cells, self.spoiled, self.written = job, rows, cells, spoiled, written
        self.condition = condition
        self.fields: list[Column] = contract_columns("hoso", COLUMNS)
        self.names = [column.name for column in self.fields]
        self.starts = np.searchsorted(rows.export, np.arange(len(job.exports.days) + 1))

    def run(self) -> None:
        """Write every export day's file, or hand its lines over to the province's file."""
        form = self.job.form
        lines = self._lines() if form.kind != "xlsx" else None
        contents = pieces(lines, [int(start) for start in self.starts[:-1]]) if lines is not None else None
        for export, day in enumerate(self.job.exports.days):
            begin, end = int(self.starts[export]), int(self.starts[export + 1])
            if not self.job.exports.sent[export]:
                continue
            if form.province_file:
                self.written.shared[export] = contents[export] if contents else b""
                continue
            content = (
                self._sheet(begin, end, int(day)) if contents is None else self._document(contents[export])
            )
            self._deliver(export, int(day), begin, end, content)

    def _lines(self) -> Text:
        job = self.job
        if job.form.kind == "json":
            objects = json_lines(job.source, self.cells, self.names, self.rows, self.condition, job.form)
            return join([objects, ",\n"])
        return csv_lines(self.cells, self.names, job.form.delimiter, self.rows.dossier)

    def _head(self) -> bytes:
        heads = [head(column, self.job.form.heads) for column in self.fields]
        return (self.job.form.delimiter.join(heads) + LINE_END).encode()

    def _document(self, body: bytes) -> bytes:
        if self.job.form.kind == "json":
            return packed(json_document(body.removesuffix(b",\n"), self.job.form), self.job.form)
        return packed(encoded(self._head() + body, self.job.form), self.job.form)

    def _sheet(self, begin: int, end: int, day: int) -> bytes:
        table = [
            (
                take(cell.text, self.rows.dossier[begin:end])
                if not cell.moves
                else cell.text.slice(begin, end - begin)
            )
            for cell in (self.cells[name] for name in self.names)
        ]
        numeric = {"integer", "money", "flag"}
        return spreadsheet(
            Sheet(
                title=(
                    f"UBND {self.job.source.commune.name}".upper(),
                    "DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH",
                    f"Ngày {to_date(day * DAY):%d/%m/%Y}",
                ),
                groups=[GROUPS.get(name, "") for name in self.names],
                heads=[head(column, self.job.form.heads) for column in self.fields],
                dates=frozenset(
                    place for place, column in enumerate(self.fields) if column.type == "timestamp"
                ),
                numbers=frozenset(
                    place for place, column in enumerate(self.fields) if column.type in numeric
                ),
                rows=list(zip(*(column.to_pylist() for column in table), strict=True)),
            ),
            self.job.form,
        )

    def _deliver(self, export: int, day: int, begin: int, end: int, content: bytes) -> None:
        job, plight = self.job, self.job.plight
        date = to_date(day * DAY)
        extension = f".{job.form.kind}{'.gz' if job.form.gzip else ''}"
        stem = f"hoso_{job.source.commune.code}_{date:%Y%m%d}"
        folder, mtime = job.out / date.isoformat(), int(plight.mtime[export])
        count = end - begin
        broken = Broken(int(plight.broken[export]))

        def note(kind: str, file: str, rows_read: int, rows: int) -> None:
            self.written.faults.append(FileFault(kind, date.isoformat(), file, rows_read, rows))

        if plight.late[export]:
            note("late_file", stem + extension, count, 0)
        if broken is not Broken.SOUND:
            note(f"broken_{broken.name.lower()}", stem + extension, count, count)
            self._write(folder / (stem + extension), self._broken(broken, begin, end, content), mtime)
            if plight.resent[export]:
                resent = f"{stem}_lai{extension}"
                note("resent_file", resent, count, count)
                following = int(job.exports.days[export + 1]) * DAY
                self._write(folder / resent, content, following + 9 * 3600 + export % 60)
            return
        if plight.doubled[export] and count:
            again = min(count, 8)
            content = self._document(self._raw(begin, end) + self._raw(begin, begin + again))
            note("duplicate_rows", stem + extension, count + again, again)
        if plight.bad_rows[export]:
            note("bad_rows", stem + extension, count, int(self.spoiled[begin:end].sum()))
        self._write(folder / (stem + extension), content, mtime)
        if plight.part[export] and count:
            again = min(count, 12)
            note("repeated_part", f"{stem}_bo{extension}", again, again)
            self._write(
                folder / f"{stem}_bo{extension}", self._document(self._raw(begin, begin + again)), mtime + 1
            )

    def _raw(self, begin: int, end: int, names: list[str] | None = None) -> bytes:
        """The lines of some rows of a CSV commune."""
        cells = {
            name: Cell(cell.text.slice(begin, end - begin), True) if cell.moves else cell
            for name, cell in self.cells.items()
        }
        lines = csv_lines(cells, names or self.names, self.job.form.delimiter, self.rows.dossier[begin:end])
        return pieces(lines, [0])[0]

    def _broken(self, broken: Broken, begin: int, end: int, content: bytes) -> bytes:
        if broken is Broken.EMPTY:
            return b""
        if broken is Broken.TRUNCATED:
            return content[: len(content) * 2 // 3]
        if broken is Broken.ERROR_PAGE:
            return ERROR_PAGE
        return self._document(self._raw(begin, end, [name for name in self.names if name != SHIFTED_COLUMN]))

    def _write(self, path: Path, content: bytes, mtime: int) -> None:
        write(path, content, mtime, self.written.tally)
