"""Which version of a dossier is the newest: the packed key beside a plain comparison, and never a tie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.warehouse.compiled import ModelBench
from tests.support.dbt import bench_of

LAST_TOLD_APART = datetime(5138, 11, 16)
DAYS = st.dates(date(2025, 9, 1), date(2025, 9, 3))
MINUTES = st.integers(0, 3)
Delivery = tuple[date, int, int, int]
"""Export date, minute of arrival, second, and landing pass."""
DELIVERIES = st.lists(st.tuples(DAYS, MINUTES, st.integers(0, 59), st.integers(1, 4)), min_size=1, max_size=6)
CHANGES = st.none() | st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.fixture(scope="module")
def bench(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> ModelBench:
    home: Path = tmp_path_factory.mktemp("keys")
    made = bench_of(manifest, home, datetime(2025, 9, 26, 18), "int_delivery", "int_dossier_version")
    made.seed("dossier_status")
    return made


@given(deliveries=DELIVERIES, data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrival_then_change_then_delivery_then_row(
    bench: ModelBench, deliveries: list[Delivery], data: st.DataObject
) -> None:
    """Names run against the order of arrival, and every row stands on the same line."""
    bench.put(
        "staging.stg_delivery",
        [
            {
                "delivery_id": f"{seq:08d}-{number:05d}",
                "landing_seq": seq,
                "kind": "hoso",
                "export_date": day,
                "file_name": f"{len(deliveries) - number}.csv",
                "arrived_at": datetime(2025, 9, 4, 8, minute, second),
                "status": "accepted",
            }
            for number, (day, minute, second, seq) in enumerate(deliveries)
        ],
    )
    bench.keep("int_delivery")
    versions = [
        {
            "dossier_code": f"{number}/{position}",
            "delivery_id": f"{seq:08d}-{number:05d}",
            "position": position,
            "line": 2,
            "status_code": 4,
            "refused_at": None,
            "updated_at": data.draw(CHANGES),
        }
        for number, (*_, seq) in enumerate(deliveries)
        for position in range(data.draw(st.integers(1, 3)))
    ]
    bench.put("staging.stg_hoso_version", versions, updated_at="timestamp", refused_at="timestamp")

    def order(version: Mapping[str, object]) -> tuple[Any, ...]:
        number, position = map(int, str(version["dossier_code"]).split("/"))
        day, minute, second, seq = deliveries[number]
        changed = version["updated_at"]
        assert changed is None or isinstance(changed, datetime)
        told = min(max(changed or datetime(1970, 1, 1), datetime(1970, 1, 1)), LAST_TOLD_APART)
        return day, minute, seq, told, second, number, position

    keys = {str(row["dossier_code"]): row["version_key"] for row in bench.result("int_dossier_version")}
    assert len(set(keys.values())) == len(versions)
    by_key = sorted(versions, key=lambda version: keys[str(version["dossier_code"])])
    assert by_key == sorted(versions, key=order)
