"""Steps from the lake to queues: what is left out, what lies between, what status tells without any."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build
from tests.support.lake import Lake, Row, dossier

A = "14797"
LAND = "1.012783"
BRANCH = "Chi nhánh Văn phòng Đăng ký đất đai Hạc Thành"
MON, TUE, WED = (date(2025, 9, day) for day in (22, 23, 24))
NOW = datetime(2025, 9, 26, 18)
MARTS = ("bottleneck_week", "stage_queue_week", "land_backlog_day", "commune_flow_day", "flow_cumulative_day")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 9, day, hour, minute)


def step(code: str, number: int, stage: str, began: datetime, ended: datetime | None, **values: Any) -> Row:
    return {
        "dossier_code": code,
        "step_number": number,
        "stage": stage,
        "unit_type": "vpdk" if stage == "vpdk" else "xa",
        "started_at": began,
        "ended_at": ended,
        **values,
    }


def land(code: str, **values: Any) -> Row:
    unit = {"resolving_unit": BRANCH, "resolving_unit_type": "vpdk"}
    return dossier(code, at(22, 8), procedure_code=LAND, **unit, **values)


BAD_STEPS = (
    step("backwards", 1, "tiep_nhan", at(22, 8), at(22, 9)),
    step("backwards", 2, "vpdk", at(22, 10), at(22, 9)),
    step("backwards", 3, "ky_duyet", at(22, 11), None),
    step("repeated", 1, "tiep_nhan", at(22, 8), at(22, 9)),
    step("repeated", 1, "tiep_nhan", at(22, 8), at(22, 10)),
    step("disordered", 2, "vpdk", at(22, 8), at(22, 9)),
    step("disordered", 1, "tiep_nhan", at(22, 9), at(22, 10)),
    step("disordered", 3, "ky_duyet", at(22, 10), None),
    step("open-twice", 1, "tiep_nhan", at(22, 8), None),
    step("open-twice", 2, "vpdk", at(22, 9), None),
    step("overlapping", 1, "tiep_nhan", at(22, 8), at(22, 10)),
    step("overlapping", 2, "vpdk", at(22, 9), at(22, 11)),
    step("went-back", 1, "tiep_nhan", at(22, 8), at(22, 9)),
    step("went-back", 2, "vpdk", at(22, 9), at(22, 10)),
    step("went-back", 1, "tiep_nhan", at(22, 10), None),
)


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    home: Path = tmp_path_factory.mktemp("steps")
    lake = Lake(home)
    codes = sorted({str(each["dossier_code"]) for each in BAD_STEPS})
    lake.deliver(
        MON,
        A,
        [*(land(code) for code in codes), land("silent", status_code=2), land("elsewhere")],
    )
    lake.deliver(TUE, A, [land("silent", status_code=6, updated_at=at(23, 10))])
    lake.deliver(
        MON,
        A,
        [
            *BAD_STEPS,
            step("elsewhere", 1, "Họp thôn", at(22, 8), at(22, 9)),
            step("elsewhere", 2, "vpdk", at(22, 13), None, department="Chi nhánh liên xã"),
            step("nobodys", 1, "vpdk", at(22, 8), None),
        ],
        kind="tientrinh",
    )
    assert build(manifest, lake, NOW, "text_to_map", "flagged_step", *MARTS).failures == {}
    return lake


@pytest.mark.parametrize(
    ("code", "flag", "counted", "left_out"),
    [
        ("backwards", "ended_before_started", [1, 3], [2]),
        ("repeated", "repeated", [2], [1]),
        ("disordered", "out_of_order", [1, 3], [2]),
        ("open-twice", "open_twice", [2], [1]),
        ("nobodys", "unknown_dossier", [], [1]),
    ],
)
def test_what_cannot_be_is_flagged_and_left_out(
    lake: Lake, code: str, flag: str, counted: list[int], left_out: list[int]
) -> None:
    assert lake.query(
        f"select step_position, flag from marts.flagged_step where dossier_code = '{code}' order by all"
    ) == [(position, flag) for position in left_out]
    assert lake.query(
        f"select step_position, is_counted from marts.fct_step where dossier_code = '{code}' order by all"
    ) == sorted([(position, True) for position in counted] + [(position, False) for position in left_out])


def test_holes_are_told_with_their_reason(lake: Lake) -> None:
    assert lake.query(
        "select dossier_code, step_position, waiting_hours, waiting_reason from marts.fct_step "
        "where waiting_hours > 0 order by all"
    ) == [
        ("backwards", 3, 2.0, "step_left_out"),
        ("disordered", 3, 1.0, "step_left_out"),
        # The noon break is none.
        ("elsewhere", 2, 2.5, "between_steps"),
        ("open-twice", 2, 1.0, "step_left_out"),
    ]


def test_what_two_steps_cover_counts_once_and_going_back_is_rework(lake: Lake) -> None:
    assert lake.query(
        "select dossier_code, step_position, working_hours, overlap_hours, is_rework, is_handover "
        "from marts.fct_step where dossier_code in ('overlapping', 'went-back') order by all"
    ) == [
        ("overlapping", 1, 2.0, 0.0, False, False),
        ("overlapping", 2, 2.0, 1.0, False, True),
        ("went-back", 1, 1.0, 0.0, False, False),
        ("went-back", 2, 1.0, 0.0, False, True),
        ("went-back", 3, 37.0, 0.0, True, True),
    ]


def test_without_steps_the_status_tells_the_way(lake: Lake) -> None:
    assert lake.query(
        "select stage_code, unit_type, started_at, ended_at, working_hours, is_open, is_unit_work "
        "from marts.fct_step where is_inferred order by started_at"
    ) == [
        ("tiep_nhan", "xa", at(22, 8), at(23, 10), 10.0, False, True),
        ("nghia_vu_tai_chinh", "khac", at(23, 10), None, 29.0, True, False),
    ]


def test_what_no_catalogue_knows_appears_as_itself_and_on_the_list_to_map(lake: Lake) -> None:
    assert lake.query("select seed, text, steps, dossiers, communes from marts.text_to_map order by all") == [
        ("stage_text", "họp thôn", 1, 1, 1),
        ("unit_text", "chi nhánh liên xã", 1, 1, 1),
    ]
    assert lake.query(
        "select stage, unit_code, branch_code, entered, waiting_at_end from marts.stage_queue_week "
        "where is_latest and (stage = 'Họp thôn' or unit_code = 'Chi nhánh liên xã') order by all"
    ) == [("Họp thôn", A, None, 1, 0), ("vpdk", "Chi nhánh liên xã", None, 1, 1)]


def test_a_step_without_a_name_belongs_to_the_branch_of_its_commune(lake: Lake) -> None:
    assert lake.query(
        "select unit_code, unit_name, entered, waiting_at_end from marts.stage_queue_week "
        "where stage = 'vpdk' and branch_code is not null"
    ) == [("VPDK-38-01", BRANCH, 4, 1)]


def test_a_branch_with_few_dossiers_has_no_figure_and_says_why(lake: Lake) -> None:
    assert lake.query(
        "select rank, hours_lost, weeks_to_clear, no_figure_reason, explanation from marts.bottleneck_week "
        "where is_latest and stage = 'vpdk' and branch_code is not null"
    ) == [
        (
            None,
            None,
            None,
            "too_few",
            f"Chi nhánh văn phòng đăng ký đất đai xử lý, {BRANCH}: chưa tính được, "
            "vì 2 tuần qua mới có 4 hồ sơ chờ hoặc đi qua (cần ít nhất 10).",
        )
    ]


def test_every_open_land_dossier_stands_in_the_stage_that_it_came_to_last(lake: Lake) -> None:
    assert lake.query(
        "select stage, open, age_0_5 from marts.land_backlog_day "
        f"where date = '{WED}' and branch_code = 'VPDK-38-01' order by all"
    ) == [
        ("ky_duyet", 2, 2),
        ("nghia_vu_tai_chinh", 1, 1),
        ("tiep_nhan", 2, 2),
        ("vpdk", 3, 3),
    ]
