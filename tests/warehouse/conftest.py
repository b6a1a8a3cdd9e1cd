"""A dbt project of two models, so that building is tried without the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject

FILES = {
    "dbt_project.yml": """
name: tiny
version: "1.0.0"
profile: tiny
seed-paths: [seeds]
""",
    "profiles.yml": """
tiny:
  target: local
  outputs:
    local:
      type: duckdb
      path: "{{ env_var('MOTCUA_HOME') }}/warehouse/warehouse.duckdb"
      schema: marts
""",
    "seeds/threshold.csv": "code,value\na,1\nb,2\n",
    "models/numbers.sql": (
        'select code, value, cast(\'{{ var("now", "none") }}\' as varchar) as built_for, '
        "'{{ env_var(\"MOTCUA_PROVINCE\") }}' as province from {{ ref('threshold') }}"
    ),
    "models/total.sql": (
        "{{ config(materialized='table') }} select sum(value) as total from {{ ref('numbers') }}"
    ),
    "models/schema.yml": """
models:
  - name: numbers
    columns:
      - name: code
        data_tests: [unique]
  - name: total
    columns:
      - name: total
        data_tests:
          - accepted_values: {arguments: {values: [3], quote: false}}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> DbtProject:
    directory = tmp_path / "project"
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return DbtProject(Settings(home=tmp_path / "home", province="25"), directory)
