"""One model's SQL on tables that the test makes up, where a whole build would tell no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import PROJECT, compile_model

Rows = Sequence[Mapping[str, Any]]


class Bench:
    """A warehouse in memory: ``put`` what a model reads, then ask for the ``result`` of its compiled SQL."""

    def __init__(self, manifest: Manifest, scratch: Path, now: datetime) -> None:
        self._manifest, self._scratch, self._now = manifest, scratch, now
        self._connection = duckdb.connect()
        self._connection.execute("attach ':memory:' as warehouse")
        for schema in ("seeds", "intermediate", "marts"):
            self._connection.execute(f"create schema warehouse.{schema}")
        self._sql: dict[str, str] = {}

    def put(self, table: str, rows: Rows, **types: str) -> None:
        """Make ``table`` (schema and name) of ``rows``; ``types`` casts columns, absent ones from null."""
        arrow = pa.Table.from_pylist([dict(row) for row in rows])
        known = set(arrow.column_names)
        columns = [
            f"cast({name if name in known else 'null'} as {types[name]}) as {name}" for name in types
        ] + [name for name in arrow.column_names if name not in types]
        self._connection.register("arrow", arrow)
        self._connection.execute(
            f"create or replace table warehouse.{table} as select {', '.join(columns)} from arrow"
        )

    def seed(self, name: str) -> None:
        """Load a seed as it stands in the project, with the types that the project gives its columns."""
        types = self._manifest.nodes[f"seed.motcua.{name}"].config.get("column_types")
        self._connection.execute(
            f"create or replace table warehouse.seeds.{name} as "
            f"from read_csv('{PROJECT}/seeds/{name}.csv', header = true, columns = {types})"
        )

    def sql(self, model: str) -> str:
        """The compiled SQL of ``model``."""
        if model not in self._sql:
            self._sql[model] = compile_model(self._manifest, self._scratch, self._now, model)
        return self._sql[model]

    def result(self, model: str) -> list[dict[str, Any]]:
        """The rows of ``model`` over what was put, in no order."""
        found = self._connection.execute(self.sql(model))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
