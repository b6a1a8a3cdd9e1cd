"""Inside Superset: roles, dashboard grants, row security and accounts brought to exactly what the job says.

Run by the worker after the bundle, in its application context; ``access_job`` describes the job. Superset's
own roles other than the administrators' are emptied: whoever still has one gets nothing by it.
"""

from __future__ import annotations

import secrets
from typing import Any

from orchestration.access.roles import ADMIN, ADMIN_ROLE
from orchestration.superset_app.sign_in import NO_ROLE

# Made again by every Superset upgrade, so kept, without any permission.
_BUILT_IN = frozenset({ADMIN_ROLE, "Alpha", "Gamma", "sql_lab", NO_ROLE})
_PASSWORD_BYTES = 12

Job = dict[str, Any]


def bring_access(job: Job) -> dict[str, Any]:
    """Bring everything in place, in one transaction.

    Answers ``passwords`` by username, of accounts made now or named in ``reset``, and the names of the
    accounts that were ``disabled``.

    Raises:
        LookupError: a permission, an exempt role or a named account does not exist.
    """
    from superset.extensions import db

    _bring_roles(job["roles"])
    db.session.flush()
    _grant_dashboards(job["dashboards"])
    _bring_row_security(job["row_security"])
    passwords, disabled = _bring_accounts(job)
    _strip_what_is_not_ours(set(job["roles"]))
    db.session.commit()
    return {"passwords": passwords, "disabled": disabled}


def _bring_roles(wanted: dict[str, list[list[str]]]) -> None:
    from superset.extensions import db, security_manager

    known = {
        (pair.permission.name, pair.view_menu.name): pair
        for pair in db.session.query(security_manager.permissionview_model)
        if pair.permission and pair.view_menu
    }
    for name, pairs in wanted.items():
        keys = [(action, thing) for action, thing in pairs]
        if missing := [key for key in keys if key not in known]:
            raise LookupError(f"role {name}: Superset knows no {missing}")
        role: Any = security_manager.find_role(name) or security_manager.add_role(name, commit=False)
        role.permissions = [known[key] for key in keys]


def _strip_what_is_not_ours(ours: set[str]) -> None:
    """Nobody inherits anything from Superset's own roles, from roles made by hand, or through groups."""
    from superset.extensions import db, security_manager

    for role in security_manager.get_all_roles():
        if role.name not in ours | {ADMIN_ROLE}:
            role.permissions = []
            if role.name not in _BUILT_IN:
                role.user = []
                db.session.delete(role)
    for group in db.session.query(security_manager.group_model):
        group.roles = []


def _grant_dashboards(grants: dict[str, Any]) -> None:
    """Every dashboard carries the roles that see it, so that none falls back to Superset's other rules."""
    from superset.extensions import db, security_manager
    from superset.models.dashboard import Dashboard

    found = {name: security_manager.find_role(name) for name in grants}
    for dashboard in db.session.query(Dashboard):
        dashboard.roles = [
            found[name] for name, slugs in grants.items() if slugs == "all" or dashboard.slug in slugs
        ]


def _bring_row_security(wanted: dict[str, Any]) -> None:
    """One Base filter on every dataset that has the column, those made by hand included; no other filter."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
    from superset.extensions import db, security_manager
    from superset.utils.core import RowLevelSecurityFilterType

    rule: Any = None
    for found in db.session.query(RowLevelSecurityFilter):
        if found.name == wanted["name"] and rule is None:
            rule = found
        else:
            db.session.delete(found)
    if rule is None:
        rule = RowLevelSecurityFilter()
        rule.name = wanted["name"]
    exempt = {name: security_manager.find_role(name) for name in wanted["exempt"]}
    if missing := [name for name, role in exempt.items() if role is None]:
        raise LookupError(f"row security: no roles {missing}")
    rule.filter_type = RowLevelSecurityFilterType.BASE.value
    rule.clause = wanted["clause"]
    rule.group_key = None
    rule.roles = list(exempt.values())
    rule.tables = [
        dataset
        for dataset in db.session.query(SqlaTable)
        if any(column.column_name.lower() == wanted["column"] for column in dataset.columns)
    ]
    # Last: any query before would write it half made.
    db.session.add(rule)


def _bring_accounts(job: Job) -> tuple[dict[str, str], list[str]]:
    from superset.extensions import security_manager

    wanted = {user["username"]: user for user in job["users"]}
    reset: list[str] = job.get("reset", [])
    accounts = {account.username: account for account in security_manager.get_all_users()}
    passwords: dict[str, str] = {}
    for username, user in wanted.items():
        role = security_manager.find_role(user["role"])
        if username not in accounts:
            password = secrets.token_urlsafe(_PASSWORD_BYTES)
            accounts[username] = security_manager.add_user(
                username, user["full_name"], "", f"{username}@localhost", role, password, commit=False
            )
            if not job["directory"]:
                passwords[username] = password
        accounts[username].first_name = user["full_name"]
        if not job["directory_roles"]:
            accounts[username].roles = [role]
    if missing := [username for username in reset if username not in accounts]:
        raise LookupError(f"no accounts {missing}")
    for username in reset:
        if username not in passwords:
            passwords[username] = secrets.token_urlsafe(_PASSWORD_BYTES)
            security_manager.reset_password(accounts[username].id, passwords[username])
    return passwords, _switch(job, wanted, accounts)


def _switch(job: Job, wanted: dict[str, Any], accounts: dict[str, Any]) -> list[str]:
    """Active are those who are listed, or in a directory, and not locked; and the built-in administrator."""
    disabled: list[str] = []
    for username, account in accounts.items():
        listed = username in wanted or job["directory"]
        active = username == ADMIN or (listed and username not in job["locked"])
        if account.active and not active:
            disabled.append(username)
        if bool(account.active) != active:
            account.active = active
    return sorted(disabled)
