"""Signing in, staying signed in and being turned away, over HTTP as a browser does it."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from orchestration.superset_app.serving import secret_key
from orchestration.superset_app.throttle import Limits
from tests.dashboards.installation import Installation

COOKIE = "motcua_session"
LOGIN = "/login/"
WRONG = "not-the-Password-9"


@pytest.fixture(scope="module")
def cookie(running_superset: Installation) -> str:
    """The session of somebody who has signed in through the form."""
    _, answer = running_superset.sign_in("lanh.dao", running_superset.passwords["lanh.dao"])
    assert answer.status_code == 302
    return str(answer.cookies[COOKIE])


def me(installation: Installation, cookie: str, **headers: str) -> requests.Response:
    return requests.get(
        f"{installation.url}/api/v1/me/", cookies={COOKIE: cookie}, headers=headers, timeout=60
    )


def aged(installation: Installation, cookie: str, minutes: float) -> str:
    """The same session as if its last request had been so long ago."""
    app = Flask(__name__)
    app.secret_key = secret_key(installation.settings.paths)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    content: Any = signer.loads(cookie)
    real = time.time
    try:
        time.time = lambda: real() - minutes * 60
        return str(signer.dumps(content))
    finally:
        time.time = real


def test_who_is_idle_for_half_an_hour_signs_in_again(superset: Installation, cookie: str) -> None:
    assert me(superset, aged(superset, cookie, 29)).status_code == 200
    assert me(superset, aged(superset, cookie, 31)).status_code == 401


def test_every_request_renews_the_session(superset: Installation, cookie: str) -> None:
    answer = me(superset, aged(superset, cookie, 29))
    renewed = str(answer.cookies[COOKIE])
    assert me(superset, renewed).status_code == 200
    flags = answer.headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags


def test_late_answers_to_the_sign_in_page_do_not_sign_out(superset: Installation) -> None:
    """What the page asked before the form was sent may be answered after it: the form's cookie stays."""
    visitor = requests.Session()
    assert COOKIE in visitor.get(f"{superset.url}{LOGIN}", timeout=60).cookies
    for path in ("/superset/language_pack/vi/", "/api/v1/me/", "/static/assets/images/loading.gif"):
        assert COOKIE not in visitor.get(f"{superset.url}{path}", timeout=60).cookies, path


def test_guessing_ends_over_all_processes_and_both_ways_in(superset: Installation) -> None:
    """The account has no other test: it stays refused for a while."""
    limit = Limits().person_at_address
    url = f"{superset.url}/api/v1/security/login"
    body = {"username": "doan.mo", "password": WRONG, "provider": "db"}
    for _ in range(limit):
        assert requests.post(url, json=body, timeout=60).status_code == 401
    refused = requests.post(url, json=body, timeout=60)
    assert refused.status_code == 429
    assert "15 phút" in refused.json()["message"]
    _, page = superset.sign_in("doan.mo", WRONG)
    assert page.status_code == 429
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Tạm khóa đăng nhập" in page.text
    # Others at the same address are not locked out.
    assert superset.client("lanh.dao").get("/api/v1/me/")["result"]["username"] == "lanh.dao"


def test_a_wrong_password_says_no_more_than_that(superset: Installation) -> None:
    for username in ("xa.mot", "khong.co"):
        _, answer = superset.sign_in(username, WRONG)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("password", ["admin", "general", "superset", "123456", ""])
def test_default_passwords_open_nothing(superset: Installation, password: str) -> None:
    body = {"username": "admin", "password": password, "provider": "db"}
    answer = requests.post(f"{superset.url}/api/v1/security/login", json=body, timeout=60)
    assert answer.status_code in (400, 401)


def test_changes_need_the_page_that_they_come_from(superset: Installation, cookie: str) -> None:
    """A foreign page can make the browser send the cookie, but not the token."""
    answer = requests.put(
        f"{superset.url}/api/v1/me/", json={"first_name": "Khác"}, cookies={COOKIE: cookie}, timeout=60
    )
    assert answer.status_code == 400
    assert "CSRF" in answer.text


def test_every_page_carries_the_rules_for_browsers(superset: Installation, cookie: str) -> None:
    for path in (LOGIN, "/superset/welcome/", "/dashboard/list/"):
        headers = requests.get(f"{superset.url}{path}", cookies={COOKIE: cookie}, timeout=60).headers
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "http" not in headers["Content-Security-Policy"]
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    "path", ["/swagger/v1", "/api/v1/_openapi", "/api/v1/dashboard/", "/api/v1/me/", "/users/list/"]
)
def test_a_stranger_sees_the_sign_in_page_or_nothing(superset: Installation, path: str) -> None:
    answer = requests.get(f"{superset.url}{path}", timeout=60, allow_redirects=False)
    if answer.status_code == 302:
        assert "/login/" in answer.headers["Location"]
    else:
        assert answer.status_code in (401, 403, 404)


def test_nobody_registers(superset: Installation) -> None:
    answer = requests.post(f"{superset.url}/register/form", data={"username": "x"}, timeout=60)
    assert answer.status_code in (400, 404, 405)


def test_what_goes_wrong_is_told_without_traces(superset: Installation) -> None:
    client = superset.client()
    answers = [
        client.post("/api/v1/chart/data", {"datasource": {"id": "x", "type": "table"}, "queries": [{}]}),
        client.post("/api/v1/sqllab/execute/", {"database_id": 1, "sql": "select * from nowhere"}),
        client.session.get(f"{client.url}/api/v1/chart/x", timeout=60),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert "Traceback" not in answer.text
        assert "site-packages" not in answer.text
        assert str(superset.settings.paths.root) not in answer.text
