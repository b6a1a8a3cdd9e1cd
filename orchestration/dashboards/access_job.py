"""What the worker is told to bring Superset's access to, as plain data, and whether it is safe to grant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from orchestration.access.roles import ADMIN, ADMIN_ROLE, Roles, RolesError, RowSecurity
from orchestration.access.users import User
from orchestration.dashboards.validate import ResolvedDashboard, ResolvedDataset

# A dataset with one of these tells of single communes or dossiers, whatever else it lacks.
_TELLTALE = re.compile(r"^(commune_name|dossier_code|petition_code|file_name)$", re.IGNORECASE)


def access_job(
    source: Roles, users: Iterable[User], locked: frozenset[str], *, directory: bool, directory_roles: bool
) -> dict[str, Any]:
    """The wanted state as JSON. ``locked`` people keep their account but cannot sign in."""
    return {
        "roles": {name: [list(pair) for pair in source.permissions(name)] for name in source.roles},
        "dashboards": {
            name: "all" if role.dashboards == "all" else list(role.dashboards)
            for name, role in source.roles.items()
        },
        "row_security": source.row_security.model_dump(exclude={"open"}),
        "users": [
            {
                "username": user.username,
                "full_name": user.full_name,
                "role": ADMIN_ROLE if user.role == ADMIN else user.role,
            }
            for user in users
        ],
        "locked": sorted(locked),
        "directory": directory,
        "directory_roles": directory_roles,
    }


def require_covered(source: Roles, dashboards: Iterable[ResolvedDashboard]) -> None:
    """Make sure that what roles with their own communes are granted is filtered, or declared open.

    Raises:
        RolesError: naming each dataset that is neither, and each grant or declaration without an object.
    """
    by_slug = {dashboard.source.slug: dashboard for dashboard in dashboards}
    faults = [] if source.home in by_slug else [f"trang đầu không có: {source.home}"]
    faults += [
        f"vai trò {name} được giao bảng điều khiển không có: {slug}"
        for name, role in source.roles.items()
        for slug in (() if role.dashboards == "all" else role.dashboards)
        if slug not in by_slug
    ]
    for slug, names in source.row_security.open.items():
        known = by_slug[slug].datasets if slug in by_slug else {}
        faults += [
            f"bộ dữ liệu {name} của {slug} khai báo mở nhưng không có" for name in names if name not in known
        ]
    for slug, dashboard in by_slug.items():
        if any(source.roles[name].communes == "own" for name in source.granted(slug)):
            faults += [
                f"bộ dữ liệu {name} của {slug} {fault}"
                for name, dataset in dashboard.datasets.items()
                if (fault := _exposure(source.row_security, slug, dataset))
            ]
    if faults:
        raise RolesError("\n".join(f"superset/roles.yml: {fault}" for fault in faults))


def _exposure(rule: RowSecurity, slug: str, dataset: ResolvedDataset) -> str:
    """Why a commune must not be granted the dataset, or nothing."""
    columns = {column.name.lower() for column in dataset.columns}
    declared = dataset.source.name in rule.open.get(slug, [])
    if rule.column in columns:
        return f"có {rule.column} để lọc, không được khai báo mở" if declared else ""
    if not declared:
        return (
            f"được giao cho xã nhưng không có {rule.column} để lọc; hãy thêm cột này, hoặc khai báo trong "
            "row_security.open nếu chỉ là số liệu toàn tỉnh"
        )
    telltale = sorted(column for column in columns if _TELLTALE.match(column))
    return f"khai báo mở nhưng nói về từng xã hoặc hồ sơ: {', '.join(telltale)}" if telltale else ""
