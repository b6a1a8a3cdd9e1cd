"""Taking a landing back whose files were lost: its raw files go to the inbox once more, to land again.

Its ledger file keeps its number under another ending, so that nobody misses the pass; what is left of
its rows and its archive goes. Files that a later pass knows in a newer state stay as that pass has them.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from orchestration.errors import UnavailableError
from orchestration.landing.archive import archive_files
from orchestration.landing.lake import ledger_directory, locked, remove_orphans
from orchestration.landing.ledger import WITHDRAWN, LedgerIndex, pass_number, read_index
from orchestration.settings import Settings


def take_back(
    settings: Settings,
    landing_id: str,
    *,
    give_up: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[str, ...]:
    """Withdraw a landing; returns the names of the files that will land again.

    ``give_up`` accepts that nothing will: the raw files are gone, too.

    Raises:
        UnavailableError: there is no such landing, its raw files are not kept any more, or the inbox
        cannot be written.
    """
    home = settings.paths
    with locked(home, tell):
        ledger = ledger_directory(home) / f"{landing_id}.parquet"
        archive = next((path for path, name in archive_files(home).items() if name == landing_id), None)
        if archive is None and not ledger.exists() and not give_up:
            raise UnavailableError(f"Không có lần nhận {landing_id} trong {home.lake}. Hãy xem lại mã.")
        if archive is None and not give_up:
            raise UnavailableError(
                f"Tệp gốc của lần nhận {landing_id} không còn trong {home.archive} (quá hạn lưu hoặc đã "
                f"mất). Hãy "
                "tìm bản sao lưu, hoặc đề nghị các xã gửi lại. Nếu chấp nhận mất số liệu của lần nhận "
                "này, chạy "
                f"`motcua reland --give-up {landing_id}`."
            )
        others = read_index(ledger_directory(home), without=landing_id)
        names = tuple(_unpack(archive, settings, others)) if archive is not None else ()
        target = ledger.with_suffix(WITHDRAWN)
        if ledger.exists():
            ledger.replace(target)
        else:
            target.touch(mode=0o600)
        remove_orphans(home)
    return names


def _unpack(archive: Path, settings: Settings, others: LedgerIndex) -> Iterator[str]:
    """Put the archive's files back into the day's folder, unless something newer is known of them."""
    number, day = pass_number(archive), archive.parent.name
    folder = settings.inbox_path / day
    newer = {
        name
        for (export_date, name), seen in others.latest.items()
        if export_date.isoformat() == day and pass_number(Path(seen.landing_id)) > number
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _opened(archive) as members:
            for member in members:
                target = folder / member.name
                content = members.extractfile(member)
                is_ours = target.resolve().is_relative_to(folder.resolve()) and content is not None
                if not is_ours or content is None or member.name in newer:
                    continue
                if not target.exists():
                    aside = folder / f".{os.getpid()}.part"
                    with aside.open("wb") as sink:
                        while chunk := content.read(1 << 20):
                            sink.write(chunk)
                    os.utime(aside, (member.mtime, member.mtime))
                    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    aside.replace(target)
                yield member.name
    except (OSError, tarfile.TarError, pa.ArrowException) as error:
        raise UnavailableError(
            f"Không lấy được tệp gốc từ {archive} vào {folder}: tệp lưu bị hỏng, hoặc không ghi được vào "
            f"hộp thư "
            "đến. Hãy kiểm tra rồi chạy lại; chưa có gì thay đổi trong sổ giao nhận."
        ) from error


@contextmanager
def _opened(archive: Path) -> Generator[tarfile.TarFile]:
    with (
        pa.OSFile(str(archive)) as file,
        pa.CompressedInputStream(file, "zstd") as stream,
        tarfile.open(fileobj=stream, mode="r|") as members,
    ):
        yield members
