"""The lineage from tables to dashboards, in dbt's words and in Dagster's."""

from __future__ import annotations

import pytest
import yaml

from orchestration.assets import DASHBOARDS, dashboard_specs
from orchestration.dashboards.source import DatasetSource, load_dashboards
from orchestration.generate.exposures import exposures, tables_read


def test_every_dashboard_is_an_exposure() -> None:
    told = yaml.safe_load(exposures(load_dashboards()))["exposures"]
    assert [found["name"] for found in told] == [
        dashboard.slug.replace("-", "_") for dashboard in load_dashboards()
    ]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select 1 as a from marts.x", ("marts.x",)),
        ("with y as (from marts.x) from y join meta.release on true", ("marts.x", "meta.release")),
        ("from marts.x where a in (select a from access.z)", ("access.z", "marts.x")),
        ("select a from marts.x, unnest(generate_series(1, a)) as t (n)", ("marts.x",)),
    ],
)
def test_the_tables_of_a_query(sql: str, tables: tuple[str, ...]) -> None:
    assert tables_read(DatasetSource(name="a", label="A", sql=sql)) == tables


def test_dagster_ends_at_the_dashboards() -> None:
    manifest = {
        "nodes": {"model.motcua.x": {"resource_type": "model", "schema": "marts", "name": "x"}},
        "exposures": {
            "exposure.motcua.loc": {
                "name": "loc",
                "label": "Lọc",
                "description": "Mọi cách lọc",
                "depends_on": {"nodes": ["model.motcua.x"]},
            }
        },
    }
    (spec,) = dashboard_specs(manifest)
    assert spec.key.path == [*DASHBOARDS.path, "loc"]
    assert [list(dep.asset_key.path) for dep in spec.deps] == [list(DASHBOARDS.path), ["marts", "x"]]
