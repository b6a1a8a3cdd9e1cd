"""The dbt project as one installation runs it: its environment, its arguments, its parsed manifest.

The repository is never written: target and logs lie under ``<home>/warehouse/``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import UnavailableError
from orchestration.locks import lock_of
from orchestration.settings import PREFIX, PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
_SOURCES = ("*.sql", "*.yml", "*.csv", "*.md", "*.py")


@dataclass(frozen=True)
class DbtProject:
    """A dbt project and the installation it runs for."""

    settings: Settings
    directory: Path = DBT_PROJECT

    @property
    def target(self) -> Path:
        """Where dbt writes its artefacts and keeps its partial parse."""
        return self.settings.paths.warehouse / "target"

    @property
    def arguments(self) -> tuple[str, ...]:
        """Arguments common to every dbt command."""
        return (
            *("--project-dir", str(self.directory), "--profiles-dir", str(self.directory)),
            *("--target-path", str(self.target), "--log-path", str(self.settings.paths.warehouse / "logs")),
            # The caller shows what matters; the whole goes to dbt's own log.
            *("--log-level", "none", "--log-level-file", "warn", "--no-version-check"),
        )

    @property
    def environment(self) -> dict[str, str]:
        """Variables that the project reads."""
        return {
            f"{PREFIX}HOME": str(self.settings.paths.root),
            f"{PREFIX}PROVINCE": self.settings.province,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }


@contextmanager
def environment(variables: Mapping[str, str]) -> Generator[None]:
    """Set environment ``variables`` for a while; dbt reads them from the process."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def parse(project: DbtProject) -> Manifest:
    """Parse the project, re-reading only files that changed since the last parse.

    No variables are passed: dbt throws its partial parse away when they differ from the last time.

    Raises:
        UnavailableError: the project is broken.
    """
    from dbt.contracts.graph.manifest import Manifest

    project.target.mkdir(parents=True, exist_ok=True)
    with environment(project.environment):
        result = invoke(["parse", *project.arguments])
    if not isinstance(result.result, Manifest):
        raise UnavailableError(
            f"Dự án dbt ở {project.directory} có lỗi: {result.exception}"
        ) from result.exception
    return result.result


def invoke(
    arguments: Sequence[str],
    manifest: Manifest | None = None,
    callbacks: Sequence[Callable[[Any], None]] = (),
) -> dbtRunnerResult:
    """Run one dbt command in this process; ``callbacks`` get dbt's log events as protobuf messages."""
    from dbt.cli.main import dbtRunner

    runner: Any = dbtRunner(manifest=manifest, callbacks=list(callbacks))
    return runner.invoke(list(arguments))


def manifest_file(project: DbtProject) -> Path:
    """Path of the project's manifest as parsed, parsing first if the project changed since.

    A copy under a name of its own: dbt writes ``target/manifest.json`` anew, in place, at every command,
    and several processes load the graph at once.

    Raises:
        UnavailableError: the project is broken.
    """
    project.target.mkdir(parents=True, exist_ok=True)
    folder = project.settings.paths.warehouse
    path = folder / f"manifest-{_fingerprint(project)}.json"
    with lock_of(folder / ".parse.lock"):
        if not path.exists():
            parse(project)
            for outdated in folder.glob("manifest-*"):
                outdated.unlink()
            partial = path.with_suffix(".part")
            shutil.copyfile(project.target / "manifest.json", partial)
            partial.replace(path)
    return path


def rule_hashes(project: DbtProject) -> dict[str, str]:
    """SHA-256 of each rule catalogue (seed), by name."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((project.directory / "seeds").rglob("*.csv"))
    }


def rules_version(project: DbtProject, contract_version: str) -> str:
    """Changes with the contract, a model, a check or a seed; short, and the same on every machine."""
    digest = hashlib.sha256(contract_version.encode())
    for pattern in _SOURCES:
        for path in sorted(project.directory.rglob(pattern)):
            digest.update(str(path.relative_to(project.directory)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def git_commit(directory: Path = PROJECT_ROOT) -> str:
    """Commit of the code that runs, ``-dirty`` if it was changed since; empty outside a repository."""
    command = ["git", "-C", str(directory), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()


def _fingerprint(project: DbtProject) -> str:
    """Changes when a file of the project, a version of dbt or a variable it reads changes."""
    digest = hashlib.sha256(repr((version("dbt-core"), version("dbt-duckdb"), project.environment)).encode())
    for pattern in _SOURCES:
        for path in sorted(project.directory.rglob(pattern)):
            state = path.stat()
            digest.update(repr((str(path), state.st_size, state.st_mtime_ns)).encode())
    return digest.hexdigest()[:16]
