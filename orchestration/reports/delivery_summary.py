"""The provincial centre's summary of a day: who has to be called, what for, and what goes wrong most.

Pure: facts in, a workbook out. Faults are the ledger's, whatever became of the release; who is missing or
late and what is in doubt is the release's, and said with its date, or said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from orchestration.contract import Contract
from orchestration.landing.ledger import REJECTED
from orchestration.reports.delivery_facts import DeliveryFact, DeliveryFacts
from orchestration.reports.doubt_facts import DoubtFacts
from orchestration.reports.doubt_pages import province_doubt_lines, write_province_doubts
from orchestration.reports.fault_facts import FileFact, RuleFact
from orchestration.reports.fault_letter import complaint, verdict
from orchestration.reports.sheets import Book, Cell, Column, Style
from orchestration.reports.wording import (
    column_name,
    counted,
    file_rule,
    kind_name,
    row_rule,
    without_remedy,
)

_MISSING, _LATE = "missing", "late"
_UNKNOWN = "Chưa biết: chưa có bản công bố nào."
_NOT_DUE = "Bản công bố chưa tính ngày này là phải gửi (ngày nghỉ, hoặc chưa đến giờ chốt)."
_NOT_JUDGED = "Biết sau lần công bố tới."


class Need(IntEnum):
    """Why a commune stands in the summary; what needs action first comes first."""

    MISSING = 1
    REJECTED = 2
    PARTIAL = 3
    LATE = 4
    RESENT = 5
    DOUBLED = 6


_NEEDS = {
    Need.MISSING: ("Chưa gửi", "Nhắc đơn vị gửi tệp của ngày này."),
    Need.REJECTED: ("Không nhận được", "Gửi thư lỗi, nhắc sửa và gửi lại."),
    Need.PARTIAL: ("Nhận một phần", "Gửi thư lỗi, nhắc sửa và gửi lại."),
    Need.LATE: ("Gửi muộn", "Nhắc gửi trước giờ chốt."),
    Need.RESENT: ("Đã gửi lại", "Không phải làm gì."),
    Need.DOUBLED: ("Trùng hai hệ thống", "Không phải làm gì: mỗi hồ sơ chỉ tính một lần."),
}
_FIGURES = (Column("Chỉ tiêu", Style.STRONG), Column("Số lượng", Style.NUMBER), Column("Ghi chú", span=4))
_RULES = (
    Column("Lỗi hay gặp", Style.STRONG),
    Column("Cột"),
    Column("Số dòng", Style.NUMBER),
    Column("Số đơn vị", Style.NUMBER),
    Column("Sai ở đâu"),
    Column("Cách sửa"),
)
_DOUBTS = (Column("Dòng được nhận nhưng còn nghi vấn", Style.STRONG, span=2), *_RULES[2:])
_COUNTS = ("rows_read", "rows_accepted", "rows_rejected")
_FRONT_WIDTHS = (32, 30, 11, 11, 50, 44)
_UNITS = (
    Column("STT", Style.NUMBER),
    Column("Mã"),
    Column("Đơn vị", Style.STRONG),
    Column("Loại dữ liệu"),
    Column("Tình trạng", Style.STRONG),
    Column("Đọc", Style.NUMBER),
    Column("Nhận", Style.NUMBER),
    Column("Loại", Style.NUMBER),
    Column("Tệp"),
    Column("Chi tiết"),
    Column("Việc cần làm"),
    Column("Thư lỗi"),
)
_UNIT_WIDTHS = (6, 8, 22, 14, 16, 8, 8, 8, 28, 42, 34, 42)
_STRAYS = (
    Column("STT", Style.NUMBER),
    Column("Tệp"),
    Column("Loại dữ liệu"),
    Column("Kết quả", Style.STRONG),
    Column("Số dòng", Style.NUMBER),
    Column("Sai ở đâu"),
    Column("Cách sửa"),
)
_STRAY_WIDTHS = (6, 40, 16, 18, 10, 54, 44)


@dataclass(frozen=True)
class Summary:
    """What is known of one export date. ``deliveries`` is None before the first release.

    ``names`` is by commune code, ``letters`` gives the file name of a commune's letter.
    """

    export_date: date
    province: str
    files: tuple[FileFact, ...]
    rules: tuple[RuleFact, ...]
    deliveries: DeliveryFacts | None
    names: Mapping[str, str]
    letters: Mapping[str, str]
    doubts: DoubtFacts

    @property
    def file_name(self) -> str:
        """``tong-hop_20251204.xlsx``."""
        return f"tong-hop_{self.export_date:%Y%m%d}.xlsx"


@dataclass(frozen=True)
class _Unit:
    """A commune and kind that stand in the summary."""

    need: Need
    commune: str
    kind: str
    files: tuple[FileFact, ...]
    detail: str

    def sum(self, name: str) -> int:
        return sum(getattr(file, name) for file in self.files)


def summary_bytes(summary: Summary, contract: Contract) -> bytes:
    """The summary as a workbook."""
    title = f"Giao nhận dữ liệu ngày {summary.export_date:%d/%m/%Y}, {summary.province}"
    book = Book(title, _stamp(summary), title)
    units = sorted(_units(summary, contract), key=lambda unit: (unit.need, unit.commune, unit.kind))
    _write_front(book, summary, units, contract)
    _write_units(book, summary, units, contract)
    if summary.doubts.totals:
        write_province_doubts(book, summary.doubts, contract, summary.names, summary.letters)
    strays = [file for file in summary.files if file.commune_code is None and file.is_faulty]
    if strays:
        page = book.sheet("Tệp chưa rõ đơn vị", _STRAY_WIDTHS)
        lines = [_stray_line(file, contract) for file in strays]
        page.table(_STRAYS, [(number, *line) for number, line in enumerate(lines, start=1)], is_page=True)
    return book.bytes()


def _stamp(summary: Summary) -> datetime:
    """The newest of what the summary is made from."""
    landed = [file.landed_at for file in summary.files]
    built = [summary.deliveries.built_at] if summary.deliveries else []
    return max([*landed, *built])


def _units(summary: Summary, contract: Contract) -> Iterator[_Unit]:
    sent: dict[tuple[str, str], list[FileFact]] = {}
    for file in summary.files:
        if file.commune_code is not None:
            sent.setdefault((file.commune_code, file.kind), []).append(file)
    rows = summary.deliveries.rows if summary.deliveries else ()
    told = {(row.commune_code, row.kind): row for row in rows if row.commune_code in summary.names}
    for key in sorted(sent.keys() | told.keys()):
        files, row = sent.get(key, []), told.get(key)
        need = _need(files, row)
        if need is not None:
            detail = "\n".join(_details(files, row, contract))
            yield _Unit(need, *key, tuple(files), detail)


def _need(files: Sequence[FileFact], row: DeliveryFact | None) -> Need | None:
    """The most urgent of what a commune gives cause for. What the ledger has outweighs an older release."""
    if not files:
        # A province-wide file that was turned back concerns whoever sent nothing else.
        return {_MISSING: Need.MISSING, REJECTED: Need.REJECTED}.get(row.status) if row else None
    if all(file.status == REJECTED and not file.earlier_counts for file in files):
        return Need.REJECTED
    if any(file.is_faulty for file in files):
        return Need.PARTIAL
    if row is not None and row.status == _LATE:
        return Need.LATE
    if any(file.times_sent > 1 for file in files):
        return Need.RESENT
    return Need.DOUBLED if row is not None and row.doubles else None


def _details(files: Sequence[FileFact], row: DeliveryFact | None, contract: Contract) -> Iterator[str]:
    for file in files:
        wrong = complaint(file, contract)
        if wrong:
            yield f"{verdict(file)}: {wrong}" if file.status == REJECTED else wrong
    if row is not None and not files and row.reason:
        yield row.reason
    if row is not None and row.status == _LATE and row.arrived_at:
        yield f"Gửi muộn, lúc {row.arrived_at:%H:%M} ngày {row.arrived_at:%d/%m/%Y}."
    if row is not None and row.status == _MISSING and files:
        yield "Nhận được sau bản công bố gần nhất."
    for file in files:
        if file.times_sent > 1:
            yield f"Gửi lại {file.times_sent - 1} lần."
    if row is not None and row.doubles:
        yield f"{counted(row.doubles)} hồ sơ do cả hai hệ thống gửi."


def _write_front(book: Book, summary: Summary, units: Sequence[_Unit], contract: Contract) -> None:
    page = book.sheet("Tổng hợp", _FRONT_WIDTHS)
    page.line("TỔNG HỢP GIAO NHẬN DỮ LIỆU", Style.TITLE, height=26)
    page.line(f"{summary.province}, dữ liệu ngày {summary.export_date:%d/%m/%Y}", Style.SUBTITLE, height=18)
    for source in _sources(summary):
        page.line(source, Style.SUBTITLE)
    page.gap()
    page.line(_call(units), Style.CALL, height=26)
    page.gap()
    page.table(_FIGURES, _figures(summary, units))
    if summary.rules:
        page.gap()
        page.line("Lỗi của các dòng, nhiều nhất trước", Style.SECTION, height=22)
        page.table(_RULES, _rule_lines(summary.rules, contract))
    if summary.doubts.counts:
        page.gap()
        page.line("Nghi vấn, nhiều nhất trước", Style.SECTION, height=22)
        page.table(_DOUBTS, province_doubt_lines(summary.doubts.counts, contract))


def _sources(summary: Summary) -> Iterator[str]:
    """Of when the figures are."""
    if summary.files:
        landed = max(file.landed_at for file in summary.files)
        yield f"Tệp và lỗi: theo sổ giao nhận đến lần nhận lúc {landed:%H:%M} ngày {landed:%d/%m/%Y}."
    else:
        yield "Tệp và lỗi: sổ giao nhận chưa có tệp nào của ngày này."
    told = summary.deliveries
    yield (
        f"Thiếu, muộn và nghi vấn: theo bản công bố {told.release_id}, tính đến ngày {told.as_of:%d/%m/%Y}."
        if told
        else f"Thiếu, muộn và nghi vấn: {_UNKNOWN[0].lower()}{_UNKNOWN[1:]}"
    )


def _call(units: Sequence[_Unit]) -> str:
    asked = [
        f"{counted(len({unit.commune for unit in units if unit.need == need}))} {words[0].lower()}"
        for need, words in _NEEDS.items()
        if need < Need.RESENT and any(unit.need == need for unit in units)
    ]
    return f"Cần xử lý (số đơn vị): {', '.join(asked)}." if asked else "Không có việc cần xử lý."


def _figures(summary: Summary, units: Sequence[_Unit]) -> Iterator[tuple[Cell, ...]]:
    owed = [row for row in summary.deliveries.rows if row.is_expected] if summary.deliveries else []
    why = None if owed else (_NOT_DUE if summary.deliveries else _UNKNOWN)
    late = [row for row in owed if row.status == _LATE]
    punctual = [row for row in owed if row.status not in (_MISSING, _LATE, REJECTED)]

    def communes(need: Need) -> int:
        return len({unit.commune for unit in units if unit.need == need})

    missing = [unit for unit in units if unit.need == Need.MISSING]
    yield "Phải gửi (mỗi đơn vị, mỗi loại)", len(owed) if owed else None, why
    yield "Gửi đúng giờ", len(punctual) if owed else None, why
    yield "Gửi muộn", len(late) if owed else None, why
    yield "Chưa gửi", len(missing) if owed else None, why
    yield (
        "Đơn vị có dữ liệu không nhận được",
        communes(Need.REJECTED),
        "Không dùng được tệp nào của một loại.",
    )
    yield "Đơn vị nhận một phần", communes(Need.PARTIAL), "Có dòng bị loại hoặc có tệp không nhận."
    strays = {file.delivery_id for file in summary.files if file.commune_code is None and file.is_faulty}
    yield "Tệp chưa rõ đơn vị", len(strays), "Không gắn được với xã, phường nào; xem trang riêng."
    yield "Thư lỗi", len(summary.letters), "Nằm cùng thư mục với tệp này."
    resent = {file.file_name for file in summary.files if file.times_sent > 1}
    yield "Tệp được gửi lại", len(resent), "Bản sau thay bản trước."
    doubles = sum(row.doubles for row in summary.deliveries.rows) if summary.deliveries else None
    yield "Hồ sơ hai hệ thống cùng gửi", doubles, "Mỗi hồ sơ chỉ tính một lần."
    is_judged = bool(summary.deliveries and summary.deliveries.rows)
    doubtful = sum(total.rows for total in summary.doubts.totals)
    yield (
        "Dòng nhận nhưng còn nghi vấn",
        doubtful if is_judged else None,
        "Được tính như đơn vị ghi; xem trang riêng." if is_judged else _NOT_JUDGED,
    )
    yield "Tệp đã nhận", len({file.delivery_id for file in summary.files}), "Mỗi tên tệp tính bản mới nhất."
    for label, name in zip(("Số dòng đọc", "Số dòng nhận", "Số dòng loại"), _COUNTS, strict=True):
        yield label, sum(getattr(file, name) for file in summary.files), None


def _rule_lines(rules: Sequence[RuleFact], contract: Contract) -> list[tuple[Cell, ...]]:
    """Over all communes, the rule that most rows break first."""
    groups: dict[tuple[str, str, str], list[RuleFact]] = {}
    for rule in rules:
        groups.setdefault((rule.rule, rule.kind, rule.column or ""), []).append(rule)
    ordered = sorted(groups.items(), key=lambda group: (-sum(rule.rows for rule in group[1]), group[0]))
    lines: list[tuple[Cell, ...]] = []
    for (name, kind, column), found in ordered:
        words = row_rule(contract, name)
        named = f"{column_name(contract, kind, column)} ({column})" if column else kind_name(contract, kind)
        rows, communes = sum(rule.rows for rule in found), len({rule.addressee for rule in found})
        wrong = without_remedy(found[0].reason, words)
        lines.append((words.title, named, rows, communes, wrong, words.remedy))
    return lines


def _write_units(book: Book, summary: Summary, units: Sequence[_Unit], contract: Contract) -> None:
    page = book.sheet("Cần xử lý", _UNIT_WIDTHS)
    lines = [
        (
            number,
            unit.commune,
            summary.names.get(unit.commune, unit.commune),
            kind_name(contract, unit.kind),
            _NEEDS[unit.need][0],
            *(unit.sum(name) if unit.files else None for name in _COUNTS),
            "\n".join(file.file_name for file in unit.files),
            unit.detail,
            _NEEDS[unit.need][1],
            summary.letters.get(unit.commune) if any(file.is_faulty for file in unit.files) else None,
        )
        for number, unit in enumerate(units, start=1)
    ]
    sums = [sum(unit.sum(name) for unit in units) for name in _COUNTS]
    total = ("Cộng", None, None, None, None, *sums, None, None, None, None)
    page.table(_UNITS, lines, total=total, is_page=True)


def _stray_line(file: FileFact, contract: Contract) -> tuple[Cell, ...]:
    rule = file_rule(contract, file.rule)
    return (
        file.file_name,
        kind_name(contract, file.kind),
        verdict(file),
        file.rows_read,
        complaint(file, contract),
        rule.remedy if file.rule else "Ghi mã xã, phường ở từng dòng rồi gửi lại tệp.",
    )
