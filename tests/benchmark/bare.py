"""The same warehouse by bare DuckDB: dbt's compiled statements, one after the other, without dbt.

It is the yardstick for what dbt and our way of running it add; the SQL itself is the same on both sides.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Statement:
    """One node of the build as plain SQL, in the order in which dbt ran it."""

    name: str
    kind: str
    sql: str


def compiled_statements(target: Path) -> list[Statement]:
    """Models and checks of the last dbt run under ``target``, seeds left out."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    statements: list[Statement] = []
    for result in results:
        node = manifest["nodes"][result["unique_id"]]
        sql = result["compiled_code"]
        if node["resource_type"] == "test":
            statements.append(Statement(node["name"], "check", f"select count(*) from ({sql}\n)"))
        elif node["resource_type"] == "model":
            kind, relation = node["config"]["materialized"], result["relation_name"]
            head = f"{kind} {relation} as"
            if kind == "table_function":
                head = f"macro {relation}({', '.join(node['config']['parameters'])}) as table"
            statements.append(Statement(node["name"], kind, f"create or replace {head} (\n{sql}\n)"))
    return statements


def run_bare(statements: list[Statement], built: Path, scratch: Path) -> float:
    """Run ``statements`` in a new database beside ``built``, whose seeds it takes over first.

    Returns the seconds that the statements took, the taking over of seeds not counted.
    """
    database = scratch / built.name
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{built}' as built (read_only)")
        for schema in ("seeds", "staging", "intermediate", "marts", "access", "meta"):
            connection.execute(f"create schema if not exists {schema}")
        seeds = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'seeds'"
        ).fetchall()
        for (seed,) in seeds:
            connection.execute(f'create table seeds."{seed}" as from built.seeds."{seed}"')
        connection.execute("detach built")
        began = time.perf_counter()
        for statement in statements:
            connection.execute(statement.sql).fetchall()
        connection.execute("checkpoint")
        return time.perf_counter() - began
