"""dbt in this process on a lake of ``tests.support.lake``, parsed once for all tests of a session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from orchestration.settings import Settings
from orchestration.warehouse.compiled import ModelBench
from orchestration.warehouse.project import DbtProject
from tests.support.lake import Lake

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"


@dataclass(frozen=True)
class Outcome:
    """What a dbt command came to: names of nodes by status, and the messages of those that failed."""

    by_status: dict[str, list[str]]
    failures: dict[str, str]


def parse(scratch: Path, project: Path = PROJECT) -> Manifest:
    """The manifest of ``project``; ``scratch`` takes dbt's artefacts.

    Raises:
        RuntimeError: the project does not parse.
    """
    result = _invoke(["parse"], scratch, scratch, None, project)
    if not isinstance(result.result, Manifest):
        raise RuntimeError(f"dbt parse failed: {result.exception}")
    return result.result


def run(manifest: Manifest, lake: Lake, now: datetime, *command: str, project: Path = PROJECT) -> Outcome:
    """Run a dbt command (such as ``build``) on ``lake`` as of ``now``.

    Seeds are read from ``project`` at each run, so a copy of it may have others than when it was parsed.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_PROVINCE", lake.province)
        result = _invoke(
            [*command, "--vars", _variables(now)], lake.home, lake.home / "warehouse", manifest, project
        )
    if not isinstance(result.result, RunExecutionResult):
        raise RuntimeError(f"dbt stopped: {result.exception}")
    by_status: dict[str, list[str]] = {}
    failures: dict[str, str] = {}
    for node in result.result.results:
        by_status.setdefault(str(node.status), []).append(node.node.name)
        if str(node.status) in {"error", "fail", "runtime error"}:
            failures[node.node.name] = node.message or ""
    return Outcome(by_status, failures)


def build(
    manifest: Manifest, lake: Lake, now: datetime, *models: str, checked: bool = True, project: Path = PROJECT
) -> Outcome:
    """Build ``models`` and what they are made of, or everything if none is named, and check it.

    Unit tests are left out: they prove rules and not data.
    """
    kinds = ("unit_test",) if checked else ("unit_test", "test")
    # Cautious: only the checks whose models are all built here.
    chosen = ("--indirect-selection", "cautious", "--select", *(f"+{model}" for model in models))
    only = chosen if models else ()
    return run(manifest, lake, now, "build", "--exclude-resource-type", *kinds, *only, project=project)


def bench_of(manifest: Manifest, home: Path, now: datetime, *models: str) -> ModelBench:
    """A bench for ``models`` of the project as parsed; ``home`` takes dbt's artefacts."""
    return ModelBench(DbtProject(Settings(home=home), PROJECT), now, models, manifest)


def _variables(now: datetime) -> str:
    return json.dumps({"now": f"{now:%Y-%m-%d %H:%M:%S}"})


def _invoke(
    command: list[str], home: Path, scratch: Path, manifest: Manifest | None, project: Path
) -> dbtRunnerResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_HOME", str(home))
        try:
            return dbtRunner(manifest=manifest).invoke(
                [
                    *command,
                    "--quiet",
                    # Nobody reads its artefacts, and writing them takes half of a small command's time.
                    "--no-write-json",
                    "--project-dir",
                    str(project),
                    "--profiles-dir",
                    str(project),
                    "--target-path",
                    str(scratch / "target"),
                    "--log-path",
                    str(scratch / "logs"),
                ]
            )
        finally:
            # dbt keeps the database open for a next command; the next test has another one.
            DuckDBConnectionManager.close_all_connections()
