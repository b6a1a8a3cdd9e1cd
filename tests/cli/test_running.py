"""Progress that a log can hold, and what a run says at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from orchestration.cli.console import progress
from orchestration.cli.running import summary
from orchestration.cli.sampling import MONTHS, first_day_of_span

from .test_exit_codes import REPORT


def test_progress_in_a_log_is_a_line_for_each_new_thing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Chuẩn bị") as tell:
        for text in ("Nhận tệp (1/3)", "Nhận tệp (2/3)", "Nhận tệp (3/3)", "Dựng kho [x]"):
            tell(text)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["Chuẩn bị…", "Nhận tệp…", "Dựng kho [x]…"]


def test_summary_names_what_landed_and_what_is_shown() -> None:
    text = summary(REPORT)
    assert "166 tệp của 1 ngày: 24900 dòng hợp lệ, 12 dòng bị loại, 1 tệp bị từ chối" in text
    assert "3 thư của 1 ngày có thay đổi" in text
    assert "Không ghi được một tệp." in text
    assert "số liệu đến ngày 26/11/2025" in text


def test_summary_names_what_did_not_come() -> None:
    report = replace(REPORT, files_left=2, not_fetched=("Chưa tải được a.csv.", "Chưa tải được b.csv."))
    report = replace(report, clock_warnings=("Đồng hồ máy chủ chậm.",))
    text = summary(report)
    assert "\nĐồng hồ máy chủ chậm.\n" in text
    assert "2 tệp còn đang ghi dở hoặc không đọc được đến hết, để lần chạy sau." in text
    assert "\nChưa tải được a.csv.\nChưa tải được b.csv.\n" in text


def test_summary_names_what_was_set_aside() -> None:
    text = summary(replace(REPORT, set_aside=tuple(f"hoso_{number}.csv: lý do" for number in range(12))))
    assert "\nĐể riêng 12 tệp, chưa tính vào số liệu:\n  hoso_0.csv: lý do\n" in text
    assert "hoso_9.csv" in text
    assert "hoso_10.csv" not in text
    assert "Để riêng" not in summary(REPORT)


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2025, 11, 26), date(2025, 7, 1)),
        (date(2026, 2, 28), date(2025, 10, 1)),
        (date(2026, 5, 1), date(2026, 1, 1)),
    ],
)
def test_a_sample_spans_five_months(last: date, first: date) -> None:
    assert first_day_of_span(last, MONTHS) == first
