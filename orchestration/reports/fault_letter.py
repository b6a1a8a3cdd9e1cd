"""The fault letter: what of a commune's exports of a day is wrong or in doubt, how to mend it and by when.

Pure: facts in, a workbook out. When letters are written and where they lie is ``outbox``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from orchestration.contract import Contract, strip_marks
from orchestration.landing.ledger import ACCEPTED, REJECTED
from orchestration.reports.doubt_facts import DoubtFacts
from orchestration.reports.doubt_pages import DOUBT_PAGE, doubt_lines, write_doubts
from orchestration.reports.fault_facts import INNOCENT, FaultFacts, FileFact, RowFact, RuleFact
from orchestration.reports.grouping import grouped
from orchestration.reports.sheets import Book, Cell, Column, Style
from orchestration.reports.wording import (
    column_name,
    counted,
    file_rule,
    kind_name,
    row_rule,
    weekday,
    without_remedy,
)
from orchestration.workdays import next_working_day

_FILES = (
    Column("Tên tệp"),
    Column("Loại dữ liệu"),
    Column("Kết quả", Style.STRONG),
    Column("Đọc", Style.NUMBER),
    Column("Nhận", Style.NUMBER),
    Column("Loại", Style.NUMBER),
    Column("Sai ở đâu"),
    Column("Phải làm gì"),
)
_RULES = (
    Column("Lỗi", Style.STRONG),
    Column("Cột", span=4),
    Column("Số dòng", Style.NUMBER),
    Column("Sai ở đâu"),
    Column("Cách sửa"),
)
_COUNTS = ("rows_read", "rows_accepted", "rows_rejected")
_FRONT_WIDTHS = (32, 16, 18, 9, 9, 9, 48, 42)
_FAULTS = (
    Column("STT", Style.NUMBER),
    Column("Tên tệp"),
    Column("Dòng", Style.NUMBER),
    Column("Cột"),
    Column("Tên trao đổi"),
    Column("Lỗi", Style.STRONG),
    Column("Giá trị (đã che)"),
    Column("Sai ở đâu"),
    Column("Cách sửa"),
)
_FAULT_WIDTHS = (6, 30, 8, 20, 19, 20, 22, 44, 38)
_DOUBTS = (Column("Nghi vấn", Style.STRONG, span=5), *_RULES[2:])
_FRONT_PAGE, _FAULT_PAGE = "Thông báo", "Dòng lỗi"


@dataclass(frozen=True)
class Letter:
    """What one commune is told about one export date. ``rows`` may be fewer than ``rules`` count.

    ``doubts`` are those of the release that there is: none before the first one that knows the day.
    """

    export_date: date
    commune_code: str
    commune_name: str
    files: tuple[FileFact, ...]
    rules: tuple[RuleFact, ...]
    rows: tuple[RowFact, ...]
    doubts: DoubtFacts

    @property
    def is_faulty(self) -> bool:
        """Whether something was turned back, so that it has to be sent again."""
        return any(file.is_faulty for file in self.files)

    @property
    def file_name(self) -> str:
        """Readable and technical: ``14797_xa-tho-phu_loi-du-lieu_20251204.xlsx``."""
        name = "-".join(strip_marks(self.commune_name).lower().split())
        return f"{self.commune_code}_{name}{letter_suffix(self.export_date)}"

    @property
    def landed_at(self) -> datetime:
        """When the newest of the faulty files was taken in, of all files where none is faulty."""
        return max(file.landed_at for file in self.files if file.is_faulty or not self.is_faulty)


def letter_suffix(export_date: date) -> str:
    """What the names of all letters of a day end with."""
    return f"_loi-du-lieu_{export_date:%Y%m%d}.xlsx"


def letters_of(facts: FaultFacts, doubts: DoubtFacts, names: Mapping[str, str]) -> Iterator[Letter]:
    """A letter for each day and commune with cause for one. ``names`` by code of the commune."""
    files = grouped(facts.files, lambda file: (file.export_date, file.commune_code))
    rules = grouped(facts.rules, lambda rule: (rule.export_date, rule.addressee))
    rows = grouped(facts.rows, lambda row: (row.export_date, row.addressee))
    doubtful = doubts.by_commune()
    for (day, commune), sent in files.items():
        if commune is not None:
            letter = Letter(
                day,
                commune,
                names.get(commune, commune),
                tuple(sent),
                tuple(rules.get((day, commune), ())),
                tuple(rows.get((day, commune), ())),
                doubtful.get((day, commune), DoubtFacts()),
            )
            if letter.is_faulty or any(count.is_cause for count in letter.doubts.counts):
                yield letter


def letter_bytes(letter: Letter, contract: Contract, cutoff: time) -> bytes:
    """The letter as a workbook. Due is the cut-off of the working day after the faulty files came in."""
    subject = "Lỗi dữ liệu" if letter.is_faulty else "Dữ liệu cần xem lại"
    title = f"{letter.commune_name} ({letter.commune_code}), dữ liệu ngày {letter.export_date:%d/%m/%Y}"
    book = Book(f"{subject}: {title}", letter.landed_at, title)
    _write_front(book, letter, contract, cutoff, title)
    if letter.is_faulty:
        _write_faults(book, letter, contract)
    if letter.doubts.rows:
        write_doubts(book, letter.doubts, contract, _FRONT_PAGE)
    return book.bytes()


def _write_front(book: Book, letter: Letter, contract: Contract, cutoff: time, title: str) -> None:
    page = book.sheet(_FRONT_PAGE, _FRONT_WIDTHS)
    heading = "THÔNG BÁO LỖI DỮ LIỆU GỬI VỀ TỈNH" if letter.is_faulty else "THÔNG BÁO DỮ LIỆU CẦN XEM LẠI"
    page.line(heading, Style.TITLE, height=26)
    page.line(title, Style.SUBTITLE, height=18)
    page.line(
        f"Theo lần nhận tệp lúc {letter.landed_at:%H:%M} ngày {letter.landed_at:%d/%m/%Y}.", Style.SUBTITLE
    )
    page.gap()
    page.line(_call(letter, cutoff), Style.CALL, height=26)
    for step in _steps(letter):
        page.line(step, Style.NOTE)
    page.gap()
    page.line("Từng tệp đã gửi", Style.SECTION, height=22)
    sums = [sum(getattr(file, name) for file in letter.files) for name in _COUNTS]
    page.table(
        _FILES,
        [_file_line(file, letter, contract) for file in letter.files],
        total=("Cộng", None, None, *sums, None, None),
    )
    if letter.rules:
        page.gap()
        page.line("Số dòng theo từng lỗi", Style.SECTION, height=22)
        page.table(_RULES, [_rule_line(rule, contract) for rule in letter.rules])
    if letter.doubts.counts:
        page.gap()
        page.line("Số dòng được nhận nhưng còn nghi vấn", Style.SECTION, height=22)
        page.table(_DOUBTS, doubt_lines(letter.doubts.counts, contract))


def _call(letter: Letter, cutoff: time) -> str:
    if not letter.is_faulty:
        return f"Không phải gửi lại tệp. Hãy sửa trong phần mềm các dòng ở trang “{DOUBT_PAGE}”."
    due = next_working_day(letter.landed_at.date())
    return f"Hãy sửa và gửi lại trước {cutoff:%H:%M} {weekday(due)}, ngày {due:%d/%m/%Y}."


def _steps(letter: Letter) -> Iterator[str]:
    if letter.is_faulty:
        yield (
            f"1. Xem từng lỗi ở trang “{_FAULT_PAGE}”; số dòng là số dòng khi mở tệp bằng Excel hoặc Notepad."
        )
        yield "2. Sửa trong phần mềm một cửa rồi xuất lại cả tệp, không chỉ các dòng lỗi."
        yield (
            f"3. Chép tệp đã sửa vào thư mục {letter.export_date.isoformat()} của hộp thư đến với đúng tên "
            "cũ, trừ khi bảng dưới bảo đổi tên: tệp cùng tên được hiểu là bản sửa và thay bản trước."
        )
        yield "Giá trị nêu trong thư đã được che (chữ thành x, số thành 9) để không lộ dữ liệu cá nhân."
    if letter.doubts.rows:
        yield (
            f"Các dòng ở trang “{DOUBT_PAGE}” đã được nhận và được tính đúng như đơn vị ghi. Sửa trong phần "
            "mềm là đủ: lần xuất sau sẽ mang theo bản đã sửa. Tệp nhận sau lần công bố số liệu gần nhất "
            "chưa được xét."
        )


def verdict(file: FileFact) -> str:
    """What became of a file, in a few words."""
    if file.status == ACCEPTED:
        return "Đã nhận đủ"
    if file.status != REJECTED:
        return "Nhận một phần"
    return "Không nhận bản gửi lại; bản trước vẫn dùng" if file.earlier_counts else "Không nhận"


def complaint(file: FileFact, contract: Contract) -> str | None:
    """What is wrong with a file as a whole, None if nothing is."""
    if file.rule is not None:
        return without_remedy(file.reason or "", file_rule(contract, file.rule))
    if file.rows_rejected:
        return f"{counted(file.rows_rejected)} trong {counted(file.rows_read)} dòng bị loại."
    return None


def _remedy(file: FileFact, letter: Letter, contract: Contract) -> str:
    rule = file_rule(contract, file.rule)
    if not file.is_faulty:
        return "Không phải gửi lại."
    if file.unit_code != letter.commune_code:
        return "Sửa dữ liệu trong phần mềm; nơi gửi tệp chung toàn tỉnh sẽ xuất lại tệp này."
    if file.rule is None:
        return f"Sửa các dòng ở trang “{_FAULT_PAGE}”, gửi lại cả tệp với đúng tên này."
    return rule.remedy if rule.renames else f"{rule.remedy} Gửi lại với đúng tên này."


def _file_line(file: FileFact, letter: Letter, contract: Contract) -> tuple[Cell, ...]:
    return (
        file.file_name,
        kind_name(contract, file.kind),
        verdict(file),
        *(getattr(file, name) for name in _COUNTS),
        complaint(file, contract),
        _remedy(file, letter, contract),
    )


def _rule_line(rule: RuleFact, contract: Contract) -> tuple[Cell, ...]:
    words = row_rule(contract, rule.rule)
    column = column_name(contract, rule.kind, rule.column)
    named = f"{column} ({rule.column})" if rule.column else kind_name(contract, rule.kind)
    return words.title, named, rule.rows, without_remedy(rule.reason, words), words.remedy


def _write_faults(book: Book, letter: Letter, contract: Contract) -> None:
    page = book.sheet(_FAULT_PAGE, _FAULT_WIDTHS)
    counted_rows = sum(rule.rows for rule in letter.rules if rule.rule != INNOCENT)
    if counted_rows > len(letter.rows):
        page.line(
            f"Trang này chỉ liệt kê {counted(len(letter.rows))} dòng lỗi đầu tiên trong "
            f"{counted(counted_rows)} dòng; số đếm đủ của từng lỗi ở trang “{_FRONT_PAGE}”.",
            Style.CALL,
            height=22,
        )
    lines = [*_whole_files(letter, contract), *(_fault_line(row, contract) for row in letter.rows)]
    page.table(_FAULTS, [(number, *line) for number, line in enumerate(lines, start=1)], is_page=True)


def _whole_files(letter: Letter, contract: Contract) -> Iterator[tuple[Cell, ...]]:
    """Files that were rejected for something other than their rows."""
    for file in letter.files:
        if file.rule is not None:
            rule = file_rule(contract, file.rule)
            wrong, remedy = complaint(file, contract), _remedy(file, letter, contract)
            yield file.file_name, None, None, None, rule.title, None, wrong, remedy


def _fault_line(row: RowFact, contract: Contract) -> tuple[Cell, ...]:
    words = row_rule(contract, row.rule)
    return (
        row.file_name,
        row.line,
        column_name(contract, row.kind, row.column),
        row.column,
        words.title,
        row.value,
        without_remedy(row.reason, words),
        words.remedy,
    )
