"""The sentence beside a light: every number, every case, in the words of a leader."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of

WEEK, WEEK_BEFORE = date(2025, 11, 10), date(2025, 11, 3)
COMMUNE, PROVINCE = "15763", "38"

RULE: dict[str, Any] = {
    "period_type": "week",
    "period_type_name": "Tuần",
    "period_start": WEEK,
    "period_end": date(2025, 11, 16),
    "previous_start": WEEK_BEFORE,
    "is_complete": True,
    "is_latest": False,
    "is_explained": True,
    "indicator_code": "on_time_rate",
    "indicator_name": "Tỷ lệ giải quyết đúng hạn",
    "unit": "share",
    "direction": "higher",
    "numerator_name": "hồ sơ đúng hạn",
    "denominator_name": "hồ sơ đã giải quyết",
    "is_key": True,
    "green_from": 0.95,
    "yellow_from": 0.9,
    "min_denominator": 20,
}
LOWER = {
    "indicator_code": "overdue_open_rate",
    "direction": "lower",
    "green_from": 0.02,
    "yellow_from": 0.1,
    "denominator_name": "hồ sơ đang giải quyết",
}
DAYS = {
    "indicator_code": "working_days_to_clear",
    "unit": "working_days",
    "direction": "lower",
    "green_from": 5.0,
    "yellow_from": 10.0,
    "numerator_name": "hồ sơ tồn",
    "denominator_name": "hồ sơ giải quyết trong 20 ngày làm việc",
}
KEY = ("period_type", "period_start", "indicator_code")


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    return bench_of(
        manifest,
        tmp_path_factory.mktemp("explanations"),
        datetime(2025, 11, 24, 18),
        "int_unit_indicator_explained",
    )


def told(
    bench: ModelBench,
    light: str,
    numerator: int,
    denominator: int,
    *,
    rule: dict[str, Any] | None = None,
    grey_reason: str | None = None,
    before: tuple[int, int] | None = None,
    judged_before: bool = True,
    chart: dict[str, Any] | None = None,
    mover: str | None = None,
    unit_code: str = COMMUNE,
) -> dict[str, Any]:
    """The row of one unit, week and indicator, ``before`` being numerator and denominator a week earlier."""
    whole_rule = {**RULE, **(rule or {})}
    key = {"unit_code": unit_code, **{name: whole_rule[name] for name in KEY}}
    value = numerator / denominator if denominator else None
    change: dict[str, Any] = {}
    if before:
        then = before[0] / before[1]
        change = {**key, "numerator_before": before[0], "denominator_before": before[1]}
        if judged_before and value is not None:
            step = value - then
            shown = round(step * (100 if whole_rule["unit"] == "share" else 1), 1)
            change |= {"value_before": then, "change": step, "change_shown": shown}
    bench.put("intermediate.int_period_indicator", [whole_rule], previous_start="date")
    bench.put(
        "intermediate.int_unit_indicator",
        [
            {
                **key,
                "numerator": numerator,
                "denominator": denominator,
                "value": value,
                "light": light,
                "grey_reason": grey_reason,
            }
        ],
        value="double",
        grey_reason="varchar",
        value_low="double",
        value_high="double",
    )
    absent = {**key, "unit_code": "none"}
    bench.put(
        "intermediate.int_unit_indicator_change",
        [change or absent],
        numerator_before="bigint",
        denominator_before="bigint",
        value_before="double",
        change="double",
        change_shown="double",
    )
    bench.put(
        "intermediate.int_unit_control_limit",
        [{**key, **chart} if chart else absent],
        limit_low="double",
        limit_centre="double",
        limit_high="double",
        signal_rule="varchar",
    )
    bench.put(
        "intermediate.int_unit_main_contributor",
        [{**key, "part_code": mover} if mover else absent],
        part_code="varchar",
    )
    bench.put("intermediate.int_field", [{"field_code": "dat_dai", "field_name": "Đất đai"}])
    bench.put("intermediate.int_commune_spine", [{"commune_code": COMMUNE, "commune_name": "Xã Thọ Phú"}])
    [row] = bench.result("int_unit_indicator_explained")
    return row


def sentence(bench: ModelBench, *arguments: Any, **named: Any) -> str:
    return told(bench, *arguments, **named)["explanation"]


def test_value_threshold_change_mover_and_limits_in_one_sentence(bench: ModelBench) -> None:
    row = told(
        bench,
        "yellow",
        1245,
        1364,
        before=(1280, 1370),
        mover="dat_dai",
        chart={"limit_low": 0.894, "limit_centre": 0.92, "limit_high": 0.957},
    )
    assert row["explanation"] == (
        "91,3 % (1.245/1.364), vàng: dưới ngưỡng xanh 95 %. "
        "Giảm 2,2 điểm % so với tuần trước, chủ yếu do lĩnh vực Đất đai. "
        "Trong khoảng dao động thường (89,4–95,7 %)."
    )
    assert row["moved_most"] == "lĩnh vực Đất đai"


@pytest.mark.parametrize(
    ("light", "numerator", "denominator", "rule", "begins"),
    [
        ("green", 97, 100, {}, "97 % (97/100), xanh: đạt ngưỡng xanh 95 %."),
        ("red", 899, 1000, {}, "89,9 % (899/1.000), đỏ: dưới ngưỡng vàng 90 %."),
        ("green", 1, 100, LOWER, "1 % (1/100), xanh: không quá ngưỡng xanh 2 %."),
        ("yellow", 5, 100, LOWER, "5 % (5/100), vàng: trên ngưỡng xanh 2 %."),
        ("red", 12, 100, LOWER, "12 % (12/100), đỏ: trên ngưỡng vàng 10 %."),
        (
            "yellow",
            2560,
            400,
            DAYS,
            "6,4 ngày làm việc (2.560/400), vàng: trên ngưỡng xanh 5 ngày làm việc.",
        ),
        ("green", 1, 9999, LOWER, "dưới 0,1 % (1/9.999), xanh: không quá ngưỡng xanh 2 %."),
        ("green", 0, 50, LOWER, "0 % (0/50), xanh: không quá ngưỡng xanh 2 %."),
    ],
)
def test_value_and_threshold_by_colour_unit_and_direction(
    bench: ModelBench, light: str, numerator: int, denominator: int, rule: dict[str, Any], begins: str
) -> None:
    assert sentence(bench, light, numerator, denominator, rule=rule).startswith(begins)


@pytest.mark.parametrize(
    ("light", "numerator", "denominator", "rule", "begins"),
    [
        ("yellow", 94_999, 100_000, {}, "94,9 % (94.999/100.000), vàng"),
        ("red", 89_999, 100_000, {}, "89,9 % (89.999/100.000), đỏ"),
        ("yellow", 2_001, 100_000, LOWER, "2,1 % (2.001/100.000), vàng"),
        ("green", 95_001, 100_000, {}, "95 % (95.001/100.000), xanh"),
    ],
)
def test_no_number_is_rounded_across_its_threshold(
    bench: ModelBench, light: str, numerator: int, denominator: int, rule: dict[str, Any], begins: str
) -> None:
    assert sentence(bench, light, numerator, denominator, rule=rule).startswith(begins)


@pytest.mark.parametrize(
    ("grey_reason", "numerator", "denominator", "expected"),
    [
        ("no_data", 0, 0, "Chưa có số liệu: trong kỳ không nhận được dữ liệu về hồ sơ đã giải quyết."),
        ("not_applicable", 0, 0, "Không phát sinh: trong kỳ không có hồ sơ đã giải quyết."),
        ("too_early", 30, 33, "90,9 % (30/33), chưa xếp màu: kỳ mới bắt đầu, còn ít ngày làm việc."),
        ("too_few", 19, 19, "100 % (19/19), chưa xếp màu: cần ít nhất 20 hồ sơ đã giải quyết."),
    ],
)
def test_grey_says_why(
    bench: ModelBench, grey_reason: str, numerator: int, denominator: int, expected: str
) -> None:
    assert sentence(bench, "grey", numerator, denominator, grey_reason=grey_reason) == expected


@pytest.mark.parametrize(
    ("before", "judged_before", "rule", "ends"),
    [
        (None, True, {"previous_start": None}, " Chưa có kỳ trước để so sánh."),
        ((9, 10), False, {}, " Tuần trước chưa đủ số liệu để so sánh."),
        ((970, 1000), True, {}, " Không đổi so với tuần trước."),
        (None, True, {"period_type": "to_date", "previous_start": None, "is_complete": False}, "95 %."),
        ((960, 1000), True, {"is_complete": False}, "so với tuần trước. Tuần chưa kết thúc."),
    ],
)
def test_what_it_is_compared_with(
    bench: ModelBench, before: tuple[int, int] | None, judged_before: bool, rule: dict[str, Any], ends: str
) -> None:
    # Days are compared but not searched for what moved them.
    whole_rule = {"is_explained": False, **rule}
    text = sentence(bench, "green", 97, 100, before=before, judged_before=judged_before, rule=whole_rule)
    assert text.endswith(ends)


@pytest.mark.parametrize(
    ("now", "before", "mover"),
    [
        ((2560, 400), (1200, 400), "hồ sơ tồn tăng từ 1.200 lên 2.560"),
        ((2560, 400), (2600, 900), "hồ sơ giải quyết trong 20 ngày làm việc giảm từ 900 xuống 400"),
        ((800, 400), (2000, 410), "hồ sơ tồn giảm từ 2.000 xuống 800"),
    ],
)
def test_without_parts_the_term_that_moved_it_is_named(
    bench: ModelBench, now: tuple[int, int], before: tuple[int, int], mover: str
) -> None:
    text = sentence(bench, "yellow", *now, before=before, rule=DAYS)
    assert f" ngày làm việc so với tuần trước, chủ yếu do {mover}." in text


def test_of_the_province_the_commune_is_named(bench: ModelBench) -> None:
    row = told(bench, "green", 970, 1000, before=(950, 1000), mover=COMMUNE, unit_code=PROVINCE)
    assert row["moved_most"] == "Xã Thọ Phú"
    assert "Tăng 2 điểm % so với tuần trước, chủ yếu do Xã Thọ Phú." in row["explanation"]


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        ("outside_limits", " Khác thường: ngoài khoảng dao động của chính mình (80–90 %)."),
        ("one_side", " Khác thường: 8 kỳ liền lệch về một phía so với trước; khoảng dao động (80–90 %)."),
    ],
)
def test_a_signal_names_its_rule(bench: ModelBench, rule: str, ends: str) -> None:
    chart = {"limit_low": 0.8, "limit_centre": 0.85, "limit_high": 0.9, "signal_rule": rule}
    assert sentence(bench, "green", 97, 100, before=(97, 100), chart=chart).endswith(ends)
