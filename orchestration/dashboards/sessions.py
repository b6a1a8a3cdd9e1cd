"""How long a sign-in lasts, and what people read when they are turned away."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from flask import Flask, Response, request, session
from flask_appbuilder.exceptions import PasswordComplexityValidationError
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests

from orchestration.access.passwords import WEAK, is_strong

_DENIED = "Tài khoản này không được xem trang hay số liệu đó. Nếu cần, hãy đề nghị quản trị viên cấp quyền."
_PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<body style="font: 16px/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.5rem">{title}</h1><p>{sentence}</p><p><a href="/">Về trang chủ</a></p>
</body></html>"""


def adapt_sessions(app: Flask) -> None:
    """Renew the sign-in with every request, and turn people away in Vietnamese."""

    def renew() -> None:
        # Flask refreshes only sessions that are marked so; without it the time would count from signing in.
        if not request.path.startswith(("/static/", "/health")):
            session.permanent = True

    app.before_request(renew)
    app.register_error_handler(Forbidden, _turned_away("Không có quyền xem", _DENIED))
    app.register_error_handler(TooManyRequests, _turned_away("Tạm khóa đăng nhập", ""))


def _turned_away(title: str, sentence: str) -> Callable[[HTTPException], Response]:
    """Answer with a page for people and JSON, in Superset's form, for programs."""

    def answer(error: HTTPException) -> Response:
        said = sentence if error.description in (None, type(error).description) else str(error.description)
        status = error.code or Forbidden.code
        if "text/html" in request.accept_mimetypes and not request.path.startswith("/api/"):
            page = _PAGE.format(title=escape(title), sentence=escape(said))
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
