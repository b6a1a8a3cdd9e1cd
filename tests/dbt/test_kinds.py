"""Steps, petitions, ratings and self-reported criteria, from the lake to the marts and the indicators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.support.lake import SMALL_COUNT, SMALL_PROVINCE, Lake, Row, dossier

A, B, C = "03405", "03408", "03424"
COMMUNES, CRITERIA = SMALL_COUNT, 16
MON, TUE, WED, THU = (date(2025, 9, day) for day in (22, 23, 24, 25))
RECEIVED = datetime(2025, 9, 22, 8)


def step(code: str, number: int, stage: str, began: datetime, **values: Any) -> Row:
    """A step of dossier ``code``, open unless ``ended_at`` is given."""
    return {"dossier_code": code, "step_number": number, "stage": stage, "started_at": began, **values}


def petition(code: str, **values: Any) -> Row:
    """A petition received on Monday, without a due date unless given."""
    return {"petition_code": code, "petition_kind": "kien_nghi", "received_at": RECEIVED, **values}


def rating(code: str, level: int | None) -> Row:
    """A rating of Monday."""
    return petition(code, petition_kind="danh_gia", satisfaction=level)


def report(month: str, commune: str, *results: str) -> list[Row]:
    """A commune's report on the first criteria."""
    return [
        {"report_month": month, "commune_code": commune, "criterion_code": str(code), "result": result}
        for code, result in enumerate(results, start=1)
    ]


@pytest.fixture
def lake(odd_week: Lake) -> Lake:
    return odd_week


def plant(lake: Lake) -> None:
    """Files of every kind, from two communes and from the province."""
    lake.deliver(MON, A, [dossier("shrunk", RECEIVED), dossier("mended", RECEIVED)])
    nine, ten = datetime(2025, 9, 22, 9), datetime(2025, 9, 22, 10)
    lake.deliver(
        MON,
        A,
        [
            step("shrunk", 1, "tiep_nhan", RECEIVED, ended_at=nine),
            step("shrunk", 2, "tham_dinh", nine, ended_at=ten),
            step("shrunk", 3, "ky_duyet", ten),
            step("mended", 1, "tiep_nhan", RECEIVED),
        ],
        kind="tientrinh",
    )
    # A correction of Monday's file drops a dossier, whose fewer steps come on Tuesday, from the province.
    mended = [step("mended", 1, "tiep_nhan", RECEIVED, ended_at=nine)]
    shrunk = [
        step("shrunk", 1, "tiep_nhan", RECEIVED, ended_at=ten),
        step("shrunk", 2, "tham_dinh", ten, ended_at=nine),
    ]
    lake.deliver(MON, A, mended, kind="tientrinh", arrived_at=datetime(2025, 9, 23, 9))
    lake.deliver(TUE, None, [*shrunk, step("nobodys", 1, "Họp thôn", RECEIVED)], kind="tientrinh")
    lake.deliver(
        MON,
        None,
        [
            petition("in-time", commune_code=A, due_at=datetime(2025, 9, 24, 17), handled_at=ten),
            petition("reopened", commune_code=A, due_at=datetime(2025, 9, 24, 17), handled_at=ten),
            petition("by-limit", commune_code=A),
            *({**rating(f"rating-{level}", level), "commune_code": A} for level in (1, 3, 4, 5, None)),
            petition("elsewhere", commune_code=B, due_at=datetime(2025, 9, 24, 17)),
            petition("merged-away", commune_code="14000", due_at=datetime(2025, 9, 24, 17)),
        ],
        kind="phananh",
    )
    lake.deliver(
        WED,
        None,
        [petition("reopened", commune_code=A, due_at=datetime(2025, 9, 24, 17), satisfaction=1)],
        kind="phananh",
    )
    green = ["xanh"] * CRITERIA
    lake.deliver(
        MON,
        None,
        [
            *report("2025-08", A, *green),
            *report("2025-08", B, "xanh", "vang", "do"),
            *report("2025-09", B, *green),
            *report("2099-01", C, "xanh"),
        ],
        kind="tieuchi",
    )
    lake.deliver(WED, None, report("2025-09", B, "do", *green[1:]), kind="tieuchi")


def test_the_newest_export_replaces_all_steps_of_a_dossier(lake: Lake) -> None:
    assert lake.query(
        "select dossier_code, step_number, stage, commune_code, is_open, working_hours, is_counted "
        "from marts.fct_step where not is_inferred order by all"
    ) == [
        ("mended", 1, "tiep_nhan", A, False, 1.0, True),
        ("nobodys", 1, "Họp thôn", SMALL_PROVINCE, True, 39.0, False),
        ("shrunk", 1, "tiep_nhan", A, False, 2.0, True),
        ("shrunk", 2, "tham_dinh", A, False, None, False),
    ]


