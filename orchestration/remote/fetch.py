"""Bringing new files of a remote inbox into its mirror, whole or not at all, where landing finds them.

A file is read into a part aside, which a later attempt or a later run continues; it gets its name only when
length, checksum (where the server knows one) and a second look at the server agree. One file that cannot be
had stops no other; a server that is gone for good ends the pass, with what it has brought so far.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from orchestration.contract import load_contract
from orchestration.errors import UnavailableError
from orchestration.inbox_address import InboxAddress
from orchestration.landing.hashing import CHUNK
from orchestration.locks import patient_lock
from orchestration.remote.line import PATIENT, Line, Patience
from orchestration.remote.store import ChangedError, LineBrokenError, Nature, RemoteEntry, Store
from orchestration.remote.survey import Days, line_to, shown, survey
from orchestration.settings import Settings

_PARTS = ".parts"
_LOCK = ".lock"
_LOCK_SECONDS = 3600
# Files that are looked at again together: the fewer, the less a broken line leaves unconfirmed.
_BATCH = 20
# What a machine that lost its power may have left unwritten at the end of a part.
_DOUBTFUL_BYTES = 64 << 10
_NAMED = 5
# What a name can be here that is not good, whatever it is on the server.
_BAD_NAMES = frozenset(
    {
        errno.EEXIST,
        errno.EISDIR,
        errno.ENOTDIR,
        errno.ENOTEMPTY,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.EILSEQ,
    }
)


@dataclass(frozen=True)
class Fetched:
    """What a pass brought. ``left`` names files that are still being written; ``failures`` are sentences."""

    files: int = 0
    size_bytes: int = 0
    left: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def fetch_inbox(
    settings: Settings, days: Days, tell: Callable[[str], None], patience: Patience = PATIENT
) -> Fetched:
    """Bring what is new of ``days`` from the remote inbox, if the inbox is a remote one.

    Raises:
        UnavailableError: the server cannot be reached or refuses, another fetch does not end, or the mirror
            cannot be written. What was brought before stays and lands another time.
    """
    address = settings.remote_inbox
    if address is None:
        return Fetched()
    line = line_to(address, settings, patience)
    try:
        settings.inbox_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (settings.inbox_path / _PARTS).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unwritable(settings.inbox_path) from error
    try:
        with patient_lock(settings.inbox_path / _LOCK, "tải tệp về", _LOCK_SECONDS, tell):
            began = time.monotonic()
            new = survey(line, address, settings, days).new
            return _Pass(line, address, settings.inbox_path, patience, tell).run(new, began)
    finally:
        line.close()


@dataclass
class _Pass:
    """One pass over new files; gathers what became of each."""

    line: Line
    address: InboxAddress
    mirror: Path
    patience: Patience
    tell: Callable[[str], None]
    brought: list[RemoteEntry] = field(default_factory=lambda: [])
    left: list[RemoteEntry] = field(default_factory=lambda: [])
    failures: list[str] = field(default_factory=lambda: [])

    def run(self, new: Sequence[RemoteEntry], began: float) -> Fetched:
        self._forget_parts(new)
        for start in range(0, len(new), _BATCH):
            self.tell(f"Tải tệp từ hộp thư đến ({start}/{len(new)})")
            try:
                self._bring(new[start : start + _BATCH], began)
            except LineBrokenError as error:
                self._tell_broken(new, error)
                break
        contract = load_contract()
        return Fetched(
            len(self.brought),
            sum(entry.size for entry in self.brought),
            tuple(shown(entry, contract) for entry in self.left),
            tuple(self.failures),
        )

    def _bring(self, batch: Sequence[RemoteEntry], began: float) -> None:
        """Fetch a batch and give names to what is still the same on the server afterwards."""
        read: list[RemoteEntry] = []
        broken: LineBrokenError | None = None
        for entry in batch:
            try:
                if self._read(entry):
                    read.append(entry)
            except LineBrokenError as error:
                broken = error
                break
        if read:
            time.sleep(max(0.0, began + self.patience.settle - time.monotonic()))
            present = self._present({entry.parts[:-1] for entry in read})
            for entry in read:
                self._settle(entry, entry in present)
        if broken is not None:
            raise broken

    def _read(self, entry: RemoteEntry) -> bool:
        """Read one file into its part; False if it cannot be had now."""
        if entry.nature is Nature.ESCAPING:
            self._fail(entry, "tên tệp dẫn ra ngoài thư mục nên bị từ chối", "Hãy đổi tên tệp trên máy chủ")
            return False
        if entry.nature is not Nature.FILE or entry.size > load_contract().limits.file_bytes:
            return True  # landing refuses it unread, so there is nothing to read
        part = self._part(entry)
        try:
            _download(self.line, entry, part)
            expected = self.line.ask(lambda store: store.md5(entry))
        except (ChangedError, FileNotFoundError):
            self.left.append(entry)
            return False
        except PermissionError:
            self._fail(entry, "máy chủ không cho đọc", "Hãy cấp quyền đọc tệp này cho tài khoản nhận tệp")
            return False
        except OSError as error:
            self._fail(entry, f"máy chủ báo lỗi {error}", "Hãy nhờ người quản trị máy chủ kiểm tra tệp này")
            return False
        if expected is not None and _md5_of(part) != expected:
            part.unlink()
            self._fail(entry, "nội dung tải về không khớp mã kiểm tra", "Tệp sẽ được tải lại ở lần chạy sau")
            return False
        return True

    def _present(self, folders: set[tuple[str, ...]]) -> set[RemoteEntry]:
        found: set[RemoteEntry] = set()
        for folder in folders:
            try:
                found.update(self.line.ask(lambda store, at=folder: store.list(at)))
            except OSError:
                continue  # gone, and its files with it
        return found

    def _settle(self, entry: RemoteEntry, is_same: bool) -> None:
        """Give a file its name in the mirror, unless it has changed since it was listed."""
        if not is_same:
            self.left.append(entry)
            return
        try:
            _place(entry, self._part(entry), self.mirror)
        except OSError as error:
            if error.errno not in _BAD_NAMES:
                raise _unwritable(self.mirror) from error
            self._fail(entry, "tên quá dài, hoặc trùng với một thư mục", "Hãy đổi tên tệp trên máy chủ")
            return
        self.brought.append(entry)

    def _part(self, entry: RemoteEntry) -> Path:
        """Where to read an entry to; another version of it has another place."""
        identity = repr((entry.parts, entry.size, entry.mtime_ns, entry.etag)).encode(
            errors="surrogateescape"
        )
        return self.mirror / _PARTS / f"{hashlib.sha256(identity).hexdigest()}.part"

    def _forget_parts(self, new: Sequence[RemoteEntry]) -> None:
        """Remove parts of what is not wanted any more, and the doubtful end of the others."""
        wanted = {self._part(entry) for entry in new}
        for part in (self.mirror / _PARTS).iterdir():
            if part in wanted:
                os.truncate(part, max(0, part.stat().st_size - _DOUBTFUL_BYTES))
            else:
                part.unlink()

    def _fail(self, entry: RemoteEntry, why: str, remedy: str) -> None:
        name = shown(entry, load_contract())
        self.failures.append(f"Chưa tải được {name} từ {self.address}: {why}. {remedy}.")

    def _tell_broken(self, new: Sequence[RemoteEntry], error: LineBrokenError) -> None:
        contract, done = load_contract(), {*self.brought, *self.left}
        missing = [shown(entry, contract) for entry in new if entry not in done]
        names = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        self.failures.append(
            f"Mất kết nối với {self.address} ({error}), còn {len(missing)} tệp chưa tải: {names}. Lần chạy "
            "sau tải tiếp từ chỗ dừng; nếu lặp lại, hãy kiểm tra mạng và máy chủ."
        )


def _download(line: Line, entry: RemoteEntry, part: Path) -> None:
    """Read an entry to its end, over as many connections as it takes while each brings something.

    Raises:
        ChangedError: it is shorter than it was.
        LineBrokenError: the line breaks again and again, and nothing more comes.
    """
    while True:
        before = _size(part)
        try:
            line.ask(lambda store: _append(store, entry, part))
            return
        except LineBrokenError:
            if _size(part) <= before:
                raise


def _append(store: Store, entry: RemoteEntry, part: Path) -> None:
    """Continue the part up to the size that was listed; what comes after that is another version's."""
    missing = entry.size - _size(part)
    try:
        sink = _private(part)
    except OSError as error:
        raise _unwritable(part) from error
    with sink:
        for chunk in store.read(entry, _size(part)) if missing else ():
            try:
                sink.write(chunk[:missing])
                sink.flush()
            except OSError as error:
                raise _unwritable(part) from error
            missing -= len(chunk)
            if missing <= 0:
                return
    if missing:
        raise ChangedError


