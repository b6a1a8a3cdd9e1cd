"""What is measured: each a call that a fresh process can import and run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from orchestration.clock import moment
from orchestration.contract import load_contract
from orchestration.landing import ensure_anchors, land_day, pending_days
from orchestration.sample import SamplePlan, make_sample
from orchestration.settings import Settings
from orchestration.warehouse.build import build
from orchestration.warehouse.project import DbtProject
from orchestration.warehouse.record import BuildResult, require_ok


def make(settings: Settings, first: date, last: date) -> int:
    """Write the sample; returns its change rows."""
    return make_sample(SamplePlan(settings.province, first, last), settings.inbox_path).change_rows


def land_everything(settings: Settings, last: date) -> tuple[int, int, int]:
    """Land every pending day; returns days, files and rows accepted."""
    now = moment(last, settings.cutoff)
    days = pending_days(settings, now)
    landed = [delivery for day in days for delivery in land_day(settings, day, now).deliveries]
    return len(days), len(landed), sum(delivery.rows_accepted for delivery in landed)


def build_all(settings: Settings, as_of: date) -> BuildResult:
    """A full build with all checks, as the daily run does it."""
    ensure_anchors(settings.paths)
    result = build(DbtProject(settings), moment(as_of, settings.cutoff), str(load_contract().version))
    require_ok(result)
    return result


def build_empty(home: Path, as_of: date) -> BuildResult:
    """The same build with nothing to compute: dbt's fixed cost."""
    settings = Settings(home=home)
    settings.paths.prepare()
    return build_all(settings, as_of)
