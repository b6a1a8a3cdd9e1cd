"""A seed that cannot be right ends the build with a sentence: which seed, code and dates, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.record import NodeResult, failure_sentence
from tests.support.dbt import PROJECT, Outcome, parse, run
from tests.support.lake import Lake

NOW = datetime(2025, 11, 24, 18)


@dataclass(frozen=True)
class Copy:
    """A copy of the project whose seeds may be broken, parsed once."""

    directory: Path
    manifest: Manifest
    lake: Lake

    def sentences(self, *seeds: str) -> list[str]:
        """What a user of ``motcua run`` reads after these seeds were loaded and checked."""
        command = ("build", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
        outcome = run(self.manifest, self.lake, NOW, *command, "--select", *seeds, project=self.directory)
        return [failure_sentence(node) for node in failed(outcome)]


def failed(outcome: Outcome) -> Iterator[NodeResult]:
    for name, message in outcome.failures.items():
        kind = "seed" if f"Error in seed {name}" in message else "test"
        yield NodeResult(name, name, kind, "error", message, None, 0.0)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    scratch: Path = tmp_path_factory.mktemp("bad-seeds")
    directory = scratch / "project"
    shutil.copytree(PROJECT, directory, ignore=shutil.ignore_patterns("target", "logs"))
    return Copy(directory, parse(scratch, directory), Lake(scratch / "home"))


@pytest.fixture
def seeds(copy: Copy) -> Iterator[Path]:
    """The folder of seeds, whole again after the test."""
    folder = copy.directory / "seeds"
    yield folder
    shutil.copytree(PROJECT / "seeds", folder, dirs_exist_ok=True)


def edit(seeds: Path, seed: str, old: str, new: str) -> None:
    path = seeds / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(seeds: Path, seed: str, row: str) -> None:
    path = seeds / f"{seed}.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


THRESHOLD = ("indicator", "indicator_threshold")
BRANCHES = ("commune", "branch", "branch_commune", "unit_text")


def test_the_seeds_as_they_stand_are_sound(copy: Copy) -> None:
    assert copy.sentences("config.materialized:seed") == []


@pytest.mark.parametrize(
    ("seed", "row", "select", "sentence"),
    [
        (
            "indicator_threshold",
            "on_time_rate,0.97,0.93,20,2025-10-01,,Nghị quyết,true",
            THRESHOLD,
            "on_time_rate có hai dòng cùng hiệu lực từ ngày 2025-10-01 (dòng từ 2010-01-01 "
            "còn hiệu lực đến nay); hãy ghi valid_to của dòng từ 2010-01-01 là 2025-09-30.",
        ),
        (
            "indicator_threshold",
            "on_time_rate,0.97,0.93,20,2010-01-01,,Nghị quyết,true",
            THRESHOLD,
            "on_time_rate có hai dòng cùng bắt đầu từ ngày 2010-01-01; hãy chỉ giữ một dòng.",
        ),
        (
            "indicator_threshold",
            "ontime_rate,0.97,0.93,20,2010-01-01,,Nghị quyết,true",
            THRESHOLD,
            "cột indicator_code có mã ontime_rate mà danh mục indicator.csv "
            "không có; hãy sửa mã hoặc thêm mã vào indicator.csv.",
        ),
        (
            "holiday",
            "2025-09-02,Quốc khánh",
            ("holiday",),
            "date = 2025-09-02 có 2 dòng; hãy chỉ giữ một dòng.",
        ),
        (
            "working_hours",
            "08:00,12:00,13:00,17:00,2025-10-01,,Quyết định,true",
            ("working_hours",),
            "giờ làm việc có hai dòng cùng hiệu lực từ ngày 2025-10-01 (dòng từ 2010-01-01 "
            "còn hiệu lực đến nay); hãy ghi valid_to của dòng từ 2010-01-01 là 2025-09-30.",
        ),
        (
            "light_rule",
            "8,có chỉ số tím,purple,1,,red,2010-01-01,,Thử,false",
            ("light_rule",),
            "cột counted có giá trị purple; chỉ được ghi green, yellow, red, grey, "
            "key_yellow, key_red, key_judged.",
        ),
        (
            "branch_commune",
            "14758,vpdk,VPDK-38-02,2025-10-01,",
            BRANCHES,
            "14758 (vpdk) có hai dòng cùng hiệu lực từ ngày 2025-10-01 (dòng từ 2025-07-01 "
            "còn hiệu lực đến nay); hãy ghi valid_to của dòng từ 2025-07-01 là 2025-09-30.",
        ),
        (
            "branch_commune",
            "00004,vpdk,THUE-38-01,2025-07-01,",
            BRANCHES,
            "00004, THUE-38-01 ghi unit_type vpdk nhưng branch.csv ghi thue; hãy sửa cho khớp.",
        ),
        (
            "unit_text",
            "chi nhánh một,VPDK-38-99",
            BRANCHES,
            'tên "chi nhánh một" chỉ tới mã VPDK-38-99 mà branch.csv không có; hãy sửa mã, '
            "hoặc để trống nếu tên chỉ chung chi nhánh nào cũng được.",
        ),
    ],
    ids=[
        "overlap",
        "twice",
        "unknown-code",
        "key-twice",
        "hours",
        "unknown-count",
        "two-branches",
        "wrong-kind",
        "unknown-branch",
    ],
)
def test_a_wrong_row_is_named(
    copy: Copy, seeds: Path, seed: str, row: str, select: tuple[str, ...], sentence: str
) -> None:
    add(seeds, seed, row)

    assert copy.sentences(*select) == [f"Danh mục {seed}.csv: {sentence}"]


@pytest.mark.parametrize(
    ("seed", "old", "new", "select", "sentence"),
    [
        (
            "working_hours",
            "13:30,17:00",
            "17:00,13:30",
            ("working_hours",),
            "dòng từ 2010-01-01 có giờ đi ngược hoặc cộng lại chưa đủ một giờ; hãy sửa giờ sáng, giờ chiều "
            "theo thứ tự.",
        ),
        (
            "working_hours",
            "07:00,11:30",
            "7h,11:30",
            ("working_hours",),
            "dòng từ 2010-01-01 cột morning_from ghi 7h; hãy ghi giờ và phút như 07:30.",
        ),
        (
            "risk_rule",
            "0.8,0.35,",
            "0.3,0.35,",
            ("risk_rule",),
            "dòng 2010-01-01: listed_from phải lớn hơn 0, không quá high_from, và high_from nhỏ hơn 1; "
            "hãy sửa số.",
        ),
        (
            "risk_rule",
            ",60,20,",
            ",4,20,",
            ("risk_rule",),
            "dòng 2010-01-01: window_working_days phải từ 5 trở lên và parent_weight lớn hơn 0; hãy sửa số.",
        ),
        (
            "procedure",
            ",working_days,",
            ",,",
            ("procedure",),
            "dòng 1.000656, 2025-07-01: time_limit và time_limit_unit phải cùng có hoặc cùng trống; hãy điền "
            "nốt.",
        ),
        (
            "indicator_threshold",
            "on_time_rate,0.95,0.9,20,2010-01-01,,",
            "on_time_rate,0.95,0.9,20,2010-01-01,2025-06-30,x,true\non_time_rate,0.95,0.9,20,2025-10-01,,",
            THRESHOLD,
            "on_time_rate không có dòng nào hiệu lực từ sau ngày 2025-06-30 "
            "đến trước ngày 2025-10-01; hãy nối liền hiệu lực hoặc thêm dòng.",
        ),
        (
            "indicator_threshold",
            "on_time_rate,0.95,0.9,20,2010-01-01,,",
            "on_time_rate,0.95,0.9,20,2010-01-01,2025-06-30,",
            THRESHOLD,
            "on_time_rate không có dòng nào hiệu lực từ sau ngày 2025-06-30 "
            "trở đi; hãy nối liền hiệu lực hoặc thêm dòng.",
        ),
        (
            "indicator_threshold",
            "on_time_rate,0.95,0.9,20,2010-01-01,,",
            "on_time_rate,0.9,0.95,20,2010-01-01,,",
            THRESHOLD,
            "chỉ số on_time_rate, dòng từ 2010-01-01, có ngưỡng xanh 0.9 thấp "
            "hơn ngưỡng vàng 0.95 trong khi chỉ số này càng cao càng tốt; hãy đổi chỗ hai ngưỡng.",
        ),
        (
            "indicator_threshold",
            "overdue_open_rate,0.02,0.1,",
            "overdue_open_rate,2,10,",
            THRESHOLD,
            "chỉ số overdue_open_rate, dòng từ 2010-01-01, có ngưỡng nằm ngoài "
            "khoảng 0 đến 1; hãy ghi 95 % là 0.95.",
        ),
        (
            "indicator_threshold",
            "online_rate,0.95,0.8,20,2010-01-01,,",
            "online_rate,0.95,0.8,20,2010-01-01,2009-12-31,",
            THRESHOLD,
            "online_rate có valid_to 2009-12-31 trước valid_from 2010-01-01; "
            "hãy sửa một trong hai ngày. (Còn 1 chỗ sai cùng loại.)",
        ),
        (
            "indicator",
            'share,higher,"Thông tư',
            'share,up,"Thông tư',
            ("indicator",),
            "cột direction có giá trị up; chỉ được ghi higher, lower.",
        ),
        (
            "indicator",
            "\nonline_rate,",
            "\nonlne_rate,",
            THRESHOLD,
            "chỉ số onlne_rate chưa có công thức; hãy sửa mã hoặc thêm công thức vào "
            "macros/indicators.sql. (Còn 1 chỗ sai cùng loại.)",
        ),
        (
            "light_rule",
            ",key_judged,1,,green,",
            ",key_judged,2,,green,",
            ("light_rule",),
            "không dòng nào đang hiệu lực xếp màu cho đơn vị có 1 chỉ số trọng yếu đủ số "
            "liệu; hãy thêm một dòng cuối có counted là key_judged.",
        ),
        (
            "procedure",
            "\n1.000894,",
            "\n1.000656,",
            ("procedure",),
            "1.000656 có hai dòng cùng bắt đầu từ ngày 2025-07-01; hãy chỉ giữ một dòng.",
        ),
    ],
    ids=[
        "hours-backwards",
        "no-hour",
        "risk-edges",
        "risk-window",
        "half-a-limit",
        "hole",
        "ended",
        "wrong-order",
        "per-cent",
        "backwards",
        "direction",
        "no-formula",
        "no-light",
        "procedure-twice",
    ],
)
def test_a_wrong_change_is_named(
    copy: Copy, seeds: Path, seed: str, old: str, new: str, select: tuple[str, ...], sentence: str
) -> None:
    edit(seeds, seed, old, new)

    assert f"Danh mục {seed}.csv: {sentence}" in copy.sentences(*select)


def test_a_row_with_too_many_cells_is_told_without_the_engines_advice(copy: Copy, seeds: Path) -> None:
    add(seeds, "working_hours", "08:00,12:00,13:00,17:00,2025-10-01,,Quyết định, số 1,true,x")

    assert copy.sentences("working_hours") == [
        "Danh mục working_hours.csv không đọc được: có dòng thừa hoặc thiếu cột so với dòng đầu; "
        "ô có dấu phẩy phải đặt trong dấu ngoặc kép."
    ]


def test_a_cell_that_cannot_be_read_is_told_by_line_and_column(copy: Copy, seeds: Path) -> None:
    line = len((seeds / "indicator_threshold.csv").read_text(encoding="utf-8").splitlines()) + 1
    add(seeds, "indicator_threshold", "on_time_rate,0.97,0.93,20,2025-13-01,,Nghị quyết,true")

    assert copy.sentences(*THRESHOLD) == [
        f"Danh mục indicator_threshold.csv, dòng {line}: cột valid_from có giá trị 2025-13-01 "
        "không đọc được; ngày ghi dạng 2025-12-31, số thập phân dùng dấu chấm, đúng sai ghi true hoặc false."
    ]


SCORE = (
    *("commune", "score_profile", "score_group", "score_indicator", "score_band", "score_given"),
    *("score_inherited", "official_score", "dim_score_indicator"),
)


@pytest.mark.parametrize(
    ("seed", "old", "new", "sentence"),
    [
        (
            "score_indicator",
            'hạn",timeliness,20,',
            'hạn",timeliness,19,',
            "bộ 766-2026, nhóm timeliness, các chỉ số cộng lại được 19.0 điểm, nhưng score_group.csv "
            "ghi 20.0; hãy sửa cho khớp.",
        ),
        (
            "score_indicator",
            "online,6,0.5,zero",
            "online,6,50,zero",
            "bộ 766-2026, chỉ số 3.3, thiếu điểm tối đa hoặc có full_from không nằm trong khoảng trên 0 "
            "đến 1; hãy ghi 1 nếu tính theo tỷ lệ.",
        ),
        (
            "score_band",
            "766-2026,weak,Yếu,0,",
            "766-2026,weak,Yếu,1,",
            "bộ 766-2026 không có mức xếp loại nào từ 0 điểm; hãy thêm mức thấp nhất.",
        ),
        (
            "score_given",
            "766-2026,52,,1.1,1,47,",
            "766-2026,52,,1.9,1,47,",
            "bộ 766-2026, chỉ số 1.9, xã (cả tỉnh 52): không có chỉ số này trong bộ; hãy sửa mã.",
        ),
        (
            "score_given",
            "766-2026,52,,1.1,1,47,",
            "766-2026,52,21994,1.1,1,47,",
            "bộ 766-2026, chỉ số 1.1, xã 21994: nhóm này lấy điểm của tỉnh, nên để trống commune_code.",
        ),
        (
            "score_inherited",
            "transparency,7.96,",
            "transparency,79.6,",
            "bộ 766-2026, nhóm transparency, không phải nhóm lấy điểm của tỉnh, hoặc điểm nằm ngoài "
            "khoảng 0 đến điểm tối đa; hãy sửa lại.",
        ),
        (
            "official_score",
            "11.37,61.86,",
            "11.37,61.68,",
            "tỉnh 25, xã (cả tỉnh), đọc ngày 2026-09-26, sáu nhóm cộng lại được 61.86 nhưng tổng ghi 61.68; "
            "hãy xem lại trên Cổng.",
        ),
    ],
    ids=["maximum", "threshold", "bands", "unknown", "inherited", "beyond", "slip"],
)
def test_a_wrong_score_seed_is_named(
    copy: Copy, seeds: Path, seed: str, old: str, new: str, sentence: str
) -> None:
    edit(seeds, seed, old, new)

    assert copy.sentences(*SCORE) == [f"Danh mục {seed}.csv: {sentence}"]
