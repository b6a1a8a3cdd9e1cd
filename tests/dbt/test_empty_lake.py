"""Nothing has arrived yet: everything builds, nothing is invented; and the unit tests of the rules pass."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build, run
from tests.support.lake import Lake

NOW = datetime(2025, 9, 26, 18)


@pytest.fixture(scope="module")
def empty(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """An empty lake, built."""
    home: Path = tmp_path_factory.mktemp("empty")
    lake = Lake(home)
    assert build(manifest, lake, NOW).failures == {}
    return lake


@pytest.mark.parametrize(
    "table",
    [
        "fct_dossier",
        "delivery",
        "rejected_row",
        "flagged_row",
        "commune_flow_day",
        "commune_indicator",
        "province_day",
    ],
)
def test_no_facts_out_of_nothing(empty: Lake, table: str) -> None:
    assert empty.query(f"select count(*) from marts.{table}") == [(0,)]


def test_every_commune_is_listed_all_the_same(empty: Lake) -> None:
    assert empty.query("select count(*), count(received) from marts.commune_overview") == [(166, 0)]


def test_macros_answer_with_no_rows(empty: Lake) -> None:
    assert empty.query("from marts.report_ii06('2025-07-01', '2025-09-27')") == []
    assert empty.query("from marts.indicator_between('2025-07-01', '2025-09-27')") == []


def test_unit_tests_of_the_rules(manifest: Manifest, empty: Lake) -> None:
    outcome = run(manifest, empty, NOW, "test", "--select", "test_type:unit")
    assert outcome.failures == {}
    assert len(outcome.by_status["pass"]) >= 10
