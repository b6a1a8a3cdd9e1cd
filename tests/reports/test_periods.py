"""What spans of days are called in reports, in both calendars."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.reports.periods import period_name


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2025-09-01", "2025-09-30", "Tháng 9 năm 2025"),
        ("2024-02-01", "2024-02-29", "Tháng 2 năm 2024"),
        ("2025-07-01", "2025-09-30", "Quý III năm 2025"),
        ("2025-01-01", "2025-06-30", "6 tháng đầu năm 2025"),
        ("2025-07-01", "2025-12-31", "6 tháng cuối năm 2025"),
        ("2025-01-01", "2025-12-31", "Năm 2025"),
        ("2025-08-15", "2025-09-14", "Tháng 9 năm 2025"),
        ("2025-12-15", "2026-01-14", "Tháng 1 năm 2026"),
        ("2025-12-15", "2026-03-14", "Quý I năm 2026"),
        ("2025-12-15", "2026-06-14", "6 tháng đầu năm 2026"),
        ("2025-12-15", "2026-12-14", "Năm 2026"),
        ("2025-09-01", "2025-09-29", None),
        ("2025-08-01", "2025-10-31", None),
        ("2025-04-01", "2025-09-30", None),
        ("2025-09-15", "2025-09-14", None),
        ("2025-09-15", "2025-11-14", None),
        ("2025-07-01", "2026-06-30", None),
    ],
)
def test_name_of_a_span(first: str, last: str, name: str | None) -> None:
    assert period_name(date.fromisoformat(first), date.fromisoformat(last)) == name
