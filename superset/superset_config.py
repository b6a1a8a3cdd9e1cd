"""Superset's configuration for one installation, loaded through ``SUPERSET_CONFIG_PATH``.

Names in capitals are Superset's own; what they mean stands in its documentation, why they have the
value they have stands here. Behaviour lives in ``orchestration.superset_app``. Everything that
differs between installations comes from ``MOTCUA_*`` settings.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from superset.config import TALISMAN_CONFIG as SUPERSET_TALISMAN
from superset.config import THEME_DEFAULT as SUPERSET_THEME

from orchestration.dashboards.chart_source import MOST_COMMUNES
from orchestration.dashboards.palette import CATEGORICAL, COLOURS
from orchestration.release.guard import guard
from orchestration.settings import load_settings
from orchestration.superset_app.access_log import AccessLogger
from orchestration.superset_app.discretion import adapt_discretion
from orchestration.superset_app.epochs import Epochs
from orchestration.superset_app.excel_csv import adapt_exports
from orchestration.superset_app.front_end import adapt_front_end
from orchestration.superset_app.limits import Limits, adapt_first_query, adapt_limits
from orchestration.superset_app.newcomers import adapt_newcomers
from orchestration.superset_app.own_password import adapt_own_password
from orchestration.superset_app.release_cache import ReleaseCache
from orchestration.superset_app.security import ViewerSecurityManager
from orchestration.superset_app.serving import ConnectionMutator, secret_key
from orchestration.superset_app.sessions import adapt_sessions, require_strong
from orchestration.superset_app.sign_in import sign_in_config
from orchestration.superset_app.throttle import FailedSignIns
from orchestration.superset_app.translations import LOCALE, TRANSLATIONS_DIRECTORY
from orchestration.superset_app.warm_up import adapt_warm_up

_settings = load_settings()
_home = _settings.paths

# Where its own state lives.
SECRET_KEY = secret_key(_home)
DATA_DIR = str(_home.superset)
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_home.superset / 'superset.db'}"
# Two workers share one SQLite file: wait for the other's write instead of failing.
SQLALCHEMY_ENGINE_OPTIONS = {"connect_args": {"timeout": 30}}
UPLOAD_FOLDER = str(_home.superset / "uploads") + "/"
# `superset init` writes the permissions; doing it again at each worker's start costs seconds and races.
FAB_UPDATE_PERMS = False

# Data: one published release per request, cached per release.
DB_CONNECTION_MUTATOR = ConnectionMutator(_home, Limits(_settings.sql_seconds))
# Superset's own limit needs signals, which reach no thread; ours (``limits``) ends queries wherever they run.
SQLLAB_TIMEOUT = 2 * _settings.sql_seconds
SQL_QUERY_MUTATOR = guard
DATA_CACHE_CONFIG: dict[str, Any] = {
    "CACHE_TYPE": f"{ReleaseCache.__module__}.{ReleaseCache.__qualname__}",
    "CACHE_DIR": str(_home.superset / "cache"),
    "CACHE_DEFAULT_TIMEOUT": int(timedelta(days=1).total_seconds()),
    "CACHE_THRESHOLD": 5_000,
    "CACHE_OPTIONS": {"home": _home},
}
ROW_LIMIT = 10_000
# A commune beyond it could not be chosen in a filter, not even by typing its name.
NATIVE_FILTER_DEFAULT_ROW_LIMIT = MOST_COMMUNES
SQL_MAX_ROW = 50_000
SUPERSET_WEBSERVER_TIMEOUT = 60
# Exports for spreadsheets in Vietnam: semicolons, comma as the decimal mark.
CSV_EXPORT = {"encoding": "utf-8-sig", "sep": ";", "decimal": ","}

# People: nobody without an account, nobody makes one for themselves, idle sessions end. How they prove who
# they are comes last in this file, from the settings.
CUSTOM_SECURITY_MANAGER = ViewerSecurityManager
MOTCUA_HOME = _home
PUBLIC_ROLE_LIKE = None
FAB_PASSWORD_COMPLEXITY_ENABLED = True
FAB_PASSWORD_COMPLEXITY_VALIDATOR = require_strong
# Failures are counted by our security manager, over all workers; Superset's limiter counts per worker, and
# successes too.
MOTCUA_FAILED_SIGN_INS = FailedSignIns(_home.superset / "failed_sign_ins.db")
MOTCUA_EPOCHS = Epochs(_home.superset / "epochs.db", SECRET_KEY)
AUTH_RATE_LIMITED = False
RATELIMIT_ENABLED = False
SESSION_COOKIE_NAME = "motcua_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _settings.behind_https
# Renewed by every request, so it counts from the last one.
PERMANENT_SESSION_LIFETIME = timedelta(minutes=_settings.idle_minutes)
# Programs' tokens last no longer than a session that nobody uses; the longer one renews the shorter.
JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=min(15, _settings.idle_minutes))
JWT_REFRESH_TOKEN_EXPIRES = timedelta(minutes=_settings.idle_minutes)
WTF_CSRF_ENABLED = True
WTF_CSRF_TIME_LIMIT = int(timedelta(days=1).total_seconds())
# The proxy in front says who asks; without one, nobody is believed.
ENABLE_PROXY_FIX = _settings.behind_https
FAB_API_SWAGGER_UI = False
SHOW_STACKTRACE = False
ENABLE_CORS = False

# Browser: only this server, no telemetry, no outside fonts or tiles. Handlebars templates are compiled in
# the page, which needs 'unsafe-eval'; who may write charts is therefore limited to administrators.
_POLICY: dict[str, Any] = {
    "default-src": ["'self'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
    "img-src": ["'self'", "blob:", "data:"],
    "worker-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "object-src": "'none'",
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'"],
    "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
}
TALISMAN_ENABLED = True
TALISMAN_CONFIG: dict[str, Any] = {
    **SUPERSET_TALISMAN,
    "content_security_policy": _POLICY,
    "content_security_policy_nonce_in": ["script-src"],
    "referrer_policy": "same-origin",
    "frame_options": "SAMEORIGIN",
    "session_cookie_secure": _settings.behind_https,
    "strict_transport_security": _settings.behind_https,
}
HTML_SANITIZATION = True
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {
    "tagNames": ["svg", "g", "path", "polyline", "circle", "text", "title", "section", "article", "style"],
    "attributes": {
        "*": ["className", "style", "role", "ariaLabel", "title"],
        "svg": ["viewBox", "preserveAspectRatio"],
        "path": ["d"],
        "polyline": ["points"],
        "circle": ["cx", "cy", "r"],
        "text": ["x", "y"],
    },
}

FEATURE_FLAGS = {
    "DASHBOARD_RBAC": True,
    "DRILL_BY": True,
    "DRILL_TO_DETAIL": True,
    "EMBEDDABLE_CHARTS": False,
    "EMBEDDED_SUPERSET": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ALERT_REPORTS": False,
    "THUMBNAILS": False,
}
# A wall display that reloads every few minutes asks the cache, not the database.
DASHBOARD_AUTO_REFRESH_MODE = "fetch"

# Vietnam: language, numbers, dates.
BABEL_DEFAULT_LOCALE = LOCALE
BABEL_TRANSLATION_DIRECTORIES = f"{_home.superset / TRANSLATIONS_DIRECTORY};translations"
LANGUAGES = {LOCALE: {"flag": "vn", "name": "Tiếng Việt"}}


def FLASK_APP_MUTATOR(app: Flask) -> None:  # noqa: N802 - Superset's own name
    """Our additions to what Superset's web application does."""
    adapt_sessions(app)
    adapt_first_query(app)
    adapt_front_end(app, _home)
    adapt_newcomers(app, _home)
    adapt_warm_up(app, _home)
    adapt_limits(app)
    adapt_own_password(app)
    adapt_discretion(app)
    adapt_exports(app)


