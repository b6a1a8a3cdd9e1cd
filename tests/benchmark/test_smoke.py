"""The benchmark on a few days: every part of it that reads dbt's record runs, so that none can rot unseen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.settings import Settings
from tests.benchmark.bare import compiled_statements, run_bare
from tests.benchmark.history import scan, write_history
from tests.benchmark.shares import CHECKS, SEEDS, seconds_below, seconds_by_share
from tests.benchmark.steps import build_all

FIRST, LAST = date(2025, 11, 3), date(2025, 11, 14)
DOSSIERS = 300

pytestmark = pytest.mark.slow


def test_a_few_days_pass_through_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.paths.prepare()
    written = write_history(settings, FIRST, LAST, DOSSIERS)
    assert written.dossiers == DOSSIERS
    assert scan(settings.paths.lake) == written.changes > DOSSIERS
    build_all(settings, LAST)

    target = settings.paths.warehouse / "target"
    statements = compiled_statements(target)
    kinds = {statement.kind for statement in statements}
    assert kinds >= {"table", "view", "check", "table_function", "scalar_function"}
    assert run_bare(statements, settings.paths.warehouse_file, settings.paths.scratch) > 0
    shares = seconds_by_share(target)
    assert {CHECKS, SEEDS, "marts"} <= shares.keys()
    assert 0 < seconds_below(target, ("int_dossier_stay",)) < sum(shares.values())
