"""What ends sessions and tokens: a new password, signing out, nothing else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import jwt
import pytest
import requests

from orchestration.dashboards.importer import first_passwords_file, sync_dashboards
from orchestration.superset_app.epochs import Epochs
from orchestration.superset_app.own_password import PAGE
from tests.dashboards.installation import Installation

NEW = "Con trâu đi trước cái cày 5"
WHO = "xa.moi"


def test_a_mark_is_the_accounts_own_and_changes_with_its_password_and_its_end(tmp_path: Path) -> None:
    epochs = Epochs(tmp_path / "epochs.db", "secret")
    mark = epochs.mark(7, "hash")
    assert mark == Epochs(tmp_path / "epochs.db", "secret").mark(7, "hash")
    assert len({mark, epochs.mark(8, "hash"), epochs.mark(7, "other"), epochs.mark(7, None)}) == 4
    assert mark != Epochs(tmp_path / "epochs.db", "another").mark(7, "hash")
    epochs.end(8)
    assert epochs.mark(7, "hash") == mark
    epochs.end(7)
    assert epochs.mark(7, "hash") != mark


def token_of(installation: Installation, username: str, name: str = "access_token") -> str:
    body = {
        "username": username,
        "password": installation.passwords[username],
        "provider": "db",
        "refresh": True,
    }
    answer = requests.post(f"{installation.url}/api/v1/security/login", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[name])


def counts(installation: Installation, session: requests.Session) -> bool:
    return session.get(f"{installation.url}/api/v1/me/", timeout=60).status_code == 200


def token_counts(installation: Installation, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{installation.url}/api/v1/me/", headers=headers, timeout=60).status_code == 200


def change(installation: Installation, session: requests.Session, old: str, new: str) -> requests.Response:
    """By the page, as a person does."""
    page = session.get(f"{installation.url}{PAGE}", timeout=60)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None, page.text
    form = {"csrf_token": token[1], "old": old, "new": new, "again": new}
    headers = {"Referer": installation.url}
    return session.post(f"{installation.url}{PAGE}", data=form, headers=headers, timeout=60)


def sign_out(installation: Installation, session: requests.Session) -> None:
    session.get(f"{installation.url}/logout/", timeout=60)


def change_password(installation: Installation, session: requests.Session) -> None:
    assert change(installation, session, installation.passwords[WHO], NEW).status_code == 200
    installation.passwords[WHO] = NEW


def reset(installation: Installation, _session: requests.Session) -> None:
    sync_dashboards(installation.settings, [WHO])
    lines = first_passwords_file(installation.settings).read_text(encoding="utf-8").splitlines()
    installation.passwords[WHO] = lines[-1].partition(",")[2]


@pytest.mark.parametrize("end", [sign_out, change_password, reset])
def test_every_session_and_token_ends_at_once(
    superset: Installation, end: Callable[[Installation, requests.Session], None]
) -> None:
    sessions = [superset.client(WHO).session for _ in range(2)]
    tokens = [token_of(superset, WHO), token_of(superset, WHO)]
    refresh = token_of(superset, WHO, "refresh_token")
    other = superset.client("trung.tam").session
    assert all(counts(superset, session) for session in sessions)
    assert all(token_counts(superset, token) for token in tokens)

    end(superset, sessions[0])

    assert not any(counts(superset, session) for session in sessions)
    assert not any(token_counts(superset, token) for token in tokens)
    headers = {"Authorization": f"Bearer {refresh}"}
    renewed = requests.post(f"{superset.url}/api/v1/security/refresh", headers=headers, timeout=60)
    assert renewed.status_code in (401, 422)
    # Others stay, and whoever signs in again is in.
    assert counts(superset, other)
    assert counts(superset, superset.client(WHO).session)


def test_no_token_outlives_an_idle_session(superset: Installation) -> None:
    minutes = superset.settings.idle_minutes
    for name in ("access_token", "refresh_token"):
        content = jwt.decode(token_of(superset, WHO, name), options={"verify_signature": False})
        assert content["exp"] - content["iat"] <= minutes * 60


def test_the_old_password_is_asked_for_wherever_a_new_one_is_chosen(superset: Installation) -> None:
    client = superset.client("lanh.dao")
    answer = client.session.put(f"{superset.url}/api/v1/me/", json={"password": NEW}, timeout=60)
    assert answer.status_code == 400
    assert PAGE in answer.json()["message"]
    wrong = change(superset, client.session, "khong phai", NEW)
    assert wrong.status_code == 400
    assert "không đúng" in wrong.text
    own = superset.passwords["lanh.dao"]
    for weak in ("123456789012", "admin12345678", own):
        refused = change(superset, client.session, own, weak)
        assert refused.status_code == 400
        assert "12 ký tự" in refused.text
    admin = superset.client().session
    for path in ("/resetmypassword/form", "/resetmypassword/form/"):
        found = admin.get(f"{superset.url}{path}", timeout=60, allow_redirects=False)
        assert found.headers["Location"] == PAGE
    # Nothing of it changed anything.
    assert counts(superset, client.session)
    assert counts(superset, superset.client("lanh.dao").session)


def test_a_password_is_not_changed_from_another_page(superset: Installation) -> None:
    session = superset.client("lanh.dao").session
    form = {"old": superset.passwords["lanh.dao"], "new": NEW, "again": NEW}
    session.headers.pop("X-CSRFToken")
    answer = session.post(f"{superset.url}{PAGE}", data=form, timeout=60, allow_redirects=False)
    assert answer.status_code in (302, 400)
    assert counts(superset, superset.client("lanh.dao").session)


@pytest.fixture
def forgotten_tries(superset: Installation) -> Generator[None]:
    """Failed sign-ins are forgotten afterwards: the account would stay refused to every other test."""
    yield
    tries = superset.settings.paths.superset / "failed_sign_ins.db"
    with closing(sqlite3.connect(tries)) as connection, connection:
        connection.execute("delete from failure")


@pytest.mark.usefixtures("forgotten_tries")
def test_name_and_address_have_one_row_of_tries(superset: Installation) -> None:
    url = f"{superset.url}/api/v1/security/login"
    statuses = [
        requests.post(
            url, json={"username": name, "password": "sai-hoan-toan", "provider": "db"}, timeout=60
        ).status_code
        for _ in range(6)
        for name in ("phan.tich", "phan.tich@localhost")
    ]
    assert statuses == [401] * 10 + [429] * 2
