"""What lies in the inbox: day folders, the files in them, and what their names say. Opens no file's content.

Links are refused, never followed; files still being written are left for the next pass.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from orchestration.contract import Contract
from orchestration.errors import UnavailableError
from orchestration.landing.files import DeliveryName, FileError, FoundFile

_DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_folders(inbox: Path) -> list[tuple[date, Path]]:
    """Day folders of the inbox, oldest first. A folder whose name is no date is not one.

    Raises:
        UnavailableError: there is no inbox.
    """
    try:
        entries = list(os.scandir(inbox))
    except OSError as error:
        raise UnavailableError(
            f"Không mở được hộp thư đến {inbox}. Hãy tạo thư mục này, cấp quyền đọc, "
            "hoặc đặt lại MOTCUA_INBOX."
        ) from error
    days = [(day, Path(entry.path)) for entry in entries if (day := _day_of(entry.name)) is not None]
    return sorted(days)


def parse_name(
    name: str, contract: Contract, province: str, communes: frozenset[str], day: date
) -> DeliveryName:
    """What the base name of a delivered file says.

    Raises:
        FileError: the name breaks the rule, or names another day, an unknown kind, format or unit.
    """
    stem, format_, wrapper = _split(name, contract)
    match = re.fullmatch(contract.file_name.pattern, stem)
    if match is None:
        raise FileError("bad_name")
    kind, unit = match["kind"].lower(), match["unit"]
    if kind not in contract.kinds:
        raise FileError("unknown_kind")
    if format_ is None and wrapper != "zip":
        raise FileError("unknown_format")
    if unit != province and unit not in communes:
        raise FileError("foreign_unit", province=province)
    if match["day"] != f"{day:%Y%m%d}":
        raise FileError("day_mismatch")
    return DeliveryName(kind, unit, format_, wrapper)


def scan_day(
    folder: Path, day: date, contract: Contract, province: str, communes: frozenset[str]
) -> list[FoundFile]:
    """Every file under a day folder, by name; refused ones carry their fault.

    Files whose name says that they are unfinished are left out.
    """
    if folder.is_symlink():
        return [_refused(folder, folder, ".", "link")]
    found: list[FoundFile] = []
    for path in _walk(folder, contract, contract.limits.folder_depth):
        try:
            state = path.lstat()
        except OSError:
            continue  # gone since it was listed: whoever moved it will deliver it again
        name = _storable(path.relative_to(folder))
        fault = _fault_of(state.st_mode, state.st_size, contract)
        parsed = None
        try:
            parsed = parse_name(path.name, contract, province, communes, day)
        except FileError as error:
            fault = fault or error
        found.append(FoundFile(path, name, state.st_size, state.st_mtime_ns, state.st_ino, parsed, fault))
    return sorted(found, key=lambda file: file.name)


def unchanged(file: FoundFile) -> bool:
    """Whether the file is still the one that was found: not grown, not replaced, not gone."""
    try:
        state = file.path.lstat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns, state.st_ino) == (file.size, file.mtime_ns, file.inode)


def _day_of(name: str) -> date | None:
    if not _DAY_FOLDER.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _split(name: str, contract: Contract) -> tuple[str, str | None, str | None]:
    """Stem, format and wrapper of a base name."""
    rest, wrapper = name, None
    stem, dot, extension = rest.rpartition(".")
    if dot and extension.lower() in contract.file_name.wrappers:
        rest, wrapper = stem, extension.lower()
        stem, dot, extension = rest.rpartition(".")
    if dot and extension.lower() in contract.file_name.formats:
        return stem, extension.lower(), wrapper
    if wrapper:
        return rest, None, wrapper
    return (stem if dot else rest), None, None


def _walk(folder: Path, contract: Contract, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except NotADirectoryError:
        return
    for entry in entries:
        if _overlooked(entry.name, contract):
            continue
        if entry.is_dir(follow_symlinks=False) and depth > 1:
            yield from _walk(Path(entry.path), contract, depth - 1)
        else:
            yield Path(entry.path)


def _overlooked(name: str, contract: Contract) -> bool:
    lower = name.lower()
    rule = contract.file_name
    return lower in rule.not_deliveries or any(
        fnmatch.fnmatchcase(lower, pattern) for pattern in rule.unfinished
    )


def _fault_of(mode: int, size: int, contract: Contract) -> FileError | None:
    if stat.S_ISLNK(mode):
        return FileError("link")
    if not stat.S_ISREG(mode):
        return FileError("not_a_file")
    if size > contract.limits.file_bytes:
        return FileError("too_large")
    return None


def _refused(path: Path, folder: Path, name: str, rule: str) -> FoundFile:
    state = path.lstat()
    return FoundFile(folder, name, state.st_size, state.st_mtime_ns, state.st_ino, None, FileError(rule))


def _storable(path: Path) -> str:
    """The path as text that can be stored: names on disk may hold bytes that are no UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace").replace("\n", " ")


def held_for_writing(path: Path) -> bool:
    """Whether a program on this machine has the file open for writing.

    A read lease is granted only while nobody does. Where leases are not to be had (network file systems,
    files of another user), the size and time of the file, looked at before and after reading, must do.
    """
    if sys.platform != "linux":
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # A writer that comes while the lease is held sends a signal; this one is ignored by default.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
