"""The configuration as Superset would load it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestration.dashboards.runtime import CONFIG_FILE, superset_environment
from orchestration.settings import Settings

LOAD = """
import json, runpy, sys
loaded = runpy.run_path(sys.argv[1])
print(json.dumps({name: value for name, value in loaded.items() if name.isupper()}, default=str))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "home"


@pytest.fixture(scope="module")
def config(home: Path) -> dict[str, Any]:
    settings = Settings(home=home)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    output = subprocess.run(
        [sys.executable, "-c", LOAD, str(CONFIG_FILE)],
        env={**environment, **superset_environment(settings)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return json.loads(output.splitlines()[-1])


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
    assert config["AUTH_RATE_LIMITED"] is True
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SHOW_STACKTRACE"] is False


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
