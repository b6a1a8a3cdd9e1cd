"""What the remote inbox holds and what of it is new: known neither to the ledger nor to the mirror."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import assert_never

from orchestration.contract import Contract, load_contract
from orchestration.errors import UnavailableError
from orchestration.inbox_address import InboxAddress, Scheme
from orchestration.landing.inbox import day_of, is_overlooked
from orchestration.landing.lake import ledger_directory
from orchestration.landing.ledger import LedgerIndex, read_index
from orchestration.landing.names import stored_name
from orchestration.landing.pending import is_known
from orchestration.remote.line import Line, Patience
from orchestration.remote.store import LineBrokenError, Nature, RemoteEntry, Store
from orchestration.settings import Settings

Days = tuple[date, date]


@dataclass(frozen=True)
class Survey:
    """``new`` is what has to be fetched; ``strays`` lie outside of the day folders and never will be."""

    new: tuple[RemoteEntry, ...]
    strays: tuple[RemoteEntry, ...]


def line_to(address: InboxAddress, settings: Settings, patience: Patience) -> Line:
    """A line to the server of the inbox; connects when something is asked."""

    def connect() -> Store:
        match address.scheme:
            case Scheme.SFTP:
                from orchestration.remote.sftp import open_sftp

                return open_sftp(address, settings, patience.answer)
            case Scheme.S3:
                from orchestration.remote.s3 import open_s3

                return open_s3(address, settings, patience.answer)
            case _:
                assert_never(address.scheme)

    return Line(connect, patience)


def survey(line: Line, address: InboxAddress, settings: Settings, days: Days) -> Survey:
    """Look at the day folders from the first to the last of ``days``.

    Raises:
        UnavailableError: the server cannot be reached, refuses, or has no such inbox.
    """
    contract, index = load_contract(), read_index(ledger_directory(settings.paths))
    try:
        top = line.ask(lambda store: store.list())
        folders = {entry: day for entry in top if (day := _day_of(entry)) is not None}
        new = tuple(
            entry
            for folder, day in folders.items()
            if days[0] <= day <= days[1]
            for entry in _below(line, folder, contract)
            if _is_new(entry, settings.inbox_path, index, contract)
        )
    except LineBrokenError as error:
        raise UnavailableError(
            f"Không kết nối được với hộp thư đến {address} ({error}). Hãy kiểm tra mạng, tên máy chủ và "
            "cổng; chưa có gì mất, tệp vẫn ở máy chủ và sẽ được nhận ở lần chạy sau."
        ) from error
    except FileNotFoundError as error:
        raise UnavailableError(
            f"Máy chủ không có thư mục {address}. Hãy sửa MOTCUA_INBOX hoặc tạo thư mục đó."
        ) from error
    except OSError as error:
        raise UnavailableError(
            f"Máy chủ không cho đọc hộp thư đến {address} ({type(error).__name__}). Hãy kiểm tra tài khoản, "
            "khóa truy cập và quyền đọc của nó trên thư mục này."
        ) from error
    strays = (entry for entry in top if entry not in folders)
    return Survey(new, tuple(entry for entry in strays if not is_overlooked(entry.parts[0], contract)))


def looks_of(new: Sequence[RemoteEntry]) -> dict[date, str]:
    """How what is new of each day looks: changes when more comes."""
    by_day: dict[date, list[RemoteEntry]] = {}
    for entry in new:
        by_day.setdefault(date.fromisoformat(entry.parts[0]), []).append(entry)
    return {
        day: f"{len(entries)}-{sum(e.size for e in entries)}-{max(e.mtime_ns for e in entries)}"
        for day, entries in by_day.items()
    }


def shown(entry: RemoteEntry, contract: Contract) -> str:
    """The name of an entry as it may be told: free parts of names can hold personal data."""
    return stored_name(Path(*entry.parts), contract)


def _day_of(entry: RemoteEntry) -> date | None:
    """The day of a day folder, or of a link in its place, which landing refuses."""
    return day_of(entry.parts[0]) if entry.nature in (Nature.FOLDER, Nature.LINK) else None


def _below(line: Line, folder: RemoteEntry, contract: Contract) -> Iterator[RemoteEntry]:
    """Files of a day folder, and whatever else landing has to refuse by name or nature."""
    depth = len(folder.parts)
    if folder.nature is not Nature.FOLDER or depth > contract.limits.folder_depth:
        yield folder
        return
    try:
        entries: Sequence[RemoteEntry] = line.ask(lambda store: store.list(folder.parts))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.nature is Nature.ESCAPING or not is_overlooked(entry.parts[-1], contract):
            yield from _below(line, entry, contract)


def _is_new(entry: RemoteEntry, mirror: Path, index: LedgerIndex, contract: Contract) -> bool:
    if entry.nature is Nature.ESCAPING:
        return True
    day, *below = entry.parts
    name = stored_name(Path(*below), contract)
    seen = index.latest.get((date.fromisoformat(day), name))
    if is_known(seen, entry.size, entry.mtime_ns, contract):
        return False
    try:
        state = mirror.joinpath(*entry.parts).lstat()
    except OSError:
        return True
    if entry.nature in (Nature.FOLDER, Nature.OTHER):
        return False
    return (state.st_size, state.st_mtime_ns) != (entry.size, entry.mtime_ns)
