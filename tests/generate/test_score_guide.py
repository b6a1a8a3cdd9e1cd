"""The guide to the 766 score follows the seeds and the formulas."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.generate.score_guide import PROJECT, guide


def test_a_rule_is_shown_with_its_threshold_and_who_tells_it(tmp_path: Path) -> None:
    for folder in ("seeds", "macros"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    seed = tmp_path / "seeds" / "score_indicator.csv"
    seed.write_text(
        "profile_code,indicator_code,indicator_name,group_code,max_points,full_from,zero_policy,display_order,"
        "source,verified\n"
        "766-2026,3.3,Nộp trực tuyến,online,6,0.5,zero,1,Tài liệu,true\n"
        "766-2026,3.1,Cung cấp,online,2,1,none,2,Đoán,false\n",
        encoding="utf-8",
    )
    page = guide(tmp_path)
    assert "| 3.3 Nộp trực tuyến | 6 | 50 % | zero | exports | yes | Tài liệu |" in page
    assert "| 3.1 Cung cấp | 2 | 100 % | none | given | no | Đoán |" in page
    assert "18 points, inherited from the province" in page
