"""Which files are generated, and the text that each is to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from orchestration.contract import load_contract
from orchestration.dashboards.source import load_dashboards
from orchestration.generate import (
    catalogues,
    commune_cells,
    exposures,
    field_guide,
    indicator_guide,
    lake_sources,
    score_guide,
    staging,
)
from orchestration.settings import PROJECT_ROOT, SEEDS
from orchestration.warehouse.project import DBT_PROJECT

_DOCS, _MODELS = PROJECT_ROOT / "docs", DBT_PROJECT / "models"

# In this order: a later one may read an earlier one.
COMMITTED: Mapping[Path, Callable[[], str]] = {
    SEEDS / "commune.csv": catalogues.communes,
    SEEDS / "commune_cell.csv": commune_cells.cells,
    SEEDS / "holiday.csv": catalogues.days_off,
    _MODELS / "staging" / "_lake.yml": lambda: lake_sources.lake_sources(load_contract()),
    _MODELS / "staging" / "stg_hoso_version.sql": lambda: staging.staging_sql(load_contract()),
    _MODELS / "staging" / "stg_hoso_version.yml": lambda: staging.staging_yml(load_contract()),
    _MODELS / "exposures.yml": lambda: exposures.exposures(load_dashboards()),
    _DOCS / "huong-dan-xuat-du-lieu.md": lambda: field_guide.guide(load_contract()),
    _DOCS / "indicators.md": indicator_guide.guide,
    _DOCS / "score-766.md": score_guide.guide,
}
