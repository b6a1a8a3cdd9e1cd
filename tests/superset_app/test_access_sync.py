"""Superset's roles, filters and accounts are what the sources say, whatever somebody clicked together."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from orchestration.access.roles import roles
from orchestration.access.users import UsersFileError, users_file
from orchestration.dashboards.importer import first_passwords_file, sync_dashboards
from tests.dashboards.installation import FULL_RELEASE, USERS, Client, Installation
from tests.dashboards.tiny_release import COMMUNES, VIEWERS, point_current, publish

GRANTS = """
    select role.name, permission.name, thing.name
    from ab_permission_view_role as given
    inner join ab_role as role on role.id = given.role_id
    inner join ab_permission_view as pair on pair.id = given.permission_view_id
    inner join ab_permission as permission on permission.id = pair.permission_id
    inner join ab_view_menu as thing on thing.id = pair.view_menu_id
    where role.name <> 'Admin'
"""
ACCOUNTS = """
    select account.username, role.name from ab_user as account
    left join ab_user_role as held on held.user_id = account.id
    left join ab_role as role on role.id = held.role_id
    where account.active
"""
COVERED = """
    select dataset.table_name from rls_filter_tables as covered
    inner join tables as dataset on dataset.id = covered.table_id
"""


def database(installation: Installation) -> Path:
    """Superset's own records."""
    return installation.settings.paths.superset / "superset.db"


def ask(installation: Installation, query: str) -> list[tuple[Any, ...]]:
    """Rows of Superset's own records."""
    with closing(sqlite3.connect(database(installation))) as connection:
        return sorted(connection.execute(query).fetchall())


@pytest.fixture
def users(superset: Installation) -> Iterator[Path]:
    """The users file, which ends as it was, in Superset too.

    Its records and what goes with them are put back as they were: an import takes half a minute.
    """
    path = users_file(superset.settings)
    beside = (
        path,
        database(superset).with_name("imported.json"),
        first_passwords_file(superset.settings),
    )
    texts = [file.read_bytes() for file in beside]
    passwords = dict(superset.passwords)
    with closing(sqlite3.connect(":memory:")) as kept:
        with closing(sqlite3.connect(database(superset))) as present:
            present.backup(kept)
        yield path
        with closing(sqlite3.connect(database(superset))) as present:
            kept.backup(present)
    for file, text in zip(beside, texts, strict=True):
        file.write_bytes(text)
    superset.passwords.update(passwords)
    point_current(superset.settings.paths, FULL_RELEASE)


def test_the_roles_hold_what_the_source_grants_and_no_more(superset: Installation) -> None:
    expected = {(name, *pair) for name in roles().roles for pair in roles().permissions(name)}
    assert set(ask(superset, GRANTS)) == expected
    assert {name for (name,) in ask(superset, "select name from ab_role")} == {
        *roles().roles,
        *("Admin", "Alpha", "Gamma", "Public", "sql_lab"),
    }


def test_each_dataset_with_communes_is_filtered(superset: Installation) -> None:
    with_communes = ask(
        superset,
        "select dataset.table_name from table_columns as item inner join tables as dataset "
        "on dataset.id = item.table_id where lower(item.column_name) = 'commune_code'",
    )
    assert ask(superset, COVERED) == with_communes
    assert with_communes != []


def test_what_is_clicked_together_is_undone(superset: Installation) -> None:
    before = [ask(superset, query) for query in (GRANTS, ACCOUNTS, COVERED)]
    client = superset.client()
    gamma, xa = (role_id(client, name) for name in ("Gamma", "xa"))
    sql = pair_id(superset, "can_execute_sql_query", "SQLLab")
    for role in (gamma, xa):
        client.post(
            f"/api/v1/security/roles/{role}/permissions", {"permission_view_menu_ids": [sql]}
        ).raise_for_status()
    client.post("/api/v1/security/roles/", {"name": "tay"}).raise_for_status()
    client.post(
        "/api/v1/security/users/",
        {
            "username": "khach",
            "first_name": "Khách",
            "last_name": "x",
            "email": "khach@localhost",
            "active": True,
            "password": "x7-Kd92mQpL4",
            "roles": [role_id(client, "phan_tich")],
        },
    ).raise_for_status()
    (rule,) = client.get("/api/v1/rowlevelsecurity/")["result"]
    client.session.put(
        f"{client.url}/api/v1/rowlevelsecurity/{rule['id']}", json={"clause": "1 = 1"}, timeout=60
    ).raise_for_status()
    assert [ask(superset, query) for query in (GRANTS, ACCOUNTS, COVERED)] != before

    result = sync_dashboards(superset.settings)

    assert "khach" in result.reason
    assert [ask(superset, query) for query in (GRANTS, ACCOUNTS, COVERED)] == before
    assert ask(superset, "select clause from row_level_security_filters") == [(roles().row_security.clause,)]
    assert not sync_dashboards(superset.settings).changed


