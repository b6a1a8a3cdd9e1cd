"""The source of the roles: what it says of our roles, and what it refuses to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.access.roles import ROLES_FILE, RolesError, load_roles, roles

WRITES = ("can_write", "can_delete", "can_upload", "can_add", "can_edit", "can_import_", "can_set_embedded")
OWN_THINGS = ("CurrentUserRestApi", "DashboardFilterStateRestApi", "ExploreFormDataRestApi", "SavedQuery")


def changed(tmp_path: Path, **roles_or_rules: Any) -> Path:
    content = yaml.safe_load(ROLES_FILE.read_text(encoding="utf-8"))
    for name, value in roles_or_rules.items():
        content[name] = {**content[name], **value}
    path = tmp_path / "roles.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_there_is_a_role_for_each_kind_of_reader() -> None:
    assert list(roles().roles) == ["trung_tam", "lanh_dao", "phan_tich", "xa"]


@pytest.mark.parametrize("role", ["trung_tam", "lanh_dao", "phan_tich", "xa"])
def test_no_role_changes_what_others_see(role: str) -> None:
    writing = [
        (action, thing)
        for action, thing in roles().permissions(role)
        if action in WRITES and thing not in OWN_THINGS and thing not in ("TabStateView", "TableSchemaView")
    ]
    assert writing == []


@pytest.mark.parametrize("role", ["trung_tam", "lanh_dao", "xa"])
def test_only_analysts_have_sql(role: str) -> None:
    things = {thing for _, thing in roles().permissions(role)}
    assert not things & {"SQLLab", "SQL Lab", "Database", "SavedQuery", "Query", "all_database_access"}


def test_a_leader_looks_and_takes_nothing_along() -> None:
    assert ("can_csv", "Superset") not in roles().permissions("lanh_dao")
    assert ("can_drill", "Dashboard") not in roles().permissions("lanh_dao")


def test_a_commune_reaches_no_dataset_but_through_its_dashboards() -> None:
    things = {thing for _, thing in roles().permissions("xa")}
    assert not things & {
        "Dataset",
        "Datasource",
        "Explore",
        "ExploreFormDataRestApi",
        "all_datasource_access",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"roles": {"xa": {"label": "x", "communes": "own", "dashboards": [], "may": ["sql"]}}}, "sql"),
        ({"roles": {"xa": {"label": "x", "communes": "own", "dashboards": [], "may": ["bay"]}}}, "bay"),
        ({"row_security": {"exempt": ["xa"]}}, "không được miễn"),
        ({"row_security": {"clause": "commune_code = '1'"}}, "current_username"),
        ({"roles": {"xa": {"label": "x", "communes": "some", "dashboards": [], "may": []}}}, "xa.communes"),
    ],
)
def test_a_source_that_grants_too_much_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(RolesError, match=said):
        load_roles(changed(tmp_path, **change))


def test_what_is_not_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roles.yml"
    path.write_text("roles: [", encoding="utf-8")
    with pytest.raises(RolesError, match="YAML"):
        load_roles(path)
