"""Keeping Superset's dashboards equal to their sources, at start-up and after each release.

Importing needs the whole application, so it is skipped while sources, published columns and Superset's
own copy are as they were at the last import.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from orchestration.dashboards.bundle import Bundle, build_bundle, bundle_hash
from orchestration.dashboards.catalogue import read_catalogue
from orchestration.dashboards.runtime import run_worker, superset_lock
from orchestration.dashboards.source import load_dashboards
from orchestration.dashboards.validate import resolve
from orchestration.settings import Settings


@dataclass(frozen=True)
class SyncResult:
    """What a synchronisation did; ``reason`` is a Vietnamese sentence for people."""

    changed: bool
    reason: str
    dashboards: int = 0
    charts: int = 0
    pruned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """What Superset's metadata were brought to: its version, the bundle, and how they looked right after."""

    superset: str
    bundle: str
    metadata: str


def sync_dashboards(settings: Settings) -> SyncResult:
    """Bring Superset's dashboards to what sources and the current release say.

    Raises:
        DashboardSourceError: a dashboard asks for something that is not published.
        UnavailableError: Superset refused the import.
    """
    if read_stamp(settings) is None:
        return SyncResult(
            False, "Superset chưa được khởi tạo; bảng điều khiển sẽ được nạp khi chạy `motcua serve`."
        )
    with superset_lock(settings):
        return import_bundle(settings, "synchronise", {})[0]


def import_bundle(settings: Settings, task: str, job: dict[str, Any]) -> tuple[SyncResult, dict[str, Any]]:
    """Run ``task`` with the present bundle, unless nothing changed. Returns its result and raw answer.

    The caller holds ``superset_lock``.
    """
    bundle = present_bundle(settings)
    stamp = read_stamp(settings)
    if stamp == Stamp(superset_version(), bundle_hash(bundle), metadata_fingerprint(settings)):
        return SyncResult(False, "Bảng điều khiển đã đúng với bản hiện hành."), {}
    answer = run_worker(settings, task, {"bundle": bundle, "uuids": _uuids(bundle), **job})
    _write_stamp(settings, Stamp(superset_version(), bundle_hash(bundle), metadata_fingerprint(settings)))
    counts = {kind: sum(path.startswith(kind) for path in bundle) for kind in ("dashboards/", "charts/")}
    result = SyncResult(
        True,
        f"Đã nạp {counts['dashboards/']} bảng điều khiển, {counts['charts/']} biểu đồ vào Superset.",
        counts["dashboards/"],
        counts["charts/"],
        tuple(answer["pruned"]),
    )
    return result, answer


def present_bundle(settings: Settings) -> Bundle:
    """The bundle for what is published now; before anything is, the database entry alone."""
    catalogue = read_catalogue(settings.paths)
    dashboards = resolve(load_dashboards(), catalogue) if catalogue else ()
    return build_bundle(dashboards, settings.paths)


def _uuids(bundle: Bundle) -> list[str]:
    """Identifiers of all objects in the bundle."""
    return [yaml.safe_load(text)["uuid"] for path, text in bundle.items() if path != "metadata.yaml"]


def superset_version() -> str:
    """Version of the installed Superset."""
    return version("apache-superset")


def read_stamp(settings: Settings) -> Stamp | None:
    """The stamp of the last import, or None if Superset was never initialised."""
    try:
        return Stamp(**json.loads(_stamp_file(settings).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _write_stamp(settings: Settings, stamp: Stamp) -> None:
    path = _stamp_file(settings)
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    aside.replace(path)


def _stamp_file(settings: Settings) -> Path:
    return settings.paths.superset / "imported.json"


def metadata_fingerprint(settings: Settings) -> str:
    """Changes when anyone changes an imported object in Superset, so that the next import puts it right."""
    database = settings.paths.superset / "superset.db"
    if not database.exists():
        return ""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        state = [
            connection.execute(
                f"select count(*), max(changed_on) from {table} where is_managed_externally"
            ).fetchone()
            for table in ("dashboards", "slices", "tables", "dbs")
        ]
    return json.dumps(state)
