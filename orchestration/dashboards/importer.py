"""Keeping Superset's dashboards, roles and accounts equal to their sources, at start and after each release.

Importing needs the whole application, so it is skipped while sources, published columns, the users file and
Superset's own copy are as they were at the last import.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from orchestration.access.roles import ADMIN, Roles, roles
from orchestration.access.users import (
    UserList,
    UsersFileError,
    load_users,
    too_much,
    users_file,
    viewers,
)
from orchestration.dashboards.access_job import access_job, require_covered
from orchestration.dashboards.bundle import Bundle, build_bundle, bundle_hash
from orchestration.dashboards.catalogue import read_catalogue, read_functions
from orchestration.dashboards.metadata import metadata_file, require_sound
from orchestration.dashboards.runtime import run_worker, superset_lock
from orchestration.dashboards.source import load_dashboards
from orchestration.dashboards.validate import ResolvedDashboard, resolve
from orchestration.errors import UnavailableError
from orchestration.release.reader import connect
from orchestration.settings import Settings

# Raised when an import does more than before, so that the next one does it though no source changed.
IMPORT = 2


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
    """What Superset was brought to: its version, the bundle, and how its metadata looked right after."""

    superset: str
    bundle: str
    metadata: str  # hash of who may do and see what
    objects: dict[str, str] = field(default_factory=dict[str, str])  # when each of ours last changed


def sync_dashboards(settings: Settings, reset: Sequence[str] = ()) -> SyncResult:
    """Bring Superset to what sources, users file and current release say; ``reset`` names get new passwords.

    Raises:
        DashboardSourceError: a dashboard asks for something that is not published.
        RolesError: a role is granted what is not there, or what row security would not cover.
        UsersFileError: the users file cannot be read, or a name to reset is not in it.
        UnavailableError: Superset refused the import.
    """
    require_sound(settings)
    if read_stamp(settings) is None:
        return SyncResult(
            False, "Superset chưa được khởi tạo; bảng điều khiển sẽ được nạp khi chạy `motcua serve`."
        )
    with superset_lock(settings):
        return import_bundle(settings, "synchronise", {}, reset)[0]


def import_bundle(
    settings: Settings, task: str, job: dict[str, Any], reset: Sequence[str] = ()
) -> tuple[SyncResult, dict[str, Any]]:
    """Run ``task`` with the present bundle, unless nothing changed. Returns its result and raw answer.

    The caller holds ``superset_lock``.
    """
    dashboards = present_dashboards(settings)
    bundle = build_bundle(dashboards or (), settings.paths)
    users = load_users(settings)
    if unknown := sorted(set(reset) - {ADMIN, *(user.username for user in users.users)}):
        raise UsersFileError(
            f"Không cấp lại được mật khẩu: {', '.join(unknown)} không có trong {users_file(settings)}."
        )
    access = present_access(settings, roles(), dashboards, users)
    wanted = hashlib.sha256(f"{IMPORT}{bundle_hash(bundle)}{json.dumps(access)}".encode()).hexdigest()
    stamp = read_stamp(settings)
    if not reset and stamp == _present_stamp(settings, wanted):
        return SyncResult(False, "Bảng điều khiển đã đúng với bản hiện hành."), {}
    edited = _edited_by_hand(settings, stamp)
    answer = run_worker(
        settings,
        task,
        {
            "bundle": bundle,
            "uuids": _uuids(bundle),
            "access": {**access, "reset": list(reset)},
            "fresh": stamp is None,
            **job,
        },
    )
    _write_stamp(settings, _present_stamp(settings, wanted))
    counts = {kind: sum(path.startswith(kind) for path in bundle) for kind in ("dashboards/", "charts/")}
    sentences = (
        f"Đã nạp {counts['dashboards/']} bảng điều khiển, {counts['charts/']} biểu đồ vào Superset.",
        *([f"Đã ghi đè phần sửa tay trong Superset: {', '.join(edited)}."] if edited else []),
        *_account_sentences(settings, access, answer),
        *users.faults,
    )
    result = SyncResult(
        True, "\n".join(sentences), counts["dashboards/"], counts["charts/"], tuple(answer["pruned"])
    )
    return result, answer


def present_dashboards(settings: Settings) -> tuple[ResolvedDashboard, ...] | None:
    """The dashboards for what is published now; None before anything is."""
    catalogue = read_catalogue(settings.paths)
    return resolve(load_dashboards(), catalogue, read_functions(settings.paths)) if catalogue else None


def present_access(
    settings: Settings, source: Roles, dashboards: tuple[ResolvedDashboard, ...] | None, users: UserList
) -> dict[str, Any]:
    """Who may what now. Whoever the release grants more than the users file does is locked (decision 36)."""
    if dashboards is not None:
        require_covered(source, dashboards)
    return access_job(
        source,
        users.users,
        too_much(_published_viewers(settings), viewers(users.users, source)),
        directory=settings.auth != "password",
        directory_roles=settings.auth != "password" and bool(settings.auth_roles),
    )


def _published_viewers(settings: Settings) -> list[tuple[str, str]]:
    try:
        connection = connect(settings.paths)
    except UnavailableError:
        return []
    with connection:
        return connection.execute("select username, commune_code from access.commune_viewer").fetchall()


def first_passwords_file(settings: Settings) -> Path:
    """Passwords that were made for people, until somebody hands them out and deletes the file."""
    return settings.paths.superset / "first_passwords.csv"


def _account_sentences(settings: Settings, access: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Keep new passwords where only the service's user can read them; what to tell about accounts."""
    passwords: dict[str, str] = answer["passwords"]
    sentences: list[str] = []
    if passwords:
        path = first_passwords_file(settings)
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(sorted(passwords.items()))
        sentences.append(
            f"Đã tạo mật khẩu cho {len(passwords)} tài khoản, ghi ở {path}. Hãy trao tận tay rồi xóa tệp này."
        )
    if answer["disabled"]:
        sentences.append(f"Đã khóa tài khoản: {', '.join(answer['disabled'])}.")
    if access["locked"]:
        sentences.append(
            f"Khóa đến lần công bố tới, vì bản hiện hành còn giao xã cũ: {', '.join(access['locked'])}. "
            "Hãy chạy `motcua run`."
        )
    return sentences


