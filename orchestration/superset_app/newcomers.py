"""People whom the release that answers grants no commune: told why they see nothing, and what to do.

Row security leaves them no row, and Superset waits for ever for the first value of a filter that has none.
Pages only; what programs ask is answered as for everybody, without a row.
"""

from __future__ import annotations

from flask import Flask, request
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from orchestration.access.roles import roles
from orchestration.dashboards.links import DASHBOARD_LIST, DASHBOARD_PATH
from orchestration.home import Home
from orchestration.superset_app.serving import pinned_release
from orchestration.superset_app.sessions import turned_away
from orchestration.superset_app.viewers import sees_nothing

_PAGES = (DASHBOARD_PATH, DASHBOARD_LIST)
_SENTENCE = (
    "Bản số liệu đang công bố chưa giao xã, phường nào cho tài khoản {username}, nên chưa có gì để hiển thị. "
    "Hãy đề nghị trung tâm phục vụ hành chính công tỉnh kiểm tra xã, phường của tài khoản này; số liệu sẽ "
    "hiện sau lần công bố tới."
)


class NothingGrantedError(Forbidden):
    """Who asks has a role and no commune."""


def adapt_newcomers(app: Flask, home: Home) -> None:
    """Answer with a sentence where a dashboard would stay empty for want of a commune."""

    def tell() -> None:
        if not request.path.startswith(_PAGES) or not current_user.is_authenticated:
            return
        username = str(current_user.username)
        # Whoever has no role of ours is told by Superset's own refusal; administrators are exempt.
        has_role = any(str(role.name) in roles().roles for role in current_user.roles)
        if has_role and sees_nothing(home, pinned_release(home), username):
            raise NothingGrantedError(_SENTENCE.format(username=username))

    app.before_request(tell)
    app.register_error_handler(NothingGrantedError, turned_away("Chưa có số liệu để xem", ""))
