"""Who may try to sign in, how long it lasts, and what people read when they are turned away."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, cast

from flask import Flask, Response, current_app, g, has_request_context, request, session
from flask_appbuilder.exceptions import PasswordComplexityValidationError
from flask_login import user_logged_in
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests

from orchestration.access.passwords import WEAK, is_strong
from orchestration.superset_app.epochs import EPOCHS, MARK, Epochs
from orchestration.superset_app.throttle import FAILED_SIGN_INS, WINDOW_SECONDS, FailedSignIns

# The form and the interface for programs; both end in the security manager, which counts.
_WAYS_IN = frozenset({"/login/", "/api/v1/security/login"})
_BACKGROUND = ("/api/", "/superset/log/")
# Tells a browser in which an account has signed in before; it opens nothing.
DEVICE_COOKIE = "motcua_device"
_DEVICE_DAYS = 180
# Where Flask-Login keeps who has signed in.
SIGNED_IN = "_user_id"
_TOO_MANY = (
    f"Sai mật khẩu quá nhiều lần. Hãy đợi {WINDOW_SECONDS // 60} phút rồi thử lại, hoặc gọi quản trị viên."
)
_DENIED = "Tài khoản này không được xem trang hay số liệu đó. Nếu cần, hãy đề nghị quản trị viên cấp quyền."
_PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<body style="font: 16px/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.5rem">{title}</h1><p>{sentence}</p><p><a href="/">Về trang chủ</a>{way_out}</p>
</body></html>"""
_WAY_OUT = ' · <a href="/logout/">Đăng xuất</a>'


def adapt_sessions(app: Flask) -> None:
    """Renew the sign-in with every request, end guessing, and turn people away in Vietnamese."""

    def end_stale() -> None:
        """Whoever changed the password or signed out, elsewhere too, has signed out here."""
        if request.path.startswith("/static/") or SIGNED_IN not in session:
            return
        if session.get(MARK) != _mark(_account(app, session[SIGNED_IN])):
            session.clear()

    def begin(_app: Any, user: Any, **_more: Any) -> None:
        if has_request_context():
            session[MARK] = _mark(user)
            g.motcua_signed_in = str(user.username)

    def remember_device(response: Response) -> Response:
        username = g.get("motcua_signed_in")
        if username and not known_device(username):
            response.set_cookie(
                DEVICE_COOKIE,
                _devices().dumps([username, secrets.token_urlsafe(9)]),
                max_age=_DEVICE_DAYS * 86_400,
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
                httponly=True,
                samesite="Lax",
            )
        return response

    def renew() -> None:
        # Flask refreshes only sessions that are marked so; without it the time would count from signing in.
        if SIGNED_IN in session:
            session.permanent = True

    def keep_quiet(response: Response) -> Response:
        # What the sign-in page asks in the background may be answered after its form: a cookie for nobody
        # would then replace that of the person who has just signed in.
        if SIGNED_IN not in session and request.path.startswith(_BACKGROUND):
            session.modified = False
        return response

    def end_guessing() -> None:
        if request.method == "POST" and request.path in _WAYS_IN:
            failures: FailedSignIns = app.config[FAILED_SIGN_INS]
            who = app_manager(app).own_name(_who_asks())
            if failures.refused(who, request.remote_addr or "", known_device(who)):
                raise TooManyRequests(_TOO_MANY)

    # Before anything asks who has signed in.
    app.before_request_funcs.setdefault(None, []).insert(0, end_stale)
    user_logged_in.connect(begin, app, weak=False)
    app.after_request(remember_device)
    app.before_request(end_guessing)
    app.before_request(renew)
    app.after_request(keep_quiet)
    app.register_error_handler(Forbidden, turned_away("Không có quyền xem", _DENIED))
    app.register_error_handler(TooManyRequests, turned_away("Tạm khóa đăng nhập", ""))


def app_manager(app: Flask) -> Any:
    """Superset's security manager, ours."""
    return app.appbuilder.sm  # pyright: ignore[reportAttributeAccessIssue]  set by the framework


def _account(app: Flask, identifier: Any) -> Any:
    return app_manager(app).get_user_by_id(int(identifier)) if str(identifier).isdecimal() else None


def _mark(user: Any) -> str | None:
    """What a session of ``user`` must carry."""
    epochs: Epochs = current_app.config[EPOCHS]
    return epochs.mark(int(user.id), user.password) if user is not None else None


def _devices() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=DEVICE_COOKIE)


def known_device(username: str) -> str:
    """What tells this browser, if ``username`` has signed in with it before; else nothing."""
    try:
        who, device = _devices().loads(request.cookies.get(DEVICE_COOKIE, ""), max_age=_DEVICE_DAYS * 86_400)
    except (BadData, ValueError, TypeError):
        return ""
    return str(device) if who == username else ""


def _who_asks() -> str:
    """The name in a request to sign in, by form or JSON."""
    content: object = request.get_json(silent=True) if request.is_json else request.form
    return str(cast(Mapping[str, Any], content).get("username", "")) if isinstance(content, Mapping) else ""


def turned_away(title: str, sentence: str) -> Callable[[HTTPException], Response]:
    """An answer with a page for people and JSON, in Superset's form, for programs.

    It says what the error was raised with, else ``sentence``.
    """

    def answer(error: HTTPException) -> Response:
        said = sentence if error.description in (None, type(error).description) else str(error.description)
        status = error.code or Forbidden.code
        if "text/html" in request.accept_mimetypes and not request.path.startswith("/api/"):
            way_out = _WAY_OUT if SIGNED_IN in session else ""
            page = _PAGE.format(title=escape(title), sentence=escape(said), way_out=way_out)
            return Response(page, status, mimetype="text/html")
        fault = {"message": said, "error_type": "GENERIC_BACKEND_ERROR", "level": "warning", "extra": {}}
        body = json.dumps({"errors": [fault], "message": said}, ensure_ascii=False)
        return Response(body, status, mimetype="application/json")

    return answer


def require_strong(password: str) -> None:
    """Superset's ``FAB_PASSWORD_COMPLEXITY_VALIDATOR``.

    Raises:
        PasswordComplexityValidationError: it is too weak.
    """
    if not is_strong(password):
        raise PasswordComplexityValidationError(WEAK)
