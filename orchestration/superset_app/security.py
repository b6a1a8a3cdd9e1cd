"""Superset's security manager with our rules on top: each closes a way that its settings leave open.

Loaded by ``superset_config.py``. Roles and accounts themselves are data (``orchestration.access``), put in
place by the worker (``orchestration.superset_app.access_sync``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g, request
from superset.security import SupersetSecurityManager
from werkzeug.exceptions import Forbidden

from orchestration.access.roles import ADMIN, USERNAME, roles
from orchestration.access.users import USERNAME_PATTERN
from orchestration.home import Home
from orchestration.superset_app.epochs import EPOCHS, MARK, Epochs
from orchestration.superset_app.free_sql import foreign_sql
from orchestration.superset_app.limits import take_free_lane
from orchestration.superset_app.serving import pinned_release
from orchestration.superset_app.sessions import known_device
from orchestration.superset_app.sign_in import OIDC_PROVIDER, identity
from orchestration.superset_app.throttle import FAILED_SIGN_INS, FailedSignIns
from orchestration.superset_app.viewers import sees_everything

NOBODY = "1 = 0"
EVERYBODYS = "'*' = '*'"
# Where Superset's configuration keeps the installation's home.
HOME = "MOTCUA_HOME"
NO_DRILL = "Tài khoản này chỉ xem số liệu của biểu đồ, không xem từng dòng với mọi cột hay câu truy vấn."
# Superset's kinds of answers.
_WHOLE_ROWS, _SQL = frozenset({"samples", "drill_detail"}), frozenset({"query"})
FOREIGN_SQL = "Tài khoản này không được gửi biểu thức SQL riêng. Hãy dùng bộ lọc của bảng điều khiển."


@dataclass(frozen=True)
class RowFilter:
    """One filter on one dataset, as Superset's own query would return it."""

    id: int
    group_key: str | None
    clause: str


