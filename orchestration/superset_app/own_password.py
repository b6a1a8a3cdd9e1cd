"""The page on which people change their own password: it asks for the old one, as Superset's does not.

Whatever other way Superset offers for it is closed here. Who may sign in, and for how long, is ``sessions``.
"""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, session
from flask_appbuilder.const import AUTH_DB
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest
from werkzeug.security import check_password_hash

from orchestration.access.passwords import WEAK, is_strong
from orchestration.superset_app.sessions import app_manager, turned_away
from orchestration.superset_app.throttle import FAILED_SIGN_INS, FailedSignIns

PAGE = "/doi-mat-khau/"
# Superset's own forms for it: the page of the account, and the framework's.
_OTHER_FORMS = ("/resetmypassword/",)
_OWN_ACCOUNT = "/api/v1/me"
_ELSEWHERE = f"Mật khẩu được đổi ở trang {PAGE}, nơi hỏi cả mật khẩu hiện tại."
_WRONG = "Mật khẩu hiện tại không đúng."
_TOO_MANY = "Sai mật khẩu quá nhiều lần. Hãy đợi 15 phút rồi thử lại."
_DIFFERENT = "Hai lần nhập mật khẩu mới không giống nhau."
_DONE = (
    "Đã đổi mật khẩu. Mọi phiên đăng nhập của tài khoản này đã kết thúc; hãy đăng nhập lại bằng mật khẩu mới."
)
_HTML = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Đổi mật khẩu</title>
<meta name="viewport" content="width=device-width">
<body style="font: 16px/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.5rem">Đổi mật khẩu</h1><p>{sentence}</p>{form}<p><a href="/">Về trang chủ</a></p>
</body></html>"""
_FIELD = """<p><label>{label}<br>
<input type="password" name="{name}" autocomplete="{kind}-password"></label></p>"""
_FIELDS = (
    ("old", "Mật khẩu hiện tại", "current"),
    ("new", "Mật khẩu mới", "new"),
    ("again", "Mật khẩu mới, lần nữa", "new"),
)
_FORM = """<form method="post" action="{page}"><input type="hidden" name="csrf_token" value="{token}">
{fields}<button>Đổi mật khẩu</button></form>"""


class OtherFormError(BadRequest):
    """Somebody wants to change a password without telling the old one."""


def adapt_own_password(app: Flask) -> None:
    """Offer the page, and close the ways around it."""

    def close_other_ways() -> Any:
        if request.path.startswith(_OTHER_FORMS):
            return redirect(PAGE)
        if request.path.rstrip("/") == _OWN_ACCOUNT and request.method not in ("GET", "HEAD"):
            content: Any = request.get_json(silent=True)
            if isinstance(content, dict) and "password" in content:
                raise OtherFormError(_ELSEWHERE)
        return None

    app.before_request(close_other_ways)
    app.register_error_handler(OtherFormError, turned_away("Đổi mật khẩu", _ELSEWHERE))
    app.add_url_rule(PAGE, "motcua_own_password", _page, methods=["GET", "POST"])


def _page() -> Any:
    if current_app.config["AUTH_TYPE"] != AUTH_DB:
        abort(404)
    if not current_user.is_authenticated:
        return redirect("/login/")
    if request.method == "GET":
        return _shown(WEAK)
    fault = _change(
        *(request.form.get(name, "") for name, _, _ in _FIELDS), address=request.remote_addr or ""
    )
    if fault:
        return _shown(fault, 400)
    session.clear()
    return _shown(_DONE, form=False)


def _change(old: str, new: str, again: str, *, address: str) -> str:
    """Change it, or say why not."""
    manager = app_manager(current_app)
    failures: FailedSignIns = current_app.config[FAILED_SIGN_INS]
    name = str(current_user.username)
    if failures.refused(name, address):
        return _TOO_MANY
    if not check_password_hash(str(current_user.password), old):
        failures.note(name, address)
        return _WRONG
    if new != again:
        return _DIFFERENT
    if new == old or not is_strong(new, (name, str(current_user.first_name), str(current_user.last_name))):
        return WEAK
    manager.reset_password(current_user.id, new)
    return ""


def _shown(sentence: str, status: int = 200, *, form: bool = True) -> Response:
    fields = "".join(_FIELD.format(name=name, label=label, kind=kind) for name, label, kind in _FIELDS)
    asked = _FORM.format(page=PAGE, token=escape(generate_csrf()), fields=fields) if form else ""
    return Response(_HTML.format(sentence=escape(sentence), form=asked), status, mimetype="text/html")
