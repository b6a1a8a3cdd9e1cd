"""A province that lands nonsense and builds: what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from orchestration.clock import Moment
from orchestration.contract import load_contract
from orchestration.landing import DeliveryResult, land_day
from orchestration.landing.set_aside import set_aside_now
from orchestration.settings import Settings
from orchestration.warehouse.project import DbtProject
from orchestration.warehouse.record import BuildResult
from orchestration.warehouse.releasable import stream_releasable
from tests.province.content.inbox import DAYS, write
from tests.province.content.oddities import Sheet

EVENING = Moment(datetime(2025, 10, 15, 18), time(18))


@dataclass(frozen=True)
class Judged:
    """What landed, how the build ended, and sentences on what had to be set aside for it."""

    deliveries: tuple[DeliveryResult, ...]
    result: BuildResult
    aside: tuple[str, ...]


def judge(home: Path, found: Sequence[Sheet]) -> Judged:
    """Land ``found`` pass by pass in a new home, then build and check everything as of the last evening."""
    settings = Settings(home=home)
    landed: list[DeliveryResult] = []
    for turn in sorted({sheet.turn for sheet in found}):
        write(settings.inbox_path, [sheet for sheet in found if sheet.turn == turn])
        for day in DAYS:
            landed += land_day(settings, day, EVENING).deliveries
    events = stream_releasable(DbtProject(settings), EVENING, load_contract().version)
    while True:
        try:
            next(events)
        except StopIteration as stop:
            aside = tuple(each.sentence for each in set_aside_now(settings.paths))
            return Judged(tuple(landed), stop.value, aside)
