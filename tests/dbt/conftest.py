"""One parse of the project for all tests here, and one lake for the cases that fit into the same week."""

from __future__ import annotations

from datetime import datetime

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build, parse
from tests.support.lake import SMALL_PROVINCE, Lake


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The parsed project."""
    return parse(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def odd_week(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The week of Monday 22 September 2025, seen on Friday evening, with the cases of several files.

    Each file plants its own, in communes and under numbers that no other one uses. Every identity is a
    blocking check of the build, so that building it whole is half of their tests.
    """
    from tests.dbt import test_dossier_history, test_impossible_worlds, test_kinds

    lake = Lake(tmp_path_factory.mktemp("odd-week"), SMALL_PROVINCE)
    for cases in (test_dossier_history, test_impossible_worlds, test_kinds):
        cases.plant(lake)
    assert build(manifest, lake, datetime(2025, 9, 26, 18)).failures == {}
    return lake
