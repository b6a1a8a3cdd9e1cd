"""The archive: the raw bytes of what was judged, one ``.zip`` per landing, for the service's user alone.

``<home>/archive/<export_date>/<landing_id>.zip`` holds every file of the landing that could be read, accepted
or rejected, under its name in the ledger. It is written aside; ``lake.Publication`` makes it visible before
the ledger. What leaves the archive again is the business of ``retention``.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import TracebackType

from orchestration.home import Home
from orchestration.landing.files import Delivery
from orchestration.landing.hashing import CHUNK

# Packing these again costs time and saves nothing.
_PACKED = frozenset({".xlsx", ".zip", ".gz"})
# The lightest: raw files are read again only when somebody asks what exactly was sent.
_DEFLATE_LEVEL = 1


def archive_file(home: Home, export_date: date, landing_id: str) -> Path:
    """Where the raw files of a landing lie."""
    return home.archive / export_date.isoformat() / f"{landing_id}.zip"


def archive_files(home: Home) -> list[Path]:
    """Every published file of the archive."""
    return sorted(home.archive.glob("????-??-??/*.zip"))


class Archiving:
    """Raw files on their way into the archive, beside the reading of them. Use as a context manager.

    Leaving the context before ``settle`` gives it up.
    """

    def __init__(self, target: Path, deliveries: Sequence[Delivery]) -> None:
        self._target = target
        self._deliveries = deliveries
        self._given_up = threading.Event()
        self._thread = ThreadPoolExecutor(1, "archive")
        self._changed = self._thread.submit(_write, target, deliveries, self._given_up)

    def __enter__(self) -> Archiving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up.set()
        self._thread.shutdown()

    def settle(self, kept: Sequence[Delivery]) -> list[Delivery]:
        """See to it that the archive holds the files of ``kept`` and no others, as they were judged.

        Returns those of them whose bytes are what was judged: a file that no longer is, or is no longer
        there, is in neither. One that was never opened (a link, too large) has no bytes to keep, and stays
        among what is returned.

        Raises:
            OSError: the archive cannot be written.
        """
        changed = self._changed.result()
        sound = [delivery for delivery in kept if delivery.number not in changed]
        # A member cannot be taken back out of a zip; files that change at this very moment are rare.
        written = len(self._deliveries)
        while len(sound) < written:
            written = len(sound)
            changed = _write(self._target, sound, self._given_up)
            sound = [delivery for delivery in sound if delivery.number not in changed]
        return sound


def _write(target: Path, deliveries: Iterable[Delivery], given_up: threading.Event) -> set[int]:
    """Write the archive anew; returns the numbers of deliveries that have changed."""
    changed: set[int] = set()
    with (
        os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as sink,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL) as archive,
    ):
        for delivery in deliveries:
            expected = delivery.candidate.sha256
            if given_up.is_set():
                break
            if expected is not None and _copy(delivery, archive) != expected:
                changed.add(delivery.number)
    return changed


def _copy(delivery: Delivery, archive: zipfile.ZipFile) -> str | None:
    """Add the file to the archive, chunk by chunk; the hash of what was added, None if it broke off."""
    found = delivery.found
    packed = Path(found.name).suffix.lower() in _PACKED
    archive.compression = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    digest = hashlib.sha256()
    with archive.open(found.name, "w", force_zip64=True) as member:
        try:
            source = found.path.open("rb")
        except OSError:
            return None
        with source:
            while True:
                try:
                    chunk = source.read(CHUNK)
                except OSError:
                    return None
                if not chunk:
                    return digest.hexdigest()
                digest.update(chunk)
                member.write(chunk)
