"""Which days have files waiting, wherever the inbox is: a cheap look, for schedules and sensors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from orchestration.clock import Moment
from orchestration.landing import pending_days
from orchestration.remote.line import HASTY
from orchestration.remote.survey import Survey, line_to, looks_of, survey
from orchestration.settings import Settings


def waiting(
    settings: Settings,
    moment: Moment,
    since: date = date.min,
    pending: Callable[[Settings, Moment], list[date]] = pending_days,
) -> dict[date, str]:
    """How each waiting day looks, oldest first; ``pending`` tells those of the local inbox or mirror.

    Raises:
        UnavailableError: there is no inbox, or its server cannot be reached.
    """
    is_here = settings.remote_inbox is None or settings.inbox_path.is_dir()
    days = pending(settings, moment) if is_here else []
    looks = {day: _look_of(settings.inbox_path / day.isoformat()) for day in days}
    for day, look in looks_of(look_afar(settings, moment, since).new).items():
        looks[day] = f"{looks.get(day, '')}+{look}"
    return dict(sorted(looks.items()))


def look_afar(settings: Settings, moment: Moment, since: date = date.min) -> Survey:
    """What is new in the remote inbox, from ``since`` to the day of ``moment``; nothing if it is local.

    Raises:
        UnavailableError: see ``survey``.
    """
    address = settings.remote_inbox
    if address is None:
        return Survey((), ())
    line = line_to(address, settings, HASTY)
    try:
        return survey(line, address, settings, (since, moment.today))
    finally:
        line.close()


def _look_of(folder: Path) -> str:
    """How many files a day folder holds, how large they are and when the last one changed."""
    states = [path.lstat() for path in folder.rglob("*")]
    return f"{len(states)}-{sum(s.st_size for s in states)}-{max((s.st_mtime_ns for s in states), default=0)}"