D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
D3_TIME_FORMAT = {
    "dateTime": "%d/%m/%Y %H:%M",
    "date": "%d/%m/%Y",
    "time": "%H:%M",
    "periods": ["SA", "CH"],
    "days": ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"],
    "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
    "months": [f"Tháng {month}" for month in range(1, 13)],
    "shortMonths": [f"Th{month}" for month in range(1, 13)],
}
CURRENCIES = ["VND"]

# Looks.
APP_NAME = "Một Cửa Monitor"


def _picture(name: str) -> str:
    """A picture beside this file as a data URI: the theme and the policy know no other place for it."""
    content = (Path(__file__).parent / name).read_bytes()
    return f"data:image/svg+xml;base64,{b64encode(content).decode('ascii')}"


FAVICONS = [{"href": _picture("icon.svg")}]
_BRAND: dict[str, Any] = {
    "brandAppName": APP_NAME,
    "brandLogoAlt": APP_NAME,
    "brandLogoUrl": _picture("logo.svg"),
    "brandLogoHeight": "28px",
    # Superset encodes it as Latin-1 in the page: no Vietnamese in this one.
    "brandSpinnerSvg": (Path(__file__).parent / "spinner.svg").read_text(encoding="utf-8"),
    "colorPrimary": COLOURS["blue"],
    "colorLink": COLOURS["blue"],
    "colorSuccess": COLOURS["green"],
    "colorWarning": COLOURS["ochre"],
    "colorError": COLOURS["rust"],
    "colorInfo": COLOURS["blue"],
    "borderRadius": 6,
}
THEME_DEFAULT: dict[str, Any] = {**SUPERSET_THEME, "token": {**SUPERSET_THEME.get("token", {}), **_BRAND}}
# One look everywhere: the colours of the lights are chosen for a light background.
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
EXTRA_CATEGORICAL_COLOR_SCHEMES: list[dict[str, Any]] = [
    {
        "id": "motcua",
        "label": APP_NAME,
        "description": "",
        "isDefault": True,
        "colors": list(CATEGORICAL),
    }
]

# The record of who did what: what matters for access, not every redrawn chart.
EVENT_LOGGER = AccessLogger()
LOG_LEVEL = "WARNING"

# AUTH_TYPE and what belongs to it.
globals().update(sign_in_config(_settings))
