"""Raw files leave again: the archive's after their days of keeping, and the inbox's own copies of the same.

An inbox inside the home is ours to empty; another one is its owner's, unless a setting says otherwise. What
has not landed is never removed, and nothing is ever removed early: not by a clock that went wrong either.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.clock import local_from_timestamp
from orchestration.contract import load_contract
from orchestration.landing.archive import archive_files
from orchestration.landing.communes import communes_of
from orchestration.landing.files import FoundFile
from orchestration.landing.hashing import sha256_of
from orchestration.landing.inbox import day_folders, held_for_writing, scan_day, unchanged
from orchestration.landing.lake import ledger_directory, locked
from orchestration.landing.ledger import Seen, read_index
from orchestration.settings import Settings


@dataclass(frozen=True)
class Removed:
    """What retention removed; ``failures`` says in Vietnamese what it could not."""

    archives: int = 0
    inbox_files: int = 0
    size_bytes: int = 0
    failures: tuple[str, ...] = ()


def landing_times(told: Sequence[datetime], now: datetime) -> list[datetime]:
    """When landings took place at the latest, from what the clock told at each, in the order of landing.

    A clock may have been wrong. Landings follow one another, so none took place before an earlier one; and
    none lies ahead, so such a time tells nothing, and that of the next landing stands for it, or ``now``.
    """
    believed: list[datetime | None] = []
    latest = datetime.min
    for time in told:
        latest = max(latest, time) if time <= now else latest
        believed.append(latest if time <= now else None)
    times: list[datetime] = []
    following = now
    for time in reversed(believed):
        following = time or following
        times.append(following)
    return times[::-1]


def remove_expired(
    settings: Settings, now: datetime, tell: Callable[[str], None] = lambda _: None
) -> Removed:
    """Remove what landed more than ``retention_days`` before ``now`` (the real clock, never a replay's).

    Raises:
        UnavailableError: a landing does not end, or there is no inbox.
    """
    home = settings.paths
    with locked(home, tell):
        ledgers = sorted(ledger_directory(home).glob("*.parquet"))
        told = [local_from_timestamp(path.stat().st_mtime) for path in ledgers]
        limit = now - timedelta(days=settings.retention_days)
        landed = zip(ledgers, landing_times(told, now), strict=True)
        expired = {path.stem for path, time in landed if time < limit}
        archives = [path for path, landing_id in archive_files(home).items() if landing_id in expired]
        copies = list(_expired_copies(settings, expired, limit, now)) if _is_ours(settings) else []
        failures: list[str] = []
        sizes = {path: path.stat().st_size for path in (*archives, *copies)}
        gone = {path for path in sizes if _remove(path, failures)}
    return Removed(
        archives=len(gone.intersection(archives)),
        inbox_files=len(gone.intersection(copies)),
        size_bytes=sum(sizes[path] for path in gone),
        failures=tuple(failures),
    )


def _is_ours(settings: Settings) -> bool:
    return settings.clean_inbox or settings.inbox_path.is_relative_to(settings.paths.root)


def _expired_copies(
    settings: Settings, expired: Collection[str], limit: datetime, now: datetime
) -> Iterator[Path]:
    """Inbox files whose content landed with one of ``expired``, and that lay there before ``limit``."""
    contract, communes = load_contract(), communes_of(settings.province)
    index = read_index(ledger_directory(settings.paths))
    landed = {key: seen for key, seen in index.latest.items() if seen.landing_id in expired}
    days = {day for day, _ in landed}
    for day, folder in day_folders(settings.inbox_path):
        if day not in days:
            continue
        for file in scan_day(folder, day, contract, settings.province, communes):
            seen = landed.get((day, file.name))
            if seen is not None and _lay_before(file, limit, now) and _is_what_landed(file, seen):
                yield file.path


def _lay_before(file: FoundFile, limit: datetime, now: datetime) -> bool:
    """Whether the copy is that old: the same file may have been sent again. A time ahead tells nothing."""
    came = local_from_timestamp(file.path.lstat().st_ctime)
    return came < limit or came > now


def _is_what_landed(file: FoundFile, seen: Seen) -> bool:
    """Whether the ledger knows this very content; nobody is writing to it either."""
    if seen.sha256 is None or file.size != seen.size or held_for_writing(file.path):
        return False
    try:
        return sha256_of(file.path, file.size, file.mtime_ns) == seen.sha256 and unchanged(file)
    except OSError:
        return False


def _remove(path: Path, failures: list[str]) -> bool:
    """Remove a file, and its folder if that was the last one in it."""
    try:
        path.unlink()
    except OSError:
        failures.append(f"Không xóa được {path} đã hết hạn lưu. Hãy cấp quyền ghi vào thư mục chứa nó.")
        return False
    with contextlib.suppress(OSError):
        path.parent.rmdir()
    return True
