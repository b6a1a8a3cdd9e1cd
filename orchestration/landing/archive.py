"""The archive: the raw bytes of what was judged, one ``.tar.zst`` per landing, for the service's user alone.

``<home>/archive/<export_date>/<landing_id>.tar.zst`` holds every file of the landing that could be read,
accepted or rejected, under its name in the ledger. It is written aside; ``lake.Publication`` makes it visible
before the ledger. What leaves the archive again is the business of ``retention``.
"""

from __future__ import annotations

import os
import tarfile
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import pyarrow as pa

from orchestration.home import Home
from orchestration.landing.files import Delivery
from orchestration.landing.hashing import CHUNK
from orchestration.landing.inbox import unchanged


def archive_file(home: Home, export_date: date, landing_id: str) -> Path:
    """Where the raw files of a landing lie."""
    return home.archive / export_date.isoformat() / f"{landing_id}.tar.zst"


def archive_files(home: Home) -> dict[Path, str]:
    """Every published file of the archive, with the id of its landing."""
    return {path: path.name.partition(".")[0] for path in sorted(home.archive.glob("????-??-??/*"))}


class Archiving:
    """Raw files on their way into the archive, beside the reading of them. Use as a context manager.

    Leaving the context before ``settle`` gives it up.
    """

    def __init__(self, target: Path, deliveries: Sequence[Delivery]) -> None:
        self._target = target
        self._deliveries = deliveries
        self._given_up = threading.Event()
        self._thread = ThreadPoolExecutor(1, "archive")
        self._broken = self._thread.submit(_write, target, deliveries, self._given_up)

    def __enter__(self) -> Archiving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up.set()
        self._thread.shutdown()

    def settle(self, kept: Sequence[Delivery]) -> list[Delivery]:
        """See to it that the archive holds the files of ``kept`` and no others, as they were judged.

        Returns those of them that are still what was found, now that their bytes are in the archive: a file
        that no longer is, or is no longer there, is in neither. One that was never opened (a link, too large)
        has no bytes to keep, and stays among what is returned.

        Raises:
            OSError: the archive cannot be written.
        """
        broken = self._broken.result()
        sound = _sound(kept, broken)
        # A member cannot be taken back out; files that change at this very moment are rare.
        written = len(self._deliveries)
        while len(sound) < written:
            written = len(sound)
            broken = _write(self._target, sound, self._given_up)
            sound = _sound(sound, broken)
        return sound


def _sound(deliveries: Iterable[Delivery], broken: set[int]) -> list[Delivery]:
    return [
        delivery for delivery in deliveries if delivery.number not in broken and unchanged(delivery.found)
    ]


def _write(target: Path, deliveries: Iterable[Delivery], given_up: threading.Event) -> set[int]:
    """Write the archive anew; returns the numbers of deliveries whose files broke off."""
    broken: set[int] = set()
    with (
        os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as sink,
        pa.CompressedOutputStream(sink, "zstd") as packed,
        tarfile.TarFile(fileobj=packed, mode="w", copybufsize=CHUNK) as archive,
    ):
        for delivery in deliveries:
            if given_up.is_set():
                break
            if delivery.candidate.sha256 is not None and not _copy(delivery, archive):
                broken.add(delivery.number)
    return broken


def _copy(delivery: Delivery, archive: tarfile.TarFile) -> bool:
    """Add the file to the archive; whether it could be read to the end that it had when it was found."""
    member = tarfile.TarInfo(delivery.found.name)
    member.size, member.mtime = delivery.found.size, delivery.found.mtime_ns / 1e9
    try:
        source = delivery.found.path.open("rb")
    except OSError:
        return False
    with source:
        padded = _Padded(source)
        archive.addfile(member, padded)
    return not padded.broken


class _Padded:
    """A source that never ends early: what the head of a member promised has to follow it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.broken = False

    def read(self, size: int = 0, /) -> bytes:
        """``size`` bytes; zeros for those that could not be had."""
        try:
            content = b"" if self.broken else self._source.read(size)
        except OSError:
            content = b""
        if len(content) < size:
            self.broken = True
        return content.ljust(size, b"\0")
