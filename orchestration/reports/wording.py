"""Words that letters and summaries share: names of columns, kinds and days, a reason without its remedy."""

from __future__ import annotations

from datetime import date

from orchestration.contract import Contract, Rule

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_NO_RULE = Rule(title="Lỗi khác", reason="", remedy="Hãy xem lại dữ liệu rồi gửi lại.")


def weekday(day: date) -> str:
    """The day of the week."""
    return _WEEKDAYS[day.weekday()]


def kind_name(contract: Contract, kind: str) -> str:
    """What the kind is called; a file name may tell none."""
    known = contract.kinds.get(kind)
    return known.label if known else "Chưa rõ loại"


def column_name(contract: Contract, kind: str, column: str | None) -> str:
    """The Vietnamese head of a column, empty where the fault has none."""
    known = contract.kinds.get(kind)
    found = known.by_name.get(column) if known and column else None
    return found.label if found else (column or "")


def row_rule(contract: Contract, rule: str) -> Rule:
    """The words for a broken rule of rows, also for one that the contract no longer has."""
    return contract.row_rules.get(rule, _NO_RULE)


def file_rule(contract: Contract, rule: str | None) -> Rule:
    """The same for a rule of files; without one the file was not rejected as such."""
    return contract.file_rules.get(rule or "", _NO_RULE)


def flag_rule(contract: Contract, flag: str) -> Rule:
    """The same for a flag of accepted rows."""
    return contract.row_flags.get(flag, _NO_RULE)


def without_remedy(sentence: str, rule: Rule) -> str:
    """What is wrong, out of the sentence that landing noted."""
    return sentence.removesuffix(rule.remedy).rstrip()


def counted(number: int) -> str:
    """A count as Vietnamese writes it: 12.345."""
    return f"{number:,}".replace(",", ".")
