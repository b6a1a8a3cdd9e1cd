"""What time it is: the only module that reads the machine's clock.

All times in the project are naive ``datetime`` in Asia/Ho_Chi_Minh, to the second. "Now" can be set
to replay a run as of an earlier day; code that needs the time takes a ``Moment``, it never asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orchestration.errors import ReplayError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# The two-tier model begins: no commune of the catalogue is valid before, so there is nothing to show.
FIRST_DAY = date(2025, 7, 1)


@dataclass(frozen=True)
class Moment:
    """The instant that a run takes for "now"."""

    now: datetime
    cutoff: time

    @property
    def today(self) -> date:
        """The day of ``now``."""
        return self.now.date()

    @property
    def last_due_day(self) -> date:
        """The latest day whose exports had to be in by ``now``."""
        return self.today if self.now.time() >= self.cutoff else self.today - timedelta(days=1)


def local_now() -> datetime:
    """The wall clock of the province, whatever the machine's zone."""
    return datetime.now(ZONE).replace(tzinfo=None, microsecond=0)


def local_from_timestamp(timestamp: float) -> datetime:
    """Unix ``timestamp`` (seconds) as local time, for the modification times of files."""
    return datetime.fromtimestamp(timestamp, ZONE).replace(tzinfo=None, microsecond=0)


def require_replayable(as_of: date) -> None:
    """Refuse a day that no run can stand at; tomorrow is allowed, its exports may come in the evening before.

    Raises:
        ReplayError: it lies before ``FIRST_DAY`` or after tomorrow.
    """
    if as_of < FIRST_DAY:
        raise ReplayError(
            f"Không tính được như vào ngày {_spelt(as_of)}: mô hình hai cấp bắt đầu từ {_spelt(FIRST_DAY)}, "
            "trước đó chưa có xã, phường nào trong danh mục. Hãy chọn ngày từ hôm đó trở đi."
        )
    tomorrow = local_now().date() + timedelta(days=1)
    if as_of > tomorrow:
        raise ReplayError(
            f"Không tính được như vào ngày {_spelt(as_of)}: ngày đó chưa đến. "
            f"Hãy chọn ngày không sau {_spelt(tomorrow)}."
        )


def _spelt(day: date) -> str:
    # strftime writes years before 1000 with fewer digits.
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def moment(as_of: date | None, cutoff: time) -> Moment:
    """The present; or, replaying ``as_of``, that day's cut-off, when its exports have just become due.

    Whoever takes ``as_of`` from a person asks ``require_replayable`` first.
    """
    return Moment(local_now() if as_of is None else datetime.combine(as_of, cutoff), cutoff)
