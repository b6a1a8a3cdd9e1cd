"""One parse of the project for all tests here."""

from __future__ import annotations

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import parse


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The parsed project."""
    return parse(tmp_path_factory.mktemp("dbt"))
