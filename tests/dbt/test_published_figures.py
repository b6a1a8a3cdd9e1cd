"""Figures that real centres published, rebuilt as dossiers, come out of the macros and marts exactly.

Sources: press reports on Thọ Phú (September 2025) and Đông Sơn (November 2025), Thanh Hóa; evaluation of
Phú Thọ's communes on the national portal (2026), of which the on-time shares are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build
from tests.support.lake import Lake, dossier

THO_PHU, DONG_SON, OTHERS = "15763", "16378", ("14797", "14758", "14812")
FROM, NOW = date(2025, 7, 1), datetime(2025, 11, 8, 18)
ON_TIME_SHARES = {"14797": (8253, 7368), "14758": (2876, 2729), "14812": (1000, 899)}
"""Received and on time: Việt Trì, Đào Xá, and one just below 90 %."""


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def numbered(count: int, days: list[date]) -> Iterator[tuple[int, datetime]]:
    """``count`` receptions spread over ``days`` as evenly as it goes."""
    for number in range(count):
        yield number, datetime.combine(days[number * len(days) // count], datetime.min.time()).replace(hour=8)


def tho_phu() -> Iterator[dict[str, Any]]:
    """2,145 received, 2,034 of them online; 1,520 early, 447 on time, 37 late; 141 open and in time."""
    for number, received in numbered(2145, working_days(FROM, date(2025, 9, 23))):
        values: dict[str, Any] = {"channel_code": 2 if number < 2034 else (3, 1, None)[number % 3]}
        due = received + timedelta(days=3)
        if number < 1520:
            values |= {"status_code": 10, "finished_at": due - timedelta(days=1)}
        elif number < 1520 + 447:
            values |= {"status_code": 9, "finished_at": due.replace(hour=16)}
        elif number < 1520 + 447 + 37:
            values |= {"status_code": 9, "finished_at": due + timedelta(days=1)}
        else:
            due = datetime(2025, 9, 27) if number % 2 else datetime(2025, 9, 30, 17)
        yield dossier(f"TP-{number}", received, due_at=due, **values)


def dong_son() -> Iterator[dict[str, Any]]:
    """6,967 received: 95.2 % online, 97.74 % on time, 99.93 % paid online, 99.97 % digitised."""
    for number, received in numbered(6967, working_days(FROM, date(2025, 10, 31))):
        resolved, late = number < 6800, number < 154
        due = received + timedelta(days=2)
        yield dossier(
            f"DS-{number}",
            received,
            channel_code=2 if number < 6633 else 1,
            due_at=due,
            status_code=9 if resolved else 4,
            finished_at=due + timedelta(days=1 if late else 0) if resolved else None,
            fee_amount=8000 if number < 4300 else 0,
            online_payment_code=0 if number < 3 else 1,
            component_count=2,
            digitised_component_count=0 if number < 2 else 2,
            has_digitised_component=number >= 2,
        )


def shares(commune: str) -> Iterator[dict[str, Any]]:
    received_count, on_time = ON_TIME_SHARES[commune]
    for number, received in numbered(received_count, working_days(FROM, date(2025, 10, 31))):
        due = received + timedelta(days=2)
        finished = due if number < on_time else due + timedelta(days=1)
        yield dossier(f"{commune}-{number}", received, due_at=due, status_code=9, finished_at=finished)


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    home: Path = tmp_path_factory.mktemp("figures")
    lake = Lake(home)
    lake.deliver(date(2025, 9, 26), THO_PHU, tho_phu())
    lake.deliver(date(2025, 11, 7), DONG_SON, dong_son())
    for commune in OTHERS:
        lake.deliver(date(2025, 11, 7), commune, shares(commune))
    asked = (
        "report_ii06",
        "indicator_between",
        "commune_indicator",
        "province_indicator",
        "commune_flow_day",
    )
    assert build(manifest, lake, NOW, *asked).failures == {}
    return lake


def test_tho_phu_by_form_ii06(lake: Lake) -> None:
    columns = ", ".join(f"cast(sum(c{number}) as integer)" for number in range(3, 14))
    assert lake.query(
        f"select {columns} from marts.report_ii06('2025-07-01', '2025-09-27') "
        f"where commune_code = '{THO_PHU}'"
    ) == [(2145, 2034, 111, 0, 2004, 1520, 447, 37, 141, 141, 0)]


def test_a_split_period_carries_the_backlog_over(lake: Lake) -> None:
    """What was open at the end of one period is `from the period before` in the next."""
    first = lake.query("select sum(c11) from marts.report_ii06('2025-07-01', '2025-08-14')")
    second = lake.query("select sum(c6) from marts.report_ii06('2025-08-15', '2025-09-27')")
    assert first == second


@pytest.mark.parametrize(
    ("indicator", "percent"),
    [
        ("online_rate", "95.2"),
        ("on_time_rate", "97.74"),
        ("online_payment_rate", "99.93"),
        ("digitised_rate", "99.97"),
        ("digitised_dossier_rate", "99.97"),
    ],
)
def test_dong_son_by_indicator(lake: Lake, indicator: str, percent: str) -> None:
    [(value,)] = lake.query(
        "select value from marts.indicator_between('2025-07-01', '2025-11-08') "
        f"where commune_code = '{DONG_SON}' and indicator_code = '{indicator}'"
    )
    decimals = len(percent.partition(".")[2])
    assert f"{value * 100:.{decimals}f}" == percent


def test_dong_son_received(lake: Lake) -> None:
    assert lake.query(
        f"select sum(received) from marts.commune_flow_day where commune_code = '{DONG_SON}'"
    ) == [(6967,)]


def test_a_span_that_is_a_period_gives_the_periods_values(lake: Lake) -> None:
    assert (
        lake.query(
            "select p.indicator_code, p.commune_code, p.numerator, p.denominator "
            "from marts.commune_indicator p where period_type = 'month' and period_start = '2025-08-01' "
            "except select indicator_code, commune_code, numerator, denominator "
            "from marts.indicator_between('2025-08-01', '2025-08-31')"
        )
        == []
    )


@pytest.mark.parametrize(
    ("commune", "light"), [("14797", "red"), ("14758", "yellow"), ("14812", "red"), (DONG_SON, "green")]
)
def test_lights_at_95_and_90(lake: Lake, commune: str, light: str) -> None:
    assert lake.query(
        f"select light from marts.commune_indicator where commune_code = '{commune}' "
        "and period_type = 'to_date' and indicator_code = 'on_time_rate'"
    ) == [(light,)]


def test_the_province_is_the_sum_of_its_communes(lake: Lake) -> None:
    on_time = 1520 + 447 + (6800 - 154) + sum(share[1] for share in ON_TIME_SHARES.values())
    resolved = 2004 + 6800 + sum(share[0] for share in ON_TIME_SHARES.values())
    assert lake.query(
        "select numerator, denominator, value from marts.province_indicator "
        "where period_type = 'to_date' and indicator_code = 'on_time_rate'"
    ) == [(on_time, resolved, on_time / resolved)]
