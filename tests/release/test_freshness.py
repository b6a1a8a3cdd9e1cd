"""Days off owe no figures."""

from __future__ import annotations

from datetime import date, datetime, time

import duckdb
import pytest

from orchestration.clock import Moment
from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.freshness import expected_data_date
from orchestration.release.publish import publish

from .conftest import MakeBuild


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2025, 11, 21, 18), date(2025, 11, 21)),
        (datetime(2025, 11, 21, 17, 59), date(2025, 11, 20)),
        (datetime(2025, 11, 23, 20), date(2025, 11, 21)),
        (datetime(2025, 11, 24, 9), date(2025, 11, 21)),
    ],
)
def test_the_newest_working_day_that_was_due(
    home: Home, make_build: MakeBuild, now: datetime, expected: date
) -> None:
    build = make_build()
    with duckdb.connect(home.warehouse_file) as connection:
        connection.execute(
            "CREATE TABLE marts.dim_date AS SELECT day::DATE AS date, isodow(day) < 6 AS is_working_day "
            "FROM range(DATE '2025-11-17', DATE '2025-12-01', INTERVAL 1 DAY) AS days(day)"
        )
    publish(home, build, datetime(2025, 11, 24))

    assert expected_data_date(home, Moment(now, time(18))) == expected


def test_before_the_first_release(home: Home) -> None:
    with pytest.raises(UnavailableError):
        expected_data_date(home, Moment(datetime(2025, 11, 24), time(18)))
