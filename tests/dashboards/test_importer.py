"""Superset holds exactly what the sources say: no more, no less, and not what somebody clicked together."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.dashboards import importer
from orchestration.dashboards.importer import read_stamp, sync_dashboards
from orchestration.dashboards.source import DashboardSource, load_dashboards
from orchestration.services.superset_services import initialise_superset
from orchestration.settings import Settings
from tests.dashboards.installation import FULL_RELEASE, Installation
from tests.dashboards.test_source import SMALL
from tests.dashboards.tiny_release import point_current


def stored(installation: Installation) -> dict[str, list[Any]]:
    """Identifiers, names and content of what Superset holds."""
    with closing(sqlite3.connect(installation.settings.paths.superset / "superset.db")) as connection:
        return {
            table: connection.execute(f"select uuid, {columns} from {table} order by uuid").fetchall()
            for table, columns in {
                "dashboards": "id, dashboard_title, position_json",
                "slices": "id, slice_name, params",
                "tables": "id, table_name, sql, description",
                "dbs": "id, database_name, sqlalchemy_uri, extra",
            }.items()
        }


def test_before_superset_is_initialised_there_is_nothing_to_do(tmp_path: Path) -> None:
    result = sync_dashboards(Settings(home=tmp_path / "home"))
    assert not result.changed
    assert "chưa được khởi tạo" in result.reason
    assert not (tmp_path / "home").exists()


def test_again_nothing_is_done_and_the_password_is_not_told_again(superset: Installation) -> None:
    sync_dashboards(superset.settings)
    before = stored(superset)
    assert initialise_superset(superset.settings) is None
    assert not sync_dashboards(superset.settings).changed
    assert stored(superset) == before


def test_importing_twice_changes_nothing(superset: Installation) -> None:
    sync_dashboards(superset.settings)
    before = stored(superset)
    (superset.settings.paths.superset / "imported.json").write_text(
        '{"superset": "", "bundle": "", "metadata": ""}', encoding="utf-8"
    )
    assert sync_dashboards(superset.settings).changed
    assert stored(superset) == before


EDITS: dict[str, dict[str, str]] = {
    "chart": {"slice_name": "Sửa tay"},
    "dashboard": {"dashboard_title": "Sửa tay"},
    "dataset": {"description": "Sửa tay"},
}


@dataclass(frozen=True)
class Mended:
    """What Superset held before people clicked and after the next import, and what that said."""

    before: dict[str, list[Any]]
    after: dict[str, list[Any]]
    reason: str


@pytest.fixture(scope="module")
def mended(running_superset: Installation) -> Mended:
    """Somebody edits one of each kind and deletes a chart, then an import comes."""
    point_current(running_superset.settings.paths, FULL_RELEASE)
    sync_dashboards(running_superset.settings)
    before = stored(running_superset)
    client = running_superset.client()
    for kind, edit in EDITS.items():
        first = client.get(f"/api/v1/{kind}/?q=(page_size:1)")["result"][0]["id"]
        client.session.put(f"{client.url}/api/v1/{kind}/{first}", json=edit, timeout=60).raise_for_status()
    edited = stored(running_superset)
    assert all(edited[table] != before[table] for table in ("slices", "dashboards", "tables"))
    chart = client.get("/api/v1/chart/?q=(page_size:2)")["result"][1]["id"]
    client.session.delete(f"{client.url}/api/v1/chart/{chart}", timeout=60).raise_for_status()
    assert len(stored(running_superset)["slices"]) == len(before["slices"]) - 1
    reason = sync_dashboards(running_superset.settings).reason
    return Mended(before, stored(running_superset), reason)


def without_ids(rows: list[Any]) -> list[Any]:
    """What comes back gets a new number, by which dashboards know their charts."""
    return [(row[0], *(re.sub(r'"chartId": *\d+', "", str(value)) for value in row[2:])) for row in rows]


def test_edits_by_hand_are_overwritten_and_said(mended: Mended) -> None:
    assert "Đã ghi đè phần sửa tay trong Superset: " in mended.reason
    assert "Sửa tay" in mended.reason
    for table in ("dashboards", "slices", "tables", "dbs"):
        assert without_ids(mended.after[table]) == without_ids(mended.before[table])


def test_what_was_removed_by_hand_comes_back(mended: Mended) -> None:
    assert "1 mục bị xóa" in mended.reason
    assert without_ids(mended.after["slices"]) == without_ids(mended.before["slices"])
    for table in ("tables", "dbs"):
        assert mended.after[table] == mended.before[table]


def test_what_leaves_the_sources_leaves_superset(
    superset: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_dashboards(superset.settings)
    before = stored(superset)
    extra = DashboardSource.model_validate(SMALL)
    monkeypatch.setattr(importer, "load_dashboards", lambda: (*load_dashboards(), extra))
    assert sync_dashboards(superset.settings).dashboards == len(load_dashboards()) + 1
    assert "Nhỏ" in {row[2] for row in stored(superset)["dashboards"]}
    monkeypatch.undo()
    result = sync_dashboards(superset.settings)
    assert sorted(result.pruned) == ["Bảng", "Nhỏ", "province_day"]
    assert result.changed
    assert stored(superset) == before


def test_the_stamp_says_what_was_imported(superset: Installation) -> None:
    sync_dashboards(superset.settings)
    stamp = read_stamp(superset.settings)
    assert stamp is not None
    assert stamp.superset == importer.superset_version()
