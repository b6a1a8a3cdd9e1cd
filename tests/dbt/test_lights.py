"""Lights, greys, ranks and signals: when a value is judged, and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build
from tests.support.lake import SMALL_PROVINCE, Lake, dossier

STEADY, BROKEN, EDGE_GREEN, EDGE_YELLOW, BELOW, FEW, ENOUGH, SILENT = (
    "03388",
    "03390",
    "03394",
    "03405",
    "03408",
    "03424",
    "03430",
    "03433",
)
FIRST = datetime(2025, 9, 1, 8)
NOW = datetime(2025, 11, 24, 18)
WEEKS = 12


def month(commune: str, count: int, late: int) -> Iterator[dict[str, Any]]:
    """``count`` dossiers received and finished in September, ``late`` of them late; without a fee."""
    for number in range(count):
        due = FIRST + timedelta(days=2)
        finished = due + timedelta(days=1 if number < late else 0)
        yield dossier(f"{commune}-{number}", FIRST, due_at=due, status_code=9, finished_at=finished)


def weekly(commune: str, late_in_last_week: int) -> Iterator[dict[str, Any]]:
    """40 dossiers a week, 1 to 3 of them late, until the last whole week."""
    for week in range(WEEKS):
        late = 1 + week % 3 if week < WEEKS - 1 else late_in_last_week
        for number in range(40):
            received = FIRST + timedelta(weeks=week)
            due = received + timedelta(days=2)
            finished = due + timedelta(days=1 if number < late else 0)
            yield dossier(
                f"{commune}-{week}-{number}", received, due_at=due, status_code=9, finished_at=finished
            )


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    home: Path = tmp_path_factory.mktemp("lights")
    lake = Lake(home, SMALL_PROVINCE)
    day = NOW.date()
    lake.deliver(day, STEADY, weekly(STEADY, 2))
    just_received = [dossier(f"new-{number}", NOW, due_at=NOW) for number in range(30)]
    lake.deliver(day, STEADY, just_received, file_name="part.csv")
    lake.deliver(day, BROKEN, weekly(BROKEN, 30))
    lake.deliver(day, EDGE_GREEN, month(EDGE_GREEN, 100, 5))
    lake.deliver(day, EDGE_YELLOW, month(EDGE_YELLOW, 100, 10))
    lake.deliver(day, BELOW, month(BELOW, 100, 11))
    lake.deliver(day, FEW, month(FEW, 19, 0))
    lake.deliver(day, ENOUGH, month(ENOUGH, 20, 0))
    assert build(manifest, lake, NOW).failures == {}
    return lake


def judged(
    lake: Lake, commune: str, indicator: str, columns: str, start: str = "2025-09-01"
) -> tuple[Any, ...]:
    [row] = lake.query(
        f"select {columns} from marts.commune_indicator where commune_code = '{commune}' "
        f"and indicator_code = '{indicator}' and period_type = 'month' and period_start = '{start}'"
    )
    return row


@pytest.mark.parametrize(
    ("commune", "value", "light"),
    [(EDGE_GREEN, 0.95, "green"), (EDGE_YELLOW, 0.9, "yellow"), (BELOW, 0.89, "red")],
)
def test_the_edge_belongs_to_the_better_light(lake: Lake, commune: str, value: float, light: str) -> None:
    assert judged(lake, commune, "on_time_rate", "value, light") == (value, light)


@pytest.mark.parametrize(
    ("commune", "indicator", "start", "reason"),
    [
        (FEW, "on_time_rate", "2025-09-01", "too_few"),
        (EDGE_GREEN, "online_payment_rate", "2025-09-01", "not_applicable"),
        (SILENT, "on_time_rate", "2025-09-01", "no_data"),
        (EDGE_GREEN, "on_time_rate", "2025-10-01", "no_data"),
    ],
)
def test_why_grey(lake: Lake, commune: str, indicator: str, start: str, reason: str) -> None:
    assert judged(lake, commune, indicator, "light, grey_reason, rank", start) == ("grey", reason, None)


def test_the_smallest_count_that_is_judged(lake: Lake) -> None:
    assert judged(lake, ENOUGH, "on_time_rate", "denominator, light, grey_reason") == (20, "green", None)


def test_a_silent_commune_has_a_row_for_every_indicator_in_every_period(lake: Lake) -> None:
    [(missing,)] = lake.query(
        "select count(*) from intermediate.int_period_indicator as judged "
        "left join marts.commune_indicator as own "
        "on judged.period_type = own.period_type and judged.period_start = own.period_start "
        f"and judged.indicator_code = own.indicator_code and own.commune_code = '{SILENT}' "
        "where own.light is null or own.explanation is null"
    )
    assert missing == 0


def test_nobody_who_may_be_judged_lacks_a_rank_and_nobody_grey_has_one(lake: Lake) -> None:
    assert lake.query(
        "select distinct light = 'grey', rank is null from marts.commune_indicator order by all"
    ) == [
        (False, False),
        (True, True),
    ]


def test_a_young_period_is_too_early(lake: Lake) -> None:
    """On Monday evening the week has one working day behind it and the quarter weeks."""
    rows = lake.query(
        "select period_type, numerator, light, grey_reason from marts.commune_indicator "
        f"where commune_code = '{STEADY}' and indicator_code = 'online_rate' and is_latest "
        "and period_type in ('week', 'quarter') order by all"
    )
    assert rows == [("quarter", 30 + 7 * 40, "green", None), ("week", 30, "grey", "too_early")]


def test_no_value_without_a_denominator(lake: Lake) -> None:
    assert judged(lake, EDGE_GREEN, "online_payment_rate", "denominator, value") == (0, None)


def test_ranks_are_shared_and_then_skipped(lake: Lake) -> None:
    ranks = lake.query(
        "select commune_code, rank from marts.commune_indicator where indicator_code = 'online_rate' "
        "and period_type = 'month' and period_start = '2025-09-01' and rank is not null order by all"
    )
    assert dict(ranks) == dict.fromkeys([STEADY, BROKEN, EDGE_GREEN, EDGE_YELLOW, BELOW, ENOUGH], 1)
    assert judged(lake, BELOW, "on_time_rate", "rank") == (6,)


def test_where_lower_is_better_zero_is_green_and_first(lake: Lake) -> None:
    assert judged(lake, STEADY, "due_moved_rate", "value, light, rank") == (0.0, "green", 1)


@pytest.mark.parametrize(("commune", "is_signal"), [(STEADY, False), (BROKEN, True)])
def test_a_signal_is_what_leaves_its_own_limits(lake: Lake, commune: str, is_signal: bool) -> None:
    last_whole_week = "2025-11-17"
    assert lake.query(
        f"select is_signal, is_complete from marts.commune_indicator where commune_code = '{commune}' "
        f"and indicator_code = 'on_time_rate' and period_type = 'week' and period_start = '{last_whole_week}'"
    ) == [(is_signal, True)]


def test_a_period_that_holds_the_day_of_the_data_is_not_complete(lake: Lake) -> None:
    assert (
        lake.query(
            "select distinct period_type from marts.province_indicator where is_latest and is_complete"
        )
        == []
    )


def test_periods_cover_their_days_and_the_report_month_runs_to_the_14th(lake: Lake) -> None:
    assert lake.query(
        "select period_start, period_end from marts.province_indicator "
        "where period_type = 'report_month' and indicator_code = 'on_time_rate' order by all"
    ) == [
        (date(2025, 8, 15), date(2025, 9, 14)),
        (date(2025, 9, 15), date(2025, 10, 14)),
        (date(2025, 10, 15), date(2025, 11, 14)),
        (date(2025, 11, 15), date(2025, 12, 14)),
    ]


def test_the_overview_says_the_light_in_symbol_and_word(lake: Lake) -> None:
    """Steady in November: 3 weeks of 40 with 1 to 3 late ones are 95 % and more."""
    assert lake.query(
        "select commune_code, on_time_label, online_payment_label from marts.commune_overview "
        f"where commune_code in ('{STEADY}', '{SILENT}') order by all"
    ) == [
        (STEADY, "● Xanh", "– Không phát sinh"),
        (SILENT, "– Chưa có số liệu", "– Chưa có số liệu"),
    ]
