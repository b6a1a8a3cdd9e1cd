"""What the project's own models say of the made-up release: functions, and pages over its other tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.release.content import quoted
from orchestration.warehouse.macros import PROJECT, ProjectMacros

_PUBLISHED = PROJECT / "models" / "page" / "marts"
# Models of the room `page` that read published tables alone.
_PAGES = (
    "bottleneck_summary",
    "bottleneck_trend",
    "commune_score_delivery_summary",
    "province_day_summary",
    "province_delivery_summary",
    "province_indicator_trend",
    "province_score_summary",
)


def write(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Create the functions and the pages in a release that has everything else."""
    macros = ProjectMacros({"now": f"{as_of} 18:00:00"})
    for path in sorted((_PUBLISHED / "functions").glob("*.sql")):
        parameters = ", ".join(_parameters(path))
        connection.execute(f"create macro {quoted('marts', path.stem)}({parameters}) as {macros.sql(path)}")
    for name in _PAGES:
        sql = macros.sql(_PUBLISHED / f"{name}.sql")
        connection.execute(f"create or replace table {quoted('marts', name)} as {sql}")


def _parameters(function: Path) -> list[str]:
    described: dict[str, Any] = yaml.safe_load(function.with_suffix(".yml").read_text(encoding="utf-8"))
    return [column["name"] for column in described["models"][0]["columns"]]
