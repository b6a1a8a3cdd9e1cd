"""The guide to the indicators follows the seeds."""

from __future__ import annotations

from pathlib import Path

from orchestration.reports.indicator_guide import PAGE, guide


def test_the_committed_page_is_what_the_seeds_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == guide()


def test_a_threshold_is_shown_with_its_direction_and_standing(tmp_path: Path) -> None:
    (tmp_path / "indicator.csv").write_text(
        "indicator_code,indicator_name,description,unit,direction,legal_basis,source,verified\n"
        "late_share,Tỷ lệ trễ,Trễ trên tổng.,share,lower,,Biểu mẫu,true\n",
        encoding="utf-8",
    )
    (tmp_path / "indicator_threshold.csv").write_text(
        "indicator_code,green_from,yellow_from,min_denominator,valid_from,valid_to,source,verified\n"
        "late_share,0.05,0.1,20,2025-07-01,,Đề xuất,false\n",
        encoding="utf-8",
    )
    assert "| 2025-07-01 | ≤ 5 % | ≤ 10 % | 20 | no | Đề xuất |" in guide(tmp_path)
