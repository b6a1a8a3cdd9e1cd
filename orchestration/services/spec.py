"""What the supervisor must know to run one long-lived service. Data only: nothing here starts anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServiceSpec:
    """One process to keep running.

    ``env`` is laid over the caller's environment. ``health_url`` answers 200 once the service is ready;
    None for a service that serves no address and is ready when it runs.
    """

    name: str
    argv: tuple[str, ...]
    env: dict[str, str]
    health_url: str | None
    log_file: Path
