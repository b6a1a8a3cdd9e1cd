"""No secret reaches the record of who did what, wherever in a request it stands."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.dashboards.importer import sync_dashboards
from orchestration.superset_app.redaction import REDACTED, TELLING_PARTS, redacted
from tests.dashboards.installation import Installation

SECRET = "Bi-mat-7391"
NAMES = (
    *("password", "conf_password", "current_password", "newPassword", "mat_khau", "matkhau", "secret_key"),
    *("access_token", "refresh_token", "csrf_token", "private_key", "api_key", "apikey", "passphrase", "pwd"),
    *(
        "encrypted_extra",
        "masked_encrypted_extra",
        "sqlalchemy_uri",
        "Authorization",
        "Cookie",
        "credentials_info",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_taken_out_wherever_it_stands(name: str) -> None:
    carried: list[Any] = [
        {name: SECRET},
        {"a": [{"b": {name: SECRET}}]},
        {name: {"deep": [SECRET]}},
        {"form_data": json.dumps({name: SECRET, "slice_id": 7})},
        {"text": f'[{{"{name}": "{SECRET}", "cut o'},
        {"referrer": f"http://127.0.0.1:8088/login/?next=/&{name}={SECRET}#x"},
        ({name: SECRET},),
    ]
    for value in carried:
        assert SECRET not in json.dumps(redacted(value)), value
        assert any(part in json.dumps(value).lower() for part in TELLING_PARTS)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
    )
)
def test_what_holds_no_secret_stays_as_it_is(value: Any) -> None:
    assert redacted(value) == value


def test_what_matters_of_a_change_stays() -> None:
    record = {"path": "/api/v1/me/", "password": SECRET, "first_name": "An", "object_ref": "update_me"}
    assert redacted(record) == {**record, "password": REDACTED}


def bytes_of(installation: Installation) -> bytes:
    """Everything that Superset keeps of itself, write-ahead log included, but secrets handed to people."""
    kept = installation.settings.paths.superset.glob("superset.db*")
    return b"".join(path.read_bytes() for path in kept)


def test_a_changed_password_is_in_no_byte_of_the_record(superset: Installation) -> None:
    """Refused or taken, by the page's own way and by an administrator's."""
    client = superset.client()
    headers = {"Accept": "application/json"}
    attempts = (
        ("PUT", "/api/v1/me/", {"password": SECRET}),
        ("PUT", "/api/v1/security/users/1", {"password": SECRET}),
        (
            "POST",
            "/api/v1/database/test_connection/",
            {"sqlalchemy_uri": f"postgresql://u:{SECRET}@127.0.0.1:9/x"},
        ),
        ("POST", "/api/v1/database/validate_parameters/", {"parameters": {"password": SECRET}}),
    )
    for method, path, body in attempts:
        client.session.request(method, superset.url + path, json=body, headers=headers, timeout=60)
    assert SECRET.encode() not in bytes_of(superset)


def test_secrets_that_were_recorded_before_leave_with_the_next_import(superset: Installation) -> None:
    database = superset.settings.paths.superset / "superset.db"
    old = (json.dumps({"path": "/api/v1/me/", "password": SECRET}), f"http://x/?password={SECRET}")
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(
            "insert into logs (action, json, referrer, dttm) values ('old', ?, ?, datetime('now'))", old
        )
        # Any change makes the next import a real one.
        connection.execute("update ab_user set first_name = 'Khác' where username = 'xa.mot'")
    assert SECRET.encode() in bytes_of(superset)
    assert sync_dashboards(superset.settings).changed
    assert SECRET.encode() not in bytes_of(superset)
