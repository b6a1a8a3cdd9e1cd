"""What the at-risk list says comes true: a sample province, judged by what its exports told weeks later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.sample.make import make_sample
from orchestration.sample.plan import SamplePlan
from tests.support.installation import Installation

pytestmark = pytest.mark.slow

# Not the sample that the rule was chosen on: another seed, other communes.
FIRST, LAST = date(2025, 7, 14), date(2025, 10, 31)
PLAN = SamplePlan(province="38", first_day=FIRST, last_day=LAST, communes=20, seed=5)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Twenty communes over three and a half months, as one release."""
    installation = Installation(tmp_path_factory.mktemp("risk"))
    make_sample(PLAN, Path(installation.inbox))
    installation.run(LAST)
    return installation


def test_high_risk_turns_late_and_most_late_ones_were_listed(province: Installation) -> None:
    told = province.one(
        "select sum(high) as high, sum(high_late) as high_late, sum(late_soon) as late_soon, "
        "sum(late_soon_listed) as listed, count(*) as evenings from meta.risk_backtest"
    )
    assert told["evenings"] == 5
    assert told["high"] >= 10
    assert told["high_late"] / told["high"] >= 0.8
    assert told["listed"] / told["late_soon"] >= 0.7


def test_a_risk_is_the_share_that_turns_late(province: Installation) -> None:
    bands = province.query("from meta.risk_calibration where dossiers >= 200")
    assert len(bands) >= 5
    for band in bands:
        assert band["late_share"] == pytest.approx(band["mean_risk"], abs=0.08)


def test_every_open_dossier_is_on_the_list(province: Installation) -> None:
    assert (
        province.query(
            "select dossier_code from marts.fct_dossier where is_open "
            "except select dossier_code from marts.dossier_at_risk"
        )
        == []
    )


def test_weeks_come_out_within_their_intervals(province: Installation) -> None:
    rows = province.query(
        "select measure, sum(within_interval) / sum(forecasts) as coverage from meta.forecast_accuracy "
        "where unit_type in ('province', 'field', 'commune') group by measure"
    )
    assert {row["measure"] for row in rows} == {"received", "overdue"}
    assert all(row["coverage"] >= 0.75 for row in rows)
