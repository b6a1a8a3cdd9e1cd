"""Superset as a service of this installation: made ready once, then described for the supervisor."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from orchestration.access.passwords import WEAK, is_strong
from orchestration.access.roles import ADMIN
from orchestration.dashboards.importer import import_bundle, read_stamp
from orchestration.dashboards.metadata import require_sound
from orchestration.dashboards.runtime import superset_environment, superset_lock, superset_log
from orchestration.errors import SettingsError, UnavailableError
from orchestration.services.spec import ServiceSpec
from orchestration.settings import PREFIX, Settings
from orchestration.spill import clear_leftovers
from orchestration.superset_app.translations import compile_catalogue

WORKERS = 2
THREADS = 4


@dataclass(frozen=True)
class FirstLogin:
    """The administrator's account, told once, when it is made."""

    username: str
    password: str


def initialise_superset(settings: Settings) -> FirstLogin | None:
    """Make Superset ready to serve. Fresh, it takes under a minute; again, only what changed is done.

    Returns:
        The first login if an administrator was made now, else None.

    Raises:
        DashboardSourceError: a dashboard asks for something that is not published.
        RolesError, UsersFileError: the sources of access are wrong.
        SettingsError: the administrator's password that was set is too weak.
        UnavailableError: Superset's own preparation failed; says where the log is.
    """
    chosen = settings.superset_admin_password
    password = chosen.get_secret_value() if chosen else None
    if password is not None and not is_strong(password):
        raise SettingsError(f"{PREFIX}SUPERSET_ADMIN_PASSWORD không dùng được. {WEAK}")
    settings.paths.prepare()
    require_sound(settings)
    clear_leftovers(settings.paths)
    compile_catalogue(settings.paths)
    with superset_lock(settings):
        _, answer = import_bundle(settings, "initialise", {"password": password})
    told: str | None = answer.get("password")
    return FirstLogin(ADMIN, told) if told else None


def is_usable(settings: Settings) -> bool:
    """Whether Superset can be served as it was left: it was made ready once, and its database is whole."""
    try:
        require_sound(settings)
    except UnavailableError:
        return False
    return read_stamp(settings) is not None


def superset_specs(settings: Settings) -> tuple[ServiceSpec, ...]:
    """Superset's web server: two processes of four threads share the cache on disk."""
    address = f"{settings.host}:{settings.superset_port}"
    return (
        ServiceSpec(
            name="superset",
            argv=(
                *(sys.executable, "-m", "gunicorn", "superset.app:create_app()"),
                *("--bind", address),
                *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)),
                *("--timeout", "120", "--graceful-timeout", "10", "--keep-alive", "5"),
                # Would lie outside the home, shared by all installations of this user.
                "--no-control-socket",
            ),
            env=superset_environment(settings),
            health_url=f"http://{address}/health",
            log_file=superset_log(settings),
        ),
    )
