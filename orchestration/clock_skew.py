"""What shows that a clock is wrong: this machine's, or that of whoever names folders by the day.

Only what people are told about it. That nothing is lost by it is the work of others: passes are numbered and
not timed (``orchestration.landing``), no file of a day to come is touched, and what is kept leaves no sooner
for a clock that jumps (``orchestration.landing.retention``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from orchestration.clock import local_from_timestamp
from orchestration.home import Home
from orchestration.landing.inbox import day_folders
from orchestration.landing.lake import ledger_directory
from orchestration.settings import Settings

# A share keeps its own time, which may differ by a little.
_TOLERANCE = timedelta(minutes=5)
_NAMED = 5


def clock_warnings(settings: Settings, now: datetime) -> list[str]:
    """Sentences on clocks that cannot be right. ``now`` is the wall clock, also in a replay."""
    return [*_set_back(settings.paths, now), *_days_to_come(settings.inbox_path, now.date())]


def _set_back(home: Home, now: datetime) -> Iterator[str]:
    """Whether the last landing pass ended later than now, by the times of the files that it left."""
    last = max(ledger_directory(home).glob("*.parquet"), default=None)
    if last is None:
        return
    ended = local_from_timestamp(last.stat().st_mtime)
    if ended > now + _TOLERANCE:
        yield (
            f"Đồng hồ máy chủ đang chỉ {now:%H:%M} ngày {now:%d/%m/%Y}, trước lần nhận tệp gần nhất "
            f"({ended:%H:%M} ngày {ended:%d/%m/%Y}). Nếu giờ bây giờ sai, hãy chỉnh đồng hồ rồi chạy lại; "
            "nếu lần trước mới sai thì không phải làm gì."
        )


def _days_to_come(inbox: Path, today: date) -> Iterator[str]:
    """Folders of days that have not come: nothing in them lands before their day."""
    if not inbox.is_dir():
        return
    ahead = {day: _files_in(folder) for day, folder in day_folders(inbox) if day > today}
    waiting = {day: count for day, count in ahead.items() if count}
    if waiting:
        named = ", ".join(day.isoformat() for day in list(waiting)[:_NAMED])
        more = f" và {len(waiting) - _NAMED} thư mục nữa" if len(waiting) > _NAMED else ""
        yield (
            f"{sum(waiting.values())} tệp nằm trong thư mục của ngày chưa đến ({named}{more}), đến ngày ấy "
            "mới được nhận. Nếu tên thư mục sai, hãy chuyển tệp sang đúng ngày; nếu đồng hồ máy chủ chậm, "
            "hãy chỉnh lại."
        )


def _files_in(folder: Path) -> int:
    # Not through a link: those are refused, not followed.
    return 0 if folder.is_symlink() else sum(path.is_file() for path in folder.rglob("*"))
