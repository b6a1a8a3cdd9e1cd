"""What was before a release: the runs that led to it and the earlier releases. Facts only, no SQL.

Runs are known to Dagster, which this package does not know: whoever publishes hands them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.manifest import Manifest, read_manifest


@dataclass(frozen=True)
class PastRun:
    """One run of the graph, in the order of the columns of ``meta.run_history``.

    ``status`` is success, failure, canceled or running; times are local; ``cause`` is a sentence for
    people, without values of rows.
    """

    run_id: str
    job_name: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    landing_seconds: float | None
    build_seconds: float | None
    release_seconds: float | None
    cause: str | None


def earlier_releases(home: Home) -> list[Manifest]:
    """The releases that are kept, oldest first; what cannot be read as one is passed over."""
    found: list[Manifest] = []
    for directory in sorted(home.releases.iterdir()):
        if not directory.name.startswith("."):
            try:
                found.append(read_manifest(directory))
            except UnavailableError:
                continue
    return found
