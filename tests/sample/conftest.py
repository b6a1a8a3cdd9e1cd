"""One small sample for all tests that only read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.sample import SamplePlan, make_sample
from tests.sample.reading import Sample

SMALL = SamplePlan("38", date(2025, 7, 1), date(2025, 8, 14), communes=20, seed=3, dossiers_per_commune_day=9)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    root: Path = tmp_path_factory.mktemp("sample")
    result = make_sample(SMALL, root / "inbox")
    return Sample(SMALL, result)