def test_doubtful_steps_are_flagged(lake: Lake) -> None:
    assert lake.query("select dossier_code, step_number, flag from marts.flagged_step order by all") == [
        ("nobodys", 1, "unknown_dossier"),
        ("shrunk", 2, "ended_before_started"),
    ]


def test_a_stage_that_nobody_mapped_appears_as_itself(lake: Lake) -> None:
    assert lake.query(
        "select stage_code, stage_name, is_stage_mapped from marts.fct_step "
        "where dossier_code in ('nobodys', 'mended') order by dossier_code"
    ) == [("tiep_nhan", "Tiếp nhận hồ sơ", True), ("Họp thôn", "Họp thôn", False)]


@pytest.mark.parametrize(
    ("code", "on_time", "due"),
    [
        ("in-time", True, datetime(2025, 9, 24, 17)),
        ("reopened", False, datetime(2025, 9, 24, 17)),
        # 15 working days after Monday 22 September.
        ("by-limit", None, datetime(2025, 10, 13)),
        ("rating-5", None, None),
    ],
)
def test_petitions_and_their_due_time(
    lake: Lake, code: str, on_time: bool | None, due: datetime | None
) -> None:
    assert lake.query(
        f"select is_on_time, due_at from marts.fct_petition where petition_code = '{code}'"
    ) == [(on_time, due)]


def terms(lake: Lake, commune: str, indicator: str, period: str = "to_date") -> list[tuple[Any, ...]]:
    return lake.query(
        "select numerator, denominator, grey_reason from marts.commune_indicator where is_latest "
        f"and commune_code = '{commune}' and indicator_code = '{indicator}' and period_type = '{period}'"
    )


@pytest.mark.parametrize(
    ("commune", "indicator", "expected"),
    [
        (A, "petition_on_time_rate", (1, 2, "too_few")),
        (A, "satisfaction_rate", (2, 4, "too_few")),
        (B, "petition_on_time_rate", (0, 1, "too_few")),
        (B, "satisfaction_rate", (0, 0, "no_data")),
        ("14000", "petition_on_time_rate", (0, 1, "too_few")),
        # The running month: reported by B, corrected on Wednesday; A's is that of August; C said nothing.
        (A, "criteria_green", (16, 16, None)),
        (B, "criteria_green", (15, 16, None)),
        (C, "criteria_green", (0, 0, "no_data")),
    ],
)
def test_terms_of_the_indicators(
    lake: Lake, commune: str, indicator: str, expected: tuple[int, int, str | None]
) -> None:
    assert terms(lake, commune, indicator) == [expected]


def test_a_petition_counts_on_the_day_it_is_due(lake: Lake) -> None:
    days = lake.query(
        "select date, petitions_due, petitions_on_time, ratings, ratings_satisfied from marts.commune_day "
        f"where commune_code = '{A}' and petitions_due + ratings > 0 order by date"
    )
    assert days == [(MON, 0, 0, 4, 2), (WED, 2, 1, 0, 0)]


def test_any_span_gives_the_same_terms(lake: Lake) -> None:
    codes = "('petition_on_time_rate', 'satisfaction_rate', 'criteria_green')"
    span = lake.query(
        f"select indicator_code, numerator, denominator from marts.indicator_between('{MON}', '{THU}') "
        f"where commune_code = '{B}' and indicator_code in {codes} order by all"
    )
    assert span == [("criteria_green", 15, 16), ("petition_on_time_rate", 0, 1), ("satisfaction_rate", 0, 0)]


def test_the_province_sums_what_was_reported(lake: Lake) -> None:
    assert lake.query(
        "select numerator, denominator from marts.province_indicator "
        "where period_type = 'to_date' and indicator_code = 'criteria_green'"
    ) == [(31, 32)]


def test_every_commune_month_and_criterion_has_a_light(lake: Lake) -> None:
    """From the first month reported to the last; a month to come is nobody's report."""
    assert lake.query(
        "select month, count(*), count(distinct commune_code), count(*) filter (where light = 'grey') "
        "from marts.commune_criterion group by month order by month"
    ) == [
        ("2025-08", COMMUNES * CRITERIA, COMMUNES, COMMUNES * CRITERIA - CRITERIA - 3),
        ("2025-09", COMMUNES * CRITERIA, COMMUNES, COMMUNES * CRITERIA - CRITERIA),
    ]


def test_criteria_say_what_was_reported_and_that_their_texts_are_unverified(lake: Lake) -> None:
    assert lake.query(
        "select criterion_code, light, grey_reason, verified from marts.commune_criterion "
        f"where commune_code = '{B}' and month = '2025-08' and criterion_code in ('1', '2', '3', '4') "
        "order by criterion_code"
    ) == [
        ("1", "green", None, False),
        ("2", "yellow", None, False),
        ("3", "red", None, False),
        ("4", "grey", "no_data", False),
    ]
