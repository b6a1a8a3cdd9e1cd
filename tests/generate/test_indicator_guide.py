"""The guide to the indicators follows the seeds, and its examples are the warehouse's own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from orchestration.generate.indicator_examples import Example, examples
from orchestration.generate.indicator_guide import PROJECT, guide


@pytest.fixture(scope="module")
def worked() -> Mapping[str, Example]:
    """The examples, which take dbt some seconds."""
    return examples()


def test_an_example_shows_its_counts_and_its_light(worked: Mapping[str, Example]) -> None:
    example = worked["on_time_rate"]
    assert example.numerator == "`resolved_early + resolved_on_time` = 130 + 55"
    assert example.denominator == "`resolved` = 200"
    assert example.explanation.startswith("92,5 % (185/200), vàng: dưới ngưỡng xanh 95 %. Giảm 3,3 điểm %")


def test_a_new_threshold_is_shown_with_its_direction_and_standing(
    tmp_path: Path, worked: Mapping[str, Example]
) -> None:
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    path = tmp_path / "seeds" / "indicator_threshold.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "overdue_open_rate,0.05,0.1,20,2040-07-01,,Nghị quyết,true\n", encoding="utf-8")
    page = guide(tmp_path, worked)
    assert "| 2040-07-01 |  | ≤ 5 % | ≤ 10 % | 20 | yes | Nghị quyết |" in page


def test_rules_of_roll_up_and_signals_are_told(worked: Mapping[str, Example]) -> None:
    page = guide(worked=worked)
    assert "| 1 | red | có chỉ số trọng yếu đang đỏ (`key_red` ≥ 1) |" in page
    assert "- `one_side`: 8 periods in a row" in page
