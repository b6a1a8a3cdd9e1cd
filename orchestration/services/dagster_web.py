"""Dagster's own web server behind our guard: ``python -m orchestration.services.dagster_web``, as a service.

Puts together what ``dagster-webserver`` does at its start and ``door``; no rule of ours stands here.
"""

from __future__ import annotations

from pathlib import Path

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_webserver.app import create_app_from_workspace_process_context

from orchestration.services.dagster_instance import CODE_LOCATION
from orchestration.services.door import App, Door, SignIns
from orchestration.settings import Settings, load_settings

# Dagster's own defaults, which its command sets: statements end after 15 s, pages ask every 2 s.
_STATEMENT_MS, _RECYCLE_SECONDS, _OVERFLOW = 15_000, 3_600, 20
_POLL_MS = 2_000


def main() -> None:
    """Serve until told to stop."""
    settings = load_settings()
    with DagsterInstance.get() as instance:
        instance.optimize_for_webserver(_STATEMENT_MS, _RECYCLE_SECONDS, _OVERFLOW)
        target = ModuleTarget(
            CODE_LOCATION, attribute=None, working_directory=str(Path.cwd()), location_name=None
        )
        with WorkspaceProcessContext(instance, workspace_load_target=target) as context:
            pages = create_app_from_workspace_process_context(context, live_data_poll_rate=_POLL_MS)
            uvicorn.run(
                guarded(pages, settings),
                host=settings.dagster_host,
                port=settings.dagster_port,
                log_level="warning",
            )


def guarded(pages: App, settings: Settings) -> Door:
    """``pages`` behind the guard that the settings ask for."""
    password = settings.dagster_password
    return Door(
        pages,
        frozenset({settings.dagster_host, *settings.dagster_names}),
        SignIns(password.get_secret_value()) if password else None,
        secure=settings.behind_https,
    )


if __name__ == "__main__":
    main()