def _uuids(bundle: Bundle) -> list[str]:
    """Identifiers of all objects in the bundle."""
    return [yaml.safe_load(text)["uuid"] for path, text in bundle.items() if path != "metadata.yaml"]


def superset_version() -> str:
    """Version of the installed Superset."""
    return version("apache-superset")


def read_stamp(settings: Settings) -> Stamp | None:
    """The stamp of the last import, or None if Superset was never initialised, or is to be again."""
    if not metadata_file(settings).exists():
        return None
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


def _present_stamp(settings: Settings, wanted: str) -> Stamp:
    objects = {uuid: changed for uuid, (_, changed) in _our_objects(settings).items()}
    return Stamp(superset_version(), wanted, _access_hash(settings), objects)


def _edited_by_hand(settings: Settings, stamp: Stamp | None) -> list[str]:
    """Names of what the last import brought and somebody changed or removed in Superset since."""
    if stamp is None:
        return []
    present = _our_objects(settings)
    changed = {
        present[uuid][0]
        for uuid, when in stamp.objects.items()
        if uuid in present and present[uuid][1] != when
    }
    gone = len(stamp.objects.keys() - present.keys())
    return [*sorted(changed), *([f"{gone} mục bị xóa"] if gone else [])]


def _our_objects(settings: Settings) -> dict[str, tuple[str, str]]:
    """Name and time of the last change of all that an import brings, by identifier."""
    return {
        f"{table}/{uuid.hex() if isinstance(uuid, bytes) else uuid}": (str(name), str(changed))
        for table, column in _NAMED
        for uuid, name, changed in _stored(
            settings, f"select uuid, {column}, changed_on from {table} where is_managed_externally"
        )
    }


_NAMED = (
    ("dashboards", "dashboard_title"),
    ("slices", "slice_name"),
    ("tables", "table_name"),
    ("dbs", "database_name"),
)


def _access_hash(settings: Settings) -> str:
    """Changes when anyone grants or takes away in Superset, so that the next import puts it right."""
    state = [_stored(settings, query) for query in _ACCESS]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _stored(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Rows of Superset's own database; none before there is one."""
    database = metadata_file(settings)
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


# What nobody may grant by hand. Sign-ins change the accounts' other columns.
_ACCESS = (
    "select role_id, permission_view_id from ab_permission_view_role order by 1, 2",
    "select user_id, role_id from ab_user_role order by 1, 2",
    "select group_id, role_id from ab_group_role order by 1, 2",
    "select dashboard_id, role_id from dashboard_roles order by 1, 2",
    "select id, name from ab_role order by 1",
    "select id, username, first_name, active from ab_user order by 1",
    "select id, clause, filter_type, group_key from row_level_security_filters order by 1",
    "select rls_filter_id, table_id from rls_filter_tables order by 1, 2",
    "select rls_filter_id, role_id from rls_filter_roles order by 1, 2",
    "select id, lower(column_name) from table_columns where lower(column_name) like '%commune%' order by 1",
)
