"""Landing generated files in a home of their own, and what must hold of it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from orchestration.settings import Settings
from tests.landing.conftest import UNITS, Desk
from tests.landing.fuzzing.strategies import Dropped
from tests.landing.tables import csv_bytes, sound_rows
from tests.landing.whole import assert_whole

_SOUND = csv_bytes(sound_rows())


class _Unforeseen(logging.Handler):
    """Collects what the readers log: errors that nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def land_all(files: Sequence[Dropped]) -> None:
    """Land ``files``, each for a commune of its own, and a sound one beside them; all must add up.

    An error that a reader did not foresee costs its file only, and still counts as a failure here.
    """
    watcher = _Unforeseen()
    log = logging.getLogger("orchestration.landing.reading")
    log.addHandler(watcher)
    try:
        with tempfile.TemporaryDirectory(prefix="motcua-fuzz-") as root:
            desk = Desk(Settings(home=Path(root, "home"), inbox=Path(root, "inbox")))
            for unit, file in zip(UNITS[1:], files, strict=False):
                desk.drop(file.content, file.extension, unit=unit)
            desk.drop(_SOUND)
            landing = desk.land()
            assert_whole(desk, landing)
            (sound,) = [delivery for delivery in landing.deliveries if delivery.unit_code == UNITS[0]]
            assert (sound.status, sound.rows_accepted) == ("accepted", 3)
    finally:
        log.removeHandler(watcher)
    assert not watcher.messages
