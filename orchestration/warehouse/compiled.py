"""Models' SQL as dbt compiled it, run on tables that the caller makes up: for worked examples and tests.

Not here: the real warehouse, which only a whole build fills (``orchestration.warehouse.build``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from orchestration.errors import UnavailableError
from orchestration.warehouse.build import release_database
from orchestration.warehouse.project import DbtProject, environment, invoke, parse

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_SCHEMAS = ("staging", "seeds", "intermediate", "marts")


class ModelBench:
    """A warehouse in memory: ``put`` what a model reads, then ask for the ``result`` of its SQL."""

    def __init__(
        self, project: DbtProject, now: datetime, models: Sequence[str], manifest: Manifest | None = None
    ) -> None:
        """Compile ``models`` as of ``now``; the home of ``project`` takes dbt's artefacts.

        Raises:
            UnavailableError: the project is broken.
        """
        project.settings.paths.prepare()
        self._project = project
        self._manifest = manifest or parse(project)
        self._sql = self._compiled(now, models)
        self._connection = duckdb.connect()
        # dbt names relations by the file that it compiled for.
        self._connection.execute(f"attach ':memory:' as {project.settings.paths.warehouse_file.stem}")
        self._connection.execute(f"use {project.settings.paths.warehouse_file.stem}")
        for schema in _SCHEMAS:
            self._connection.execute(f"create schema {schema}")

    def sql(self, model: str) -> str:
        """The compiled SQL of ``model``, one of those asked for."""
        return self._sql[model]

    def put(self, table: str, rows: Sequence[Mapping[str, Any]] | pa.Table, **types: str) -> None:
        """Make ``table`` (schema and name) of ``rows``; ``types`` casts columns, absent ones from null."""
        given: Any = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(row) for row in rows])
        known = set(given.column_names)
        columns = [f"cast({name if name in known else 'null'} as {types[name]}) as {name}" for name in types]
        columns += [name for name in given.column_names if name not in types]
        self._connection.register("given", given)
        self._connection.execute(f"create or replace table {table} as select {', '.join(columns)} from given")

    def seed(self, name: str) -> None:
        """Load a seed as it stands in the project, with the types that the project gives its columns."""
        node = self._manifest.nodes[f"seed.{self._manifest.metadata.project_name}.{name}"]
        path = self._project.directory / node.original_file_path
        self._connection.execute(
            f"create or replace table seeds.{name} as "
            f"from read_csv('{path}', header = true, columns = {node.config.get('column_types')})"
        )

    def keep(self, model: str, schema: str = "intermediate") -> None:
        """Make ``model`` a table, for the models that read it."""
        self._connection.execute(f"create or replace table {schema}.{model} as {self._sql[model]}")

    def result(self, model: str) -> list[dict[str, Any]]:
        """The rows of ``model`` over what was put, in no order."""
        found = self._connection.execute(self._sql[model])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _compiled(self, now: datetime, models: Sequence[str]) -> dict[str, str]:
        from dbt.artifacts.schemas.run import RunExecutionResult
        from dbt.contracts.graph.nodes import ModelNode

        variables = repr({"now": f"{now:%Y-%m-%d %H:%M:%S}"})
        command = ["compile", "--select", *models, "--vars", variables, *self._project.arguments]
        with environment(self._project.environment):
            try:
                outcome = invoke(command, self._manifest)
            finally:
                release_database()
        if not isinstance(outcome.result, RunExecutionResult):
            raise UnavailableError(f"dbt không biên dịch được: {outcome.exception}") from outcome.exception
        nodes = (result.node for result in outcome.result.results)
        # A model's tests are compiled with it.
        return {node.name: str(node.compiled_code) for node in nodes if isinstance(node, ModelNode)}
