"""Phú Thọ's 148 communes: 488,451 dossiers come out as the national portal counted them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.phu_tho import LAST_DAY, PROVINCE, figures, write_exports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def phu_tho(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The province on 26/9/2026 as one release."""
    home: Path = tmp_path_factory.mktemp("phu-tho")
    installation = Installation(home, PROVINCE)
    write_exports(installation.inbox)
    installation.run(LAST_DAY)
    return installation


@pytest.mark.parametrize("period", ["period_type = 'to_date'", "period_type = 'year' and is_latest"])
def test_received_on_time_and_overdue_of_every_commune(phu_tho: Installation, period: str) -> None:
    rows = phu_tho.query(
        "select commune_code, denominator as received, numerator as on_time, "
        "denominator - numerator as overdue from marts.commune_indicator "
        f"where indicator_code = 'on_time_rate_portal' and {period}"
    )
    assert {row["commune_code"]: (row["received"], row["on_time"], row["overdue"]) for row in rows} == {
        each.commune_code: (each.received, each.on_time, each.received - each.on_time) for each in figures()
    }


def test_received_by_the_flow_of_days(phu_tho: Installation) -> None:
    rows = phu_tho.query(
        "select commune_code, cast(sum(received) as integer) as received "
        "from marts.commune_flow_day group by commune_code"
    )
    assert {row["commune_code"]: row["received"] for row in rows} == {
        each.commune_code: each.received for each in figures()
    }


def test_the_province_is_the_sum_of_its_communes(phu_tho: Installation) -> None:
    """Domain figures: 488,451 received, 92.72 % on time, 35,558 late."""
    row = phu_tho.one(
        "select numerator, denominator, round(value, 4) as value, light from marts.province_indicator "
        "where indicator_code = 'on_time_rate_portal' and period_type = 'to_date'"
    )
    assert row == {"numerator": 452893, "denominator": 488451, "value": 0.9272, "light": "yellow"}
    assert row["denominator"] - row["numerator"] == 35558


def test_64_green_61_yellow_23_red_at_95_and_90(phu_tho: Installation) -> None:
    rows = phu_tho.query(
        "select light from marts.commune_indicator "
        "where indicator_code = 'on_time_rate_portal' and period_type = 'to_date'"
    )
    assert Counter(row["light"] for row in rows) == {"green": 64, "yellow": 61, "red": 23}


def test_rank_by_that_measure(phu_tho: Installation) -> None:
    """Đào Xá was 67th of 148 with 94.89 %."""
    row = phu_tho.one(
        "select rank, round(value, 4) as value from marts.commune_indicator "
        "where indicator_code = 'on_time_rate_portal' and period_type = 'to_date' "
        "and commune_name = 'Xã Đào Xá'"
    )
    assert row == {"rank": 67, "value": 0.9489}


def test_form_ii06_counts_the_same_dossiers_otherwise(phu_tho: Installation) -> None:
    """Finished on the due date after the due hour is on time there, and open ones do not count."""
    row = phu_tho.one(
        "select numerator = denominator as all_on_time, denominator < 488451 as resolved_only "
        "from marts.province_indicator where indicator_code = 'on_time_rate' and period_type = 'to_date'"
    )
    assert row == {"all_on_time": True, "resolved_only": True}
