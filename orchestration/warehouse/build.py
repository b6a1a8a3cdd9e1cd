"""One ``dbt build`` in this process: its results as they come, then what they amount to."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Collection, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.access.roles import roles
from orchestration.access.users import load_users, viewers
from orchestration.clock import Moment
from orchestration.disk import full_sentence, is_full
from orchestration.errors import UnavailableError
from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject, environment, git_commit, invoke, parse, rule_hashes
from orchestration.warehouse.record import (
    BuildResult,
    FinishedBuild,
    NodeResult,
    forget_build,
    record_build,
)

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

Event = dict[str, Any]
_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
_NODE_EVENTS = ("LogSeedResult", "LogModelResult", "LogTestResult")


def build(project: DbtProject, moment: Moment, contract_version: str) -> BuildResult:
    """Build and check the whole warehouse as of ``moment``.

    Raises:
        UnavailableError: the project is broken, or another process holds the working database.
    """
    events = stream_build(project, moment, contract_version)
    while True:
        try:
            next(events)
        except StopIteration as stop:
            return stop.value


def stream_build(
    project: DbtProject, moment: Moment, contract_version: str
) -> Generator[Event, None, BuildResult]:
    """Build and check the whole warehouse as of ``moment``.

    Yields dbt's structured log event (as in its JSON log) for each seed, model and test that ended;
    returns the outcome. dbt runs in a thread, so that the caller can work on events meanwhile.

    Raises:
        UnavailableError: the project is broken, another process holds the working database, or the disk
            is full.
    """
    project.settings.paths.prepare()
    manifest = parse(project)
    forget_build(project.settings.paths)
    _start_afresh(project.settings.paths.warehouse_file)
    variables = _variables(project, moment, contract_version)
    arguments = ["build", *_NO_UNIT_TESTS, "--vars", repr(variables), *project.arguments]
    outcome = yield from _stream(project, manifest, arguments)
    nodes = _nodes(outcome)
    if any(is_full(node.message) for node in nodes if node.failed):
        raise UnavailableError(full_sentence(project.settings.paths.warehouse))
    if not outcome.success or any(node.failed for node in nodes):
        return BuildResult(nodes, None)
    finished = FinishedBuild(
        now=moment.now,
        git_commit=variables["git_commit"],
        contract_version=contract_version,
        rules=rule_hashes(project),
        manifest=project.target / "manifest.json",
        run_results=project.target / "run_results.json",
    )
    record_build(project.settings.paths, finished)
    return BuildResult(nodes, finished)


def passes_without(
    project: DbtProject, moment: Moment, contract_version: str, nodes: Sequence[str], without: Collection[str]
) -> bool:
    """Whether dbt's ``nodes`` (by name) succeed if the deliveries ``without`` had never come.

    Builds them and what they read into the working database, which is no finished build then.
    """
    manifest = parse(project)
    forget_build(project.settings.paths)
    variables = {**_variables(project, moment, contract_version), "without": sorted(without)}
    chosen = ["--select", *(f"+{node}" for node in nodes), "--indirect-selection", "empty"]
    arguments = ["build", *chosen, *_NO_UNIT_TESTS, "--vars", repr(variables), *project.arguments]
    events = _stream(project, manifest, arguments)
    while True:
        try:
            next(events)
        except StopIteration as stop:
            outcome = stop.value
            break
    done = {node.name for node in _nodes(outcome) if node.status in ("success", "pass")}
    return done.issuperset(nodes)


def _variables(project: DbtProject, moment: Moment, contract_version: str) -> dict[str, Any]:
    """dbt's variables for a build as of ``moment``."""
    return {
        "now": f"{moment.now:%Y-%m-%d %H:%M:%S}",
        "cutoff": f"{moment.cutoff:%H:%M}",
        "git_commit": git_commit(),
        "contract_version": contract_version,
        "boundaries": _boundaries(project.settings),
        "viewers": [list(viewer) for viewer in viewers(load_users(project.settings).users, roles())],
    }


def _stream(
    project: DbtProject, manifest: Manifest, arguments: list[str]
) -> Generator[Event, None, dbtRunnerResult]:
    from google.protobuf.json_format import MessageToDict

    events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
    outcomes: list[dbtRunnerResult] = []

    def collect(message: Any) -> None:
        if message.info.name in _NODE_EVENTS:
            events.put(MessageToDict(message, preserving_proto_field_name=True))

    def run() -> None:
        try:
            # Handing the parsed manifest over spares dbt from parsing again with this run's variables.
            outcomes.append(invoke(arguments, manifest, [collect]))
        finally:
            release_database()
            events.put(None)

    with environment(project.environment):
        thread = threading.Thread(target=run, name="dbt")
        thread.start()
        try:
            while (event := events.get()) is not None:
                yield event
        finally:
            thread.join()
    return outcomes[0]


def release_database() -> None:
    """Close the database that dbt keeps open for a next command; the release step must get at it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


def _boundaries(settings: Settings) -> str:
    """The file of boundaries for dbt, or nothing without any."""
    if settings.boundaries is None:
        return ""
    from orchestration.warehouse.boundaries import load_boundaries, write_boundaries

    file = settings.paths.warehouse / "boundaries.parquet"
    write_boundaries(load_boundaries(settings.boundaries), file)
    return str(file)


def _start_afresh(database: Path) -> None:
    """Remove the last working database: a table whose model is gone must not be published again.

    Raises:
        UnavailableError: another process holds it.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    if database.exists():
        try:
            duckdb.connect(database).close()
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise UnavailableError(
                    f"Kho làm việc {database} đang được một tiến trình khác mở, có thể là một lần chạy khác "
                    f"hoặc một cửa sổ dbt, DuckDB. Hãy đợi hoặc đóng tiến trình đó rồi chạy lại. ({error})"
                ) from error
        except duckdb.Error:
            # Damaged by a crash: no loss, it is made anew from the lake.
            pass
    for leftover in (database, database.with_name(database.name + ".wal")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(database.with_name(database.name + ".tmp"), ignore_errors=True)


def _nodes(outcome: dbtRunnerResult) -> tuple[NodeResult, ...]:
    """Results of the nodes that ran; none if dbt stopped before."""
    from dbt.artifacts.schemas.run import RunExecutionResult

    if not isinstance(outcome.result, RunExecutionResult):
        raise UnavailableError(f"dbt không chạy được: {outcome.exception}") from outcome.exception
    return tuple(
        NodeResult(
            unique_id=result.node.unique_id,
            name=result.node.name,
            kind=str(result.node.resource_type),
            status=str(result.status),
            message=result.message or "",
            failures=result.failures,
            seconds=result.execution_time,
            sql=str(getattr(result.node, "compiled_code", None) or ""),
        )
        for result in outcome.result.results
    )
