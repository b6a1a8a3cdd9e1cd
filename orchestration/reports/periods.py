"""What a span of days is called in official reports: a month, a quarter, half a year, a year, or nothing.

Two calendars are in use: whole calendar months, and those of NĐ 09/2019, Điều 12, from the 15th to the 14th.
"""

from __future__ import annotations

from datetime import date, timedelta

_ROMAN = ("I", "II", "III", "IV")
_SHIFT = 14


def period_name(first_day: date, last_day: date) -> str | None:
    """``Quý III năm 2025`` and the like; None for a span that is no such period."""
    calendar = _whole_months(first_day, last_day + timedelta(days=1))
    if calendar is not None:
        return calendar
    # The report calendar is the other one moved: its month ends on the 14th, and is named after that.
    if first_day.day == _SHIFT + 1 and last_day.day == _SHIFT:
        return _whole_months(_first_of_next(first_day), _first_of_next(last_day))
    return None


def _first_of_next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _whole_months(first: date, after: date) -> str | None:
    """The name of the months from ``first`` to before ``after``, if they are such a period."""
    if first.day != 1 or after.day != 1:
        return None
    months = (after.year - first.year) * 12 + after.month - first.month
    before = first.month - 1
    match months:
        case 1:
            return f"Tháng {first.month} năm {first.year}"
        case 3 if before % 3 == 0:
            return f"Quý {_ROMAN[before // 3]} năm {first.year}"
        case 6 if before % 6 == 0:
            return f"6 tháng {'đầu' if before == 0 else 'cuối'} năm {first.year}"
        case 12 if before == 0:
            return f"Năm {first.year}"
        case _:
            return None
