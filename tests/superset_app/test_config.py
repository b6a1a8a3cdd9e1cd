"""The configuration as Superset would load it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask_appbuilder.const import AUTH_DB, AUTH_LDAP, AUTH_OAUTH

from orchestration.dashboards.runtime import CONFIG_FILE, superset_environment
from orchestration.errors import SettingsError
from orchestration.services.superset_services import initialise_superset
from orchestration.settings import Settings
from orchestration.superset_app.sign_in import OIDC_PROVIDER, identity, sign_in_config

LOAD = """
import json, runpy, sys
loaded = runpy.run_path(sys.argv[1])
print(json.dumps({name: value for name, value in loaded.items() if name.isupper()}, default=str))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "home"


def load(home: Path, **environment: str) -> dict[str, Any]:
    """What Superset would read, with these variables set."""
    settings = Settings(home=home)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    output = subprocess.run(
        [sys.executable, "-c", LOAD, str(CONFIG_FILE)],
        env={**bare, **superset_environment(settings), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return json.loads(output.splitlines()[-1])


@pytest.fixture(scope="module")
def config(home: Path) -> dict[str, Any]:
    return load(home)


def test_all_state_lies_below_the_home(config: dict[str, Any], home: Path) -> None:
    superset = str(home / "superset")
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{superset}/superset.db"
    assert config["DATA_CACHE_CONFIG"]["CACHE_DIR"].startswith(superset)
    assert config["UPLOAD_FOLDER"].startswith(superset)
    assert config["SECRET_KEY"] == (home / "superset" / "secret_key").read_text(encoding="ascii")


def test_the_browser_is_told_to_stay_here(config: dict[str, Any]) -> None:
    policy = config["TALISMAN_CONFIG"]["content_security_policy"]
    sources = " ".join(" ".join(directive) for directive in policy.values() if isinstance(directive, list))
    assert "." not in sources
    assert "//" not in sources
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == ["'self'"]
    assert config["TALISMAN_ENABLED"] is True
    assert config["ENABLE_CORS"] is False
    assert config["HTML_SANITIZATION"] is True


def test_nobody_comes_in_without_an_account(config: dict[str, Any]) -> None:
    assert config["AUTH_USER_REGISTRATION"] is False
    assert config["PUBLIC_ROLE_LIKE"] is None
    assert config["AUTH_TYPE"] == AUTH_DB
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SHOW_STACKTRACE"] is False
    assert config["FEATURE_FLAGS"]["ENABLE_TEMPLATE_PROCESSING"] is False
    assert config["FEATURE_FLAGS"]["EMBEDDED_SUPERSET"] is False


def test_behind_https_nothing_travels_in_clear(home: Path, config: dict[str, Any]) -> None:
    secure = load(home, MOTCUA_BEHIND_HTTPS="true", MOTCUA_IDLE_MINUTES="5")
    for found, expected in ((config, False), (secure, True)):
        assert found["SESSION_COOKIE_SECURE"] is expected
        assert found["ENABLE_PROXY_FIX"] is expected
        assert found["TALISMAN_CONFIG"]["strict_transport_security"] is expected
        assert found["TALISMAN_CONFIG"]["session_cookie_secure"] is expected
    assert (config["PERMANENT_SESSION_LIFETIME"], secure["PERMANENT_SESSION_LIFETIME"]) == (
        "0:30:00",
        "0:05:00",
    )


ROLES = {"cn=lanhdao,dc=tinh": "lanh_dao", "cn=it,dc=tinh": "admin"}
LDAP = {
    "auth": "ldap",
    "ldap_server": "ldap://ldap.tinh.local",
    "ldap_search": "ou=people,dc=tinh",
    "auth_roles": ROLES,
}
OIDC = {
    "auth": "oidc",
    "oidc_issuer": "https://sso.tinh.local/realms/tinh/",
    "oidc_client_id": "motcua",
    "oidc_client_secret": "a-secret",
}


def test_a_directory_by_ldap(tmp_path: Path) -> None:
    found = sign_in_config(Settings.model_validate({"home": tmp_path, **LDAP}))
    assert found["AUTH_TYPE"] == AUTH_LDAP
    assert found["AUTH_LDAP_USE_TLS"] is True
    assert found["AUTH_ROLES_MAPPING"] == {"cn=lanhdao,dc=tinh": ["lanh_dao"], "cn=it,dc=tinh": ["Admin"]}
    assert found["AUTH_ROLES_SYNC_AT_LOGIN"] is True
    assert found["AUTH_USER_REGISTRATION_ROLE"] == "Public"


def test_openid_connect(tmp_path: Path) -> None:
    found = sign_in_config(Settings.model_validate({"home": tmp_path, **OIDC}))
    (provider,) = found["OAUTH_PROVIDERS"]
    assert found["AUTH_TYPE"] == AUTH_OAUTH
    assert provider["remote_app"]["client_secret"] == OIDC["oidc_client_secret"]
    assert found["AUTH_ROLES_MAPPING"] == {}
    assert provider["name"] == OIDC_PROVIDER
    assert provider["remote_app"]["server_metadata_url"] == (
        "https://sso.tinh.local/realms/tinh/.well-known/openid-configuration"
    )


def test_superset_reads_the_directory_from_the_environment(home: Path) -> None:
    found = load(
        home,
        MOTCUA_AUTH="ldap",
        MOTCUA_LDAP_SERVER="ldaps://ldap.tinh.local",
        MOTCUA_LDAP_SEARCH="ou=people,dc=tinh",
        MOTCUA_AUTH_ROLES=json.dumps(ROLES),
    )
    assert found["AUTH_TYPE"] == AUTH_LDAP
    assert found["AUTH_LDAP_USE_TLS"] is False
    assert found["AUTH_ROLES_MAPPING"]["cn=it,dc=tinh"] == ["Admin"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({**LDAP, "ldap_server": None}, "MOTCUA_LDAP_SERVER"),
        ({**OIDC, "oidc_client_secret": None}, "MOTCUA_OIDC_CLIENT_SECRET"),
        ({**OIDC, "oidc_issuer": "http://sso.tinh.local"}, "https"),
        ({**LDAP, "auth_roles": {"x": "giam_doc"}}, "giam_doc"),
    ],
)
def test_half_a_directory_is_refused(tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        sign_in_config(Settings.model_validate({"home": tmp_path, **settings}))


def test_claims_become_a_person() -> None:
    assert identity({"preferred_username": "An.NV", "given_name": "An", "groups": ["it"]}) == {
        "username": "an.nv",
        "first_name": "An",
        "last_name": "",
        "email": "an.nv@localhost",
        "role_keys": ["it"],
    }


@pytest.mark.parametrize("claims", [{}, {"preferred_username": " "}, {"preferred_username": "Admin"}])
def test_nobody_from_outside_becomes_the_administrator(claims: dict[str, Any]) -> None:
    assert identity(claims) == {}


def test_vietnamese_language_numbers_and_dates(config: dict[str, Any]) -> None:
    assert config["BABEL_DEFAULT_LOCALE"] == "vi"
    assert list(config["LANGUAGES"]) == ["vi"]
    assert config["D3_FORMAT"]["decimal"] == ","
    assert config["D3_FORMAT"]["thousands"] == "."
    assert config["D3_TIME_FORMAT"]["date"] == "%d/%m/%Y"
    assert len(config["D3_TIME_FORMAT"]["days"]) == 7
    assert len(config["D3_TIME_FORMAT"]["months"]) == 12


def test_our_look_is_laid_over_supersets(config: dict[str, Any]) -> None:
    token = config["THEME_DEFAULT"]["token"]
    assert token["brandAppName"] == "Một Cửa Monitor"
    assert token["brandLogoUrl"].startswith("data:image/svg+xml;base64,")
    assert token["brandSpinnerSvg"].isascii()
    assert "fontFamily" in token
    assert config["THEME_DARK"] is None


def test_a_weak_password_for_the_administrator_is_refused_and_not_repeated(tmp_path: Path) -> None:
    settings = Settings.model_validate({"home": tmp_path, "superset_admin_password": "admin12345678"})
    with pytest.raises(SettingsError, match="MOTCUA_SUPERSET_ADMIN_PASSWORD") as caught:
        initialise_superset(settings)
    assert "admin12345678" not in str(caught.value)
