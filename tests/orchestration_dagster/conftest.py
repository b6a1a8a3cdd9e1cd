"""The graph with other steps in place of the real ones, over a small dbt manifest."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.clock import Moment
from orchestration.dashboards.importer import SyncResult
from orchestration.definitions import build_defs
from orchestration.errors import UnavailableError
from orchestration.landing import DayLanding, DeliveryResult, Removed
from orchestration.release.manifest import Manifest
from orchestration.remote.fetch import Fetched
from orchestration.reports.outbox import Posted
from orchestration.resources import Steps, Tell
from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject
from orchestration.warehouse.record import BuildResult, FinishedBuild, NodeResult

SEED, STAGING, FACT = "seed.motcua.threshold", "model.motcua.stg_hoso", "model.motcua.fct_dossier"
CHECK, WIDE_CHECK = "test.motcua.unique_fct_dossier_code", "test.motcua.nothing_lost"


def _node(unique_id: str, schema: str, depends_on: list[str], **more: Any) -> dict[str, Any]:
    kind, package, name = unique_id.split(".")
    return {
        "unique_id": unique_id,
        "resource_type": kind,
        "package_name": package,
        "name": name,
        "alias": name,
        "schema": schema,
        "database": "warehouse",
        "original_file_path": f"models/{name}.sql",
        "fqn": [package, name],
        "tags": [],
        "meta": {},
        "columns": {},
        "description": f"About {name}.",
        "config": {"enabled": True, "materialized": "table", "severity": "error", "meta": {}},
        "depends_on": {"nodes": depends_on, "macros": []},
        **more,
    }


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A seed, a model on the lake, a fact on both, a test on the fact and one over two models."""
    nodes = {
        SEED: _node(SEED, "seeds", []),
        STAGING: _node(STAGING, "staging", ["source.motcua.lake.hoso", "source.motcua.lake.ledger"]),
        FACT: _node(FACT, "marts", [STAGING, SEED]),
        CHECK: _node(CHECK, "test", [FACT], attached_node=FACT),
        WIDE_CHECK: _node(WIDE_CHECK, "test", [STAGING, FACT]),
    }
    nodes[FACT]["config"]["meta"] = {"description_vi": "Hồ sơ"}
    sources = {
        f"source.motcua.lake.{name}": {
            **_node(f"source.motcua.{name}", "lake", []),
            "unique_id": f"source.motcua.lake.{name}",
            "source_name": "lake",
        }
        for name in ("hoso", "ledger")
    }
    path = tmp_path / "manifest.json"
    content = {
        "metadata": {"adapter_type": "duckdb", "project_name": "motcua"},
        "nodes": nodes,
        "sources": sources,
        "exposures": {},
        "metrics": {},
        "semantic_models": {},
        "saved_queries": {},
        "unit_tests": {},
        "selectors": {},
        "macros": {},
        "child_map": {
            SEED: [FACT],
            STAGING: [FACT, WIDE_CHECK],
            FACT: [CHECK, WIDE_CHECK],
            **{name: [STAGING] for name in sources},
        },
        "parent_map": {name: node["depends_on"]["nodes"] for name, node in nodes.items()},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@dataclass
class FakeSteps(Steps):
    """Steps that remember what they were asked and never touch a disk."""

    pending: list[date] = field(default_factory=lambda: [])
    failing_check: bool = False
    failing_removal: bool = False
    fetched: Fetched = field(default_factory=Fetched)
    lost_inbox: bool = False
    failing_letters: bool = False
    aside: list[str] = field(default_factory=lambda: [])
    wrong_clock: list[str] = field(default_factory=lambda: [])
    done: list[str] = field(default_factory=lambda: [])
    moments: set[Moment] = field(default_factory=lambda: set())

    def fetch(self, settings: Settings, days: tuple[date, date], tell: Tell) -> Fetched:
        return self.fetched

    def pending_days(self, settings: Settings, moment: Moment) -> list[date]:
        if self.lost_inbox:
            raise UnavailableError("Không mở được hộp thư đến.")
        self.moments.add(moment)
        return [day for day in self.pending if day <= moment.today]

    def clock_warnings(self, settings: Settings) -> list[str]:
        return self.wrong_clock

    def land_day(self, settings: Settings, day: date, moment: Moment, tell: Tell) -> DayLanding:
        self.done.append(f"land {day}")
        bad = DeliveryResult("hoso_2.csv", "hoso", "2", "rejected", 4, 0, 4, "empty", "Tệp trống.")
        good = DeliveryResult("hoso_1.csv", "hoso", "1", "accepted", 10, 10, 0, None, None)
        return DayLanding(day, "00000001-x", (good, bad))

    def remove_expired(self, settings: Settings, tell: Tell) -> Removed:
        if self.failing_removal:
            raise PermissionError("archive")
        return Removed(archives=2, inbox_files=3, size_bytes=4)

    def post_letters(self, settings: Settings) -> Posted:
        self.done.append("letters")
        if self.failing_letters:
            raise RuntimeError("out of paper")
        return Posted((date(2025, 11, 26),), letters=2, written=3)

    def post_summaries(self, settings: Settings) -> Posted:
        self.done.append("summaries")
        return Posted(faults=("Không ghi được tong-hop.xlsx.",))

    def stream_build(
        self, project: DbtProject, moment: Moment
    ) -> Generator[dict[str, Any], None, BuildResult]:
        self.done.append("build")
        self.moments.add(moment)
        status = "fail" if self.failing_check else "pass"
        yield _event("LogSeedResult", SEED, "success")
        yield _event("LogModelResult", STAGING, "success")
        yield _event("LogModelResult", FACT, "success")
        yield _event("LogTestResult", CHECK, status)
        yield _event("LogTestResult", WIDE_CHECK, "pass")
        node = NodeResult(CHECK, "unique_fct_dossier_code", "test", status, "", 7, 0.1)
        built = FinishedBuild(moment.now, "", "1", {}, Path(), Path())
        return BuildResult((node,), None if self.failing_check else built)

    def set_aside(self, settings: Settings) -> list[str]:
        return self.aside

    def publish(self, settings: Settings) -> Manifest:
        self.done.append("publish")
        return Manifest(
            release_id="20251126T180000-01",
            data_date=date(2025, 11, 25),
            as_of=date(2025, 11, 26),
            built_at=datetime(2025, 11, 26, 18),
            git_commit="abc",
            contract_version="1",
            rules={},
            weekly=None,
            duckdb_version="1.5.5",
            sha256="0" * 64,
            size_bytes=1,
            row_counts={"marts.fct_dossier": 10},
            tables={},
        )

    def expected_data_date(self, settings: Settings, moment: Moment) -> date:
        return moment.last_due_day

    def sync_dashboards(self, settings: Settings) -> SyncResult:
        self.done.append("dashboards")
        return SyncResult(True, "Đã nạp.")


def _event(name: str, unique_id: str, status: str) -> dict[str, Any]:
    node = {"unique_id": unique_id, "node_status": status, "materialized": "table"}
    return {"info": {"name": name, "invocation_id": "i"}, "data": {"node_info": node, "num_failures": 0}}


@pytest.fixture
def steps() -> FakeSteps:
    return FakeSteps()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def defs(settings: Settings, steps: FakeSteps, manifest: Path) -> dg.Definitions:
    return build_defs(settings=settings, steps=steps, manifest=manifest)