def _place(entry: RemoteEntry, part: Path, mirror: Path) -> None:
    """Give the part its name, time and mode; stand-ins for what landing refuses unread."""
    target = mirror.joinpath(*entry.parts)
    if target.parent.is_symlink():
        target.parent.unlink()  # the stand-in of a link that is a folder now
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if entry.nature in (Nature.FOLDER, Nature.OTHER):
        target.mkdir(mode=0o700, exist_ok=True)
        return
    if entry.nature is Nature.LINK:
        part.unlink(missing_ok=True)
        part.symlink_to("x" * max(1, entry.size))  # leads nowhere, and is as long as the other
    else:
        with _private(part) as sink:
            sink.truncate(entry.size)  # only what is too large to be read is shorter: no byte of it was read
            os.fsync(sink.fileno())
    os.utime(part, ns=(entry.mtime_ns, entry.mtime_ns), follow_symlinks=False)
    part.replace(target)


def _private(path: Path) -> BinaryIO:
    """The file, open to add to it, nobody else's to read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _md5_of(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _unwritable(place: Path) -> UnavailableError:
    return UnavailableError(
        f"Không ghi được vào {place} khi tải tệp về: đĩa có thể đã đầy hoặc không có quyền ghi. Hãy giải "
        "phóng chỗ trống hoặc cấp quyền rồi chạy lại; tệp vẫn còn ở máy chủ."
    )
