"""What the datasets of the overview say: how old the figures are, and the figures of the day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.clock import local_now
from orchestration.dashboards.source import load_dashboards
from orchestration.home import Home
from tests.dashboards.tiny_release import publish


def ask(database: Path, dataset: str, columns: str) -> list[tuple[Any, ...]]:
    """Rows of one of the overview's datasets."""
    (overview,) = (dashboard for dashboard in load_dashboards() if dashboard.slug == "tong-quan-toan-tinh")
    source = next(source for source in overview.datasets if source.name == dataset)
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(
            f"select {columns} from ({source.sql or f'from {source.table}'})"
        ).fetchall()


def judge(home: Home, data_date: date) -> tuple[Any, ...]:
    """Days late, light and words for figures up to ``data_date``, seen today."""
    directory = publish(home, f"r-{data_date}", communes=1, days=3, data_date=data_date)
    (row,) = ask(directory / "warehouse.duckdb", "ban_so_lieu", "late_days, light, status")
    return row


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


def working_days_before_today(count: int) -> date:
    """The newest day after which exactly ``count`` working days have ended."""
    day = local_now().date()
    while True:
        day -= timedelta(days=1)
        if day.isoweekday() <= 5:
            if count == 0:
                return day
            count -= 1


@pytest.mark.parametrize("days_ago", [0, 1])
def test_figures_of_today_or_the_last_working_day_are_fresh(home: Home, days_ago: int) -> None:
    today = local_now().date()
    data_date = today if days_ago == 0 else working_days_before_today(0)
    assert judge(home, data_date) == (0, "green", "● Số liệu mới")


def test_one_missing_working_day_warns(home: Home) -> None:
    assert judge(home, working_days_before_today(1)) == (1, "yellow", "▲ Số liệu chậm 1 ngày làm việc")


def test_several_missing_working_days_are_said_in_words(home: Home) -> None:
    assert judge(home, working_days_before_today(5)) == (5, "red", "■ Số liệu cũ 5 ngày làm việc")


def test_days_beyond_the_published_calendar_still_count(home: Home) -> None:
    late, light, _ = judge(home, local_now().date() - timedelta(days=364))
    assert late == 260 - (1 if local_now().date().isoweekday() <= 5 else 0)
    assert light == "red"


def cards(home: Home, **release: Any) -> dict[int, tuple[Any, ...]]:
    """Value, expected, period, change and detail of the day's figures, by their place."""
    directory = publish(home, "r1", **release)
    columns = "card_order, value, expected, moment, change_text, detail"
    rows = ask(directory / "warehouse.duckdb", "chi_so_ngay", columns)
    return {row[0]: row[1:] for row in rows}


def test_the_figures_of_a_complete_day(home: Home) -> None:
    day = cards(home, communes=166)
    assert day[1] == (162, 166, "Ngày 21/11", "▼ 1 so với 20/11", "Còn thiếu 4 xã, phường")
    assert day[2] == (3320, None, "Ngày 21/11", "▼ 996 so với 20/11", "Từ đầu tháng: 58.764")
    assert day[3][:3] == (3818, None, "Ngày 21/11")
    assert day[4][:3] == (11122, None, "Cuối ngày 21/11")
    assert day[5][4] == "3,0 % hồ sơ đang giải quyết"


def test_a_day_without_exports_does_not_look_like_a_day_without_work(home: Home) -> None:
    """Friday's figures, looked at on Monday evening when nothing has come."""
    day = cards(home, communes=10, data_date=date(2025, 11, 21), as_of=date(2025, 11, 24))
    assert day[1][:3] == (0, 10, "Ngày 24/11")
    assert day[1][4] == "Còn thiếu 10 xã, phường"
    assert day[2][0] == 200
    assert day[2][2] == "Ngày 21/11"
    assert day[4][2] == "Cuối ngày 24/11, số liệu 21/11"


def test_on_a_day_off_no_exports_are_missed(home: Home) -> None:
    day = cards(home, communes=10, data_date=date(2025, 11, 21), as_of=date(2025, 11, 23))
    assert day[1][:3] == (0, 0, "Ngày 23/11")
    assert day[1][3:] == ("không so với ngày làm việc", "Ngày nghỉ, không yêu cầu gửi")
    warehouse = home.releases / "r1" / "warehouse.duckdb"
    ends = {
        place: float(points.rpartition(" ")[2].partition(",")[0])
        for place, points in ask(warehouse, "chi_so_ngay", "card_order, line_points")
    }
    assert ends[1] < ends[4] == 100


def test_the_first_day_has_nothing_to_compare_with(home: Home) -> None:
    day = cards(home, communes=1, days=1)
    assert {row[3] for row in day.values()} == {"chưa có ngày để so sánh"}


def test_an_empty_province_has_no_figures(home: Home) -> None:
    assert cards(home, communes=0) == {}


def test_backlog_adds_up_and_folds_what_is_small(home: Home) -> None:
    directory = publish(home, "r1", communes=100)
    rows = ask(directory / "warehouse.duckdb", "ton_theo_linh_vuc", "series, value")
    assert sum(value for _, value in rows) == sum((60, 25, 14, 22, 9, 7, 5, 2)) * 100 // 4
    assert {series for series, _ in rows} == {"Quá hạn", "Trong hạn, cuối ngày 21/11/2025"}


def test_weeks_carry_the_thresholds_that_were_in_force(home: Home) -> None:
    directory = publish(home, "r1", communes=1)
    rows = ask(directory / "warehouse.duckdb", "theo_tuan", "indicator_code, series, value")
    limits = {(code, series, value) for code, series, value in rows if series.startswith("Ngưỡng")}
    assert limits == {
        ("on_time_rate", "Ngưỡng xanh", 0.95),
        ("on_time_rate", "Ngưỡng vàng", 0.90),
        ("online_rate", "Ngưỡng xanh", 0.90),
        ("online_rate", "Ngưỡng vàng", 0.80),
    }
