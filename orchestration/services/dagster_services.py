"""Dagster's web pages and its daemon (schedules, sensors, queued runs) as services."""

from __future__ import annotations

import sys

from orchestration.services.dagster_instance import CODE_LOCATION, prepare_instance
from orchestration.services.spec import ServiceSpec
from orchestration.settings import PREFIX, Settings


def dagster_specs(settings: Settings) -> tuple[ServiceSpec, ...]:
    """What to start for Dagster; its configuration is written first."""
    prepare_instance(settings.paths)
    environment = {
        "DAGSTER_HOME": str(settings.paths.dagster),
        f"{PREFIX}HOME": str(settings.paths.root),
        f"{PREFIX}INBOX": str(settings.inbox_path),
        f"{PREFIX}PROVINCE": settings.province,
        f"{PREFIX}CUTOFF": settings.cutoff.isoformat(),
    }
    address = (str(settings.host), str(settings.dagster_port))
    return (
        ServiceSpec(
            name="dagster-webserver",
            argv=(
                *(sys.executable, "-m", "dagster_webserver", "--host", address[0], "--port", address[1]),
                *("-m", CODE_LOCATION),
            ),
            env=environment,
            health_url=f"http://{address[0]}:{address[1]}/server_info",
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