def role_id(client: Client, name: str) -> int:
    found = client.get("/api/v1/security/roles/?q=(page_size:100)")["result"]
    return next(role["id"] for role in found if role["name"] == name)


def pair_id(installation: Installation, permission: str, thing: str) -> int:
    query = (
        "select pair.id from ab_permission_view as pair "
        "inner join ab_permission as permission on permission.id = pair.permission_id "
        "inner join ab_view_menu as thing on thing.id = pair.view_menu_id "
        f"where permission.name = '{permission}' and thing.name = '{thing}'"
    )
    return int(ask(installation, query)[0][0])


def test_people_come_and_go_with_the_file(superset: Installation, users: Path) -> None:
    without = "".join(line for line in USERS.splitlines(keepends=True) if not line.startswith("lanh.dao"))
    users.write_text(f"{without}moi,Người Mới,lanh_dao,\n,hỏng,xa,\n", encoding="utf-8")
    passwords = first_passwords_file(superset.settings)
    passwords.unlink()

    result = sync_dashboards(superset.settings)

    assert "lanh.dao" in result.reason
    assert f"dòng {len(without.splitlines()) + 2}" in result.reason
    accounts = dict(ask(superset, ACCOUNTS))
    assert accounts["moi"] == "lanh_dao"
    assert "lanh.dao" not in accounts
    assert passwords.stat().st_mode & 0o777 == 0o600
    ((username, password),) = csv.reader(passwords.read_text(encoding="utf-8").splitlines())
    assert username == "moi"
    assert password not in result.reason
    assert password.encode() not in (superset.settings.paths.logs / "superset.log").read_bytes()


def test_a_lost_password_is_made_anew(superset: Installation, users: Path) -> None:
    first_passwords_file(superset.settings).unlink(missing_ok=True)
    sync_dashboards(superset.settings, ["xa.hai"])
    text = first_passwords_file(superset.settings).read_text(encoding="utf-8")
    ((username, password),) = csv.reader(text.splitlines())
    assert username == "xa.hai"
    renewed = {**superset.passwords, username: password}
    superset.passwords.update(renewed)
    assert superset.client("xa.hai").get("/api/v1/me/")["result"]["username"] == "xa.hai"


def test_only_listed_people_get_a_new_password(superset: Installation) -> None:
    with pytest.raises(UsersFileError, match=r"la\.mat"):
        sync_dashboards(superset.settings, ["la.mat"])


def test_who_changed_communes_waits_for_the_next_release(superset: Installation, users: Path) -> None:
    moved = USERS.replace(f"xa.hai,Xa Văn Hai,xa,{COMMUNES[1]}", f"xa.hai,Xa Văn Hai,xa,{COMMUNES[2]}")
    users.write_text(moved, encoding="utf-8")
    assert "xa.hai" in sync_dashboards(superset.settings).reason
    assert "xa.hai" not in dict(ask(superset, ACCOUNTS))

    home = superset.settings.paths
    release = "20251121T190000-01"
    viewers = tuple((name, COMMUNES[2] if name == "xa.hai" else code) for name, code in VIEWERS)
    if not (home.releases / release).exists():
        publish(home, release, communes=5, days=5, viewers=viewers)
    point_current(home, release)
    sync_dashboards(superset.settings)
    assert dict(ask(superset, ACCOUNTS))["xa.hai"] == "xa"
