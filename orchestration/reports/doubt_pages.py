"""Pages about accepted rows in doubt: a commune's own, row by row, and the province's, commune by commune.

Pure: facts in, pages out. Nothing personal can stand here, since facts hold no value of a row but its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestration.contract import Contract, Rule
from orchestration.reports.doubt_facts import DoubtCount, DoubtFact, DoubtFacts
from orchestration.reports.grouping import grouped
from orchestration.reports.sheets import Book, Cell, Column, Style
from orchestration.reports.wording import counted, flag_rule

DOUBT_PAGE = "Dòng nghi vấn"
_ROWS = (
    Column("STT", Style.NUMBER),
    Column("Tên tệp"),
    Column("Dòng", Style.NUMBER),
    Column("Mã hồ sơ", Style.STRONG),
    Column("Nghi vấn", Style.STRONG),
    Column("Có từ ngày"),
    Column("Vì sao"),
    Column("Cách sửa trong phần mềm"),
)
_ROW_WIDTHS = (6, 30, 8, 26, 24, 12, 44, 48)
_UNITS = (
    Column("STT", Style.NUMBER),
    Column("Mã"),
    Column("Đơn vị", Style.STRONG),
    Column("Số dòng nghi vấn", Style.NUMBER),
    Column("Lần đầu thấy", Style.NUMBER),
    Column("Nghi vấn gì, bao nhiêu dòng"),
    Column("Thư"),
)
_UNIT_WIDTHS = (6, 8, 26, 12, 12, 70, 44)


def write_doubts(book: Book, doubts: DoubtFacts, contract: Contract, counts_page: str) -> None:
    """The doubtful rows of one commune and day; ``counts_page`` has the full counts of what is cut here."""
    page = book.sheet(DOUBT_PAGE, _ROW_WIDTHS)
    left = sum(count.rows for count in doubts.counts) - len(doubts.rows)
    if left > 0:
        page.line(
            f"Trang này chỉ liệt kê {counted(len(doubts.rows))} nghi vấn, mới nhất trước; còn "
            f"{counted(left)} nghi vấn nữa, số đếm đủ của từng loại ở trang “{counts_page}”.",
            Style.CALL,
            height=22,
        )
    lines = [_row_line(row, contract) for row in doubts.rows]
    page.table(_ROWS, [(number, *line) for number, line in enumerate(lines, start=1)], is_page=True)


def doubt_lines(counts: Iterable[DoubtCount], contract: Contract) -> list[tuple[Cell, ...]]:
    """What is in doubt, how often, why, and how to mend it."""
    return [_words(flag_rule(contract, count.flag), count.rows) for count in counts]


def province_doubt_lines(counts: Iterable[DoubtCount], contract: Contract) -> list[tuple[Cell, ...]]:
    """The same over all communes, with how many these are; what most rows have comes first."""
    sums = {
        flag: (sum(count.rows for count in found), len(found))
        for flag, found in grouped(counts, lambda count: count.flag).items()
    }
    ordered = sorted(sums.items(), key=lambda each: (-each[1][0], each[0]))
    return [_words(flag_rule(contract, flag), *numbers) for flag, numbers in ordered]


def write_province_doubts(
    book: Book,
    doubts: DoubtFacts,
    contract: Contract,
    names: Mapping[str, str],
    letters: Mapping[str, str],
) -> None:
    """How many doubtful rows each commune sent on a day, most first; communes without any are left out."""
    page = book.sheet(DOUBT_PAGE, _UNIT_WIDTHS)
    counts = grouped(doubts.counts, lambda count: count.commune_code)
    ordered = sorted(doubts.totals, key=lambda total: (-total.rows, total.commune_code))
    lines = [
        (
            number,
            total.commune_code,
            names.get(total.commune_code, total.commune_code),
            total.rows,
            total.rows_new,
            _listed(counts[total.commune_code], contract),
            letters.get(total.commune_code),
        )
        for number, total in enumerate(ordered, start=1)
    ]
    sums = (sum(total.rows for total in ordered), sum(total.rows_new for total in ordered))
    page.table(_UNITS, lines, total=("Cộng", None, None, *sums, None, None), is_page=True)


def _row_line(row: DoubtFact, contract: Contract) -> tuple[Cell, ...]:
    words = flag_rule(contract, row.flag)
    since = f"{row.since:%d/%m/%Y}"
    return row.file_name, row.line, row.dossier_code, words.title, since, words.reason, words.remedy


def _words(rule: Rule, *numbers: int) -> tuple[Cell, ...]:
    return rule.title, *numbers, rule.reason, rule.remedy


def _listed(counts: Sequence[DoubtCount], contract: Contract) -> str:
    return "; ".join(f"{flag_rule(contract, count.flag).title}: {counted(count.rows)}" for count in counts)
