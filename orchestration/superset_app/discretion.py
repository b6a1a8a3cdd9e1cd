"""What an account may learn beside its figures (of people, columns, SQL), and how much it may leave here.

Superset tells everybody who may open a dashboard who its possible owners are, and keeps whatever state a
page sends.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask, Response, request
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from orchestration.access.roles import ADMIN_ROLE
from orchestration.superset_app.sessions import turned_away

# Lists of people and of values of the metadata, made for forms that only administrators have.
_PEOPLE = re.compile(r"/api/v1/[a-z_]+/(related|distinct)/")
# The state of a page's filters: a chosen value each, not data.
_STATE = re.compile(r"/api/v1/(dashboard/[^/]+/(filter_state|permalink)|explore/(form_data|permalink))")
MOST_STATE_BYTES = 128 * 2**10
# Questions of charts are the longest that anybody else sends.
MOST_BYTES = 2 * 2**20
_MOST_DISCARDED = 16 * 2**20
_TOO_LARGE = "Nội dung gửi lên quá lớn. Hãy chọn ít giá trị lọc hơn."


def adapt_discretion(app: Flask) -> None:
    """Answer such requests of people who do not administer here, before Superset does."""

    def answer() -> Response | None:
        listed = _PEOPLE.match(request.path)
        most = MOST_STATE_BYTES if _STATE.match(request.path) else MOST_BYTES
        size = request.content_length or 0
        is_large = size > most or "chunked" in request.headers.get("Transfer-Encoding", "")
        # Asked last: to know who it is, Superset's session is loaded and perhaps sent anew.
        if not (listed or is_large) or _administers():
            return None
        if listed:
            return Response(json.dumps({"count": 0, "result": []}), mimetype="application/json")
        _discard(size)
        raise RequestEntityTooLarge(_TOO_LARGE)

    app.before_request(answer)
    app.register_error_handler(RequestEntityTooLarge, turned_away("Quá lớn", _TOO_LARGE))


def _discard(size: int) -> None:
    """Read what is sent, up to a bound: a sender whose connection closes midway never reads the answer."""
    left = min(size, _MOST_DISCARDED)
    while left > 0 and (piece := request.stream.read(min(left, 2**16))):
        left -= len(piece)


def _administers() -> bool:
    roles: Any = getattr(current_user, "roles", ())
    return any(str(role.name) == ADMIN_ROLE for role in roles)
