"""Dagster's web pages, behind our guard, and its daemon (schedules, sensors, queued runs) as services."""

from __future__ import annotations

import sys

from orchestration.access.passwords import WEAK, is_strong
from orchestration.errors import SettingsError
from orchestration.services.dagster_instance import CODE_LOCATION, prepare_instance
from orchestration.services.door import HEALTH
from orchestration.services.ports import is_loopback, reachable
from orchestration.services.spec import ServiceSpec
from orchestration.settings import PREFIX, Settings

WEB = "orchestration.services.dagster_web"


def dagster_health_url(settings: Settings) -> str:
    """Where the pages say that they run, asked from this machine."""
    return f"http://{reachable(settings.dagster_host)}:{settings.dagster_port}{HEALTH}"


def require_sign_in(settings: Settings) -> None:
    """Make sure that nobody reaches the pages from another machine without a password.

    Raises:
        SettingsError: they would listen beyond this machine without one, or with one that is easily guessed.
    """
    password = settings.dagster_password
    if password is not None and not is_strong(password.get_secret_value()):
        raise SettingsError(f"{PREFIX}DAGSTER_PASSWORD không dùng được. {WEAK}")
    if password is None and not is_loopback(settings.dagster_host):
        raise SettingsError(
            f"{PREFIX}DAGSTER_HOST là {settings.dagster_host}, nên máy khác mở được trang vận hành và "
            f"chạy hay dừng được mọi việc. Hãy đặt {PREFIX}DAGSTER_PASSWORD, hoặc bỏ {PREFIX}DAGSTER_HOST."
        )


def dagster_specs(settings: Settings) -> tuple[ServiceSpec, ...]:
    """What to start for Dagster; its configuration is written first.

    Raises:
        SettingsError: the pages would be open to others.
    """
    require_sign_in(settings)
    prepare_instance(settings.paths)
    environment = {"DAGSTER_HOME": str(settings.paths.dagster), **settings.environment()}
    return (
        ServiceSpec(
            name="dagster-webserver",
            argv=(sys.executable, "-m", WEB),
            env=environment,
            health_url=dagster_health_url(settings),
            log_file=settings.paths.logs / "dagster-webserver.log",
        ),
        ServiceSpec(
            name="dagster-daemon",
            argv=(sys.executable, "-m", "dagster._daemon", "run", "-m", CODE_LOCATION),
            env=environment,
            health_url=None,
            log_file=settings.paths.logs / "dagster-daemon.log",
        ),
    )
