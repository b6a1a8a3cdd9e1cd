"""What lies in the inbox: day folders and the files in them. Opens no file's content.

Links are refused, never followed; files still being written are left for the next pass.
"""

from __future__ import annotations

import errno
import fcntl
import fnmatch
import os
import re
import signal
import stat
import sys
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from orchestration.contract import Contract, load_contract
from orchestration.errors import UnavailableError
from orchestration.landing.files import FileError, FoundFile
from orchestration.landing.names import claims_of, parse_name, stored_name

_DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}")
# What a disk or a share answers that is not there any more; no fault of the file.
_LOST = frozenset(
    {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN}
)


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
    days = [(day, Path(entry.path)) for entry in entries if (day := day_of(entry.name)) is not None]
    return sorted(days)


def require_day(inbox: Path, day: date) -> None:
    """Make sure that the folder of ``day`` is still there: a share that is unmounted leaves an empty place.

    Raises:
        UnavailableError: it is not.
    """
    if day not in dict(day_folders(inbox)):
        raise _gone(inbox / day.isoformat())


def _gone(folder: Path) -> UnavailableError:
    return UnavailableError(
        f"Thư mục {folder} không còn đọc được khi đang nhận tệp; ổ đĩa hoặc thư mục chia sẻ của hộp thư đến "
        "có thể đã bị ngắt. Chưa tệp nào của ngày này được nhận. Hãy nối lại rồi chạy lại."
    )


def is_lost(error: BaseException) -> bool:
    """Whether ``error`` says that the inbox's disk or share is gone, not that the file is bad."""
    return isinstance(error, OSError) and error.errno in _LOST


def scan_day(
    folder: Path, day: date, contract: Contract, province: str, communes: frozenset[str]
) -> list[FoundFile]:
    """Every file under a day folder, in the order of their times; refused ones carry their fault.

    Files whose name says that they are unfinished are left out.

    Raises:
        UnavailableError: the disk or share is gone.
    """
    if folder.is_symlink():
        return [_refused(folder, contract, communes, "link")]
    found: list[FoundFile] = []
    for path in _walk(folder, contract, contract.limits.folder_depth):
        try:
            state = path.lstat()
        except OSError as error:
            if is_lost(error):
                raise _gone(folder) from error
            continue  # gone since it was listed: whoever moved it will deliver it again
        name = stored_name(path.relative_to(folder), contract)
        claims = claims_of(path.name, contract, communes)
        fault = _fault_of(state.st_mode, state.st_size, contract)
        parsed = None
        try:
            parsed = parse_name(path.name, contract, province, communes, day)
        except FileError as error:
            fault = fault or error
        found.append(
            FoundFile(path, name, state.st_size, state.st_mtime_ns, state.st_ino, claims, parsed, fault)
        )
    # A later part of a day counts for more. The name only keeps the order the same at every look.
    return sorted(found, key=lambda file: (file.mtime_ns, os.fsencode(file.path)))


def unchanged(file: FoundFile) -> bool:
    """Whether the file is still the one that was found: not grown, not replaced, not gone."""
    try:
        state = file.path.lstat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns, state.st_ino) == (file.size, file.mtime_ns, file.inode)


def day_of(name: str) -> date | None:
    """The day that a folder's name says, if it says one."""
    if not _DAY_FOLDER.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _walk(folder: Path, contract: Contract, depth: int, without: Collection[Path] = ()) -> Iterator[Path]:
    """Files below ``folder``, and folders too deep or not to be read; nothing of the folders ``without``."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (NotADirectoryError, FileNotFoundError):
        return
    except OSError as error:
        if is_lost(error):
            raise _gone(folder) from error
        yield folder
        return
    for entry in entries:
        if is_overlooked(entry.name, contract) or Path(entry.path) in without:
            continue
        if entry.is_dir(follow_symlinks=False) and depth > 1:
            yield from _walk(Path(entry.path), contract, depth - 1)
        else:
            yield Path(entry.path)


def is_overlooked(name: str, contract: Contract) -> bool:
    """Whether a file or folder of this name is no delivery, or not finished."""
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


def _refused(folder: Path, contract: Contract, communes: frozenset[str], rule: str) -> FoundFile:
    """A day folder that is refused as a whole."""
    state = folder.lstat()
    claims = claims_of("", contract, communes)
    return FoundFile(
        folder, ".", state.st_size, state.st_mtime_ns, state.st_ino, claims, None, FileError(rule)
    )


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


def stray_files(inbox: Path) -> list[Path]:
    """Files that no landing will ever look at: directly in the inbox, or in a folder that is no date.

    Raises:
        UnavailableError: there is no inbox.
    """
    days = {folder for _, folder in day_folders(inbox)}
    contract = load_contract()
    # One level deeper than a day folder's own depth, which the inbox itself takes up.
    return [
        path
        for path in _walk(inbox, contract, contract.limits.folder_depth + 1, days)
        if not path.is_dir() or path.is_symlink()
    ]
