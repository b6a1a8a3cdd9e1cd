"""What assets are given: the settings, the instant they run for, and the steps that do the work.

The steps are the seams of the graph: tests put others in their place. Each imports its package only when
it is called, so that listing the graph stays cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import PrivateAttr

from orchestration.clock import Moment, local_now, moment
from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject
from orchestration.warehouse.record import BuildResult

if TYPE_CHECKING:
    from orchestration.dashboards.importer import SyncResult
    from orchestration.landing import DayLanding, Removed
    from orchestration.release.manifest import Manifest
    from orchestration.remote.fetch import Fetched
    from orchestration.reports.outbox import Posted
    from orchestration.warehouse.build import Event

Tell = Callable[[str], None]


class Replay(dg.ConfigurableResource["Replay"]):
    """The day to run as of (``YYYY-MM-DD``); empty for the present. One run has one "now"."""

    as_of: str = ""
    _begun: Moment | None = PrivateAttr(default=None)

    def moment(self, settings: Settings) -> Moment:
        """The instant that the run takes for now; the same at every call."""
        if self._begun is None:
            day = date.fromisoformat(self.as_of) if self.as_of else None
            self._begun = moment(day, settings.cutoff)
        return self._begun


class Steps:
    """The real steps."""

    def waiting(self, settings: Settings, moment: Moment, since: date = date.min) -> dict[date, str]:
        """Days with files that have not landed, oldest first, and how each looks; it changes when more come.

        A remote inbox is asked once, and only for days from ``since`` on.
        """
        from orchestration.remote.waiting import waiting

        return waiting(settings, moment, since, self.pending_days)

    def fetch(self, settings: Settings, days: tuple[date, date], tell: Tell) -> Fetched:
        """Bring the new files of a remote inbox; nothing to do for a local one."""
        from orchestration.remote.fetch import fetch_inbox

        return fetch_inbox(settings, days, tell)

    def pending_days(self, settings: Settings, moment: Moment) -> list[date]:
        """Days with files in the local inbox (or the mirror) that have not landed, oldest first."""
        from orchestration.landing import pending_days

        return pending_days(settings, moment)

    def clock_warnings(self, settings: Settings) -> list[str]:
        """Sentences on clocks that cannot be right. By the real clock, in a replay too."""
        from orchestration.clock_skew import clock_warnings

        return clock_warnings(settings, local_now())

    def land_day(self, settings: Settings, day: date, moment: Moment, tell: Tell) -> DayLanding:
        """Land the pending files of one day."""
        from orchestration.landing import land_day

        return land_day(settings, day, moment, tell=tell)

    def remove_expired(self, settings: Settings, tell: Tell) -> Removed:
        """Remove the raw files that have been kept long enough. By the real clock, in a replay too."""
        from orchestration.landing import remove_expired

        return remove_expired(settings, local_now(), tell)

    def post_letters(self, settings: Settings) -> Posted:
        """Write letters and summaries of the days that got a delivery."""
        from orchestration.reports.outbox import post_letters

        return post_letters(settings)

    def stream_build(self, project: DbtProject, moment: Moment) -> Generator[Event, None, BuildResult]:
        """Build and check the warehouse; see ``orchestration.warehouse.releasable.stream_releasable``."""
        from orchestration.contract import load_contract
        from orchestration.landing import ensure_anchors, require_whole
        from orchestration.warehouse.releasable import stream_releasable

        ensure_anchors(project.settings.paths)
        require_whole(project.settings.paths)
        return stream_releasable(project, moment, str(load_contract().version))

    def set_aside(self, settings: Settings) -> list[str]:
        """Sentences on the deliveries that are set aside, so that the others could be published."""
        from orchestration.landing.set_aside import set_aside_now

        return [aside.sentence for aside in set_aside_now(settings.paths)]

    def publish(self, settings: Settings) -> Manifest:
        """Publish the last finished build."""
        from orchestration.release.publish import publish
        from orchestration.services.run_history import past_runs
        from orchestration.warehouse.record import finished_build

        build = finished_build(settings.paths)
        return publish(settings.paths, build, local_now(), past_runs(settings.paths))

    def expected_data_date(self, settings: Settings, moment: Moment) -> date | None:
        """The newest day that a fresh release shows."""
        from orchestration.release.freshness import expected_data_date

        return expected_data_date(settings.paths, moment)

    def post_summaries(self, settings: Settings) -> Posted:
        """Bring letters and summaries of days to the current release."""
        from orchestration.reports.outbox import post_summaries

        return post_summaries(settings)

    def sync_dashboards(self, settings: Settings) -> SyncResult:
        """Bring Superset's dashboards to what was published, and let the server warm itself."""
        from orchestration.dashboards.importer import sync_dashboards
        from orchestration.dashboards.runtime import tell_server

        result = sync_dashboards(settings)
        tell_server(settings)
        return result


@dataclass(frozen=True)
class Watcher:
    """Told, in Vietnamese, what the run is at; the command line shows it, Dagster has its own log."""

    tell: Tell = lambda _: None