class ViewerSecurityManager(SupersetSecurityManager):
    """Row security without templates, no SQL from viewers, sign-ins counted."""

    def get_rls_filters(self, table: Any) -> list[Any]:
        """The filters on ``table`` for the present user, whose name stands in them as a literal.

        Superset's templates would let requests run template code too, and its cache key holds the clause as
        written; so the name is put in here, and the same text filters the rows and keys the cache. A name
        that could end the literal sees nothing. The rule holds at once for a dataset that was made by hand,
        before the next import attaches it. Who sees every commune in the release that answers gets a clause
        without the name, and so shares the cache with all who do.
        """
        username = str(getattr(getattr(g, "user", None), "username", ""))
        rows: list[Any] = cast(list[Any], super().get_rls_filters(table))
        found = [RowFilter(row.id, row.group_key, self._clause(row.clause, username)) for row in rows]
        rule = roles().row_security
        per_commune = any(
            str(item.column_name).lower() == rule.column for item in getattr(table, "columns", ())
        )
        clause = self._clause(rule.clause, username)
        if per_commune and clause not in {row.clause for row in found} and not self._is_exempt():
            found.append(RowFilter(0, None, clause))
        return found

    def _clause(self, clause: str, username: str) -> str:
        """The rule's own clause is the same for all who see everything; any other stands as it is."""
        home: Home = current_app.config[HOME]
        if clause == roles().row_security.clause and sees_everything(home, pinned_release(home), username):
            return EVERYBODYS
        return _for_user(clause, username)

    def _is_exempt(self) -> bool:
        user = getattr(g, "user", None)
        if user is None or user.is_anonymous:
            return False
        return any(role.name in roles().row_security.exempt for role in self.get_user_roles(user))

    def raise_for_access(self, *args: Any, **kwargs: Any) -> None:
        """Superset's own checks; then, from those who may not explore, no SQL but the chart's own."""
        super().raise_for_access(*args, **kwargs)
        query_context = kwargs.get("query_context")
        if query_context is None:
            return
        self._require_drill(query_context)
        chart = query_context.slice_
        if foreign_sql(
            [query.to_dict() for query in query_context.queries],
            chart.params_dict if chart else None,
            [str(column.column_name) for column in query_context.datasource.columns],
        ):
            if not self.can_access("can_explore", "Superset"):
                raise Forbidden(FOREIGN_SQL)
            take_free_lane()

    def _require_drill(self, query_context: Any) -> None:
        """Whole rows with every column go to those who may drill, SQL to those who write it."""
        asked = {query_context.result_type, *(query.result_type for query in query_context.queries)}
        kinds = {str(getattr(kind, "value", kind)) for kind in asked if kind is not None}
        if kinds & _WHOLE_ROWS and not self.can_access("can_drill", "Dashboard"):
            raise Forbidden(NO_DRILL)
        if kinds & _SQL and not self.can_access("can_explore", "Superset"):
            raise Forbidden(NO_DRILL)

    def has_drill_access(self, form_data: Any, dashboard: Any, datasource: Any) -> bool:
        """Superset only hides the menu from those who may not drill; here they are refused."""
        return self.can_access("can_drill", "Dashboard") and super().has_drill_access(
            form_data, dashboard, datasource
        )

    def _validate_child_in_parent_multilayer(self, *_args: Any, **_kwargs: Any) -> bool:
        """Layered maps would open any dataset to whoever names one; none of our dashboards has any."""
        return False

    def auth_user_db(self, username: str, password: str) -> Any:
        """Sign in by password, unless this failed too often."""
        return self._counted(super().auth_user_db, username, password)

    def auth_user_ldap(self, username: str, password: str) -> Any:
        """Sign in by the directory, unless this failed too often; the built-in account is none of its."""
        if username.strip().casefold() == ADMIN:
            return None
        return self._counted(super().auth_user_ldap, username.strip().casefold(), password)

    def _counted(self, sign_in: Any, username: str | None, password: str | None) -> Any:
        failures: FailedSignIns = current_app.config[FAILED_SIGN_INS]
        who, where = self.own_name(username or ""), request.remote_addr or ""
        device = known_device(who)
        # Told before, by ``sessions``; this holds for whatever way leads here.
        if failures.refused(who, where, device):
            return None
        user = sign_in(username, password)
        if user is None:
            failures.note(who, where, device)
        else:
            failures.forget(who, where, device)
        return user

    def own_name(self, called: str) -> str:
        """The account's own name for what somebody typed, its address too: one row of tries for both."""
        user: Any = (self.find_user(username=called) or self.find_user(email=called)) if called else None
        return str(user.username) if user else called.strip().casefold()

    def create_jwt_manager(self, app: Any) -> Any:
        """Superset's tokens for programs, each with the mark of the account as it is now."""
        manager: Any = super().create_jwt_manager(app)

        def claims(identity: Any) -> dict[str, str]:
            return {MARK: self._mark(self.load_user(identity))}

        manager.additional_claims_loader(claims)
        return manager

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> Any:
        """Whose token this is, if it counts still."""
        user = self.load_user(jwt_data["sub"])
        if user is None or jwt_data.get(MARK) != self._mark(user):
            return None
        return super().load_user_jwt(_jwt_header, jwt_data)

    def on_user_logout(self, user: Any) -> None:
        """Who signs out has signed out everywhere."""
        super().on_user_logout(user)
        epochs: Epochs = current_app.config[EPOCHS]
        epochs.end(int(user.id))

    def _mark(self, user: Any) -> str:
        epochs: Epochs = current_app.config[EPOCHS]
        return epochs.mark(int(user.id), user.password) if user is not None else ""

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """Who the OpenID Connect provider says has signed in."""
        if provider != OIDC_PROVIDER:
            return super().get_oauth_user_info(provider, resp)
        remotes = cast(dict[str, Any], self.oauth_remotes)
        return identity(dict(resp.get("userinfo") or remotes[provider].userinfo(token=resp)))


def _for_user(clause: str, username: str) -> str:
    """``clause`` with the name in place, or one that nothing fulfils."""
    if not USERNAME_PATTERN.fullmatch(username):
        return NOBODY
    return clause.replace(USERNAME, f"'{username}'")
